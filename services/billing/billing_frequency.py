"""How often a matter is billed: whether it is its turn in a period, when it is next, and from which day on.

Quarters, halves and years are those of the calendar: a quarterly matter is billed for March, June, September, December.
"""

from calendar import monthrange
from datetime import date
from typing import Final

from models.enums import BillingFrequency, MatterStatus

_MONTHS: Final = {
    BillingFrequency.MONTHLY: 1,
    BillingFrequency.QUARTERLY: 3,
    BillingFrequency.SEMIANNUAL: 6,
    BillingFrequency.ANNUAL: 12,
}
WORDS: Final = {
    BillingFrequency.MONTHLY: "Billed monthly",
    BillingFrequency.QUARTERLY: "Billed quarterly",
    BillingFrequency.SEMIANNUAL: "Billed twice a year",
    BillingFrequency.ANNUAL: "Billed once a year",
    BillingFrequency.AT_CLOSE: "Billed when the matter is closed",
    BillingFrequency.ON_DEMAND: "Billed when somebody asks for it",
}


def turn_starts(frequency: BillingFrequency, day: date) -> date:
    """Return the first day of the month, quarter, half or year that a day lies in; for others the first of all days."""
    months = _MONTHS.get(frequency)
    return date.min if months is None else date(day.year, (day.month - 1) // months * months + 1, 1)


def turn_ends(frequency: BillingFrequency, day: date) -> date | None:
    """Return the last day of the month, quarter, half or year that a day lies in; None where no calendar says so."""
    months = _MONTHS.get(frequency)
    if months is None:
        return None
    month = ((day.month - 1) // months + 1) * months
    return date(day.year, month, monthrange(day.year, month)[1])


def is_due(
    frequency: BillingFrequency, period: tuple[date, date], *, status: MatterStatus, closed_on: date | None
) -> bool:
    """Whether it is a matter's turn in a period, given as its first and last day."""
    start, end = period
    if frequency is BillingFrequency.MONTHLY:
        return True
    if frequency is BillingFrequency.AT_CLOSE:
        return status is MatterStatus.CLOSED and (closed_on is None or closed_on <= end)
    last = turn_ends(frequency, start)
    return last is not None and last <= end


def not_due_words(frequency: BillingFrequency, period_start: date) -> str:
    """Return why it is not a matter's turn, and when it is: 'Billed quarterly: next for December 2026.'."""
    last = turn_ends(frequency, period_start)
    if last is not None:
        return f"{WORDS[frequency]}: next for {last:%B %Y}."
    if frequency is BillingFrequency.AT_CLOSE:
        return f"{WORDS[frequency]}: next after its closing."
    return f"{WORDS[frequency]}: tick it to bill it."
