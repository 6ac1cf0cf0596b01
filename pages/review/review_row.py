"""One proforma of the queue: what it is, why it is here, its flagged lines open, and what may be done with it."""

from typing import Any

import reflex as rx

from models.enums import FindingAction, ProformaStatus
from pages.ui.keys import pressed_by
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.status_badge import status_badge
from state.review.review import ReviewQueue


def queue_row(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return the row; a swipe to the right approves a clean one, one to the left opens what else may be done."""
    return rx.el.li(
        rx.el.div(
            rx.cond(row.can_approve, _tick(row), rx.el.span(class_name="queue-tick")),
            _words(row),
            rx.el.div(_badges(row), class_name="queue-state"),
            _due(row),
            rx.el.div(
                money(row.amount), rx.el.span(row.written_down, class_name="row-hint"), class_name="queue-amount"
            ),
            _buttons(row),
            class_name="queue-main",
        ),
        _said(row.part != "", "user-check", row.part),
        _said(row.hands != "", "forward", row.hands, rx.cond(row.hands_note != "", f": “{row.hands_note}”", "")),
        _said(row.note != "", "message-square", row.note),
        _said(row.mended != "", "wrench", row.mended),
        rx.cond(row.flags.length() > 0, _flags(row)),
        key=row.id,
        tab_index=-1,
        custom_attrs={"data-row": row.id, "data-swipe": row.swipe, "data-name": row.matter_number},
        class_name="queue-row",
    )


def _tick(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=ReviewQueue.selected.contains(row.id),
            on_change=ReviewQueue.select(row.id),
            aria_label=f"Tick {row.matter_number}",
            custom_attrs=pressed_by("x"),
        ),
        class_name="queue-tick",
    )


def _words(row: Any) -> rx.Component:  # noqa: ANN401
    keys = rx.cond(row.flags.length() > 0, "o", "o e")
    return rx.el.div(
        link(row.matter_number, href=row.href, class_name="queue-number", custom_attrs=pressed_by(keys)),
        rx.el.span(row.matter_name, class_name="queue-name"),
        rx.el.span(row.carrier, " · ", row.period, " · ", row.lines, class_name="queue-about"),
        class_name="queue-words",
    )


def _badges(row: Any) -> rx.Component:  # noqa: ANN401
    clean = rx.el.span(rx.icon("check", size=13, aria_hidden="true"), "Clean", class_name="badge badge-green")
    flagged = rx.el.span(
        rx.icon("triangle-alert", size=13, aria_hidden="true"), row.findings, class_name="badge badge-amber"
    )
    urgent = rx.el.span(rx.icon("flame", size=13, aria_hidden="true"), "Urgent", class_name="badge badge-red")
    state = rx.cond(row.is_mine, rx.cond(row.is_clean, clean, flagged), status_badge(ProformaStatus, row.status))
    return rx.fragment(state, rx.cond(row.is_urgent, urgent))


def _due(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.div(
        rx.el.span(row.due, class_name=rx.cond(row.is_overdue, "late", "muted"), title=row.due_on),
        rx.cond(row.waits != "", rx.el.span(row.waits, class_name="muted")),
        rx.cond(row.is_mine & (row.part == ""), rx.fragment(), rx.el.span(row.reviewer, class_name="muted")),
        class_name="queue-due",
    )


def _buttons(row: Any) -> rx.Component:  # noqa: ANN401
    approve = rx.button(
        rx.icon("check", size=16, aria_hidden="true"),
        "Approve",
        on_click=ReviewQueue.approve(row.id, row.version),
        variant=rx.cond(row.is_clean, "soft", "outline"),
        custom_attrs={
            **pressed_by("a"),
            "data-moves-on": rx.cond(row.is_blocked, "no", "yes"),
            "aria-label": f"Approve {row.matter_number}",
        },
    )
    give_back = rx.button(
        rx.icon("undo-2", size=16, aria_hidden="true"),
        "Return",
        on_click=ReviewQueue.ask_return(row.id, row.version),
        variant="outline",
        color_scheme="gray",
        custom_attrs={**pressed_by("r"), "aria-label": f"Return {row.matter_number} to billing"},
    )
    send = rx.button(
        rx.icon("send", size=16, aria_hidden="true"),
        "Send again",
        on_click=ReviewQueue.ask_send(row.id, row.version),
        custom_attrs={**pressed_by("a"), "aria-label": f"Send again {row.matter_number} to review"},
    )
    look = link(
        "Open", href=row.href, class_name="plain-button", custom_attrs={"aria-label": f"Open {row.matter_number}"}
    )
    return rx.el.div(
        rx.cond(row.can_return, give_back),
        rx.cond(row.can_approve, approve),
        rx.cond(row.can_send, send),
        rx.cond(row.can_return | row.can_approve | row.can_send, rx.fragment(), look),
        _more(row),
        class_name="queue-buttons",
    )


def _more(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.button(
        rx.icon("ellipsis", size=18, aria_hidden="true"),
        type="button",
        on_click=ReviewQueue.open_sheet(row.id),
        title="Hold, forward and more",
        aria_label=f"More for {row.matter_number}",
        custom_attrs=pressed_by("m"),
        class_name="icon-button queue-more",
    )


def _said(is_there: Any, icon: str, *words: Any) -> rx.Component:  # noqa: ANN401
    return rx.cond(is_there, rx.el.p(rx.icon(icon, size=14, aria_hidden="true"), *words, class_name="queue-note"))


def _flags(row: Any) -> rx.Component:  # noqa: ANN401
    more = rx.cond(
        row.more_flags != "", rx.el.li(link(row.more_flags, href=row.href, class_name="text-link"), class_name="flag")
    )
    edit = rx.cond(
        row.can_edit,
        rx.el.li(
            link("Open the lines", href=row.edit_href, class_name="text-link", custom_attrs=pressed_by("e")),
            class_name="flag flag-open",
        ),
    )
    return rx.el.ul(rx.foreach(row.flags, lambda flag: _flag(flag, row)), more, edit, class_name="flags")


def _flag(flag: Any, row: Any) -> rx.Component:  # noqa: ANN401
    fix = rx.button(
        flag.fix,
        size="1",
        variant="surface",
        on_click=ReviewQueue.fix(flag.id, row.version),
        custom_attrs=pressed_by("f"),
    )
    return rx.el.li(
        rx.el.div(
            status_badge(FindingAction, flag.action),
            rx.el.span(flag.line, class_name="flag-line"),
            rx.el.span(flag.detail, class_name="muted"),
            money(flag.amount),
            class_name="flag-head",
        ),
        rx.el.div(rx.el.p(flag.narrative, class_name="flag-text"), rx.el.p(flag.message, class_name="flag-why")),
        rx.cond(row.can_edit & (flag.fix != ""), fix),
        class_name="flag",
    )
