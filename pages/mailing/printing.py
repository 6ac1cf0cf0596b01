"""The printer's queue above the list, and the print-and-post log below it."""

from typing import Any

import reflex as rx

from models.enums import PrintGrouping, Role
from pages.mailing.mailing import post_fields
from pages.ui.callout import error_callout
from pages.ui.file_link import file_link
from pages.ui.may import may
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog
from state.mailing.printing import Printing

_GROUPINGS = ((PrintGrouping.PAYOR, "By payor"), (PrintGrouping.ATTORNEY, "By attorney"))


def print_queue() -> rx.Component:
    """Return what waits for the printer; nothing while nothing does."""
    head = rx.el.div(
        rx.el.h2("Waiting for the printer", class_name="panel-title"),
        rx.el.div(*(_grouping(one, label) for one, label in _GROUPINGS), role="group", aria_label="Put together"),
        class_name="panel-head",
    )
    rows = rx.el.ul(rx.foreach(Printing.groups, _group), class_name="panel-list")
    panel = rx.el.section(head, rows, error_callout(Printing.problem), aria_label="Printer", class_name="panel")
    return rx.cond((Printing.groups.length() > 0) & may(Role.BILLER), panel)


def print_log() -> rx.Component:
    """Return the print-and-post log."""
    more = rx.el.button("Show older batches", type="button", on_click=Printing.show_more, class_name="plain-button")
    log = rx.el.section(
        rx.el.h2("Print-and-post log", class_name="panel-title"),
        rx.el.ul(rx.foreach(Printing.batches, _batch), class_name="panel-list"),
        rx.cond(Printing.has_more, more),
        aria_label="Print-and-post log",
        class_name="panel print-log",
    )
    return rx.cond(Printing.batches.length() > 0, log)


def posting_dialog() -> rx.Component:
    """Return the question on which day a batch was posted; once a page."""
    return note_dialog(
        is_open=Printing.posting_id != "",
        on_open_change=Printing.close_posted,
        on_submit=Printing.post,
        title=Printing.posting_title,
        text="Its invoices count as delivered from that day on, in your name.",
        fields=post_fields(Printing.posting_day),
        problem=Printing.problem,
        action=rx.button("Record as posted", type="submit"),
    )


def _grouping(grouping: PrintGrouping, label: str) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        on_click=Printing.group_by(grouping.value),
        custom_attrs={"aria-pressed": rx.cond(Printing.grouping == grouping.value, "true", "false")},
        class_name="filter",
    )


def _group(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    button = rx.button(
        "Print",
        size="2",
        loading=Printing.is_printing,
        on_click=Printing.print(row.key),
        aria_label=f"Print the invoices of {row.name}",
    )
    words = rx.el.span(
        rx.el.span(row.name, class_name="row-title"),
        rx.el.span(row.count, class_name="row-hint"),
        class_name="row-words",
    )
    return rx.el.li(rx.el.div(words, money(row.amount), button, class_name="panel-row"), key=row.key)


def _batch(row: Any) -> rx.Component:  # noqa: ANN401
    words = rx.el.span(
        rx.el.span(f"Batch {row.id} · {row.label}", class_name="row-title"),
        rx.el.span(f"{row.count}, printed by {row.made}", class_name="row-hint"),
        rx.cond(row.note != "", rx.el.span(row.note, class_name="row-hint")),
        class_name="row-words",
    )
    posted = rx.el.span(rx.icon("check", size=13, aria_hidden="true"), row.posted, class_name="badge badge-green")
    post = rx.button(
        f"Record {row.left} as posted", size="2", variant="soft", on_click=Printing.ask_posted(row.id), type="button"
    )
    file = file_link(
        rx.icon("download", size=15, aria_hidden="true"),
        "PDF",
        href=row.href,
        aria_label=f"PDF of batch {row.id}",
        class_name="download",
    )
    return rx.el.li(
        rx.el.div(
            words,
            rx.cond(row.posted != "", posted),
            rx.cond((row.left != "") & may(Role.BILLER), post),
            file,
            money(row.amount),
            class_name="panel-row",
        ),
        key=row.id,
    )
