"""Parts of a rejection's pane: what the site said at each line, and who sees to it."""

from typing import Any

import reflex as rx

from pages.ui.fields import text_field
from state.responses.rejection import RejectionPage


def rejection_findings() -> rx.Component:
    """Return what the site said, each beside the line that it is about."""
    return rx.el.ul(rx.foreach(RejectionPage.said, _finding), class_name="said findings")


def _finding(said: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    words = rx.el.span(
        rx.el.span(said.message),
        rx.cond(said.code != "", rx.el.code(said.code, class_name="tag")),
        rx.cond(said.narrative != "", rx.el.span(said.narrative, class_name="row-hint finding-line")),
        class_name="row-words",
    )
    amount = rx.cond(said.amount != "", rx.el.span(said.amount, class_name="money"))
    return rx.el.li(rx.el.span(said.place, class_name="said-where"), words, amount)


def hand_on() -> rx.Component:
    """Return the form that lets one person see to the case."""
    who = rx.el.label(
        rx.el.span("Who sees to it", class_name="field-label"),
        rx.el.select(
            rx.el.option("Anybody in billing", value=""),
            rx.foreach(RejectionPage.owners, lambda one: rx.el.option(one.name, value=one.id)),
            name="owner",
            default_value=RejectionPage.owner_id,
            class_name="field",
        ),
        class_name="field-block",
    )
    form = rx.el.form(
        who,
        text_field("A word for them (optional)", "note", max_length=500),
        rx.button("Hand it on", variant="surface", high_contrast=True, type="submit"),
        on_submit=RejectionPage.hand_on,
        key=f"{RejectionPage.item_id}-{RejectionPage.owner_id}",
        class_name="line-form",
    )
    return rx.el.details(rx.el.summary("Hand it on to a person", class_name="fold"), form, class_name="hand-on")
