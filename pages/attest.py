"""Waiting for me: cards of one's own entries to be split, each part with its hours, attested or declined."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ui.callout import error_callout
from pages.ui.empty_state import empty_state
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.attest import AttestPage


def attest() -> rx.Component:
    """Return the page."""
    cards = rx.el.div(rx.foreach(AttestPage.rows, _card), class_name="attest-cards")
    nothing = empty_state(
        "Nothing waits for you",
        "When billing or an attorney proposes to split an entry of yours, you fill in its hours here.",
        icon="check-check",
    )
    return shell(
        page_header("Waiting for me", "Only you can say how your hours divide. A split never adds hours."),
        error_callout(AttestPage.failure),
        rx.cond(AttestPage.problem_of == "", error_callout(AttestPage.problem)),
        result_bar(AttestPage.done, on_dismiss=AttestPage.dismiss),
        rx.cond(AttestPage.is_loading, _skeleton(), rx.cond(AttestPage.rows.length() > 0, cards, nothing)),
        _decline_dialog(),
        current="/attest",
        roles=(Role.ATTORNEY, Role.BILLER, Role.ADMIN),
    )


def _card(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    head = rx.el.div(
        rx.el.h2(row.matter, class_name="panel-title"),
        rx.el.p(row.about, " · proposed by ", row.asked_by, class_name="row-hint"),
    )
    entered = rx.el.div(
        rx.el.p("As you entered it", class_name="field-label"), rx.el.p(row.narrative, class_name="compare")
    )
    decline = rx.button(
        "Decline…",
        type="button",
        variant="soft",
        color_scheme="gray",
        on_click=AttestPage.ask_decline(row.id),
    )
    running = rx.el.p(row.sum_words, role="status", class_name=rx.cond(row.is_over, "attest-sum over", "attest-sum"))
    form = rx.el.form(
        rx.el.input(type="hidden", name="split", value=row.id),
        rx.foreach(row.parts, lambda part: _part(part, row.step)),
        running,
        rx.cond(AttestPage.problem_of == row.id, error_callout(AttestPage.problem)),
        rx.el.p("I did this work, and these hours are mine.", class_name="row-hint"),
        rx.el.div(rx.button("Attest", type="submit", disabled=~row.is_whole), decline, class_name="form-buttons"),
        on_submit=AttestPage.attest,
        class_name="line-form",
    )
    return rx.el.section(head, entered, form, key=row.id, aria_label=row.matter, class_name="attest-card")


def _part(part: Any, step: Any) -> rx.Component:  # noqa: ANN401
    text = rx.el.label(
        rx.el.span(part.label, class_name="field-label"),
        rx.el.textarea(name=f"text-{part.key}", default_value=part.narrative, rows="2", class_name="field"),
        class_name="field-block attest-text",
    )
    hours = rx.el.label(
        rx.el.span("Hours ", rx.el.span(step, class_name="muted"), class_name="field-label"),
        rx.el.input(
            name=f"hours-{part.key}",
            input_mode="decimal",
            auto_complete="off",
            max_length=12,
            required=True,
            on_change=lambda text: AttestPage.type_hours(part.key, text),
            class_name="field",
        ),
        class_name="field-block attest-hours",
    )
    return rx.el.div(text, hours, key=part.key, class_name="attest-part")


def _decline_dialog() -> rx.Component:
    return note_dialog(
        is_open=AttestPage.declining != "",
        on_open_change=AttestPage.close_decline,
        on_submit=AttestPage.decline,
        title="Decline the split",
        text="The line stays as you entered it. Who proposed the split sees your reason.",
        fields=(note_field("Why does it stay one entry?", is_required=True),),
        problem=AttestPage.declining_problem,
        action=rx.button("Decline", type="submit"),
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, class_name="skeleton-row tall") for _ in range(3)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
