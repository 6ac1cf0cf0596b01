"""One proforma: where it stands, its lines with their findings, the line opened beside them, what happened."""

from typing import Any

import reflex as rx

from models.enums import ProformaStatus, Role
from pages.review.bulk_bar import bulk_bar
from pages.review.comments import comments
from pages.review.edit_dialog import edit_dialog
from pages.review.proforma_budget import budget_dialog, budgets
from pages.review.proforma_dialogs import allow_dialog, split_dialog
from pages.review.proforma_keys import proforma_keys
from pages.review.proforma_line import code_lists, line_panel
from pages.review.proforma_lines import finding, lines
from pages.review.proforma_people import people_button, proforma_people
from pages.review.proforma_steps import steps
from pages.ui.callout import error_callout, notice
from pages.ui.fields import text_field
from pages.ui.file_link import file_link
from pages.ui.keys import pressed_by
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.review.edit_dialog import EditDialog
from state.review.presence import Presence
from state.review.proforma import ProformaPage
from state.review.proforma_people import ProformaPeople

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
        edit_dialog(),
        split_dialog(),
        allow_dialog(),
        budget_dialog(),
        proforma_keys(),
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
    paper = file_link(
        rx.icon("printer", size=15, aria_hidden="true"),
        "On paper",
        href=f"/files/proforma-pdf/{head.id}",
        aria_label="On paper: the proforma as a PDF",
        class_name="plain-button",
    )
    verbs = rx.el.div(rx.foreach(ProformaPage.verbs, _verb), paper, people_button(), class_name="page-actions verbs")
    return rx.el.div(crumb, rx.el.div(title, verbs, class_name="page-header"))


def _verb(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    cases = [(verb, _verb_button(row, verb)) for verb in _VERBS]
    return rx.match(row.verb, *cases, rx.fragment())


def _verb_button(row: Any, verb: str) -> rx.Component:  # noqa: ANN401
    icon, look, key = _VERBS[verb]
    head = ProformaPage.head
    # A return asks for its reasons, as in the queue.
    is_return = verb == "return_to_billing"
    does = ProformaPeople.ask_return(head.id, head.version) if is_return else ProformaPage.act(verb, head.version)
    return rx.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        row.label,
        on_click=does,
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
        result_bar(ProformaPage.done, _undo(), on_dismiss=ProformaPage.dismiss),
        _others(),
        _bill_verbs(),
        proforma_people(),
        rx.el.div(lines(), line_panel(), class_name="beside"),
        bulk_bar(),
        comments(),
        budgets(),
        steps(),
        _history(),
        code_lists(),
    )


def _undo() -> rx.Component:
    undo = rx.button(
        "Undo",
        size="1",
        variant="surface",
        on_click=ProformaPage.undo(ProformaPage.undo_id, ProformaPage.head.version),
        custom_attrs=pressed_by("z"),
    )
    return rx.cond(ProformaPage.undo_id != "", undo)


def _others() -> rx.Component:
    people = rx.foreach(Presence.rows, lambda person: rx.el.li(person.words, key=person.name, class_name="badge"))
    here = rx.el.div(
        rx.icon("users", size=15, aria_hidden="true"),
        rx.el.span("Also here:"),
        rx.el.ul(people, class_name="others-list"),
        class_name="others",
    )
    return rx.el.div(rx.cond(Presence.rows.length() > 0, here), role="status", aria_live="polite")


def _bill_verbs() -> rx.Component:
    verbs = (
        ("late", "Add late work…", "clock-plus"),
        ("own_time", "Add time of yours…", "timer"),
        ("expense", "Add an expense…", "receipt"),
        ("bill_discount", "Discount on the bill…", "percent"),
    )
    buttons = (
        rx.button(
            rx.icon(icon, size=14, aria_hidden="true"),
            label,
            size="1",
            variant="surface",
            color_scheme="gray",
            on_click=EditDialog.ask_bill(kind, ProformaPage.head.version),
        )
        for kind, label, icon in verbs
    )
    return rx.cond(ProformaPage.may_edit, rx.el.div(*buttons, class_name="line-verbs bill-verbs"))


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
        fields=(rx.cond(asked.day != "", text_field(asked.day, "until", type="date")), note),
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
