"""One proforma: where it stands, its lines with their findings, the line opened beside them, what happened."""

from typing import Any

import reflex as rx

from models.enums import ProformaStatus, Role
from pages.proforma_budget import budget_dialog, budgets
from pages.proforma_dialogs import allow_dialog, split_dialog
from pages.proforma_line import line_panel
from pages.proforma_lines import finding, lines
from pages.ui.callout import error_callout, notice
from pages.ui.keys import pressed_by
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.proforma import ProformaPage

# verb: icon, look, key
_VERBS = {
    "approve": ("check", "solid", "a"),
    "return_to_billing": ("undo-2", "outline", "r"),
    "send_to_review": ("send", "solid", "a"),
    "finalize": ("file-check", "solid", ""),
    "resume": ("play", "solid", ""),
    "reopen": ("rotate-ccw", "outline", "u"),
    "hold": ("pause", "outline", ""),
    "void": ("ban", "outline", ""),
}


def proforma() -> rx.Component:
    """Return the page."""
    return shell(
        rx.cond(ProformaPage.head.id != "", _head(), rx.el.h1("Proforma", class_name="page-title")),
        error_callout(ProformaPage.failure),
        rx.cond(ProformaPage.is_loading, _skeleton(), rx.cond(ProformaPage.head.id != "", _content())),
        _dialog(),
        split_dialog(),
        allow_dialog(),
        budget_dialog(),
        current="/review",
        roles=(Role.ATTORNEY, Role.BILLER, Role.ADMIN),
    )


def _head() -> rx.Component:
    head = ProformaPage.head
    crumb = rx.el.nav(
        link("Review", href="/review", class_name="crumb"),
        rx.icon("chevron-right", size=14, aria_hidden="true"),
        rx.el.span(head.matter_number, custom_attrs={"aria-current": "page"}),
        aria_label="Where you are",
        class_name="crumbs",
    )
    title = rx.el.div(
        rx.el.h1(
            head.matter_number, " ", rx.el.span(head.matter_name, class_name="title-name"), class_name="page-title"
        ),
        rx.el.p(head.carrier, " · ", head.period, " · ", head.reviewer, class_name="page-subtitle"),
        class_name="min-w-0",
    )
    verbs = rx.el.div(rx.foreach(ProformaPage.verbs, _verb), class_name="page-actions verbs")
    return rx.el.div(crumb, rx.el.div(title, verbs, class_name="page-header"))


def _verb(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    cases = [(verb, _verb_button(row, verb)) for verb in _VERBS]
    return rx.match(row.verb, *cases, rx.fragment())


def _verb_button(row: Any, verb: str) -> rx.Component:  # noqa: ANN401
    icon, look, key = _VERBS[verb]
    return rx.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        row.label,
        on_click=ProformaPage.act(verb, ProformaPage.head.version),
        variant=look,
        color_scheme="iris" if look == "solid" else "gray",
        custom_attrs=pressed_by(key) if key else {},
    )


def _content() -> rx.Component:
    return rx.fragment(
        _standing(),
        rx.cond(
            ProformaPage.head.return_note != "",
            notice(f"Returned with the note: “{ProformaPage.head.return_note}”", icon="message-square"),
        ),
        rx.cond(ProformaPage.head.blocking != "", notice(ProformaPage.head.blocking, tone="red", icon="octagon-x")),
        rx.cond(
            ProformaPage.bill_findings.length() > 0,
            rx.el.section(
                rx.el.ul(rx.foreach(ProformaPage.bill_findings, finding), class_name="line-flags"),
                aria_label="About the whole bill",
                class_name="bill-flags",
            ),
        ),
        result_bar(ProformaPage.done, on_dismiss=ProformaPage.dismiss),
        rx.el.div(lines(), line_panel(), class_name="beside"),
        budgets(),
        _history(),
    )


def _standing() -> rx.Component:
    head = ProformaPage.head
    step = rx.el.div(
        status_badge(ProformaStatus, head.status),
        rx.el.p(head.next_step, rx.cond(head.next_href != "", _follow(head.next_href)), class_name="next-step"),
        rx.cond(head.is_overdue, rx.el.span(head.due, class_name="late")),
        class_name="standing-step",
    )
    figures = rx.el.dl(
        _figure("To bill", money(head.amount), is_main=True),
        _figure("As worked", money(head.worked_amount)),
        _figure("Taken off", money(head.taken_off)),
        _figure("Lines", head.lines),
        _figure("Guidelines", head.findings),
        class_name="figures",
    )
    return rx.el.section(step, figures, aria_label="Where it stands", class_name="standing")


def _follow(href: rx.Var) -> rx.Component:
    return rx.fragment(" ", link("Go to its invoices", href=href, class_name="text-link"))


def _figure(name: str, value: rx.Component | rx.Var, *, is_main: bool = False) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="figure figure-main" if is_main else "figure")


def _history() -> rx.Component:
    events = rx.el.ol(rx.foreach(ProformaPage.events, _event), class_name="history")
    return rx.el.section(rx.el.h2("History", class_name="panel-title"), events, class_name="history-section")


def _event(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        rx.el.p(
            rx.el.strong(row.who), " ", row.what, " ", rx.el.time(row.at, date_time=row.at_iso, class_name="muted")
        ),
        rx.cond(row.changes != "", rx.el.p(row.changes, class_name="muted tabular-nums")),
        rx.cond(row.note != "", rx.el.p(f"“{row.note}”")),
    )


def _dialog() -> rx.Component:
    asked = ProformaPage.dialog
    amount = rx.el.label(
        rx.el.span("Take off, in dollars", class_name="field-label"),
        rx.el.input(name="amount", input_mode="decimal", required=True, auto_complete="off", class_name="field"),
        class_name="field-block",
    )
    required, optional = note_field(asked.note, is_required=True), note_field(asked.note)
    note = rx.cond(asked.note != "", rx.cond(asked.needs_note, required, optional))
    action = rx.cond(
        asked.tone == "red",
        rx.button(asked.action, type="submit", color_scheme="red"),
        rx.button(asked.action, type="submit"),
    )
    return note_dialog(
        is_open=asked.verb != "",
        on_open_change=ProformaPage.close_dialog,
        on_submit=ProformaPage.answer,
        title=asked.title,
        text=asked.text,
        fields=(rx.cond(asked.asks_amount, amount), note),
        problem=ProformaPage.dialog_problem,
        action=action,
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, bar, class_name="skeleton-row") for _ in range(12)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
