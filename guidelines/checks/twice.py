"""Checks of what stands twice: a line, or somebody's minutes."""

from collections.abc import Iterator
from datetime import time
from typing import Protocol

from guidelines.fixes import WriteOff
from guidelines.history import PastLine
from guidelines.keywords import plain
from guidelines.kinds import hours as kinds
from guidelines.lines import GuidelineLine
from guidelines.view import Check, Hit, View

Key = tuple[object, ...]


class _Timed(Protocol):
    @property
    def started_at(self) -> time | None: ...

    @property
    def ended_at(self) -> time | None: ...


def duplicate_line(rule: kinds.DuplicateLine) -> Check:
    """Find a line like one before it on the bill, or like one of the matter elsewhere."""

    def check(view: View) -> Iterator[Hit]:
        first: dict[Key, list[GuidelineLine]] = {}
        for line in view.lines:
            before = first.setdefault(_key(line), [])
            twin = _on_the_bill(rule, line, before) or _elsewhere_on_the_matter(rule, line, view)
            if twin is None:
                before.append(line)
            else:
                problem = f"The line is like {twin}: the same day, {_what(line)} and count."
                yield Hit(line, problem, "Write one of them off, or say what sets them apart.", WriteOff())

    return check


def _on_the_bill(rule: kinds.DuplicateLine, line: GuidelineLine, before: list[GuidelineLine]) -> str | None:
    return next((f"line {one.key}" for one in before if _is_told_alike(rule, one, line)), None)


def _elsewhere_on_the_matter(rule: kinds.DuplicateLine, line: GuidelineLine, view: View) -> str | None:
    for past in view.elsewhere.of_matter_day(line.worked_on):
        if past.units == line.units and _key(past) == _key(line) and _is_told_alike(rule, past, line):
            return past.reference
    return None


def _key(line: GuidelineLine | PastLine) -> Key:
    who = line.timekeeper_id if line.kind == "F" else (line.expense_code, line.unit_cost)
    return (line.kind, line.worked_on, who, line.units)


def _is_told_alike(rule: kinds.DuplicateLine, one: GuidelineLine | PastLine, other: GuidelineLine) -> bool:
    """Tell whether two lines of one key have the same task and words, as far as the rule asks."""
    if rule.same_task and one.task_code != other.task_code:
        return False
    return not rule.same_narrative or plain(one.narrative) == plain(other.narrative)


def _what(line: GuidelineLine) -> str:
    return "timekeeper" if line.kind == "F" else "expense"


def same_time(rule: kinds.SameTime) -> Check:
    """Find minutes of one person that stand on two entries, of any matter, billed or not."""

    def check(view: View) -> Iterator[Hit]:
        earlier: dict[tuple[object, ...], list[GuidelineLine]] = {}
        for line in view.fees:
            if not line.timekeeper_id:
                continue
            day = earlier.setdefault((line.timekeeper_id, line.worked_on), [])
            other = _overlapping(line, day) or _elsewhere(rule, line, view)
            day.append(line)
            if other is not None:
                remedy = "Correct the times with the timekeeper, or bill the minutes once."
                yield Hit(line, f"{line.timekeeper_id}'s time on {line.worked_on} {other}.", remedy)

    return check


def _overlapping(line: GuidelineLine, day: list[GuidelineLine]) -> str | None:
    other = next((one for one in day if _overlap(line, one)), None) if line.started_at else None
    return f"is on line {other.key} too, {_minutes(other)}" if other else None


def _elsewhere(rule: kinds.SameTime, line: GuidelineLine, view: View) -> str | None:
    matter = view.bill.matter
    for past in view.elsewhere.of_day(line.timekeeper_id, line.worked_on):
        if line.started_at is not None and _overlap(line, past):
            return f"is on {past.reference} too, {_minutes(past)}"
        is_copy = rule.same_text and past.units == line.units and past.matter != matter
        if is_copy and plain(past.narrative) == plain(line.narrative):
            return f"stands on {past.reference} too, with the same hours and words"
    return None


def _overlap(one: _Timed, other: _Timed) -> bool:
    """Tell whether two entries share minutes; times past midnight end their day."""
    if one.started_at is None or one.ended_at is None or other.started_at is None or other.ended_at is None:
        return False
    return one.started_at < _end(other) and other.started_at < _end(one)


def _end(timed: _Timed) -> time:
    if timed.started_at is None or timed.ended_at is None or timed.ended_at < timed.started_at:
        return time.max
    return timed.ended_at


def _minutes(timed: _Timed) -> str:
    return f"{timed.started_at:%H:%M} to {timed.ended_at:%H:%M}"
