"""Ageing: what is owed by days since it was delivered, by carrier; and what carriers have not answered yet."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlmodel import Session

from core.clock import now
from core.money import ZERO
from models import Carrier, Invoice, Matter
from models.enums import CashStatus, DecisionStatus, DocumentStatus
from services.reporting.question import AnySelect, ReportQuestion, of_invoices
from services.reporting.realisation import GONE
from services.reporting.table import Report, ReportTable, Span, added_up, count, money, text
from services.tables import one_of, table_of

_I, _M, _C = table_of(Invoice), table_of(Matter), table_of(Carrier)
_OWED = (CashStatus.UNPAID, CashStatus.SHORT_PAID)
_OPEN = (DecisionStatus.PENDING, DecisionStatus.DISPUTED)
OWED_DAYS = (30, 60, 90)
IDLE_DAYS = (15, 30, 45)


def ageing(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return what is owed now and what is not answered now, by age, whatever its month."""
    return (
        _by_age(session, _owed(question), "owed", "Owed, by days since delivery", OWED_DAYS),
        _by_age(session, _idle(question), "decision", "Not answered, by days since delivery", IDLE_DAYS),
        _by_carrier(session, question),
    )


def _by_age(session: Session, found: AnySelect, name: str, title: str, limits: tuple[int, ...]) -> ReportTable:
    columns = (text("Days", 18), count("Invoices"), money("Amount"))
    age = _age(limits)
    statement = found.add_columns(age, func.count(), func.sum(_I.c.total_amount)).group_by(age)
    sums = {bucket: (bills, amount) for bucket, bills, amount in session.execute(statement)}
    rows = [(label, *sums.get(at, (0, ZERO))) for at, label in enumerate(labels(limits))]
    return ReportTable(name, title, columns, tuple(rows), tuple(added_up(rows, columns)))


def _by_carrier(session: Session, question: ReportQuestion) -> ReportTable:
    columns = (text("Carrier"), *(money(label) for label in labels(OWED_DAYS)), money("Owed in all"))
    age = _age(OWED_DAYS)
    statement = _owed(question).add_columns(_C.c.id, _C.c.name, age, func.sum(_I.c.total_amount))
    sums: dict[int, dict[int, Decimal]] = defaultdict(dict)
    names: dict[int, str] = {}
    for carrier_id, name, bucket, amount in session.execute(statement.group_by(_C.c.id, _C.c.name, age)):
        names[carrier_id], sums[carrier_id][bucket] = name, amount
    rows = sorted((_carrier_row(names[key], found) for key, found in sums.items()), key=lambda row: (-row[-1], row[0]))
    return ReportTable("carriers", "Owed, by carrier", columns, tuple(rows), tuple(added_up(rows, columns)))


def _carrier_row(name: str, found: Mapping[int, Decimal]) -> tuple[Any, ...]:
    amounts = [found.get(bucket, ZERO) for bucket in range(len(OWED_DAYS) + 1)]
    return name, *amounts, sum(amounts, start=ZERO)


def labels(limits: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of the buckets: '0-30 days', '31-60 days', 'over 90 days'."""
    starts = (0, *(limit + 1 for limit in limits[:-1]))
    return (*(f"{start}-{limit} days" for start, limit in zip(starts, limits, strict=True)), f"over {limits[-1]} days")


def _age(limits: tuple[int, ...]) -> ColumnElement[int]:
    """The number of the bucket: an invoice is as old as the whole days since it was delivered, or else made."""
    since, at = func.coalesce(_I.c.delivered_at, _I.c.finalized_at), now()
    return case(
        *((since > at - timedelta(days=limit + 1), literal(place)) for place, limit in enumerate(limits)),
        else_=literal(len(limits)),
    )


def _owed(question: ReportQuestion) -> AnySelect:
    return _invoices(question).where(one_of(_I.c.cash_status, _OWED), ~one_of(_I.c.document_status, GONE))


def _idle(question: ReportQuestion) -> AnySelect:
    delivered = _I.c.document_status == DocumentStatus.DELIVERED
    return _invoices(question).where(delivered, one_of(_I.c.decision_status, _OPEN))


def _invoices(question: ReportQuestion) -> AnySelect:
    statement: AnySelect = select().select_from(_I)
    return (
        statement.join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _I.c.carrier_id)
        .where(*of_invoices(question, _I, _M))
    )


AGEING = Report("ageing", "Ageing", "What is owed, and what carriers have not answered, by age.", ageing, Span.NOW)
