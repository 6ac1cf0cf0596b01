"""Families of lines that break a carrier's guidelines on purpose, each with the truth of what it breaks."""

from collections.abc import Callable
from decimal import Decimal

from sandbox.firm.matters import Case
from sandbox.firm.people import SPECIALIST
from sandbox.firm.phrases import Cost, deeds, sentence, slips
from sandbox.firm.work import WorkLog

Plant = Callable[[WorkLog, Case, Case], None]
"""Plants a family in a matter; the second case is another matter of the same month."""

_LEAD, _SECOND, _ASSISTANT = 0, 1, -1
_TWICE = 2
_COPIES = Cost(
    "E101", Decimal(40), Decimal(260), Decimal(1), Decimal("0.15"), "Photocopies of {document} at $0.15 a page"
)
_DEAR = (
    Cost("E110", Decimal(1), Decimal(2), Decimal(1), Decimal("412.00"), "Lodging for deposition of {expert}"),
    Cost("E115", Decimal(60), Decimal(180), Decimal(1), Decimal("7.9500"), "Expedited transcript pages of {witness}"),
)
_RESEARCH = ("Research {state} law on {question} for brief on {issue}", "Westlaw research on {question} in {state}")


def _written(kind: str, who: int) -> Plant:
    """Return the family of two lines of one person's that stand on their own."""

    def plant(log: WorkLog, case: Case, _other: Case) -> None:
        for slip in log.random.sample(slips(kind), _TWICE):
            text, _ = slip.written(log.random)
            person, hours = case.team[who], slip.hours(log.random)
            day = log.quiet_day(case, person, slip.activity)
            log.truth.mark(log.record(case, person, day, hours, text, **slip.codes), kind)

    return plant


def _joint(kind: str) -> Plant:
    """Return the family of one event that two people bill: the carrier pays the senior one."""

    def plant(log: WorkLog, case: Case, _other: Case) -> None:
        slip = log.random.choice(slips(kind))
        senior, junior = slip.written(log.random)
        hours, day = slip.hours(log.random), log.quiet_day(case, case.team[_LEAD], slip.activity)
        log.record(case, case.team[_LEAD], day, hours, senior, **slip.codes)
        log.truth.mark(log.record(case, case.team[_SECOND], day, hours, junior, **slip.codes), kind)

    return plant


def _overhead(log: WorkLog, case: Case, _other: Case) -> None:
    log.truth.mark(log.spend(case, _COPIES), "non_billable_expense")


def _dear(log: WorkLog, case: Case, _other: Case) -> None:
    for cost in _DEAR:
        log.truth.mark(log.spend(case, cost), "expense_unit_cost")


def _over_long_day(log: WorkLog, case: Case, _other: Case) -> None:
    """Put 14.5 hours of one person on one day: more than any carrier pays for."""
    person = case.team[_SECOND]
    day = log.lightest_day(person)
    for hours in (Decimal("7.4"), Decimal("7.1")):
        deed = log.random.choice([deed for deed in deeds()["AS"] if deed.activity == "A103"])
        log.record(case, person, day, hours, sentence(log.random, deed.text), **deed.codes)


def _over_long_entry(log: WorkLog, case: Case, _other: Case) -> None:
    person, text = case.team[_SECOND], "Attend mediation before {judge} on {issue} through late settlement in principle"
    codes = {"task_code": "L160", "activity_code": "A109"}
    log.record(case, person, log.quiet_day(case, person, "A109"), Decimal("10.8"), sentence(log.random, text), **codes)


def _duplicate(log: WorkLog, case: Case, _other: Case) -> None:
    """Write one line twice: the second is the duplicate."""
    person, deed = case.team[_SECOND], log.random.choice([deed for deed in deeds()["AS"] if deed.activity == "A103"])
    hours, text = deed.hours(log.random), sentence(log.random, deed.text)
    day = log.lightest_day(person)
    log.record(case, person, day, hours, text, **deed.codes)
    log.truth.mark(log.record(case, person, day, hours, text, **deed.codes), "duplicate_line")


def _same_minutes(log: WorkLog, case: Case, other: Case) -> None:
    """Bill the same hours of one person in the same words on two matters: both carriers may object."""
    if other.matter_id == case.matter_id:
        return
    person, deed = case.team[_SECOND], log.random.choice([deed for deed in deeds()["AS"] if deed.activity == "A104"])
    hours, text = deed.hours(log.random), sentence(log.random, deed.text)
    day = log.lightest_day(person)
    for one in (case, other):
        log.truth.mark(log.record(one, person, day, hours, text, **deed.codes), "same_time")


def _research(log: WorkLog, case: Case, _other: Case) -> None:
    """Research 5.2 hours where carriers pay three or four unasked: the second line passes the limit."""
    person, days = case.team[_SECOND], log.days
    for text, hours, day in zip(_RESEARCH, (Decimal("2.4"), Decimal("2.8")), (days[2], days[-3]), strict=True):
        codes = {"task_code": "L250", "activity_code": "A102"}
        key = log.record(case, person, day, hours, sentence(log.random, text), **codes)
    log.truth.mark(key, "research_limit")


def _unapproved_rate(log: WorkLog, case: Case, _other: Case) -> None:
    """Have somebody work whose rate only the firm has set and no carrier has approved."""
    person = log.people.by_grade[SPECIALIST][0]
    text = sentence(log.random, "Analyze metadata of {document} for {expert} on {issue}")
    hours = Decimal(log.random.randint(8, 21)).scaleb(-1)
    key = log.record(case, person, log.lightest_day(person), hours, text, task_code="L320", activity_code="A104")
    log.truth.mark(key, "rate_cap")


FAMILIES: tuple[Plant, ...] = (
    _written("vague_narrative", _SECOND),
    _overhead,
    _over_long_day,
    _written("block_billing", _SECOND),
    _over_long_entry,
    _written("clerical_work", _ASSISTANT),
    _written("travel_time", _SECOND),
    _duplicate,
    _research,
    _joint("multiple_attendance"),
    _joint("in_firm_conference"),
    _unapproved_rate,
    _written("below_grade", _LEAD),
    _dear,
    _same_minutes,
)
WITHOUT_OTHER_RESEARCH = _research
