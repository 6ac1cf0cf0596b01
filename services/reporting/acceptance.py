"""Acceptance: of the invoices that carriers answered, how many they took whole; by carrier."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session

from core.money import ZERO
from models import Carrier, Invoice, Matter, Proforma
from models.enums import DecisionStatus
from services.reporting.question import AnySelect, ReportQuestion, in_months, of_invoices
from services.reporting.realisation import GONE
from services.reporting.table import Report, ReportTable, added_up, count, money, percent, share, text
from services.sites.acceptance import ANSWERS
from services.tables import one_of, table_of

_I, _M, _P, _C = table_of(Invoice), table_of(Matter), table_of(Proforma), table_of(Carrier)
_COLUMNS = (
    text("Carrier"),
    count("Answered"),
    count("Approved"),
    count("Reduced"),
    count("Disputed"),
    count("Rejected"),
    percent("Accepted whole, %"),
    money("Billed"),
    money("Approved amount"),
    percent("Approved of billed, %"),
)


def acceptance(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return what carriers answered to the months' invoices, each by its last answer."""
    rows = sorted((_row(*found) for found in session.execute(_answered(question))), key=lambda row: (-row[1], row[0]))
    cells: list[Any] = added_up(rows, _COLUMNS)
    cells[6], cells[9] = share(cells[2], cells[1]), share(cells[8], cells[7])
    return (ReportTable("acceptance", "Answers by carrier", _COLUMNS, tuple(rows), tuple(cells)),)


def _row(name: str, *found: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- a row of counts and sums
    *counts, billed, approved = found
    answered, whole = sum(counts), counts[0]
    paid = approved or ZERO
    return name, answered, *counts, share(whole, answered), billed, paid, share(paid, billed)


def _answered(question: ReportQuestion) -> AnySelect:
    return (
        select(
            _C.c.name,
            *(func.count(case((_is(status), 1))) for status in ANSWERS),
            func.sum(_I.c.total_amount),
            func.sum(_I.c.approved_amount),
        )
        .select_from(_I)
        .join(_P, _P.c.id == _I.c.proforma_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _I.c.carrier_id)
        .where(
            in_months(question, _P),
            one_of(_I.c.decision_status, ANSWERS),
            ~one_of(_I.c.document_status, GONE),
            *of_invoices(question, _I, _M),
        )
        .group_by(_C.c.id, _C.c.name)
    )


def _is(status: DecisionStatus) -> ColumnElement[bool]:
    return _I.c.decision_status == status


ACCEPTANCE = Report("acceptance", "Acceptance", "How much carriers took of what they answered.", acceptance)
