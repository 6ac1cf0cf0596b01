"""A month of work: the rows of `time_entry` and `expense`, with nobody working more hours than a day has."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from models.enums import EntryStatus
from sandbox.firm.calendar import BillingPeriod, evening
from sandbox.firm.matters import Case
from sandbox.firm.people import ASSISTANT, ASSOCIATE, PARTNER, People, Person
from sandbox.firm.phrases import Cost, Deed, costs, deeds, sentence
from sandbox.firm.truth import Truth

_FULL_DAY = Decimal("8.5")
_FEES, _EXPENSES = (31, 41), (2, 6)
_TRIMMED_EVERY = 19
_RESEARCH, _MOST_RESEARCH = "A102", Decimal(3)
_ONE_A_DAY = frozenset({"A105", "A109"})
"""Conferences and attendances: two on one matter and day may be one event, for which a carrier pays one person."""
_WRITERS = {ASSISTANT: ASSISTANT, ASSOCIATE: ASSOCIATE}


@dataclass
class WorkLog:
    """What was done in a period, and the truth of what of it breaks a rule.

    Attributes:
        hours: by timekeeper and day, over all matters.
        research: hours by matter; `events` the days on which a matter has one, by activity.
        said: what a person has written on a day, on any matter.
    """

    random: Random
    period: BillingPeriod
    people: People
    entries: list[dict[str, Any]] = field(default_factory=list)
    expenses: list[dict[str, Any]] = field(default_factory=list)
    hours: dict[tuple[int, date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    research: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    events: set[tuple[int, date, str]] = field(default_factory=set)
    said: set[tuple[int, date, str]] = field(default_factory=set)
    at_work: set[tuple[int, Person]] = field(default_factory=set)
    truth: Truth = field(default_factory=Truth)

    def __post_init__(self) -> None:
        self.days = self.period.working_days

    def work(self, case: Case, *, leaving_out: int = 0) -> None:
        """Write a month of fees and expenses on one matter; leave room for lines that others add."""
        for _ in range(self.random.randint(*_FEES) - leaving_out):
            self._fee(case)
        for _ in range(self.random.randint(*_EXPENSES)):
            self.spend(case, self.random.choice(costs()))

    def record(self, case: Case, person: Person, day: date, hours: Decimal, narrative: str, **changes: object) -> str:
        """Write one released time entry, `changes` replacing columns; return its name in the truth."""
        self._note(case, person, day, hours, str(changes.get("activity_code", "")))
        self.said.add((person.timekeeper_id, day, narrative))
        self.entries.append({
            "id": len(self.entries) + 1, "matter_id": case.matter_id, "timekeeper_id": person.timekeeper_id,
            "worked_on": day, "worked_hours": hours, "worked_narrative": narrative, "entered_hours": hours,
            "entered_narrative": narrative, "task_code": "L120", "activity_code": "A104", "is_confidential": False,
            "status": EntryStatus.RELEASED, "version": 1, "created_at": evening(day), **changes,
        })  # fmt: skip
        return f"time:{len(self.entries)}"

    def spend(self, case: Case, cost: Cost) -> str:
        """Write one released expense; return its name in the truth."""
        day = self.random.choice(self.days)
        self.expenses.append({
            "id": len(self.expenses) + 1, "matter_id": case.matter_id, "timekeeper_id": None, "incurred_on": day,
            "units": cost.units(self.random), "unit_cost": cost.unit_cost,
            "narrative": sentence(self.random, cost.text), "expense_code": cost.code,
            "status": EntryStatus.RELEASED, "version": 1, "created_at": evening(day),
        })  # fmt: skip
        return f"expense:{len(self.expenses)}"

    def lightest_day(self, person: Person) -> date:
        """Return the day on which a person has worked least so far."""
        return min(self.days, key=lambda day: (self.hours[person.timekeeper_id, day], day))

    def quiet_day(self, case: Case, person: Person, activity: str) -> date:
        """Return the day on which a person has worked least, of those without an event of this activity."""
        quiet = [day for day in self.days if (case.matter_id, day, activity) not in self.events]
        return min(quiet, key=lambda day: (self.hours[person.timekeeper_id, day], day))

    def find_time(self, case: Case, person: Person, hours: Decimal) -> tuple[Person, date]:
        """Return who has time for the hours and when: the person, else one of the team, else a colleague."""
        grade = ASSISTANT if person.grade == ASSISTANT else ASSOCIATE
        for candidate in (person, *case.team[1:], *self._colleagues(grade)):
            free = [day for day in self.days if self.hours[candidate.timekeeper_id, day] + hours <= _FULL_DAY]
            if free:
                return candidate, self.random.choice(free)
        return person, self.lightest_day(person)

    def _fee(self, case: Case) -> None:
        deed, person, day, hours, text = next(self._plain_work(case))
        trimmed = {"worked_hours": hours + Decimal("0.2")} if len(self.entries) % _TRIMMED_EVERY == 0 else {}
        self.record(case, person, day, hours, text, **deed.codes, **trimmed)

    def _plain_work(self, case: Case) -> Iterator[tuple[Deed, Person, date, Decimal, str]]:
        """Yield what somebody of the team may do that no carrier minds."""
        while True:
            person = self.random.choice(case.team)
            deed = self.random.choice(deeds()[_WRITERS.get(person.grade, PARTNER)])
            hours = deed.hours(self.random)
            person, day = self.find_time(case, person, hours)
            is_paid = deed.activity != _RESEARCH or self.research[case.matter_id] + hours <= _MOST_RESEARCH
            text = sentence(self.random, deed.text)
            is_new = (person.timekeeper_id, day, text) not in self.said
            if is_paid and is_new and (case.matter_id, day, deed.activity) not in self.events:
                yield deed, person, day, hours, text

    def _note(self, case: Case, person: Person, day: date, hours: Decimal, activity: str) -> None:
        self.hours[person.timekeeper_id, day] += hours
        self.at_work.add((case.carrier_id, person))
        if activity == _RESEARCH:
            self.research[case.matter_id] += hours
        if activity in _ONE_A_DAY:
            self.events.add((case.matter_id, day, activity))

    def _colleagues(self, grade: str) -> Sequence[Person]:
        pool = self.people.by_grade[grade]
        return self.random.sample(pool, min(len(pool), 12))
