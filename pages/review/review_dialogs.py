"""The queue's questions: reasons of a return, all at once, over a block, and sending again."""

from typing import Any

import reflex as rx

from pages.review.handing_dialogs import handing_dialogs, sheet_step
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from state.review.review import ReviewQueue


def dialogs() -> rx.Component:
    """Return all of them; each is closed until asked for."""
    sheet = ReviewQueue.sheet
    first = sheet_step(sheet.can_return, "undo-2", "Return to billing", ReviewQueue.ask_return(sheet.id, sheet.version))
    return rx.fragment(return_dialog(ReviewQueue), _offer(), _allow(), handing_dialogs(ReviewQueue, first), _send())


def return_dialog(state: Any) -> rx.Component:  # noqa: ANN401 -- a state with Returning mixed in
    """Return the reasons that go back to billing with a proforma."""
    reasons = rx.el.fieldset(
        rx.el.legend(
            "Why? Tick what applies; name lines, or leave them out for the whole bill", class_name="field-label"
        ),
        rx.foreach(state.return_reasons, _reason),
        class_name="reasons",
    )
    return note_dialog(
        is_open=state.returning != "",
        on_open_change=state.close_return,
        on_submit=state.send_return,
        title=f"Return {state.returning_title} to billing",
        text="It leaves your queue. Billing sees your reasons, corrects it, and sends it to you again.",
        fields=(reasons, note_field("What should billing do? (optional where a reason is ticked)")),
        problem=state.return_problem,
        action=rx.button("Return to billing", type="submit"),
    )


def _reason(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.div(
        rx.el.label(
            rx.el.input(type="checkbox", name=f"reason_{one.value}"), rx.el.span(one.words), class_name="check-line"
        ),
        rx.el.input(
            name=f"lines_{one.value}",
            default_value=one.lines,
            placeholder="lines, as 2, 5",
            input_mode="numeric",
            auto_complete="off",
            aria_label=f"{one.words}: lines",
            class_name="field reason-lines",
        ),
        key=one.value,
        class_name="reason",
    )


def _offer() -> rx.Component:
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
        rx.el.span(f"Approve up to, in dollars; the firm allows {ReviewQueue.offer_most}", class_name="field-label"),
        rx.el.input(
            name="cap", default_value=ReviewQueue.offer_cap, input_mode="decimal", required=True, class_name="field"
        ),
        class_name="field-block",
    )
    left = rx.cond(ReviewQueue.offer_left != "", rx.el.p(ReviewQueue.offer_left, class_name="muted"))
    return note_dialog(
        is_open=ReviewQueue.is_offering,
        on_open_change=ReviewQueue.close_offer,
        on_submit=ReviewQueue.approve_offered,
        title=f"Approve {ReviewQueue.offer.length()} clean proformas, {ReviewQueue.offer_amount}",
        text="Each in the version listed. One that changes before you confirm is skipped and named.",
        fields=(rx.el.ul(rows, tab_index=0, aria_label="Proformas to approve", class_name="offer"), left, cap),
        problem=ReviewQueue.offer_problem,
        action=rx.button(f"Approve {ReviewQueue.offer.length()}", type="submit"),
    )


def _allow() -> rx.Component:
    return note_dialog(
        is_open=ReviewQueue.allowing != "",
        on_open_change=ReviewQueue.close_allow,
        on_submit=ReviewQueue.approve_all_the_same,
        title=f"Approve {ReviewQueue.allowing_title} over what blocks it?",
        text="The carrier's guidelines block a line. Say who at the carrier allowed it, or correct the line first.",
        fields=(note_field("Who allowed it?", is_required=True),),
        problem=ReviewQueue.allow_problem,
        action=rx.button("Approve all the same", type="submit"),
    )


def _send() -> rx.Component:
    changes = rx.el.p(ReviewQueue.sending_changes, class_name="compare")
    return note_dialog(
        is_open=ReviewQueue.sending != "",
        on_open_change=ReviewQueue.close_send,
        on_submit=ReviewQueue.send_again,
        title=f"Send {ReviewQueue.sending_title} to review again",
        text="Its attorney sees what was mended since it was returned, and your answer.",
        fields=(changes, note_field("Your answer (optional)")),
        problem=ReviewQueue.sending_problem,
        action=rx.button("Send to review again", type="submit"),
    )
