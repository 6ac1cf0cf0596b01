"""The firm's cover letter: its text on the left, what may stand in it and how it looks on the right."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ui.callout import error_callout
from pages.ui.fields import text_field
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from state.mailing.letters import Letters


def letters() -> rx.Component:
    """Return the page."""
    back = link("Mail and paper", href="/mail", class_name="text-link")
    return shell(
        page_header("Cover letter", "Goes with every invoice by e-mail or post whose payor wants one.", back),
        error_callout(Letters.failure),
        rx.el.div(
            _form(), rx.el.div(_placeholders(), _preview(), _versions(), class_name="today-side"), class_name="today"
        ),
        current="/letters",
        roles=(Role.ADMIN,),
    )


def _form() -> rx.Component:
    subject = rx.el.label(
        rx.el.span("Subject of the letter and of the mail", class_name="field-label"),
        rx.debounce_input(
            rx.el.input(value=Letters.subject, on_change=Letters.type_subject, max_length=200, class_name="field"),
            debounce_timeout=300,
        ),
        class_name="field-block",
    )
    body = rx.el.label(
        rx.el.span("Letter; an empty line begins a new paragraph", class_name="field-label"),
        rx.debounce_input(
            rx.el.textarea(
                value=Letters.body,
                on_change=Letters.type_body,
                rows="18",
                max_length=4000,
                class_name="field letter-text",
            ),
            debounce_timeout=300,
        ),
        class_name="field-block",
    )
    return rx.el.form(
        subject,
        body,
        text_field("What you changed, for the record (optional)", "note", max_length=500),
        error_callout(Letters.problem),
        rx.el.div(
            rx.button("Show how it looks", type="button", variant="soft", on_click=Letters.look),
            rx.button("Save", type="submit"),
            class_name="dialog-buttons",
        ),
        on_submit=Letters.save,
        reset_on_submit=True,
        class_name="dialog-form panel letter-form",
    )


def _placeholders() -> rx.Component:
    def placeholder(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.div(rx.el.dt(rx.el.code(row.name, class_name="tag")), rx.el.dd(row.meaning), class_name="figure")

    rows = rx.el.dl(rx.foreach(Letters.placeholders, placeholder), class_name="figures placeholders")
    return rx.el.section(rx.el.h2("What may stand in it", class_name="panel-title"), rows, class_name="panel")


def _preview() -> rx.Component:
    picture = rx.el.img(
        src=Letters.preview, alt="The letter as it would go with the newest invoice", class_name="letter-picture"
    )
    panel = rx.el.section(rx.el.h2("How it looks", class_name="panel-title"), picture, class_name="panel")
    return rx.cond(Letters.preview != "", panel)


def _versions() -> rx.Component:
    def version(row: Any) -> rx.Component:  # noqa: ANN401
        take = rx.el.button(
            "Put into the form",
            type="button",
            on_click=Letters.show_version(row.number),
            aria_label=f"Put into the form: {row.title}",
            class_name="plain-button",
        )
        words = rx.el.span(
            rx.el.span(row.title, class_name="row-title"),
            rx.el.span(row.saved, class_name="row-hint"),
            rx.cond(row.note != "", rx.el.span(row.note, class_name="row-hint")),
            class_name="row-words",
        )
        shown = rx.cond(Letters.shown == row.number, rx.el.span("In the form", class_name="muted"), take)
        return rx.el.li(rx.el.div(words, shown, class_name="panel-row"), key=row.number)

    rows = rx.el.ul(rx.foreach(Letters.versions, version), class_name="panel-list")
    return rx.el.section(rx.el.h2("Versions", class_name="panel-title"), rows, class_name="panel")
