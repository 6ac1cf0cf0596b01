"""What real months hold: lines that break a carrier's guidelines, odd characters, and work that must not bill."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from models.enums import EntryStatus, MatterStatus
from sandbox.firm.breaches import FAMILIES, WITHOUT_OTHER_RESEARCH, Plant
from sandbox.firm.calendar import BillingPeriod
from sandbox.firm.matters import Case, open_case
from sandbox.firm.people import UNRATED, People
from sandbox.firm.phrases import sentence
from sandbox.firm.work import WorkLog

_BREACH_EVERY, _ODD_TEXT_EVERY, _ODD_TEXT_AT = 5, 7, 3
_HEAVY_AT = 11
_FAMILIES_A_MATTER = 3
_ALL_RESEARCH = Decimal(24)
_ODD_TEXTS = (
    "Analyze \u201cknew or should have known\u201d standard of \u00a7 343 for notice \u2014 wet floor claim",
    "Draft letter to plaintiff\u2019s counsel on r\u00e9sum\u00e9 of vocational expert, \u00a7\u00a7 12\u201314",
    "Review lease \u00a7\u00a0 4.2\u20134.9 on tenant\u2019s duty to salt \u2018common areas\u2019 before injury",
)


def plant_in_bills(log: WorkLog, cases: list[Case]) -> None:
    """Work every matter; in some of them with lines that its carrier cuts, or that need other characters."""
    families = _in_turn(log.random.randrange(len(FAMILIES)))
    for index, case in enumerate(cases):
        chosen = [next(families) for _ in range(_FAMILIES_A_MATTER)] if index % _BREACH_EVERY == 1 else []
        if WITHOUT_OTHER_RESEARCH in chosen:
            log.research[case.matter_id] = _ALL_RESEARCH
        log.work(case, leaving_out=2 * len(chosen))
        for plant in chosen:
            plant(log, case, cases[index - 1])
        if index % _ODD_TEXT_EVERY == _ODD_TEXT_AT:
            _write(log, case, Decimal("0.7"), _ODD_TEXTS[index % len(_ODD_TEXTS)])
        if index == _HEAVY_AT:
            _plant_dispute(log, case)


def _in_turn(start: int) -> Iterator[Plant]:
    """Yield the families one after another for ever, from one of them on."""
    while True:
        yield FAMILIES[start % len(FAMILIES)]
        start += 1


def _write(log: WorkLog, case: Case, hours: Decimal, text: str, **codes: str) -> None:
    person, day = log.find_time(case, case.team[1], hours)
    log.record(case, person, day, hours, text, **codes)


def _plant_dispute(log: WorkLog, case: Case) -> None:
    """Make one bill of which the carrier cuts so much that it disputes the whole."""
    person = case.team[0]
    for _ in range(6):
        day = log.lightest_day(person)
        key = log.record(case, person, day, Decimal("8.9"), "Attention to trial file review")
        log.truth.mark(key, "vague_narrative")


def leave_unbillable(random: Random, people: People, period: BillingPeriod, log: WorkLog, after: int) -> list[Case]:
    """Make the matters whose work must not bill: each of them for one reason that the product has to name."""
    cases = [
        open_case(random, people, period, after + place, 1 + place % 8) for place in range(1, len(_UNBILLABLE) + 1)
    ]
    return [make(log, case) for make, case in zip(_UNBILLABLE, cases, strict=True)]


def _closed(log: WorkLog, case: Case) -> Case:
    closed_on = log.period.start - timedelta(days=9)
    matter = {**case.matter, "status": MatterStatus.CLOSED, "closed_on": closed_on}
    case = replace(case, matter=matter)
    _one_line(log, case)
    return case


def _without_rate(log: WorkLog, case: Case) -> Case:
    case = replace(case, team=(log.people.by_grade[UNRATED][0],))
    _one_line(log, case)
    return case


def _without_code(log: WorkLog, case: Case) -> Case:
    _one_line(log, case, task_code="", activity_code="")
    return case


def _still_draft(log: WorkLog, case: Case) -> Case:
    _one_line(log, case, status=EntryStatus.DRAFT)
    return case


def _without_payor(log: WorkLog, case: Case) -> Case:
    """End the only payor's share before the period, so that nobody is known to pay for it."""
    payor = {**case.payor, "effective_to": log.period.start - timedelta(days=1)}
    case = replace(case, payor=payor)
    _one_line(log, case)
    return case


_UNBILLABLE: tuple[Callable[[WorkLog, Case], Case], ...] = (
    _closed, _without_rate, _without_code, _still_draft, _without_payor,
)  # fmt: skip


def _one_line(log: WorkLog, case: Case, **changes: object) -> None:
    person = case.team[-1]
    text = sentence(log.random, "Review {document} of {witness} for facts bearing on {issue}")
    log.record(case, person, log.lightest_day(person), Decimal("0.8"), text, **changes)
