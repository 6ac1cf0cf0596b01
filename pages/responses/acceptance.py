"""How much of what a carrier answered lately it accepted whole; each number leads to the invoices it counts."""

from typing import Any

import reflex as rx

from pages.ui.link import link


def acceptance(item: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return the rate of a `state.health_rows.AcceptanceItem`, or that nothing was answered."""
    counts = rx.el.span(
        link(
            item.accepted,
            href=item.accepted_href,
            aria_label=f"{item.accepted} accepted",
            title="Accepted whole",
            class_name="rate-count",
        ),
        " of ",
        link(item.answered, href=item.answered_href, class_name="rate-count"),
        class_name="row-hint",
    )
    rate = rx.el.span(
        rx.el.strong(
            item.percent,
            title="Accepted of what was answered in 30 days",
            class_name=rx.cond(item.is_low, "rate low", "rate"),
        ),
        counts,
        class_name="row-words",
    )
    return rx.cond(item.percent != "", rate, rx.el.span("No answer yet", class_name="row-hint"))
