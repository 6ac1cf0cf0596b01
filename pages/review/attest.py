"""Waiting for me: cards of one's own entries to be split, each part with its hours, attested or declined."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.review.proforma_lines import diff
from pages.ui.callout import error_callout
from pages.ui.empty_state import empty_state
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.review.attest import AttestPage
from state.review.attest_changes import ChangeInbox


def attest() -> rx.Component:
    """Return the page."""
    cards = rx.el.div(
        rx.foreach(ChangeInbox.rows, _change), rx.foreach(AttestPage.rows, _card), class_name="attest-cards"
    )
    is_loading = AttestPage.is_loading | ChangeInbox.is_loading
    is_empty = (AttestPage.rows.length() == 0) & (ChangeInbox.rows.length() == 0)
    nothing = empty_state(
        "Nothing waits for you",
        "When billing or an attorney proposes another text, hours or a split of an entry of yours, you answer here.",
        icon="check-check",
    )
    return shell(
        page_header("Waiting for me", "Your time is your statement: only you can say what you did, when and how long."),
        error_callout(AttestPage.failure),
        rx.cond(AttestPage.problem_of == "", error_callout(AttestPage.problem)),
        rx.cond(ChangeInbox.problem_of == "", error_callout(ChangeInbox.problem)),
        result_bar(AttestPage.done, on_dismiss=AttestPage.dismiss),
        result_bar(ChangeInbox.done, on_dismiss=ChangeInbox.dismiss),
        rx.cond(is_loading, _skeleton(), rx.cond(is_empty, nothing, cards)),
        _decline_dialog(),
        _decline_change_dialog(),
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


def _change(row: Any) -> rx.Component:  # noqa: ANN401
    head = rx.el.div(
        rx.el.h2(row.title, ", ", row.matter, class_name="panel-title"),
        rx.el.p(row.about, " · proposed by ", row.asked_by, class_name="row-hint"),
        rx.cond(row.reason != "", rx.el.p(f"“{row.reason}”")),
    )
    now = rx.el.div(
        rx.el.p(rx.cond(row.kind == "text", "What would change", "As it is now"), class_name="field-label"),
        rx.el.p(rx.cond(row.diff.length() > 0, diff(row.diff), rx.el.span(row.now)), class_name="compare"),
    )
    text = rx.el.label(
        rx.el.span("Text that you attest", class_name="field-label"),
        rx.el.textarea(name="value", default_value=row.proposed, rows="3", class_name="field"),
        class_name="field-block",
    )
    hours = rx.el.label(
        rx.el.span("Hours that you attest ", rx.el.span(row.step, class_name="muted"), class_name="field-label"),
        rx.el.input(
            name="value", default_value=row.proposed, input_mode="decimal", auto_complete="off", class_name="field"
        ),
        class_name="field-block attest-hours",
    )
    on = rx.el.label(
        rx.el.span("Day that you attest", class_name="field-label"),
        rx.el.input(name="value", default_value=row.proposed, type="date", class_name="field"),
        class_name="field-block",
    )
    decline = rx.button(
        "Decline…", type="button", variant="soft", color_scheme="gray", on_click=ChangeInbox.ask_decline(row.id)
    )
    form = rx.el.form(
        rx.el.input(type="hidden", name="change", value=row.id),
        rx.match(row.kind, ("text", text), ("hours", hours), ("performer", _performer()), on),
        rx.cond(ChangeInbox.problem_of == row.id, error_callout(ChangeInbox.problem)),
        rx.el.p("I did this work, and this is what I did.", class_name="row-hint"),
        rx.el.div(rx.button("Attest", type="submit"), decline, class_name="form-buttons"),
        on_submit=ChangeInbox.attest,
        class_name="line-form",
    )
    return rx.el.section(
        head, now, form, key=f"change-{row.id}", aria_label=f"{row.title}, {row.matter}", class_name="attest-card"
    )


def _performer() -> rx.Component:
    return rx.el.p("Attested, it is billed as yours, at your rate for that day.")


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


def _decline_change_dialog() -> rx.Component:
    return note_dialog(
        is_open=ChangeInbox.declining != "",
        on_open_change=ChangeInbox.close_decline,
        on_submit=ChangeInbox.decline,
        title="Decline the change",
        text="The line stays as you entered it. Who asked sees your reason.",
        fields=(note_field("Why is it right as it is?", is_required=True),),
        problem=ChangeInbox.declining_problem,
        action=rx.button("Decline", type="submit"),
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, class_name="skeleton-row tall") for _ in range(3)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
