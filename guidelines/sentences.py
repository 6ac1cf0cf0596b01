"""A rule as a plain sentence, and its values in words; what a carrier's list says to people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.money import as_dollars
from guidelines.catalog import Parameter, kind_of_rule
from guidelines.kinds.base import Measure, ParameterType
from guidelines.rules import Rule

NOTHING: Final = "none"
_SHOWN_WORDS: Final = 3
_SHOWN_CODES: Final = 6

# A kind's sentence names every parameter; a switch stands for one of its two texts in `_SWITCHES`.
SENTENCES: Final[Mapping[str, str]] = {
    "min_increment": "Hours come in whole steps of {hours}.",
    "max_hours_per_day": "One person bills at most {hours} a day, over all matters and bills.",
    "max_hours_per_entry": "One entry bills at most {hours}.",
    "same_time": "Nobody bills the same minutes twice{same_text}.",
    "duplicate_line": "No line stands twice: same matter, day, person or code, and count{same_narrative}{same_task}.",
    "research_limit": "At most {hours} of research in one {window} without approval; codes {codes}, words {keywords}.",
    "block_billing": "One task an entry; entries up to {over_hours} are left alone.",
    "vague_narrative": "A narrative has at least {min_words} words, none of the phrases {phrases}{detect}.",
    "max_narrative": "A narrative has at most {characters}.",
    "barred_keyword": "A bill never says {keywords}.",
    "clerical_work": "Clerical work is not paid; it begins with {keywords}.",
    "training": "Training and supervision are not paid; they begin with {keywords}.",
    "missing_code": "A fee carries task and activity, an expense its code.",
    "unapproved_timekeeper": "Only people whom the carrier has approved bill.",
    "rate_cap": "Nobody bills above the rate that the carrier has approved.",
    "rate_increase_notice": "A higher rate counts from {days} after the carrier was told of it.",
    "multiple_attendance": "At one event {people}; events are {events}, found by codes {codes} and words {keywords}.",
    "in_firm_conference": (
        "Of a conference within the firm {senior_only}, {needs_purpose}; codes {codes}, words {keywords}."
    ),
    "staffing": "One bill shows at most {people}; by grade {by_grade}.",
    "below_grade": "Of {grades} the carrier does not pay junior work{rate}; codes {codes}, words {keywords}.",
    "travel_time": ("Of travel {percent} is paid; codes {codes}, words {keywords}, but not {exempt}{must_state}."),
    "non_billable_expense": "Overhead is not paid: {codes}.",
    "expense_unit_cost": "A unit costs at most {caps}.",
    "expense_total": "On one {per} an expense comes to at most {caps}.",
    "receipt_required": "Above {over} an expense comes with its receipt; codes {codes}.",
    "carrier_pays_directly": "Vendors' bills above {over} go to the carrier; codes {codes}.",
    "work_product": "A document on which more than {over} was billed goes with the bill; codes {codes}.",
    "max_age_days": "Work is billed within {days}.",
    "max_invoice_age": "An invoice is sent within {days} of its date.",
    "billing_frequency": "One bill a {every}{unless_over}{within_days}.",
    "billing_period": "A bill stays within one {within}{is_early_refused}; the carrier's year begins in {year_begins}.",
    "budget": "Bills stay within the approved budget, with a notice when {notice_percent} is left{must_exist}.",
    "task_share": "Of a bill's fees a task takes at most {shares}.",
}
_SWITCHES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("same_time", "same_text"): (", nor one text and its hours on two matters", ""),
    ("duplicate_line", "same_narrative"): (", with the same narrative", ""),
    ("duplicate_line", "same_task"): (", with the same task", ""),
    ("vague_narrative", "detect"): (", and every other one is judged too", ""),
    ("in_firm_conference", "senior_only"): ("only the senior person bills", "everybody bills"),
    ("in_firm_conference", "needs_purpose"): ("who says what it was for", "whatever it was for"),
    ("travel_time", "must_state"): ("; attendance says that no travel is in it", ""),
    ("billing_period", "is_early_refused"): (" and is not dated before that is over", ""),
    ("budget", "must_exist"): ("; without a budget there is no bill", ""),
}
# What frames a value that may be left out.
_IF_GIVEN: Final[Mapping[tuple[str, str], str]] = {
    ("below_grade", "rate"): " above {} an hour",
    ("billing_frequency", "unless_over"): ", sooner only above {}",
    ("billing_frequency", "within_days"): ", at the latest {} after its period",
}
_UNITS: Final = {
    Measure.HOURS: ("hour", "hours"),
    Measure.DAYS: ("day", "days"),
    Measure.PEOPLE: ("person", "people"),
    Measure.CHARACTERS: ("character", "characters"),
}
ACTIONS: Final = {"block": "stops the bill", "reduce": "cuts the line", "warn": "is questioned"}


def sentence_of(rule: Rule) -> str:
    """Return what a rule asks: 'One person bills at most 12 hours a day, over all matters and bills.'."""
    words = {one.name: _in_sentence(rule, one) for one in kind_of_rule(rule.kind).parameters}
    return SENTENCES[rule.kind].format(**words)


def conditions_of(rule: Rule) -> str:
    """Return when and for whom it holds, and where that is written; '' for always and all."""
    said = [
        f"from {_day(rule.effective_from)}" if rule.effective_from else "",
        f"until {_day(rule.effective_to)}" if rule.effective_to else "",
        f"only for clients {listed(sorted(rule.scope.clients), _SHOWN_CODES)}" if rule.scope.clients else "",
        f"only for matters {listed(sorted(rule.scope.matters), _SHOWN_CODES)}" if rule.scope.matters else "",
        rule.citation,
    ]
    return " · ".join(part[0].upper() + part[1:] for part in said if part)


def value_words(parameter: Parameter, value: Any) -> str:  # noqa: ANN401 -- any parameter's value
    """Return a value in words: '12 hours', '$500.00', 'L140 10 %, L190 10 %', 'yes'."""
    if value is None:
        return NOTHING
    say = _WORDS.get(parameter.type)
    return say(value, parameter.unit) if say else str(value)


def figure(value: Decimal | int, unit: Measure | None) -> str:
    """Return a figure with its unit: '1 hour', '$10.00', '50 %'."""
    if unit is Measure.DOLLARS:
        return as_dollars(Decimal(value))
    plain = f"{Decimal(value).normalize():f}"
    if unit is Measure.PERCENT:
        return f"{plain} %"
    return f"{plain} {_UNITS[unit][plain != '1']}" if unit else plain


def listed(texts: Iterable[str], shown: int) -> str:
    """Return a list cut short: 'L120, L130 and 4 more'."""
    every = list(texts)
    if not every:
        return NOTHING
    more = len(every) - shown
    return f"{', '.join(every[:shown])} and {more} more" if more > 0 else ", ".join(every)


def _phrases(value: Sequence[str], _unit: Measure | None) -> str:
    return listed([f"“{phrase}”" for phrase in value], _SHOWN_WORDS)


def _amounts(value: Mapping[str, Decimal], unit: Measure | None) -> str:
    return listed([f"{key} {figure(amount, unit)}" for key, amount in value.items()], _SHOWN_CODES)


def _codes(value: Iterable[str], _unit: Measure | None) -> str:
    return listed(sorted(value), _SHOWN_CODES)


_WORDS: Final[Mapping[ParameterType, Callable[[Any, Measure | None], str]]] = {
    ParameterType.SWITCH: lambda value, _unit: "yes" if value else "no",
    ParameterType.NUMBER: figure,
    ParameterType.COUNT: figure,
    ParameterType.PHRASES: _phrases,
    ParameterType.AMOUNTS: _amounts,
    ParameterType.CODES: _codes,
    ParameterType.CHOICES: _codes,
}


def _in_sentence(rule: Rule, parameter: Parameter) -> str:
    value, place = getattr(rule, parameter.name), (rule.kind, parameter.name)
    if place in _SWITCHES:
        return _SWITCHES[place][0 if value else 1]
    if place in _IF_GIVEN:
        return "" if value is None else _IF_GIVEN[place].format(value_words(parameter, value))
    if parameter.name == "year_begins":
        return f"{date(2000, value, 1):%B}"
    if parameter.type is ParameterType.CODES and not value and rule.kind == "receipt_required":
        return "any"
    return value_words(parameter, value)


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"
