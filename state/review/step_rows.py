"""Steps of editing as text: what each changed, before and after, and whether it can be taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.money import as_dollars
from models.enums import EditKind, LineTreatment
from services.review.edit_steps import LineChange, StepRow
from state.review.word_diff import DiffPart, word_diff
from state.words import counted, moment, units

_KINDS = {
    EditKind.LINE: "changed {lines}",
    EditKind.WRITE_DOWN: "wrote {lines} down",
    EditKind.WRITE_OFF: "wrote {lines} off",
    EditKind.HOLD: "held {lines}",
    EditKind.RESTORE: "billed {lines} as entered again",
    EditKind.FIX: "took the fix of {lines}",
    EditKind.LINE_DISCOUNT: "gave a discount on {lines}",
    EditKind.NO_CHARGE: "billed {lines} without charge",
    EditKind.NO_PRINT: "took {lines} out of the itemized list",
    EditKind.BILL_DISCOUNT: "changed the discount on the whole bill",
    EditKind.TRANSFER: "transferred {lines} to another matter",
    EditKind.COMBINE: "combined expenses, or took them apart: {lines}",
    EditKind.ADD: "added {lines}",
    EditKind.SPLIT: "gave the hours of a split: {lines}",
    EditKind.ATTEST: "attested a change of {lines}",
    EditKind.UNDO: "took a step back: {lines}",
}
_VALUES = {
    "billed_units": "units",
    "entered_units": "entered",
    "unit_cost": "rate",
    "billed_amount": "amount",
    "write_down_amount": "written down",
    "discount_percent": "discount %",
    "discount_amount": "discount",
    "task_code": "task",
    "activity_code": "activity",
    "expense_code": "expense code",
    "treatment": "",
    "is_free": "no charge",
    "is_printed": "itemized",
    "worked_on": "day",
    "held_until": "until",
}
_TREATMENTS = {
    LineTreatment.BILL: "billed",
    LineTreatment.WRITE_OFF: "written off",
    LineTreatment.HOLD: "held",
    LineTreatment.SPLIT: "split",
    LineTreatment.COMBINED: "combined",
    LineTreatment.TRANSFER: "transferred",
}
_WRITTEN: dict[str, Callable[[Decimal], str]] = {
    "billed_units": units,
    "entered_units": units,
    "unit_cost": as_dollars,
    "billed_amount": as_dollars,
    "write_down_amount": as_dollars,
    "discount_amount": as_dollars,
}
_SHOWN = 12


@dataclass(frozen=True)
class StepLine:
    """What a step changed of one line; `diff` are the words of its narrative, empty where they stayed."""

    number: str
    words: str
    diff: list[DiffPart] = field(default_factory=list)


@dataclass(frozen=True)
class StepView:
    """One step. `amounts` is '' where the bill's sum stayed; `more` counts lines that are not shown."""

    id: str
    who: str
    what: str
    at: str
    note: str
    amounts: str
    is_undone: bool
    more: str = ""
    lines: list[StepLine] = field(default_factory=list)


def step_view(step: StepRow) -> StepView:
    """Return a step as text."""
    numbers = [str(line.number) for line in step.lines]
    named = f"line {numbers[0]}" if len(numbers) == 1 else counted(len(numbers), "line")
    changed = step.amount_before != step.amount_after
    hidden = len(step.lines) - _SHOWN
    return StepView(
        id=str(step.id),
        who=step.who,
        what=_KINDS[step.kind].format(lines=named),
        at=moment(step.at),
        note=step.note,
        amounts=f"{as_dollars(step.amount_before)} → {as_dollars(step.amount_after)}" if changed else "",
        is_undone=step.is_undone,
        more=f"and {counted(hidden, 'more line')}" if hidden > 0 else "",
        lines=[_line(line, step.timekeepers) for line in step.lines[:_SHOWN]],
    )


def _line(change: LineChange, timekeepers: Mapping[int, str]) -> StepLine:
    number = f"Line {change.number}"
    if change.before is None:
        return StepLine(number, f"new, {_amount(change.after)}")
    if change.after is None:
        return StepLine(number, f"taken away, was {_amount(change.before)}")
    before, after = change.before, change.after
    pairs = [(name, before.get(name), after.get(name)) for name in _VALUES if before.get(name) != after.get(name)]
    said = [f"{_VALUES[name]} {_word(name, old)} → {_word(name, new)}".strip() for name, old, new in pairs]
    if "timekeeper_id" in change.columns:
        said.insert(0, " → ".join(timekeepers.get(image["timekeeper_id"] or 0, "nobody") for image in (before, after)))
    words = " · ".join(said)
    texts = before.get("billed_narrative"), after.get("billed_narrative")
    return StepLine(number, words, word_diff(texts[0] or "", texts[1] or "") if texts[0] != texts[1] else [])


def _amount(image: Mapping[str, Any] | None) -> str:
    return as_dollars(Decimal((image or {}).get("billed_amount", "0")))


def _word(name: str, value: Any) -> str:  # noqa: ANN401 -- a stored value
    if name == "treatment":
        return _TREATMENTS[LineTreatment(value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, ""):
        return "none"
    return _WRITTEN[name](Decimal(value)) if name in _WRITTEN else str(value)
