"""The dialog in which billing records what a payor without a site answered."""

import reflex as rx

from models.enums import DecisionStatus
from pages.ui.fields import text_field
from pages.ui.note_dialog import note_dialog, note_field
from state.invoicing.answer import PayorAnswerForm

_ANSWERS = (
    (DecisionStatus.APPROVED, "It pays all of it"),
    (DecisionStatus.REDUCED, "It pays a part of it"),
    (DecisionStatus.DISPUTED, "It disputes it, or asks"),
    (DecisionStatus.REJECTED, "It rejects it"),
)


def answer_dialog() -> rx.Component:
    """Return the dialog; once a page."""
    answers = rx.el.fieldset(
        rx.el.legend("What did the payor say?", class_name="field-label"),
        *(_answer(outcome, label) for outcome, label in _ANSWERS),
        class_name="choices",
    )
    is_part = PayorAnswerForm.outcome == DecisionStatus.REDUCED.value
    is_all = PayorAnswerForm.outcome == DecisionStatus.APPROVED.value
    amount = text_field("What it pays, in dollars", "amount", input_mode="decimal", required=True)
    return note_dialog(
        is_open=PayorAnswerForm.is_open,
        on_open_change=PayorAnswerForm.close,
        on_submit=PayorAnswerForm.record,
        title=f"Answer to invoice {PayorAnswerForm.number}",
        text="It went by e-mail or post, so nobody else records it.",
        fields=(
            answers,
            rx.cond(is_part, amount),
            note_field(rx.cond(is_all, "Note (optional)", "The payor's reason, in its words"), is_required=~is_all),
        ),
        problem=PayorAnswerForm.problem,
        action=rx.button("Record", type="submit"),
    )


def _answer(outcome: DecisionStatus, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="outcome",
            value=outcome.value,
            checked=PayorAnswerForm.outcome == outcome.value,
            on_change=lambda _on: PayorAnswerForm.choose(outcome.value),
        ),
        label,
        class_name="choice-line",
    )
