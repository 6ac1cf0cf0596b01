"""Checks of several people at one event, in court or within the firm."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from guidelines.fixes import WriteOff
from guidelines.grades import rank_of
from guidelines.keywords import Keywords, words_of
from guidelines.kinds import people as kinds
from guidelines.lines import GuidelineLine
from guidelines.view import Check, Hit, View
from guidelines.words import word_list

_SAME: Final = Decimal("0.5")
_LITTLE: Final = frozenset(word_list("little"))
_OF_CONFERENCES: Final = frozenset(word_list("of_conferences"))


@dataclass(slots=True)
class _Event:
    """One event of a day: what it was, its telling words, the lines of this bill, and who else was there."""

    name: str
    words: frozenset[str]
    lines: list[GuidelineLine] = field(default_factory=list)
    others: set[str] = field(default_factory=set)


def multiple_attendance(rule: kinds.MultipleAttendance) -> Check:
    """Find everybody at an event beyond those the carrier pays; the most senior are taken as paid."""
    attending, named = Keywords(rule.keywords), Keywords(rule.events)

    def check(view: View) -> Iterator[Hit]:
        days: dict[date, list[_Event]] = {}
        for line, found in zip(view.fees, attending.among(view.fee_narratives), strict=True):
            if found or line.activity_code in rule.codes:
                _join(days, line.worked_on, line.narrative, named).lines.append(line)
        for day, events in days.items():
            for past in view.elsewhere.of_matter_day(day):
                if past.kind == "F" and attending.find(past.narrative):
                    _join(days, day, past.narrative, named).others.add(past.timekeeper_id)
            for event in events:
                yield from _too_many(rule, event)

    return check


def _join(days: dict[date, list[_Event]], day: date, narrative: str, named: Keywords) -> _Event:
    """Return the day's event that a narrative tells of: the same kind, and half of the shorter's telling words."""
    name = (named.find(narrative) or "").lower()
    words = _telling(narrative) - words_of(name)
    events = days.setdefault(day, [])
    for event in events:
        if event.name == name and _is_alike(words, event.words):
            return event
    events.append(_Event(name, words))
    return events[-1]


def _too_many(rule: kinds.MultipleAttendance, event: _Event) -> Iterator[Hit]:
    present = {line.timekeeper_id for line in event.lines}
    people = len(present | event.others)
    if people <= rule.people:
        return
    paid = _senior(event.lines, rule.people - len(event.others - present))
    what = f"one {event.name}" if event.name else "one event"
    for line in event.lines:
        if line.timekeeper_id not in paid:
            problem = f"{people} people bill for {what} on {line.worked_on}; this carrier pays {rule.people}."
            yield Hit(line, problem, "Quote the carrier's approval, or write it off.", WriteOff(), Decimal(people))


def _senior(lines: Iterable[GuidelineLine], people: int) -> set[str]:
    ranked = sorted(lines, key=lambda line: (rank_of(line.classification), -line.unit_cost))
    order = list(dict.fromkeys(line.timekeeper_id for line in ranked))
    return set(order[: max(people, 0)])


def in_firm_conference(rule: kinds.InFirmConference) -> Check:
    """Find a conference within the firm billed by more than its senior person, or without its purpose."""
    words, purpose = Keywords(rule.keywords), Keywords(word_list("purpose"), is_inflected=False)

    def check(view: View) -> Iterator[Hit]:
        days: defaultdict[date, list[GuidelineLine]] = defaultdict(list)
        for line, found in zip(view.fees, words.among(view.fee_narratives), strict=True):
            if found or line.activity_code in rule.codes:
                days[line.worked_on].append(line)
                if rule.needs_purpose and purpose.find(line.narrative) is None:
                    problem = "The conference within the firm does not say what it was for."
                    yield Hit(line, problem, "Have its timekeeper state the purpose.")
        if rule.senior_only:
            for lines in days.values():
                yield from _juniors(lines)

    return check


def _juniors(lines: list[GuidelineLine]) -> Iterator[Hit]:
    for line in lines:
        same = [one for one in lines if _is_same_conference(one, line)]
        (senior,) = _senior(same, 1)
        if line.timekeeper_id != senior:
            problem = f"{senior} bills the same conference within the firm on {line.worked_on}."
            yield Hit(line, f"{problem} This carrier pays its senior person only.", "Write it off.", WriteOff())


def _is_same_conference(one: GuidelineLine, other: GuidelineLine) -> bool:
    if one.timekeeper_id == other.timekeeper_id or one.units == other.units:
        return True
    return _is_alike(_telling(one.narrative) - _OF_CONFERENCES, _telling(other.narrative) - _OF_CONFERENCES)


@lru_cache(maxsize=4096)
def _telling(narrative: str) -> frozenset[str]:
    return words_of(narrative) - _LITTLE


def _is_alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Tell whether the shorter text shares half of its telling words; one without any says nothing against it."""
    shorter = min(len(some), len(others))
    return len(some & others) >= shorter * _SAME
