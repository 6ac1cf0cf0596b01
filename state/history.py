"""A proforma's audit events as sentences: who did what, and which values it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.billing.proforma_queries import HistoryRow
from state.words import moment

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
}
_VALUES = {
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
        "amount": str(data.get("amount", "")),
        "code": data.get("code") or "the matter",
    }


def _into(data: Mapping[str, Any]) -> str:
    numbers = data.get("into")
    return f"lines {', '.join(map(str, numbers))}" if isinstance(numbers, list) else "its parts"


def _changes(data: Mapping[str, Any]) -> str:
    changed = data.get("changed")
    pairs = changed.items() if isinstance(changed, Mapping) else ()
    words = [f"{_VALUES[name]} {value[0] or 'none'} → {value[1] or 'none'}" for name, value in pairs if name in _VALUES]
    if data.get("narrative_changed"):
        words.append("narrative")
    return " · ".join(words)
