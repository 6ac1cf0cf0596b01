"""Repairs of a LEDES file that lose nothing: before and after, one by one or all at once."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.data_table import NO_EXPORT, Column, data_table
from pages.ui.empty_state import empty_state
from state.ledes_desk.ledes_repairs import LedesRepairs


def repairs_view() -> rx.Component:
    """Return the repairs with what comes of them."""
    return rx.fragment(
        error_callout(LedesRepairs.problem),
        rx.cond(LedesRepairs.total != "", _head()),
        data_table(
            LedesRepairs,
            caption="Repairs",
            export=NO_EXPORT,
            columns=_COLUMNS,
            card=_card,
            empty=empty_state(
                "Nothing to mend without loss",
                "What is left needs a person who knows the bill. The findings say what to do.",
                icon="wrench",
            ),
        ),
    )


def _head() -> rx.Component:
    make = rx.button(
        rx.icon("wrench", size=15, aria_hidden="true"), "Make the chosen repairs", on_click=LedesRepairs.make
    )
    kinds = rx.el.ul(rx.foreach(LedesRepairs.reasons, _kind), aria_label="Kinds of repairs", class_name="repair-kinds")
    return rx.el.div(
        rx.el.div(rx.el.p(LedesRepairs.summary), make, class_name="repair-head"),
        kinds,
        class_name="bench-box",
    )


def _kind(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    box = rx.el.input(
        type="checkbox",
        checked=one.is_wanted,
        disabled=one.is_frame,
        on_change=LedesRepairs.toggle_reason(one.reason),
    )
    always = rx.cond(one.is_frame, rx.el.span("of the whole file, goes along with any other", class_name="row-hint"))
    return rx.el.li(
        rx.el.label(box, rx.el.span(one.reason), rx.el.span(one.count, class_name="filter-count"), always),
    )


def _check(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.input(
        type="checkbox",
        checked=row.is_wanted,
        disabled=row.is_frame,
        on_change=LedesRepairs.toggle(row.key),
        aria_label=f"Make the repair of {row.place} {row.field}",
    )


def _change(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(
        rx.el.del_(row.before, class_name="change-old"),
        rx.icon("arrow-right", size=13, aria_hidden="true"),
        rx.el.ins(row.after, class_name="change-new"),
        class_name="change",
    )


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(
            rx.el.span(_check(row), " ", row.place, class_name="card-title"),
            rx.el.code(row.field, class_name="tag wrap"),
            class_name="card-head",
        ),
        _change(row),
        rx.el.p(row.reason, class_name="muted"),
    )


_COLUMNS = (
    Column("Make", _check, width="64px"),
    Column("Where", lambda row: rx.el.span(row.place, class_name="nowrap tabular-nums"), width="110px"),
    Column("Before and after", _change),
    Column("Field", lambda row: rx.el.code(row.field, class_name="tag"), width="240px"),
    Column("Why nothing is lost", lambda row: rx.el.span(row.reason, class_name="finding-words")),
)
