"""Whose turn it is in which month of a year, and when it is next; business days."""

from calendar import monthrange
from datetime import date

import pytest

from models.enums import BillingFrequency, MatterStatus
from services.billing.billing_frequency import WORDS, is_due, not_due_words, turn_starts
from services.billing.business_days import BusinessDays, holiday_name

F = BillingFrequency
# The months of a year in which an open matter is due, and one that was closed on 15 May.
DUE = {
    F.MONTHLY: (range(1, 13), range(1, 13)),
    F.QUARTERLY: ((3, 6, 9, 12), (3, 6, 9, 12)),
    F.SEMIANNUAL: ((6, 12), (6, 12)),
    F.ANNUAL: ((12,), (12,)),
    F.AT_CLOSE: ((), range(5, 13)),
    F.ON_DEMAND: ((), ()),
}
# The first month of what is billed in each month of a year.
STARTS = {
    F.MONTHLY: tuple(range(1, 13)),
    F.QUARTERLY: (1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10),
    F.SEMIANNUAL: (1,) * 6 + (7,) * 6,
    F.ANNUAL: (1,) * 12,
}
NEXT = {
    F.QUARTERLY: ("March", "March", "March", "June", "June", "June", *["September"] * 3, *["December"] * 3),
    F.SEMIANNUAL: ("June",) * 6 + ("December",) * 6,
    F.ANNUAL: ("December",) * 12,
}


def month(number: int) -> tuple[date, date]:
    return date(2026, number, 1), date(2026, number, monthrange(2026, number)[1])


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("frequency", list(F))
def test_a_year_of_turns(frequency: BillingFrequency, number: int) -> None:
    when_open, when_closed = DUE[frequency]
    open_matter = {"status": MatterStatus.OPEN, "closed_on": None}
    closed = {"status": MatterStatus.CLOSED, "closed_on": date(2026, 5, 15)}
    assert is_due(frequency, month(number), **open_matter) == (number in when_open)
    assert is_due(frequency, month(number), **closed) == (number in when_closed)


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("frequency", list(F))
def test_a_year_of_beginnings(frequency: BillingFrequency, number: int) -> None:
    expected = date(2026, STARTS[frequency][number - 1], 1) if frequency in STARTS else date.min
    assert turn_starts(frequency, month(number)[1]) == expected


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("frequency", list(NEXT))
def test_a_year_of_next_turns(frequency: BillingFrequency, number: int) -> None:
    words = not_due_words(frequency, month(number)[0])
    assert words == f"{WORDS[frequency]}: next for {NEXT[frequency][number - 1]} 2026."


def test_words_of_those_that_no_calendar_rules() -> None:
    assert not_due_words(F.AT_CLOSE, date(2026, 1, 1)) == "Billed when the matter is closed: next after its closing."
    assert not_due_words(F.ON_DEMAND, date(2026, 1, 1)).endswith("tick it to bill it.")


def test_a_period_of_several_months_holds_the_turns_within_it() -> None:
    open_matter = {"status": MatterStatus.OPEN, "closed_on": None}
    assert is_due(F.QUARTERLY, (date(2026, 2, 1), date(2026, 4, 30)), **open_matter)
    assert not is_due(F.QUARTERLY, (date(2026, 4, 1), date(2026, 5, 31)), **open_matter)


def test_business_days_leave_out_weekends_holidays_and_closing_days() -> None:
    assert holiday_name(date(2026, 11, 26)) == "Thanksgiving Day"
    days = BusinessDays(frozenset({date(2026, 11, 27)}))
    assert [days.is_open(date(2026, 11, number)) for number in (25, 26, 27, 28, 29, 30)] == [
        True, False, False, False, False, True,
    ]  # fmt: skip
    assert days.after(date(2026, 11, 25), 1) == date(2026, 11, 30)
    assert days.before(date(2026, 11, 30)) == date(2026, 11, 25)
    assert days.after(date(2026, 11, 25), 0) == date(2026, 11, 25)
