"""The bar above the files of the board while some are ticked, and the dialog that says what would happen to them."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ui.may import may
from pages.ui.note_dialog import note_dialog, note_field
from state.uploads.bulk import BulkWork

_TRAFFIC = (
    ("pause_carriers", "Pause carriers"),
    ("resume_carriers", "Resume carriers"),
    ("pause_accounts", "Pause accounts"),
    ("resume_accounts", "Resume accounts"),
)


def bulk_bar() -> rx.Component:
    """Return the bar; nothing while nothing is ticked."""
    count = BulkWork.ticked.length()
    again = rx.cond(
        may(Role.BILLER), rx.button("Send again", on_click=BulkWork.ask("send_again"), size="2", type="button")
    )
    traffic = (
        rx.button(label, on_click=BulkWork.ask(verb), size="2", variant="surface", color_scheme="gray", type="button")
        for verb, label in _TRAFFIC
    )
    bar = rx.el.div(
        rx.el.strong(f"{count} ticked", class_name="tabular-nums"),
        again,
        *traffic,
        rx.button("Clear", on_click=BulkWork.clear, size="2", variant="ghost", type="button"),
        role="group",
        aria_label="With the ticked files",
        class_name="bulk-bar",
    )
    return rx.cond(count > 0, bar)


def bulk_dialog() -> rx.Component:
    """Return the dialog; once a page."""
    lists = rx.el.div(
        _list("", BulkWork.will),
        rx.cond(BulkWork.will_not.length() > 0, _list("Left alone", BulkWork.will_not)),
        tab_index=0,
        role="region",
        aria_label="Files",
        class_name="bulk-lists",
    )
    note = rx.cond(
        BulkWork.is_over | (BulkWork.action == ""),
        rx.fragment(),
        note_field(rx.cond(BulkWork.needs_note, "Reason", "Note (optional)"), is_required=BulkWork.needs_note),
    )
    return note_dialog(
        is_open=BulkWork.verb != "",
        on_open_change=BulkWork.close,
        on_submit=BulkWork.carry_out,
        title=BulkWork.title,
        text=BulkWork.summary,
        fields=(lists, note),
        problem=BulkWork.problem,
        action=rx.cond(
            BulkWork.is_over | (BulkWork.action == ""), rx.fragment(), rx.button(BulkWork.action, type="submit")
        ),
    )


def tick_all_button() -> rx.Component:
    """Return the button that ticks every file on the page."""
    return rx.el.button(
        rx.icon("list-checks", size=15, aria_hidden="true"),
        "Tick all",
        type="button",
        on_click=BulkWork.tick_all,
        class_name="plain-button",
    )


def bulk_tick(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return the box of one file."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=BulkWork.ticked.contains(row.key),
            on_change=lambda _on: BulkWork.tick(row.key),
            aria_label=f"Tick invoice {row.invoice_number}",
        ),
        class_name="tick",
    )


def _list(title: str, lines: Any) -> rx.Component:  # noqa: ANN401 -- a list's Var
    def line(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return rx.el.li(one.name, rx.cond(one.reason != "", rx.el.span(f" {one.reason}", class_name="muted")))

    head = rx.el.h3(title, class_name="pane-heading") if title else rx.fragment()
    return rx.fragment(head, rx.el.ul(rx.foreach(lines, line), class_name="bulk-list"))
