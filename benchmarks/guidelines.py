"""A month of bills against every guideline rule, beside a twin that scans the whole month for each line."""

import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from guidelines.bill import Bill
from guidelines.catalog import catalog
from guidelines.engine import RuleBook
from guidelines.history import History, PastLine
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Rule, parse_rules
from guidelines.words import word_list

BILLS, LINES_EACH, TWIN_BILLS = 2_000, 40, 2
TEAMS, WORKDAYS, EXPENSES_IN_TEN = 130, 22, 1
_START = date(2026, 10, 1)
_TWIN_RULES = ("max_hours_per_day", "duplicate_line", "clerical_work")
_SURNAMES = ("Ruiz", "Okafor", "Lindqvist", "Marsh", "Adeyemi", "Novak", "Pruitt", "Castellano", "Hahn", "Boyle")
_WORK = (
    ("L110", "A104", "Review records of {name} for facts bearing on notice of hazard {n}"),
    ("L120", "A102", "Research comparative fault as it bears on statement {n} of {name}"),
    ("L210", "A103", "Draft answer to paragraph {n} of complaint of {name}"),
    ("L240", "A103", "Draft section {n} of motion for summary judgment on claim of {name}"),
    ("L310", "A103", "Draft interrogatories to {name} on maintenance of stairwell {n}"),
    ("L320", "A104", "Analyze production volume {n} of {name} for privileged correspondence"),
    ("L330", "A101", "Prepare outline {n} for deposition of Dr. {name}"),
    ("L330", "A109", "Attend deposition of Dr. {name} on causation, session {n}"),
    ("L160", "A106", "Telephone call with claims handler {name} on settlement range after report {n}"),
    ("L120", "A105", "Confer with associate on defense {n} to claim of {name}"),
    ("L110", "A103", "Draft report {n} to claims handler {name} on liability; telephone call with expert on scope"),
    ("L140", "A110", "Scan exhibits of {name}, box {n}"),
    ("L330", "A109", "Travel to deposition of {name}, leg {n}"),
    ("L120", "A104", "Attention to file of {name}, item {n}"),
)
_WEIGHTS = (9, 7, 9, 9, 9, 9, 9, 5, 9, 4, 2, 1, 2, 1)
_COSTS = (("E112", "60.00"), ("E115", "4.25"), ("E110", "189.40"), ("E101", "0.15"), ("E119", "425.00"))

Month = list[tuple[Bill, list[GuidelineLine]]]


def run() -> list[dict[str, object]]:
    """Return the benchmark's rows."""
    rules, month = all_rules(), list(bills())
    past = [past_line(bill, line) for bill, lines in month for line in lines]
    seconds = _seconds(lambda: check_month(rules, month, past))
    subset = month[:TWIN_BILLS]
    few = [rule for rule in rules if rule.kind in _TWIN_RULES]
    history = History(past)
    ours = sorted((one.line_key, one.rule) for one in _checked(RuleBook(few), subset, history))
    twins: list[tuple[str, str]] = []
    twin = _seconds(lambda: twins.extend(naive(subset, past))) * BILLS / TWIN_BILLS
    if sorted(twins) != ours:
        message = "The engine and its naive twin do not find the same lines."
        raise AssertionError(message)
    return [
        {
            "figure": f"All {len(rules)} guideline rules, {BILLS * LINES_EACH:,} lines and their month as history",
            "value": round(seconds, 3),
            "unit": "s",
            "rival": f"{len(few)} rules by a scan a line, from {TWIN_BILLS} bills",
            "rival_value": round(twin, 1),
            "ratio": round(seconds / twin, 5),
            "target": "value <= 5",
        }
    ]


def all_rules() -> tuple[Rule, ...]:
    """Return one rule of every kind, as it is by default, with the detectors on."""
    switched: dict[str, dict[str, object]] = {"vague_narrative": {"detect": True, "phrases": ["attention to"]}}
    return parse_rules(
        [{"kind": entry.kind, "action": "reduce", **switched.get(entry.kind, {})} for entry in catalog()]
    )


def check_month(rules: tuple[Rule, ...], month: Month, past: list[PastLine]) -> list[GuidelineFinding]:
    """Hold every bill against the rules, from the making of the index to the last sentence."""
    return _checked(RuleBook(rules), month, History(past))


def _checked(book: RuleBook, month: Month, history: History) -> list[GuidelineFinding]:
    return [one for bill, lines in month for one in book.check(lines, bill=bill, history=history)]


def naive(month: Month, past: list[PastLine]) -> Iterator[tuple[str, str]]:
    """Find what three of the rules find the plain way: one pattern a phrase, one scan of the month a line."""
    phrases = [word for phrase in word_list("clerical") for word in (phrase, f"{phrase}s", f"{phrase}ning")]
    for bill, lines in month:
        own = {line.source for line in lines}
        for place, line in enumerate(lines):
            if line.kind == "F" and _hours(line, lines[: place + 1], past, own) > 12:  # noqa: PLR2004
                yield line.key, "max_hours_per_day"
            if _has_twin(line, lines[:place], bill, past, own):
                yield line.key, "duplicate_line"
            if line.kind == "F" and any(_begins(phrase, line.narrative) for phrase in phrases):
                yield line.key, "clerical_work"


def _hours(line: GuidelineLine, until: list[GuidelineLine], past: list[PastLine], own: set[str]) -> Decimal:
    day = (line.timekeeper_id, line.worked_on)
    elsewhere = (
        one.units
        for one in past
        if one.kind == "F" and (one.timekeeper_id, one.worked_on) == day and one.source not in own
    )
    here = (one.units for one in until if one.kind == "F" and (one.timekeeper_id, one.worked_on) == day)
    return sum(elsewhere, start=Decimal(0)) + sum(here, start=Decimal(0))


def _has_twin(
    line: GuidelineLine, before: list[GuidelineLine], bill: Bill, past: list[PastLine], own: set[str]
) -> bool:
    elsewhere = (one for one in past if one.matter == bill.matter and one.source not in own)
    return any(_key(one) == _key(line) for one in chain[GuidelineLine | PastLine](before, elsewhere))


def _key(line: GuidelineLine | PastLine) -> tuple[object, ...]:
    who = line.timekeeper_id if line.kind == "F" else (line.expense_code, line.unit_cost)
    return (line.kind, line.worked_on, who, line.units, line.narrative.lower())


def _begins(phrase: str, narrative: str) -> bool:
    return re.match(rf"{re.escape(phrase)}\b", narrative, re.IGNORECASE) is not None


def bills() -> Iterator[tuple[Bill, list[GuidelineLine]]]:
    """Make a month: bills of forty lines, nearly all texts different, about one line in fifteen against a rule."""
    chance = random.Random(11)
    for number in range(BILLS):
        bill = Bill(
            invoice_date=date(2026, 11, 2),
            submitted_on=date(2026, 11, 3),
            client="HARBOR",
            matter=f"2024-{number:05}",
            period_start=_START,
            period_end=date(2026, 10, 31),
        )
        yield bill, [_line(chance, number % TEAMS, f"{number}.{at}") for at in range(LINES_EACH)]


def _line(chance: random.Random, team: int, key: str) -> GuidelineLine:
    worked_on = _START + timedelta(days=chance.randrange(WORKDAYS))
    if chance.randrange(10) < EXPENSES_IN_TEN:
        return _cost(chance, key, worked_on)
    task, activity, text = chance.choices(_WORK, _WEIGHTS)[0]
    place = chance.randrange(3)
    rate = (Decimal(285), Decimal(215), Decimal(110))[place]
    return GuidelineLine(
        key=key,
        kind="F",
        worked_on=worked_on,
        timekeeper_id=f"TK{team * 3 + place:03}",
        units=Decimal(chance.randint(1, 14)) / 10,
        unit_cost=rate,
        approved_rate=rate,
        task_code=task,
        activity_code=activity,
        expense_code="",
        narrative=text.format(name=chance.choice(_SURNAMES), n=chance.randrange(10_000)),
        source=f"entry:{key}",
        classification=("PT", "AS", "LA")[place],
    )


def _cost(chance: random.Random, key: str, spent_on: date) -> GuidelineLine:
    code, unit_cost = chance.choice(_COSTS)
    return GuidelineLine(
        key=key,
        kind="E",
        worked_on=spent_on,
        timekeeper_id="",
        units=Decimal(chance.randint(1, 3)),
        unit_cost=Decimal(unit_cost),
        approved_rate=None,
        task_code="",
        activity_code="",
        expense_code=code,
        narrative=f"Voucher {chance.randrange(10_000)}",
        source=f"entry:{key}",
    )


def past_line(bill: Bill, line: GuidelineLine) -> PastLine:
    """Return a line of the month as the other bills see it."""
    return PastLine(
        source=line.source,
        reference=f"matter {bill.matter}, not billed yet",
        matter=bill.matter,
        kind=line.kind,
        worked_on=line.worked_on,
        timekeeper_id=line.timekeeper_id,
        units=line.units,
        narrative=line.narrative,
        is_billed=False,
        task_code=line.task_code,
        expense_code=line.expense_code,
        unit_cost=line.unit_cost,
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
