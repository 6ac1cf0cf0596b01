"""The history of a record, the newest event first."""

from typing import Any

import reflex as rx


def timeline(events: rx.Var[list[Any]]) -> rx.Component:
    """Return the events of `state.history_rows`."""
    return rx.el.ol(rx.foreach(events, _event), class_name="history")


def _event(event: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.li(
        rx.el.p(
            rx.el.span(event.title, class_name="history-title"),
            rx.el.span(event.who, class_name="muted ml-2"),
        ),
        rx.cond(event.note != "", rx.el.p(event.note)),
        rx.cond(event.facts != "", rx.el.p(event.facts, class_name="history-facts")),
        rx.el.time(event.at, date_time=event.at_iso, class_name="history-at"),
    )
