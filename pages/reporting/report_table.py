"""A report's tables: exact figures, scrolled sideways on a phone with the names staying in sight."""

from typing import Any

import reflex as rx

from pages.ui.link import link
from state.reporting.reports import Reports


def report_tables() -> rx.Component:
    """Return every table of the open report."""
    return rx.fragment(rx.foreach(Reports.tables, _table))


def _table(table: Any) -> rx.Component:  # noqa: ANN401 -- a table's Var
    head = rx.el.thead(
        rx.el.tr(
            rx.el.th(table.first, scope="col"),
            rx.foreach(table.head, lambda one: rx.el.th(one.title, scope="col", class_name=f"align-{one.align}")),
        )
    )
    total = rx.el.tfoot(rx.el.tr(rx.el.th("All", scope="row"), rx.foreach(table.total, _cell)))
    whole = rx.el.table(
        rx.el.caption(table.title, class_name="sr-only"),
        head,
        rx.el.tbody(rx.foreach(table.rows, _row)),
        rx.cond(table.total.length() > 0, total),
        class_name="table report-table",
    )
    # Focusable, so that the keyboard can scroll a table wider than the screen.
    frame = rx.el.div(whole, tab_index=0, role="region", aria_label=f"{table.title}, every column",
                      class_name="report-frame")  # fmt: skip
    nothing = rx.el.p("Nothing to show for this choice.", class_name="panel-nothing")
    return rx.el.section(
        rx.el.h2(table.title, class_name="section-title"),
        rx.cond(table.rows.length() > 0, frame, nothing),
        rx.cond(table.note != "", rx.el.p(table.note, class_name="table-note")),
        class_name="report-section",
        key=table.name,
    )


def _row(row: Any) -> rx.Component:  # noqa: ANN401
    name = rx.cond(row.href != "", link(row.name, href=row.href, class_name="row-link"), row.name)
    return rx.el.tr(rx.el.th(name, scope="row"), rx.foreach(row.cells, _cell))


def _cell(cell: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.td(cell.text, class_name=f"align-{cell.align}")
