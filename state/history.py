"""A proforma's audit events as sentences: who did what, and which values it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.review.proforma_queries import HistoryRow
from state.words import counted, moment

_SENTENCES = {
    "proforma:send_to_review": "sent it to review",
    "proforma:approve": "approved it",
    "proforma:return_to_billing": "returned it to billing",
    "proforma:reopen": "took the approval back",
    "proforma:hold": "put it on hold",
    "proforma:resume": "resumed the review",
    "proforma:finalize": "made the invoice",
    "proforma:void": "voided it",
    "proforma:line_edited": "changed line {line_number}",
    "proforma:lines_edited": "{did}",
    "proforma:change_proposed": "asked the timekeeper of line {line_number} for {asked}",
    "proforma:change_attested": "attested {asked} of line {line_number}",
    "proforma:change_declined": "declined {asked} of line {line_number}",
    "proforma:change_withdrawn": "took the question about line {line_number} back",
    "proforma:commented": "commented",
    "proforma:comment_edited": "put a comment right",
    "proforma:comment_removed": "removed a comment",
    "proforma:comment_resolved": "marked a comment as done",
    "proforma:comment_reopened": "opened a comment again",
    "proforma:split_proposed": "proposed a split of line {line_number} to its timekeeper",
    "proforma:split_attested": "gave the hours of line {line_number}, now {into}",
    "proforma:split_declined": "declined to split line {line_number}",
    "proforma:split_withdrawn": "took the proposed split of line {line_number} back",
    "proforma:allowed": "recorded what the carrier allowed",
    "proforma:permission_taken_back": "took a permission of the carrier back",
    "proforma:budget_set": "recorded a budget of {amount} for {code}",
    "proforma:budget_taken_back": "took the budget of {amount} for {code} back",
    "proforma:receipt_attached": "attached a receipt to line {line_number}",
    "proforma:receipt_removed": "removed a receipt of line {line_number}",
    "proforma:approve_first": "approved it; others follow",
    "proforma:complete": "approved it as the last",
    "proforma:decline": "returned it to billing instead of approving it",
    "proforma:step_given": "gave approval {stage}",
    "proforma:step_void": "made approval {stage} void, as it was changed since",
    "proforma:step_passed_on": "asked somebody else for approval {stage}",
    "proforma:forwarded": "forwarded it",
    "proforma:given_back": "gave it back",
    "proforma:taken_back": "took it back from whom it was forwarded to",
    "proforma:reminded": "reminded whom it waits for",
}
_DID = {
    "write_off": "wrote {lines} off",
    "write_down": "wrote {lines} down",
    "hold": "held {lines}",
    "line_discount": "gave a discount on {lines}",
    "bill_discount": "changed the discount on the whole bill",
    "combine": "combined expenses, or took them apart",
    "transfer": "transferred a part to another matter",
    "add": "added {lines}",
    "split": "gave the hours of a split",
    "restore": "billed {lines} as entered again",
    "undo": "took a step back",
}
_ASKED = {"text": "another text", "hours": "more hours", "date": "another day"}
VALUE_NAMES = {
    "billed_units": "units",
    "unit_cost": "rate",
    "adjustment_amount": "adjustment",
    "billed_amount": "amount",
    "treatment": "treatment",
    "task_code": "task",
    "activity_code": "activity",
    "expense_code": "expense code",
}


@dataclass(frozen=True)
class EventView:
    """One event: who, what, when, the note, and the values before and after."""

    who: str
    what: str
    at: str
    at_iso: str
    note: str
    changes: str


def event_view(event: HistoryRow) -> EventView:
    """Return an event as text."""
    sentence = _SENTENCES.get(event.tag, event.tag.partition(":")[2].replace("_", " "))
    return EventView(
        who=event.actor_name,
        what=sentence.format(**_words(event.data)),
        at=moment(event.at),
        at_iso=event.at.isoformat(),
        note=event.note,
        changes=_changes(event.data),
    )


def _words(data: Mapping[str, Any]) -> dict[str, str]:
    return {
        "line_number": str(data.get("line_number", "")),
        "into": _into(data),
        "amount": _amount(data.get("amount")),
        "did": _did(data),
        "asked": _ASKED.get(str(data.get("kind")), "a change"),
        "code": data.get("code") or "the matter",
        "stage": str(data.get("stage", "")),
    }


def _amount(value: Any) -> str:  # noqa: ANN401 -- JSON of an event
    return " → ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _did(data: Mapping[str, Any]) -> str:
    numbers = data.get("line_numbers")
    lines = counted(len(numbers), "line") if isinstance(numbers, list) else "lines"
    return _DID.get(str(data.get("kind")), "changed {lines}").format(lines=lines)


def _into(data: Mapping[str, Any]) -> str:
    numbers = data.get("into")
    return f"lines {', '.join(map(str, numbers))}" if isinstance(numbers, list) else "its parts"


def _changes(data: Mapping[str, Any]) -> str:
    changed = data.get("changed")
    pairs = changed.items() if isinstance(changed, Mapping) else ()
    words = [
        f"{VALUE_NAMES[name]} {value[0] or 'none'} → {value[1] or 'none'}"
        for name, value in pairs
        if name in VALUE_NAMES
    ]
    if data.get("narrative_changed"):
        words.append("narrative")
    sums = data.get("amount")
    if isinstance(sums, list) and sums[0] != sums[1] and "billed_amount" not in (changed or {}):
        words.append(f"the bill {_amount(sums)}")
    return " · ".join(words)
