"""Today: what to do next, how far the cycle is, what is blocked and by whom."""

from typing import Any

import reflex as rx

from models.enums import ProformaStatus, Role
from pages.reporting.charts import burn_down, figure
from pages.ui.callout import error_callout
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.money import money
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.stat import stat, stats
from pages.ui.status_badge import status_badge
from state.today import Today


def today() -> rx.Component:
    """Return the page."""
    return shell(
        page_header(rx.cond(Today.greeting != "", Today.greeting, "Today"), Today.date_text),
        error_callout(Today.failure),
        rx.cond(Today.is_loading, _skeleton(), rx.cond(Today.failure == "", _content())),
        current="/",
    )


def _content() -> rx.Component:
    return rx.fragment(
        stats(
            rx.cond(
                Today.has_queue,
                stat("Waits for you", Today.queue_count, href=Today.queue_href, hint=Today.queue_hint),
            ),
            rx.cond(
                Today.days_left != "",
                rx.cond(
                    may(Role.BILLER),
                    stat("Days left in the cycle", Today.days_left, href="/billing", hint=Today.days_hint),
                    stat("Days left in the cycle", Today.days_left, hint=Today.days_hint),
                ),
            ),
            rx.cond(
                Today.done_text != "",
                stat("Cycle done", Today.done_text, href="/invoices?document=delivered", hint=Today.done_hint),
            ),
            rx.cond(
                may(Role.BILLER, Role.ADMIN),
                stat("Hours saved", Today.hours_saved, href="/submissions", hint=Today.hours_hint),
                stat("Hours saved", Today.hours_saved, hint=Today.hours_hint),
            ),
        ),
        rx.el.div(
            rx.el.div(_steps(), _queue(), class_name="today-main"),
            rx.el.div(_cycle(), _burn_down(), _blocked(), class_name="today-side"),
            class_name="today",
        ),
    )


def _steps() -> rx.Component:
    rows = rx.el.ul(rx.foreach(Today.steps, _step), class_name="panel-list")
    nothing = empty_state("Nothing needs you", "Carriers and accounts that pause themselves appear here.", icon="check")
    panel = _panel("Next steps", "", "", rx.cond(Today.steps.length() > 0, rows, nothing))
    return rx.cond((Today.steps.length() > 0) | ~Today.has_queue, panel)


def _step(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.li(
        link(
            rx.el.span(row.count, class_name="step-count"),
            rx.el.span(
                rx.el.span(row.title, class_name="row-title"),
                rx.el.span(row.hint, class_name="row-hint"),
                class_name="row-words",
            ),
            rx.el.span(money(row.amount), rx.el.span(row.due, class_name="row-hint"), class_name="row-end"),
            rx.icon("chevron-right", size=16, aria_hidden="true"),
            href=row.href,
            class_name="panel-row",
        ),
        key=row.href,
    )


def _queue() -> rx.Component:
    rows = rx.el.ul(rx.foreach(Today.queue, _queued), class_name="panel-list")
    nothing = empty_state(
        "Nothing waits for you", "New proformas appear here by themselves as soon as billing sends them.", icon="check"
    )
    body = rx.cond(Today.queue.length() > 0, rows, nothing)
    # An empty queue is no news while other steps wait.
    is_shown = Today.has_queue & ((Today.queue.length() > 0) | (Today.steps.length() == 0))
    return rx.cond(is_shown, _panel("Your queue", "All of it", "/review", body))


def _queued(row: Any) -> rx.Component:  # noqa: ANN401
    flag = rx.cond(
        row.is_clean,
        rx.el.span(rx.icon("check", size=13, aria_hidden="true"), "Clean", class_name="badge badge-green"),
        rx.el.span(
            rx.icon("triangle-alert", size=13, aria_hidden="true"), row.findings, class_name="badge badge-amber"
        ),
    )
    state = rx.cond(row.is_mine, flag, status_badge(ProformaStatus, row.status))
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(
                    row.matter_number, " ", rx.el.span(row.matter_name, class_name="muted"), class_name="row-title"
                ),
                rx.el.span(row.carrier, " · ", row.lines, class_name="row-hint"),
                class_name="row-words",
            ),
            state,
            rx.el.span(
                money(row.amount),
                rx.el.span(row.due, class_name=rx.cond(row.is_overdue, "row-hint late", "row-hint")),
                class_name="row-end",
            ),
            rx.icon("chevron-right", size=16, aria_hidden="true"),
            href=row.href,
            class_name="panel-row",
        ),
        key=row.id,
    )


def _cycle() -> rx.Component:
    bar = rx.el.div(
        rx.foreach(
            Today.cycle,
            lambda row: rx.el.span(
                class_name=f"cycle-part tone-{row.tone}", style={"flexGrow": row.share}, key=row.word
            ),
        ),
        class_name="cycle-bar",
        aria_hidden="true",
    )
    rows = rx.el.ul(rx.foreach(Today.cycle, _state), class_name="panel-list")
    nothing = empty_state("No cycle yet", "It starts with the first billing run of the month.", icon="calendar")
    body = rx.cond(Today.cycle.length() > 0, rx.fragment(bar, rows), nothing)
    return _panel(rx.cond(Today.cycle_title != "", f"Bills for {Today.cycle_title}", "The cycle"), "", "", body)


def _state(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        link(
            rx.el.span(class_name=f"dot tone-{row.tone}", aria_hidden="true"),
            rx.el.span(row.word, class_name="row-words"),
            rx.el.span(row.count, class_name="cycle-count"),
            rx.el.span(money(row.amount), class_name="cycle-amount"),
            href=row.href,
            class_name="panel-row compact",
        ),
        key=row.word,
    )


def _burn_down() -> rx.Component:
    """Return the cycle day by day; it stands where there is anything to burn down."""
    height = 190
    panel = _panel(
        "Bills left, day by day", "Day by day", Today.burn_href,
        figure(burn_down(Today.burn_points, height), Today.burn_summary, height),
    )  # fmt: skip
    return rx.cond(Today.burn_points.length() > 0, panel)


def _blocked() -> rx.Component:
    rows = rx.el.ul(rx.foreach(Today.blocked, _blocker), class_name="panel-list")
    nothing = rx.el.p("Nothing is blocked.", class_name="panel-nothing")
    return _panel(
        "Blocked, and by whom", "Report", "/reports?report=blocked", rx.cond(Today.blocked.length() > 0, rows, nothing)
    )


def _blocker(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(row.who, class_name="row-title"),
                rx.el.span(row.what, class_name="row-hint"),
                class_name="row-words",
            ),
            rx.el.span(row.count, class_name="cycle-count"),
            rx.el.span(money(row.amount), class_name="cycle-amount"),
            href=row.href,
            class_name="panel-row compact",
        )
    )


def _panel(title: str | rx.Var, more: str, href: str | rx.Var, body: rx.Component | rx.Var) -> rx.Component:
    head = rx.el.div(
        rx.el.h2(title, class_name="panel-title"),
        link(more, href=href, class_name="text-link") if more else rx.fragment(),
        class_name="panel-head",
    )
    return rx.el.section(head, body, class_name="panel")


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        rx.el.div(*(rx.el.div(bar, class_name="stat") for _ in range(4)), class_name="stats"),
        rx.el.div(
            *(rx.el.div(bar, bar, bar, class_name="skeleton-row") for _ in range(7)), class_name="skeleton-frame"
        ),
        rx.el.span("Loading", role="status", class_name="sr-only"),
    )
