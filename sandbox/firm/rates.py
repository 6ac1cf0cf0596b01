"""What an hour costs: the firm's own rates, each carrier's by classification, and some agreed by person."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sandbox.firm.calendar import BillingPeriod
from sandbox.firm.people import SPECIALIST, People, Person
from sandbox.firm.sites import carrier_facts

_FIRM = {"PT": "425.00", "OC": "380.00", "AS": "295.00", "LA": "150.00", SPECIALIST: "175.00"}
_LAST_YEAR = Decimal("0.96")
_ANA_AT_HARBOR = (1, Decimal("285.00"))
_OWN_RATES_PER_CARRIER = 6
_LESS = 15
_NOTICE = timedelta(days=90)


@dataclass
class RateCards:
    """The rows of `rate`, and the card in force now by (carrier, timekeeper or classification)."""

    current_from: date
    rows: list[dict[str, Any]] = field(default_factory=list)
    _now: dict[tuple[int | None, int | str], Decimal] = field(default_factory=dict)

    def add(self, carrier_id: int | None, whose: int | str, amount: Decimal) -> None:
        """Put a rate on a card from this year on, and a lower one for the year before."""
        before = (amount * _LAST_YEAR).quantize(Decimal(1))
        ended = date(self.current_from.year - 1, 12, 31)
        self._row(carrier_id, whose, before, self.current_from.replace(year=ended.year), ended)
        self._row(carrier_id, whose, amount, self.current_from, None)
        self._now[carrier_id, whose] = amount

    def in_force(self, carrier_id: int, person: Person) -> Decimal | None:
        """Return the rate of a person for a carrier now, the most special one first; None where there is none."""
        keys = ((carrier_id, person.timekeeper_id), (carrier_id, person.grade), (None, person.timekeeper_id))
        found = next((self._now[key] for key in keys if key in self._now), None)
        return found if found is not None else self._now.get((None, person.grade))

    def _row(self, carrier_id: int | None, whose: int | str, amount: Decimal, start: date, end: date | None) -> None:
        self.rows.append({
            "id": len(self.rows) + 1, "carrier_id": carrier_id,
            "timekeeper_id": whose if isinstance(whose, int) else None,
            "classification": whose if isinstance(whose, str) else None,
            "hourly_amount": amount, "effective_from": start, "effective_to": end,
            "notified_on": start - _NOTICE if carrier_id is not None else None,
        })  # fmt: skip


def agree_rates(random: Random, people: People, period: BillingPeriod) -> RateCards:
    """Make the firm's and every carrier's cards; classification OT stands on none of them, so it cannot bill."""
    cards = RateCards(date(period.start.year, 1, 1))
    for grade, amount in _FIRM.items():
        cards.add(None, grade, Decimal(amount))
    for person in random.sample(people.responsible[1:], 4):
        cards.add(None, person.timekeeper_id, Decimal(_FIRM[person.grade]) + 60)
    for carrier_id, carrier in enumerate(carrier_facts(), 1):
        _agree_with(random, cards, carrier_id, carrier["rates"], people)
    return cards


def _agree_with(random: Random, cards: RateCards, carrier_id: int, by_grade: dict[str, str], people: People) -> None:
    for grade, amount in by_grade.items():
        cards.add(carrier_id, grade, Decimal(amount))
    if carrier_id == _ANA_AT_HARBOR[0]:
        cards.add(carrier_id, people.ana_reyes.timekeeper_id, _ANA_AT_HARBOR[1])
    for person in random.sample(people.responsible[1:], _OWN_RATES_PER_CARRIER):
        own = Decimal(by_grade[person.grade]) + random.choice((10, 15, Decimal("22.50"), 35))
        cards.add(carrier_id, person.timekeeper_id, own)


def approved_rates(
    random: Random, cards: RateCards, working: Collection[tuple[int, Person]], lowered: int = 5
) -> dict[tuple[int, str], Decimal]:
    """Return the rate that each carrier's site has on file, by (carrier, timekeeper code).

    It is the firm's rate, except for 15 dollars less where the firm has only its own rate for somebody, and for a
    handful of the others at work.
    """
    rates = {
        (carrier_id, person.code): rate
        for carrier_id, person in working
        if (rate := cards.in_force(carrier_id, person)) is not None
    }
    alone = {(carrier_id, person.code) for carrier_id, person in working if person.grade == SPECIALIST}
    others = sorted(rates.keys() - alone)
    for key in (*sorted(alone), *random.sample(others, min(lowered, len(others) // 3))):
        rates[key] -= _LESS
    return rates
