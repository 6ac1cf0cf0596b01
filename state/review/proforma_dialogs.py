"""The questions a proforma's page asks before it acts: a reason, an amount, or just once more."""

from dataclasses import dataclass, replace

from state.review.proforma_head import HeadView


@dataclass(frozen=True)
class DialogView:
    """One question. `verb` is '' while none is open; `note` labels the reason's field, '' = no reason is asked.

    `day` labels the field of a day, '' = none is asked.
    """

    verb: str = ""
    title: str = ""
    text: str = ""
    note: str = ""
    needs_note: bool = False
    action: str = ""
    tone: str = "iris"
    day: str = ""


_WAITING = (
    "Approving bills the split lines as they stand, as their timekeeper entered them, and the proposed splits end with "
    "the invoice. Cancel to wait for the hours."
)
QUESTIONS = {
    "approve": DialogView(
        "approve",
        "Approve over the carrier's guidelines?",
        "The guidelines block at least one line. Say who at the carrier allowed it; the note stays in the history.",
        note="Who allowed it, and when",
        needs_note=True,
        action="Approve all the same",
    ),
    "return_to_billing": DialogView(
        "return_to_billing",
        "Return to billing",
        "It leaves your queue. Billing sees your note, corrects it, and sends it to you again.",
        note="What should billing do?",
        needs_note=True,
        action="Return to billing",
    ),
    "hold": DialogView(
        "hold",
        "Put the whole proforma on hold",
        "It leaves the queue with all its lines until the day you give, or until you or billing resume the review. "
        "On that day it is back in review, and you are told.",
        note="Why (optional)",
        action="Hold",
        day="Until (optional)",
    ),
    "void": DialogView(
        "void",
        "Void this proforma?",
        "This cannot be undone. Its entries go back to work in progress and the next run bills them anew.",
        note="Why (optional)",
        action="Void proforma",
        tone="red",
    ),
    "finalize": DialogView(
        "finalize",
        "Make the invoice?",
        "It gets the next number and cannot be changed after that, only corrected by a new revision.",
        action="Make the invoice",
    ),
}


def question_of(verb: str, head: HeadView) -> DialogView | None:
    """Return what to ask before a verb of the proforma; None = nothing.

    Approving asks for a note over a blocking guideline, and warns of a split that waits for its timekeeper.
    """
    if verb != "approve":
        return QUESTIONS.get(verb)
    if head.blocking:
        blocking = QUESTIONS["approve"]
        return replace(blocking, text=f"{blocking.text} {head.waiting}. {_WAITING}") if head.waiting else blocking
    if head.waiting:
        return DialogView("approve", f"{head.waiting}. Approve all the same?", _WAITING, action="Approve all the same")
    return None
