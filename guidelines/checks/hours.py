"""Checks of hours: steps, days, entries, research."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Final

from guidelines.bill import Bill
from guidelines.figures import hours
from guidelines.fixes import Fix
from guidelines.history import PastLine
from guidelines.keywords import Keywords
from guidelines.kinds import hours as kinds
from guidelines.lines import GuidelineLine
from guidelines.remedies import cut_units
from guidelines.view import Check, Hit, View

_NOTHING: Final = Decimal(0)
_WHOLE_DAY: Final = Decimal(24)
_UNITS: Final[Callable[[PastLine], Decimal]] = attrgetter("units")


def min_increment(rule: kinds.MinIncrement) -> Check:
    """Find hours that are no multiple of the carrier's step; propose the multiple below."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            if line.units % rule.hours:
                problem = f"The entry has {hours(line.units)}; this carrier is billed in steps of {hours(rule.hours)}."
                fix = cut_units(line, line.units // rule.hours * rule.hours)
                yield Hit(line, problem, "Write it down to a whole step.", fix)

    return check


def max_hours_per_entry(rule: kinds.MaxHoursPerEntry) -> Check:
    """Find a fee of more hours than one entry may have."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            if line.units > rule.hours:
                problem = f"The entry has {hours(line.units)}; this carrier pays {hours(rule.hours)} an entry."
                remedy = "Have its timekeeper split it, or write it down."
                fix_at = _cut_to(line, rule.hours)
                yield Hit(line, problem, remedy, fix_at(rule.hours), line.units, fix_at)

    return check


def max_hours_per_day(rule: kinds.MaxHoursPerDay) -> Check:
    """Find the line with which a timekeeper's day passes the limit; propose what the day has left."""

    def check(view: View) -> Iterator[Hit]:
        worked: dict[tuple[str, date], Decimal] = {}
        for line in view.fees:
            day = (line.timekeeper_id, line.worked_on)
            before = worked[day] if day in worked else _hours_elsewhere(line, view)
            worked[day] = before + line.units
            if worked[day] > rule.hours and line.timekeeper_id and line.units > 0:
                yield _over_the_day(rule, line, before, _hours_elsewhere(line, view))

    return check


def _hours_elsewhere(line: GuidelineLine, view: View) -> Decimal:
    return sum(map(_UNITS, view.elsewhere.of_day(line.timekeeper_id, line.worked_on)), start=_NOTHING)


def _over_the_day(rule: kinds.MaxHoursPerDay, line: GuidelineLine, before: Decimal, elsewhere: Decimal) -> Hit:
    worked = before + line.units
    where = f", {hours(elsewhere)} of them on other bills and matters" if elsewhere else ""
    problem = f"{line.timekeeper_id} has {hours(worked)} on {line.worked_on}{where}; "
    is_final = worked > _WHOLE_DAY
    problem += "no day has more than 24 h." if is_final else f"this carrier pays {hours(rule.hours)} a day."
    remedy = "Bill what the day has left, or write the rest off."
    fix_at = _cut_to(line, rule.hours, before)
    return Hit(line, problem, remedy, fix_at(rule.hours), worked, fix_at, is_final=is_final)


def research_limit(rule: kinds.ResearchLimit) -> Check:
    """Find the research with which a matter passes what is paid without approval; propose what is left."""
    words = Keywords(rule.keywords)

    def check(view: View) -> Iterator[Hit]:
        window = _window(rule, view.bill)
        used: defaultdict[Hashable, Decimal] = defaultdict(Decimal)
        for past in view.elsewhere.of_matter:
            if past.kind == "F" and words.find(past.narrative):
                used[window(past.worked_on)] += past.units
        for line, found in zip(view.fees, words.among(view.fee_narratives), strict=True):
            if found or line.activity_code in rule.codes:
                key = window(line.worked_on)
                before = used[key]
                used[key] = before + line.units
                if used[key] > rule.hours and line.units > 0:
                    yield _over_research(rule, line, before)

    return check


def _over_research(rule: kinds.ResearchLimit, line: GuidelineLine, before: Decimal) -> Hit:
    worked = before + line.units
    problem = f"Research on the matter comes to {hours(worked)}; this carrier pays {hours(rule.hours)} unasked."
    remedy = "Name the handler who approved it, ask for approval, or write it down."
    fix_at = _cut_to(line, rule.hours, before)
    return Hit(line, problem, remedy, fix_at(rule.hours), worked, fix_at)


def _window(rule: kinds.ResearchLimit, bill: Bill) -> Callable[[date], Hashable]:
    """Return the window that a day falls in: the matter's, the bill's period or, without one, the day's month."""
    start, end = bill.period_start, bill.period_end
    if rule.window == "matter":
        return lambda _day: True
    if start is None or end is None:
        return lambda day: (day.year, day.month)
    return lambda day: start <= day <= end


def _cut_to(line: GuidelineLine, least: Decimal, before: Decimal = _NOTHING) -> Callable[[Decimal], Fix | None]:
    """Return the cut to a limit of hours, never below the rule's own, of which `before` are used."""
    return lambda limit: cut_units(line, max(limit, least) - before)
