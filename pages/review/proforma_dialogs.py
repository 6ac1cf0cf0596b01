"""The two larger questions of a proforma's page: which texts a line is split into, and what the carrier allowed."""

from typing import Any

import reflex as rx

from pages.ui.note_dialog import note_dialog, note_field
from state.review.proforma_allow import AllowDialog
from state.review.proforma_split import SplitDialog


def split_dialog() -> rx.Component:
    """Return the dialog that proposes texts to the line's timekeeper."""
    more = rx.button(
        rx.icon("plus", size=14, aria_hidden="true"),
        "Add a text",
        type="button",
        size="1",
        variant="surface",
        color_scheme="gray",
        on_click=SplitDialog.add_text,
    )
    hint = rx.el.p("A text that is left empty is left out.", class_name="row-hint")
    return note_dialog(
        is_open=SplitDialog.is_open,
        on_open_change=SplitDialog.close,
        on_submit=SplitDialog.propose,
        title=SplitDialog.title,
        text=SplitDialog.text,
        fields=(rx.foreach(SplitDialog.fields, _text), rx.el.div(more, hint, class_name="add-text")),
        problem=SplitDialog.problem,
        action=rx.button("Propose to the timekeeper", type="submit"),
    )


def _text(field: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.label(
        rx.el.span(field.label, class_name="field-label"),
        rx.el.textarea(name=field.name, default_value=field.text, rows="2", max_length=4000, class_name="field"),
        key=field.name,
        class_name="field-block",
    )


def allow_dialog() -> rx.Component:
    """Return the dialog that records a permission."""
    day = rx.el.input(
        name="granted_on",
        type="date",
        default_value=AllowDialog.today,
        max=AllowDialog.today,
        required=True,
        class_name="field",
    )
    this_matter, all_matters = ("this", "This matter"), ("all", "All matters of this carrier")
    matters = rx.cond(AllowDialog.may_choose_all, _choice("For", "matters", this_matter, all_matters))
    people = _choice("For the work of", "people", ("this", "This person"), ("all", "Everyone"))
    return note_dialog(
        is_open=AllowDialog.is_open,
        on_open_change=AllowDialog.close,
        on_submit=AllowDialog.allow,
        title="What did the carrier allow?",
        text=AllowDialog.about,
        fields=(
            _field(
                "Who at the carrier allowed it",
                rx.el.input(
                    name="handler",
                    max_length=120,
                    required=True,
                    auto_complete="off",
                    class_name="field",
                ),
            ),
            rx.el.div(_field("On", day), matters, rx.cond(AllowDialog.has_person, people), class_name="field-row"),
            _field(
                "Where it is written",
                rx.el.input(
                    name="reference",
                    max_length=255,
                    placeholder="e-mail of 3 October, call at 14:05",
                    auto_complete="off",
                    class_name="field",
                ),
            ),
            _field("For work until (empty = no end)", rx.el.input(name="work_to", type="date", class_name="field")),
            note_field("Note (optional)"),
        ),
        problem=AllowDialog.problem,
        action=rx.button("Record it", type="submit"),
    )


def _field(label: str, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")


def _choice(label: str, name: str, *options: tuple[str, str]) -> rx.Component:
    choices = (rx.el.option(words, value=value) for value, words in options)
    return _field(label, rx.el.select(*choices, name=name, class_name="field"))
