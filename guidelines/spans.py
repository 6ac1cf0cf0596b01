"""Months, quarters and years as carriers count them, the year beginning in any month."""

from datetime import date
from typing import Final

from guidelines.kinds.billing import Span

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def span_of(day: date, span: Span, year_begins: int = 1) -> int:
    """Return the number of the month, quarter or year in which a day lies: equal for days of one span."""
    months = day.year * 12 + day.month - year_begins
    return months // _MONTHS[span]
