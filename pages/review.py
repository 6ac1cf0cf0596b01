"""The review queue: proformas by due day, approved or returned in place; only flagged lines are open."""

from typing import Any

import reflex as rx

from models.enums import FindingAction, ProformaStatus, Role
from pages.ui.callout import error_callout
from pages.ui.empty_state import empty_state
from pages.ui.filters import Filter, filters
from pages.ui.keys import key_hint, pressed_by
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.review import ReviewQueue

_TABS = (
    ("In review", "in_review"),
    ("Returned", "returned"),
    ("Held", "held"),
    ("Approved", "approved"),
    ("Draft", "draft"),
    ("Finalized", "finalized"),
)


def review() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("Review", _subtitle(), rx.cond(ReviewQueue.clean_count > 0, _approve_all_button())),
        rx.el.div(
            rx.cond(ReviewQueue.own_status == "returned", _tabs("returned"), _tabs("in_review")),
            key_hint(("j k", "move"), ("a", "approve"), ("r", "return"), ("e", "open"), ("u", "undo")),
            class_name="filters-row",
        ),
        error_callout(ReviewQueue.failure),
        result_bar(ReviewQueue.done, rx.cond(ReviewQueue.can_undo, _undo()), on_dismiss=ReviewQueue.dismiss),
        _skipped(),
        rx.cond(ReviewQueue.is_loading, _skeleton(), rx.cond(ReviewQueue.rows.length() > 0, _list(), _nothing())),
        _return_dialog(),
        _offer_dialog(),
        current="/review",
        roles=(Role.ATTORNEY, Role.BILLER, Role.ADMIN),
    )


def _subtitle() -> rx.Var:
    clean = f" · {ReviewQueue.clean_count} clean, {ReviewQueue.flagged_count} to look at"
    text = f"{ReviewQueue.left_text} · {ReviewQueue.left_amount}"
    counted = rx.cond(ReviewQueue.clean_count + ReviewQueue.flagged_count > 0, text + clean, text)
    return rx.cond(ReviewQueue.left_text != "", counted, "What waits for a decision, most urgent first")


def _tabs(own_status: str) -> rx.Component:
    # The viewer's own state stands first, in words that say so.
    first = Filter("Waits for you", "/review", "", ReviewQueue.counts[own_status])
    others = (
        Filter(label, f"/review?status={value}", value, ReviewQueue.counts[value])
        for label, value in _TABS
        if value != own_status
    )
    return filters("State", ReviewQueue.status, first, *others)


def _approve_all_button() -> rx.Component:
    return rx.button(
        rx.icon("check-check", size=16, aria_hidden="true"),
        f"Approve {ReviewQueue.clean_count} clean",
        on_click=ReviewQueue.offer_clean,
    )


def _undo() -> rx.Component:
    return rx.button("Undo", size="1", variant="surface", on_click=ReviewQueue.undo, custom_attrs=pressed_by("u"))


def _skipped() -> rx.Component:
    rows = rx.foreach(
        ReviewQueue.skipped,
        lambda row: rx.el.li(link(row.matter, href=row.href, class_name="text-link"), " ", row.reason),
    )
    box = rx.el.div(
        rx.icon("info", size=18, aria_hidden="true"),
        rx.el.div(rx.el.p("Left alone, unchanged:"), rx.el.ul(rows, class_name="skipped")),
        role="status",
        class_name="callout amber",
    )
    return rx.cond(ReviewQueue.skipped.length() > 0, box)


def _list() -> rx.Component:
    more = rx.button("Show more", variant="soft", color_scheme="gray", on_click=ReviewQueue.show_more)
    return rx.fragment(
        rx.el.ul(rx.foreach(ReviewQueue.rows, _row), aria_label="Proformas", class_name="queue"),
        rx.cond(ReviewQueue.has_more, rx.el.div(more, class_name="more")),
    )


def _row(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    mine = row.is_mine & may(Role.ATTORNEY)
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                link(row.matter_number, href=row.href, class_name="queue-number", custom_attrs=pressed_by("e")),
                rx.el.span(row.matter_name, class_name="queue-name"),
                rx.el.span(row.carrier, " · ", row.period, " · ", row.lines, class_name="queue-about"),
                class_name="queue-words",
            ),
            rx.el.div(_badge(row), class_name="queue-state"),
            rx.el.div(
                rx.el.span(row.due, class_name=rx.cond(row.is_overdue, "late", "muted"), title=row.due_on),
                rx.cond(mine, rx.fragment(), rx.el.span(row.reviewer, class_name="muted")),
                class_name="queue-due",
            ),
            rx.el.div(
                money(row.amount), rx.el.span(row.written_down, class_name="row-hint"), class_name="queue-amount"
            ),
            rx.cond(mine, _buttons(row), _open(row)),
            class_name="queue-main",
        ),
        rx.cond(
            row.note != "",
            rx.el.p(rx.icon("message-square", size=14, aria_hidden="true"), row.note, class_name="queue-note"),
        ),
        rx.cond(row.flags.length() > 0, _flags(row, mine)),
        key=row.id,
        tab_index=-1,
        custom_attrs={"data-row": row.id, "data-swipe": rx.cond(mine, rx.cond(row.is_clean, "both", "return"), "none")},
        class_name="queue-row",
    )


def _badge(row: Any) -> rx.Component:  # noqa: ANN401
    flag = rx.cond(
        row.is_clean,
        rx.el.span(rx.icon("check", size=13, aria_hidden="true"), "Clean", class_name="badge badge-green"),
        rx.el.span(
            rx.icon("triangle-alert", size=13, aria_hidden="true"), row.findings, class_name="badge badge-amber"
        ),
    )
    return rx.cond(row.is_mine, flag, status_badge(ProformaStatus, row.status))


def _buttons(row: Any) -> rx.Component:  # noqa: ANN401
    approve = rx.button(
        rx.icon("check", size=16, aria_hidden="true"),
        "Approve",
        on_click=ReviewQueue.approve(row.id, row.version),
        variant=rx.cond(row.is_clean, "soft", "outline"),
        custom_attrs={**pressed_by("a"), "data-moves-on": "", "aria-label": f"Approve {row.matter_number}"},
    )
    give_back = rx.button(
        rx.icon("undo-2", size=16, aria_hidden="true"),
        "Return",
        on_click=ReviewQueue.ask_return(row.id, row.version),
        variant="outline",
        color_scheme="gray",
        custom_attrs={**pressed_by("r"), "aria-label": f"Return {row.matter_number} to billing"},
    )
    return rx.el.div(give_back, approve, class_name="queue-buttons")


def _open(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.div(
        link(
            "Open", href=row.href, class_name="plain-button", custom_attrs={"aria-label": f"Open {row.matter_number}"}
        ),
        class_name="queue-buttons",
    )


def _flags(row: Any, mine: Any) -> rx.Component:  # noqa: ANN401
    more = rx.cond(
        row.more_flags != "", rx.el.li(link(row.more_flags, href=row.href, class_name="text-link"), class_name="flag")
    )
    return rx.el.ul(rx.foreach(row.flags, lambda flag: _flag(flag, row, mine)), more, class_name="flags")


def _flag(flag: Any, row: Any, mine: Any) -> rx.Component:  # noqa: ANN401
    fix = rx.button(flag.fix, size="1", variant="surface", on_click=ReviewQueue.fix(flag.id, row.version))
    return rx.el.li(
        rx.el.div(
            status_badge(FindingAction, flag.action),
            rx.el.span(flag.line, class_name="flag-line"),
            rx.el.span(flag.detail, class_name="muted"),
            money(flag.amount),
            class_name="flag-head",
        ),
        rx.el.div(rx.el.p(flag.narrative, class_name="flag-text"), rx.el.p(flag.message, class_name="flag-why")),
        rx.cond(mine & (flag.fix != ""), fix),
        class_name="flag",
    )


def _nothing() -> rx.Component:
    mine = empty_state(
        "Nothing waits for you",
        "You are through. New proformas appear here by themselves as soon as they are sent to you.",
        link("See what you approved", href="/review?status=approved", class_name="text-link"),
        icon="check-check",
    )
    others = empty_state(
        "None in this state",
        "Choose another state above, or go back to what waits for you.",
        link("What waits for me", href="/review", class_name="text-link"),
    )
    return rx.cond(ReviewQueue.failure == "", rx.cond(ReviewQueue.status == "", mine, others))


def _return_dialog() -> rx.Component:
    return note_dialog(
        is_open=ReviewQueue.returning != "",
        on_open_change=ReviewQueue.close_return,
        on_submit=ReviewQueue.send_return,
        title=f"Return {ReviewQueue.returning_title} to billing",
        text="It leaves your queue. Billing sees your note, corrects it, and sends it to you again.",
        fields=(note_field("What should billing do?", is_required=True),),
        problem=ReviewQueue.return_problem,
        action=rx.button("Return to billing", type="submit"),
    )


def _offer_dialog() -> rx.Component:
    rows = rx.foreach(
        ReviewQueue.offer,
        lambda row: rx.el.li(
            rx.el.span(row.matter_number, class_name="offer-number"),
            rx.el.span(row.matter_name, class_name="offer-name"),
            rx.el.span(row.version, class_name="muted", title="The version you have seen"),
            money(row.amount),
            key=row.id,
        ),
    )
    cap = rx.el.label(
        rx.el.span("Approve up to, in dollars", class_name="field-label"),
        rx.el.input(
            name="cap", default_value=ReviewQueue.offer_cap, input_mode="decimal", required=True, class_name="field"
        ),
        class_name="field-block",
    )
    return note_dialog(
        is_open=ReviewQueue.is_offering,
        on_open_change=ReviewQueue.close_offer,
        on_submit=ReviewQueue.approve_offered,
        title=f"Approve {ReviewQueue.offer.length()} clean proformas, {ReviewQueue.offer_amount}",
        text="Each in the version listed. One that changes before you confirm is skipped and named.",
        fields=(rx.el.ul(rows, tab_index=0, aria_label="Proformas to approve", class_name="offer"), cap),
        problem=ReviewQueue.offer_problem,
        action=rx.button(f"Approve {ReviewQueue.offer.length()}", type="submit"),
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, bar, class_name="skeleton-row tall") for _ in range(8)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
