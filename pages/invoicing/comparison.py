"""An invoice beside its proforma: the sums from work to acceptance, and every line that differs."""

from typing import Any

import reflex as rx

from pages.review.proforma_lines import diff
from pages.ui.callout import error_callout
from pages.ui.money import money
from state.invoicing.comparison import InvoiceComparison


def comparison() -> rx.Component:
    """Return the part: a button, and what it opens."""
    press = rx.el.button(
        rx.cond(InvoiceComparison.is_open, "Hide", "Show what became of each line"),
        type="button",
        on_click=InvoiceComparison.toggle,
        custom_attrs={"aria-expanded": rx.cond(InvoiceComparison.is_open, "true", "false")},
        class_name="text-button",
    )
    body = rx.fragment(
        error_callout(InvoiceComparison.problem),
        rx.el.dl(rx.foreach(InvoiceComparison.sums, _sum), class_name="compared-sums"),
        rx.cond(InvoiceComparison.rows.length() > 0, _table()),
        rx.el.p(InvoiceComparison.same_words, class_name="row-hint"),
    )
    return rx.el.div(press, rx.cond(InvoiceComparison.is_open, body))


def _sum(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    change = rx.cond(row.change != "", rx.el.span(" ", row.change, class_name="muted tabular-nums"))
    return rx.el.div(rx.el.dt(row.name), rx.el.dd(money(row.amount), change), key=row.name)


def _table() -> rx.Component:
    titles = (("#", ""), ("What became of it", ""), ("Entered", "align-end"), ("Billed", "align-end"))
    head = rx.el.thead(
        rx.el.tr(
            *(rx.el.th(title, scope="col", class_name=side) for title, side in (*titles, ("Invoiced", "align-end")))
        )
    )
    table = rx.el.table(
        rx.el.caption("Lines that differ", class_name="sr-only"),
        head,
        rx.el.tbody(rx.foreach(InvoiceComparison.rows, _row)),
        class_name="table pane-table",
    )
    return rx.el.div(table, tab_index=0, role="region", aria_label="Lines that differ", class_name="pane-frame")


def _row(row: Any) -> rx.Component:  # noqa: ANN401
    what = rx.el.td(
        rx.cond(row.who != "", rx.el.span(row.who, class_name="line-who")),
        rx.cond(row.words != "", rx.el.span(row.words, class_name="line-words")),
        rx.cond(row.diff.length() > 0, rx.el.span(diff(row.diff), class_name="line-words")),
    )
    amounts = (row.entered, row.billed, rx.cond(row.invoiced != "", row.invoiced, "none"))
    return rx.el.tr(
        rx.el.td(row.number), what, *(rx.el.td(amount, class_name="align-end") for amount in amounts), key=row.number
    )
