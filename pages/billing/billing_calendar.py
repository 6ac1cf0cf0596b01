"""The billing calendar: a part of the billing page, and a page of its own with the firm's closing days."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ui.callout import error_callout, notice
from pages.ui.empty_state import empty_state
from pages.ui.fields import text_field
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.note_dialog import note_dialog
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.status_badge import Look, badge
from state.billing.billing_calendar import BillingCalendar

_ROLES = (Role.BILLER, Role.ADMIN)
_LATE = Look("red", "triangle-alert", "Late")
_OPEN = Look("blue", "circle-dot", "Open")


def billing_calendar() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("Billing calendar", "Cut-off, billing run, review and sending of each month, in business days."),
        calendar_part(),
        _closing_days(),
        current="/billing/calendar",
        roles=_ROLES,
    )


def calendar_part() -> rx.Component:
    """Return the calendar as a part of a page, with its dialog."""
    none = empty_state(
        "No calendar yet", "The portal makes it each night, a year ahead, by the firm's rule.", icon="calendar"
    )
    rows = rx.el.ul(rx.foreach(BillingCalendar.cycles, _cycle), class_name="cycles")
    head = rx.el.div(
        rx.el.h2("Calendar", class_name="panel-title"),
        link("Closing days", href="/billing/calendar", class_name="text-link"),
        class_name="panel-head",
    )
    body = rx.cond(BillingCalendar.cycles.length() > 0, rows, none)
    return rx.el.section(
        head,
        error_callout(BillingCalendar.problem),
        rx.cond(BillingCalendar.done != "", notice(BillingCalendar.done, tone="green", icon="check")),
        rx.cond(BillingCalendar.is_loading, rx.el.div(class_name="skeleton board-skeleton"), body),
        _dialog(),
        id="calendar",
        aria_label="Calendar",
        class_name="panel calendar",
    )


def _cycle(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    move = rx.button(
        rx.icon("calendar-clock", size=15, aria_hidden="true"),
        "Move dates",
        size="2",
        variant="soft",
        color_scheme="gray",
        on_click=BillingCalendar.ask_move(row.id),
        aria_label=f"Move dates of {row.name}",
    )
    head = rx.el.div(
        link(row.name, href=row.href, class_name="row-title"),
        rx.cond(row.is_late, badge(_LATE)),
        move,
        class_name="cycle-head",
    )
    return rx.el.li(
        head,
        rx.el.dl(rx.foreach(row.dates, _date), class_name="cycle-dates"),
        rx.cond(row.note != "", rx.el.p(row.note, class_name="row-hint")),
        rx.cond(row.open.length() > 0, rx.el.ul(rx.foreach(row.open, _open), class_name="cycle-open")),
        key=row.id,
        class_name="cycle",
    )


def _date(one: Any) -> rx.Component:  # noqa: ANN401
    words = rx.el.span(one.words, rx.cond(one.is_moved, ", moved by hand", ""), class_name="row-hint")
    return rx.el.div(
        rx.el.dt(one.label),
        rx.el.dd(rx.el.time(one.day, date_time=one.iso, class_name="nowrap"), words),
        class_name=f"cycle-date {one.tone}",
    )


def _open(one: Any) -> rx.Component:  # noqa: ANN401
    people = rx.el.span(
        rx.foreach(one.people, lambda who: rx.el.span(who, class_name="open-who")), class_name="row-hint open-people"
    )
    return rx.el.li(
        rx.cond(one.is_late, badge(_LATE), badge(_OPEN)),
        rx.el.span(
            rx.el.span(one.title, ": ", link(one.text, href=one.href, class_name="text-link")),
            rx.cond(one.people.length() > 0, people),
            class_name="row-words",
        ),
        class_name="open-row",
    )


def _dialog() -> rx.Component:
    dates = rx.foreach(
        BillingCalendar.moving_dates,
        lambda one: rx.el.label(
            rx.el.span(one.label, class_name="field-label"),
            rx.el.input(name=one.name, type="date", default_value=one.iso, required=True, class_name="field"),
            key=one.name,
            class_name="field-block",
        ),
    )
    return note_dialog(
        is_open=BillingCalendar.moving != "",
        on_open_change=BillingCalendar.close_move,
        on_submit=BillingCalendar.move,
        title=f"Dates of {BillingCalendar.moving_name}",
        text="A date that you move stays where you put it, whatever closing days come. The audit trail keeps both.",
        fields=(
            rx.el.div(dates, class_name="edit-fields"),
            text_field("Note (optional)", "note", default_value=BillingCalendar.moving_note, max_length=500),
        ),
        problem=BillingCalendar.moving_problem,
        action=rx.button("Move the dates", type="submit"),
    )


def _closing_days() -> rx.Component:
    rows = rx.el.ul(rx.foreach(BillingCalendar.closing_days, _closing_day), class_name="panel-list")
    none = rx.el.p("None this year, beside weekends and public holidays.", class_name="panel-nothing")
    form = rx.el.form(
        text_field("Day", "day", type="date", required=True),
        text_field("What for", "name", required=True, max_length=80, default_value=BillingCalendar.kept_text),
        rx.button("Add closing day", type="submit"),
        on_submit=BillingCalendar.add_closing_day,
        reset_on_submit=True,
        class_name="closing-form",
    )
    return rx.el.section(
        rx.el.div(rx.el.h2("The firm's closing days", class_name="panel-title"), class_name="panel-head"),
        rx.cond(BillingCalendar.closing_days.length() > 0, rows, none),
        rx.cond(may(Role.ADMIN), form),
        aria_label="The firm's closing days",
        class_name="panel calendar",
    )


def _closing_day(row: Any) -> rx.Component:  # noqa: ANN401
    remove = rx.button(
        "Remove",
        size="2",
        variant="soft",
        color_scheme="gray",
        on_click=BillingCalendar.remove_closing_day(row.id),
        aria_label=f"Remove the closing day {row.day}",
    )
    return rx.el.li(
        rx.el.span(row.day, class_name="row-title nowrap"),
        rx.el.span(row.name, class_name="row-words"),
        rx.cond(may(Role.ADMIN), remove),
        key=row.id,
        class_name="panel-row",
    )
