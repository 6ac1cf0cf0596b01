"""Realisation: of what was worked, how much was entered, billed, approved and paid; by attorney, matter and carrier.

Work of proformas that became invoices. What was worked and entered stands with the invoice of the first payor, which
has the largest share; what was billed, approved and paid with each payor's own.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, case, func, select
from sqlmodel import Session

from adapters.spreadsheets import Row
from core.money import ZERO
from models import Carrier, Invoice, Matter, Proforma, ProformaLine, User
from models.enums import CashStatus, DecisionStatus, DocumentStatus, LineTreatment
from services.reporting.question import AnySelect, ReportQuestion, in_months, of_invoices
from services.reporting.table import Report, ReportTable, added_up, money, percent, share, text
from services.tables import one_of, table_of

_I, _M, _P, _L = table_of(Invoice), table_of(Matter), table_of(Proforma), table_of(ProformaLine)
_C, _U = table_of(Carrier), table_of(User)
GONE = (DocumentStatus.VOIDED, DocumentStatus.SUPERSEDED)
DECIDED = (DecisionStatus.APPROVED, DecisionStatus.REDUCED, DecisionStatus.REJECTED)
_COLUMNS = (
    money("Worked"),
    money("Entered"),
    money("Billed"),
    percent("Billed of worked, %"),
    money("Not answered"),
    money("Approved"),
    percent("Approved of answered, %"),
    money("Paid"),
)
_MOST_MATTERS = 500


def realisation(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return what became of the work, by attorney, by carrier and by matter."""
    return (
        _table(session, question, "attorney", "By attorney", (_U.c.id, _U.c.name)),
        _table(session, question, "carrier", "By carrier", (_C.c.id, _C.c.name)),
        _table(session, question, "matter", "By matter, the largest first", (_M.c.id, _M.c.number)),
    )


def first_invoices() -> Subquery:
    """Return the first invoice of each proforma, as (proforma_id, invoice_id); one that was voided is none."""
    standing = one_of(_I.c.document_status, GONE)
    return (
        select(_I.c.proforma_id, func.min(_I.c.id).label("invoice_id"))
        .where(~standing)
        .group_by(_I.c.proforma_id)
        .subquery()
    )


def _table(session: Session, question: ReportQuestion, name: str, title: str, group: tuple[Any, Any]) -> ReportTable:
    columns = (text(title.split(",", maxsplit=1)[0].removeprefix("By ").capitalize()), *_COLUMNS)
    sums: dict[int, list[Decimal]] = defaultdict(lambda: [ZERO] * 6)
    names: dict[int, str] = {}
    for statement, places in ((_work(question, group), (0, 1)), (_bills(question, group), (2, 3, 4, 5))):
        for key, label, *amounts in session.execute(statement):
            names[key] = label
            for place, amount in zip(places, amounts, strict=True):
                sums[key][place] = amount or ZERO
    rows = sorted(((names[key], *_cells(found)) for key, found in sums.items()), key=_largest)
    total = _total(rows, columns)
    shown = tuple(rows[:_MOST_MATTERS]) if name == "matter" else tuple(rows)
    note = (
        f"The {_MOST_MATTERS} largest of {len(rows):,} matters; the last row is of all."
        if len(shown) < len(rows)
        else ""
    )
    return ReportTable(name, title, columns, shown, total, note)


def _cells(found: Sequence[Decimal]) -> tuple[Any, ...]:
    worked, entered, billed, open_amount, approved, paid = found
    answered = billed - open_amount
    return worked, entered, billed, share(billed, worked), open_amount, approved, share(approved, answered), paid


def _total(rows: Sequence[Row], columns: Sequence[Any]) -> Row:
    cells = added_up(rows, columns)
    worked, _, billed, _, open_amount, approved = (cell if isinstance(cell, Decimal) else ZERO for cell in cells[1:7])
    cells[4], cells[7] = share(billed, worked), share(approved, billed - open_amount)
    return tuple(cells)


def _largest(row: Row) -> tuple[Decimal, str]:
    worked = row[1]
    return (-worked if isinstance(worked, Decimal) else ZERO, str(row[0]))


def _work(question: ReportQuestion, group: tuple[Any, Any]) -> AnySelect:
    first = first_invoices()
    kept = _L.c.treatment != LineTreatment.HOLD
    statement = (
        select(*group, func.sum(_L.c.worked_amount), func.sum(_L.c.entered_amount))
        .select_from(_L)
        .join(_P, _P.c.id == _L.c.proforma_id)
        .join(first, first.c.proforma_id == _P.c.id)
        .join(_I, _I.c.id == first.c.invoice_id)
    )
    return _grouped(statement, question, group).where(kept)


def _bills(question: ReportQuestion, group: tuple[Any, Any]) -> AnySelect:
    amount, decision = _I.c.total_amount, _I.c.decision_status
    is_decided = one_of(decision, DECIDED)
    is_paid = _I.c.cash_status == CashStatus.PAID
    statement = (
        select(
            *group,
            func.sum(amount),
            func.sum(case((is_decided, None), else_=amount)),
            func.sum(case((is_decided, _I.c.approved_amount))),
            func.sum(case((is_paid, func.coalesce(_I.c.approved_amount, amount)))),
        )
        .select_from(_I)
        .join(_P, _P.c.id == _I.c.proforma_id)
        .where(~one_of(_I.c.document_status, GONE))
    )
    return _grouped(statement, question, group)


def _grouped(statement: AnySelect, question: ReportQuestion, group: tuple[Any, Any]) -> AnySelect:
    return (
        statement.join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _I.c.carrier_id)
        .join(_U, _U.c.id == _M.c.responsible_attorney_id)
        .where(in_months(question, _P), *of_invoices(question, _I, _M))
        .group_by(*group)
    )


REALISATION = Report(
    "realisation",
    "Realisation",
    "Of what was worked, how much was entered, billed, approved and paid.",
    realisation,
)
