"""One maker a kind of rule: it prepares what is dear once and returns the check of a single line."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from core.money import ZERO, as_dollars, line_amount
from guidelines import rules
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Action

Check = Callable[[GuidelineLine], GuidelineFinding | None]
_NOTHING = Decimal(0)


def max_hours_per_day(rule: rules.MaxHoursPerDay, _invoice_date: date) -> Check:
    """Find the line with which a timekeeper's day passes the limit; suggest what the day has left."""
    worked: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.kind != "F":
            return None
        day = (line.timekeeper_id, line.worked_on)
        before = worked[day]
        worked[day] = hours = before + line.units
        if hours <= rule.hours:
            return None
        sentence = (
            f"{line.timekeeper_id} has {_hours(hours)} on {line.worked_on}; "
            f"this carrier pays {_hours(rule.hours)} a day. "
            "Bill what the day has left, or write the rest off."
        )
        return _finding(rule, line, sentence, units=max(rule.hours - before, _NOTHING))

    return check


def max_hours_per_entry(rule: rules.MaxHoursPerEntry, _invoice_date: date) -> Check:
    """Find a fee of more hours than one entry may have."""

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.kind != "F" or line.units <= rule.hours:
            return None
        sentence = (
            f"The entry has {_hours(line.units)}; this carrier pays {_hours(rule.hours)} an entry. "
            "Have its timekeeper split it, or write it down."
        )
        return _finding(rule, line, sentence, units=rule.hours)

    return check


def max_age_days(rule: rules.MaxAgeDays, invoice_date: date) -> Check:
    """Find work older than the carrier pays for, seen from the invoice's date."""
    oldest = invoice_date - timedelta(days=rule.days)

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.worked_on >= oldest:
            return None
        age = (invoice_date - line.worked_on).days
        sentence = (
            f"The line is {age} days old at the invoice's date; this carrier pays up to {rule.days} days. "
            "Ask the carrier for an exception, or write it off."
        )
        return _finding(rule, line, sentence, units=_NOTHING)

    return check


def vague_narrative(rule: rules.VagueNarrative, _invoice_date: date) -> Check:
    """Find a narrative that holds a barred phrase or has too few words."""
    barred = _phrases(rule.phrases)

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if barred is not None and (found := barred.search(line.narrative)):
            sentence = f"The narrative says “{found[0]}”, which this carrier calls vague. Say what was done and why."
            return _finding(rule, line, sentence)
        words = len(line.narrative.split())
        if words >= rule.min_words:
            return None
        sentence = f"The narrative has {words} of at least {rule.min_words} words. Say what was done and why."
        return _finding(rule, line, sentence)

    return check


def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """Compile all phrases into one pattern: whole words, any case, any run of spaces between them."""
    if not phrases:
        return None
    longest_first = sorted(phrases, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def non_billable_expense(rule: rules.NonBillableExpense, _invoice_date: date) -> Check:
    """Find an expense the carrier calls overhead."""

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.kind != "E" or line.expense_code not in rule.codes:
            return None
        sentence = f"This carrier does not pay expense {line.expense_code}. Write it off, or bill it to the firm."
        return _finding(rule, line, sentence, units=_NOTHING)

    return check


def max_narrative(rule: rules.MaxNarrative, _invoice_date: date) -> Check:
    """Find a narrative longer than the carrier's site takes."""

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        length = len(line.narrative)
        if length <= rule.characters:
            return None
        sentence = f"The narrative has {length} characters; this carrier takes {rule.characters}. Shorten it."
        return _finding(rule, line, sentence)

    return check


def min_increment(rule: rules.MinIncrement, _invoice_date: date) -> Check:
    """Find hours that are no multiple of the carrier's increment; suggest the multiple below."""

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.kind != "F" or not line.units % rule.hours:
            return None
        sentence = (
            f"The entry has {_hours(line.units)}; this carrier is billed in steps of {_hours(rule.hours)}. "
            "Write it down to a whole step."
        )
        return _finding(rule, line, sentence, units=line.units // rule.hours * rule.hours)

    return check


def rate_cap(rule: rules.RateCap, _invoice_date: date) -> Check:
    """Find a fee above its approved rate, or without one; suggest the approved rate."""

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.kind != "F":
            return None
        if line.approved_rate is None:
            sentence = f"{line.timekeeper_id} has no rate approved by this carrier. Ask for approval before billing it."
            return _finding(rule, line, sentence)
        if line.unit_cost <= line.approved_rate:
            return None
        approved = as_dollars(line.approved_rate)
        sentence = f"The rate is {as_dollars(line.unit_cost)} an hour; {approved} is approved. Bill the approved rate."
        return _finding(rule, line, sentence, units=line.units, rate=line.approved_rate)

    return check


def missing_code(rule: rules.MissingCode, _invoice_date: date) -> Check:
    """Find a fee without task or activity, or an expense without its code."""

    def check(line: GuidelineLine) -> GuidelineFinding | None:
        if line.kind == "E":
            missing = [] if line.expense_code else ["an expense code"]
        elif line.task_code and line.activity_code:
            return None
        else:
            codes = (("a task code", line.task_code), ("an activity code", line.activity_code))
            missing = [name for name, code in codes if not code]
        return _finding(rule, line, f"The line needs {' and '.join(missing)}. Choose it.") if missing else None

    return check


def _finding(
    rule: rules.Rule, line: GuidelineLine, sentence: str, *, units: Decimal | None = None, rate: Decimal | None = None
) -> GuidelineFinding:
    """Make the finding; a suggestion only where the carrier's rule reduces."""
    if rule.action is not Action.REDUCE or units is None:
        return GuidelineFinding(rule.kind, rule.action, line.key, sentence)
    amount = line_amount(units, line.unit_cost if rate is None else rate) if units else ZERO
    return GuidelineFinding(rule.kind, rule.action, line.key, sentence, units, amount)


def _hours(hours: Decimal) -> str:
    return f"{hours.normalize():f} h"
