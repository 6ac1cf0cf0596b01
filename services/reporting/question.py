"""What a report is asked for: billing months, an attorney, a carrier; and whose numbers its reader may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from core.clock import today
from models import MatterPayor
from models.enums import Role
from services.access import require, sees_all_matters
from services.actor import Actor
from services.asked import Asked, as_day, as_number
from services.tables import table_of

AnySelect = Select[*tuple[Any, ...]]
_PAYOR = table_of(MatterPayor)
FILTERS = ("months", "from", "to", "attorney", "carrier")
"""The filters of a report's address."""
_MONTHS = 12
_MOST_MONTHS = 60


@dataclass(frozen=True)
class ReportQuestion:
    """The months from `first` to `last`, both included, and whose: None = everybody's.

    `me` is whose matters the reader may see, None = all; it holds whatever was asked.
    """

    first: date
    last: date
    attorney_id: int | None
    carrier_id: int | None
    me: int | None

    @property
    def months_text(self) -> str:
        """The months in words: 'October 2026', 'December 2025 to November 2026'."""
        first, last = f"{self.first:%B %Y}", f"{self.last:%B %Y}"
        return first if first == last else f"{first} to {last}"


def report_question(actor: Actor, asked: Asked) -> ReportQuestion:
    """Return what an address asks for; the last twelve billing months where it names none.

    `from` and `to` are months as in '2026-10'; `months` is how many there are up to the last.
    An attorney sees his or her own matters, whatever the address says.

    Raises:
        DeniedError: the actor is neither biller, attorney nor admin.
    """
    require(actor, Role.BILLER, Role.ATTORNEY, Role.ADMIN, what="Reports")
    last = month_end(_month(asked.get("to")) or _last_billed_month())
    span = min(asked.number("months") or _MONTHS, _MOST_MONTHS)
    first = _month(asked.get("from")) or _months_before(last, span - 1)
    first = min(max(first, _months_before(last, _MOST_MONTHS - 1)), last.replace(day=1))
    me = None if sees_all_matters(actor) else actor.user_id
    return ReportQuestion(first, last, asked.number("attorney"), asked.number("carrier"), me)


def checked_filters(given: Mapping[str, str]) -> dict[str, str]:
    """Return those filters of an address that mean something to a report; the rest is left out."""
    found = {name: given.get(name, "") for name in FILTERS}
    months = as_number(found["months"]) or 0
    checks = {
        "months": 0 < months <= _MOST_MONTHS,
        "from": _month(found["from"]) is not None,
        "to": _month(found["to"]) is not None,
        "attorney": as_number(found["attorney"]) is not None,
        "carrier": as_number(found["carrier"]) is not None,
    }
    return {name: value for name, value in found.items() if checks[name]}


def of_matters(question: ReportQuestion, matters: Table) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on the matter: whose it is, and whether the reader may see it."""
    if question.me is not None:
        yield matters.c.responsible_attorney_id == question.me
    if question.attorney_id is not None:
        yield matters.c.responsible_attorney_id == question.attorney_id


def of_invoices(question: ReportQuestion, invoices: Table, matters: Table) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on an invoice's matter and carrier."""
    yield from of_matters(question, matters)
    if question.carrier_id is not None:
        yield invoices.c.carrier_id == question.carrier_id


def of_proformas(question: ReportQuestion, proformas: Table, matters: Table) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on a proforma: its matter's, and that the carrier pays a share of it."""
    yield from of_matters(question, matters)
    if question.carrier_id is not None:
        ends = _PAYOR.c.effective_to
        share = select(_PAYOR.c.id).where(
            _PAYOR.c.matter_id == proformas.c.matter_id,
            _PAYOR.c.carrier_id == question.carrier_id,
            _PAYOR.c.effective_from <= proformas.c.period_end,
            ends.is_(None) | (ends >= proformas.c.period_end),
        )
        yield share.correlate(proformas).exists()


def in_months(question: ReportQuestion, proformas: Table) -> ColumnElement[bool]:
    """Return the condition that a proforma bills one of the months."""
    return proformas.c.period_end.between(question.first, question.last)


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _month(text: str) -> date | None:
    return as_day(f"{text}-01")


def _months_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _last_billed_month() -> date:
    """The month before this one, which is what is being billed now."""
    return _months_before(today(), 1)
