"""The runs made so far, with what may still be done about each."""

from typing import Any

import reflex as rx

from pages.ui.confirm import confirm
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.status_badge import Look, badge
from state.billing.billing_run import BillingRunPage

_UNDONE = Look("grey", "undo-2", "Undone")


def runs_made() -> rx.Component:
    """Return the list of runs; nothing while there is none."""
    rows = rx.el.ul(rx.foreach(BillingRunPage.runs, _run), class_name="panel-list")
    head = rx.el.div(rx.el.h2("Runs", class_name="panel-title"), class_name="panel-head")
    return rx.cond(
        BillingRunPage.runs.length() > 0, rx.el.section(head, rows, aria_label="Runs", class_name="panel runs")
    )


def _run(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    words = rx.el.span(
        link(row.period, href=row.href, class_name="row-title lane-name"),
        rx.el.span(f"{row.made} · {row.states}", class_name="row-hint"),
        class_name="row-words",
    )
    send = rx.button(
        f"Send {row.drafts} to review", size="2", variant="surface", on_click=BillingRunPage.send_to_review(row.id)
    )
    undo = confirm(
        rx.button("Undo", size="2", variant="soft", color_scheme="gray"),
        title="Undo this billing run?",
        consequence="Every proforma of the run is voided, reviews included. The entries can be billed again.",
        action="Undo the run",
        on_confirm=BillingRunPage.undo(row.id),
        is_destructive=True,
    )
    return rx.el.li(
        words,
        money(row.amount),
        rx.cond(row.is_undone, badge(_UNDONE)),
        rx.cond(row.can_send, send),
        rx.cond(row.can_undo, undo),
        class_name="panel-row run-row",
    )
