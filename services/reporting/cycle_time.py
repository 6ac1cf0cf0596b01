"""Cycle time: how many days a bill spends in each stage, the median and the ninetieth percentile."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlmodel import Session

from core.clock import utc
from models import AuditEvent, Carrier, Invoice, Matter, Proforma, User
from services.reporting.question import AnySelect, ReportQuestion, in_months, of_invoices
from services.reporting.realisation import GONE
from services.reporting.table import Report, ReportTable, count, days, text
from services.tables import one_of, table_of

_I, _M, _P, _C, _U, _E = (table_of(model) for model in (Invoice, Matter, Proforma, Carrier, User, AuditEvent))
_TENTH, _DAY_SECONDS = Decimal("0.1"), 86_400
STAGES = (
    "Billing: from the month's end to the proforma",
    "Review: from the proforma to its approval",
    "Invoice: from approval to the numbered invoice",
    "Sending: from the invoice to its delivery",
    "Answer: from delivery to the carrier's answer",
    "In all, from the month's end to delivery",
)
_REVIEW, _ANSWER = 1, 4


@dataclass(frozen=True)
class _Bill:
    """One invoice and its days in each stage of `STAGES`, None where it has not come that far."""

    attorney: str
    carrier: str
    stages: tuple[Decimal | None, ...]


def cycle_time(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return the days by stage, then the review by attorney and the answer by carrier."""
    bills = [_bill(*row) for row in session.execute(_moments(question))]
    stages = ((name, [bill.stages[at] for bill in bills]) for at, name in enumerate(STAGES))
    return (
        _table("stages", "Days by stage", "Stage", ((name, _known(found)) for name, found in stages)),
        _table("attorney", "Days in review, by attorney", "Attorney", _grouped(bills, _REVIEW, by_attorney=True)),
        _table("carrier", "Days to the answer, by carrier", "Carrier", _grouped(bills, _ANSWER, by_attorney=False)),
    )


def percentile(values: Sequence[Decimal], percent: int) -> Decimal:
    """Return the smallest value that at least `percent` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def days_between(start: datetime, end: datetime) -> Decimal:
    """Return days to a tenth, half up; work that was done before its stage began took none."""
    seconds = Decimal(max(round((utc(end) - utc(start)).total_seconds()), 0))
    return (seconds / _DAY_SECONDS).quantize(_TENTH, ROUND_HALF_UP)


def _table(name: str, title: str, first: str, groups: Iterable[tuple[str, Sequence[Decimal]]]) -> ReportTable:
    columns = (text(first, 48), count("Bills"), days("Median"), days("Ninety percent within"), days("Longest"))
    rows = tuple(
        (label, len(found), percentile(found, 50), percentile(found, 90), max(found))
        for label, found in groups
        if found
    )
    return ReportTable(name, title, columns, rows)


def _grouped(bills: Iterable[_Bill], stage: int, *, by_attorney: bool) -> Iterator[tuple[str, list[Decimal]]]:
    groups: dict[str, list[Decimal | None]] = defaultdict(list)
    for bill in bills:
        groups[bill.attorney if by_attorney else bill.carrier].append(bill.stages[stage])
    for name in sorted(groups):
        yield name, _known(groups[name])


def _known(found: Iterable[Decimal | None]) -> list[Decimal]:
    return [value for value in found if value is not None]


def _bill(attorney: str, carrier: str, period_end: Any, *moments: Any) -> _Bill:  # noqa: ANN401 -- instants or None
    month_over = datetime.combine(period_end + timedelta(days=1), time(), UTC)
    steps = (month_over, *moments)
    stages = [days_between(start, end) if start and end else None for start, end in pairwise(steps)]
    delivered = moments[3]
    return _Bill(attorney, carrier, (*stages, days_between(month_over, delivered) if delivered else None))


def _moments(question: ReportQuestion) -> AnySelect:
    approved = _approvals()
    return (
        select(
            _U.c.name,
            _C.c.name,
            _P.c.period_end,
            _P.c.created_at,
            approved.c.at,
            _I.c.finalized_at,
            _I.c.delivered_at,
            _I.c.decided_at,
        )
        .select_from(_I)
        .join(_P, _P.c.id == _I.c.proforma_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _I.c.carrier_id)
        .join(_U, _U.c.id == _M.c.responsible_attorney_id)
        .outerjoin(approved, approved.c.proforma_id == _P.c.id)
        .where(in_months(question, _P), ~one_of(_I.c.document_status, GONE), *of_invoices(question, _I, _M))
    )


def _approvals() -> Subquery:
    """When each proforma was approved last, as the audit trail tells."""
    return (
        select(_E.c.subject_id.label("proforma_id"), func.max(_E.c.at).label("at"))
        .where(_E.c.tag == "proforma:approve", _E.c.subject_type == "proforma")
        .group_by(_E.c.subject_id)
        .subquery()
    )


CYCLE_TIME = Report("cycle-time", "Cycle time", "How many days a bill spends in each stage.", cycle_time)
