"""The order of the rate cards, by date of work."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from services.billing.rates import RateCard, RatedHour, load_rates
from tests.builders import id_of, make_carrier, make_rate, make_timekeeper

DAY = date(2026, 10, 5)


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ("tcTC", "1"),
        ("cTC", "2"),
        ("TC", "3"),
        ("C", "4"),
        ("", None),
    ],
)
def test_find_takes_the_most_special_card(session: Session, cards: str, expected: str | None) -> None:
    carrier, who = make_carrier(session), make_timekeeper(session)
    if "t" in cards:
        make_rate(session, Decimal(1), carrier=carrier, timekeeper=who)
    if "c" in cards:
        make_rate(session, Decimal(2), carrier=carrier, classification="PT")
    if "T" in cards:
        make_rate(session, Decimal(3), timekeeper=who)
    if "C" in cards:
        make_rate(session, Decimal(4), classification="PT")
    make_rate(session, Decimal(9), carrier=make_carrier(session), timekeeper=who)
    card = load_rates(session, [id_of(carrier)])
    hour = RatedHour(id_of(carrier), id_of(who), "PT", DAY)
    assert card.find(hour) == (None if expected is None else Decimal(expected))
    assert card.approved(hour) == (Decimal(expected) if expected in {"1", "2"} else None)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2025-12-31", None), ("2026-01-01", "1"), ("2026-06-30", "1"), ("2026-07-01", "2"), ("2027-05-05", "2")],
)
def test_find_goes_by_the_day_of_work(session: Session, day: str, expected: str | None) -> None:
    who = make_timekeeper(session)
    make_rate(session, Decimal(1), timekeeper=who, effective_to=date(2026, 6, 30))
    make_rate(session, Decimal(2), timekeeper=who, effective_from=date(2026, 7, 1))
    found = load_rates(session, []).find(RatedHour(1, id_of(who), "PT", date.fromisoformat(day)))
    assert found == (None if expected is None else Decimal(expected))


def test_find_takes_the_later_of_two_that_overlap(session: Session) -> None:
    who = make_timekeeper(session)
    make_rate(session, Decimal(2), timekeeper=who, effective_from=date(2026, 7, 1))
    make_rate(session, Decimal(1), timekeeper=who)
    assert load_rates(session, []).find(RatedHour(1, id_of(who), "PT", DAY)) == 2


def test_empty_card_finds_nothing() -> None:
    assert RateCard([]).find(RatedHour(1, 1, "PT", DAY)) is None
