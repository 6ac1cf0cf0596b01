"""Write-downs: what the review took off before the bill was sent, by attorney and by how it was taken off.

Of proformas that became invoices. A line's whole is what its entry was worth as entered; what bills is taken from it.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlmodel import Session

from core.money import ZERO
from models import Invoice, Matter, Proforma, ProformaLine, User
from models.enums import LineTreatment
from services.reporting.question import AnySelect, ReportQuestion, in_months, of_invoices
from services.reporting.realisation import first_invoices
from services.reporting.table import Report, ReportTable, added_up, count, money, percent, share, text
from services.tables import table_of

_I, _M, _P, _L, _U = (table_of(model) for model in (Invoice, Matter, Proforma, ProformaLine, User))
REASONS = {
    "written_off": "Written off",
    "hours": "Fewer hours or units",
    "rate": "A lower rate",
    "discount": "A discount or an adjustment",
    "split": "Fewer hours in a split",
}


def write_downs(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return what was taken off, by attorney and by reason."""
    return _by_attorney(session, question), _by_reason(session, question)


def _by_attorney(session: Session, question: ReportQuestion) -> ReportTable:
    columns = (
        text("Attorney"), money("Entered"), money("Billed by the review"), money("Taken off"), percent("Of entered, %"),
        count("Lines changed"),
    )  # fmt: skip
    statement = _lines(
        select(_U.c.name, func.sum(_L.c.entered_amount), func.sum(_billed()), func.count(case((_is_changed(), 1)))),
        question,
    ).group_by(_U.c.id, _U.c.name)
    rows = sorted(
        (
            (
                name,
                entered,
                billed or ZERO,
                entered - (billed or ZERO),
                share(entered - (billed or ZERO), entered),
                lines,
            )
            for name, entered, billed, lines in session.execute(statement)
        ),
        key=lambda row: (-row[3], row[0]),
    )
    cells: list[Any] = added_up(rows, columns)
    cells[4] = share(cells[3], cells[1])
    return ReportTable("attorney", "By attorney", columns, tuple(rows), tuple(cells))


def _by_reason(session: Session, question: ReportQuestion) -> ReportTable:
    columns = (text("How", 32), money("Taken off"), percent("Of all, %"), count("Lines"))
    discount = -_L.c.adjustment_amount
    rest = (
        _L.c.entered_amount - _billed() + case((_bills_whole(), _L.c.adjustment_amount), else_=literal(ZERO, _money()))
    )
    given = _L.c.adjustment_amount != ZERO
    reason = _reason()
    taken = _lines(select(reason, func.sum(rest), func.count(case((_is_taken(rest), 1)))), question).group_by(reason)
    discounts = _lines(select(func.sum(discount), func.count()), question).where(_bills_whole(), given)
    sums = {key: (amount or ZERO, lines) for key, amount, lines in session.execute(taken)}
    amount, lines = session.execute(discounts).one()
    sums["discount"] = (amount or ZERO, lines)
    whole = sum((found[0] for found in sums.values()), start=ZERO)
    rows = [
        (label, sums[key][0], share(sums[key][0], whole), sums[key][1])
        for key, label in REASONS.items()
        if key in sums and sums[key] != (ZERO, 0)
    ]
    cells: list[Any] = added_up(rows, columns)
    cells[2] = share(cells[1], whole)
    return ReportTable("reason", "By how it was taken off", columns, tuple(rows), tuple(cells))


def _reason() -> ColumnElement[str]:
    """Why a line bills less than was entered, discounts apart; 'hours' where hours and rate went down together."""
    is_split = (_L.c.treatment == LineTreatment.SPLIT) | _L.c.split_from_id.is_not(None)
    return case(
        (is_split, "split"),
        (_L.c.treatment == LineTreatment.WRITE_OFF, "written_off"),
        (_L.c.billed_units < _L.c.entered_units, "hours"),
        else_="rate",
    )


def _billed() -> ColumnElement[Any]:
    return case((_L.c.treatment == LineTreatment.BILL, _L.c.billed_amount), else_=literal(ZERO, _money()))


def _bills_whole() -> ColumnElement[bool]:
    """Whether a line bills by itself, neither as a part of a split nor as what was split."""
    return (_L.c.treatment == LineTreatment.BILL) & _L.c.split_from_id.is_(None)


def _is_changed() -> ColumnElement[bool]:
    return (_billed() != _L.c.entered_amount) & _L.c.split_from_id.is_(None)


def _is_taken(rest: ColumnElement[Any]) -> ColumnElement[bool]:
    return (rest != literal(ZERO, _money())) & _L.c.split_from_id.is_(None)


def _money() -> Any:  # noqa: ANN401 -- the column's own type
    return _L.c.billed_amount.type


def _lines(statement: AnySelect, question: ReportQuestion) -> AnySelect:
    first = first_invoices()
    return (
        statement.select_from(_L)
        .join(_P, _P.c.id == _L.c.proforma_id)
        .join(first, first.c.proforma_id == _P.c.id)
        .join(_I, _I.c.id == first.c.invoice_id)
        .join(_M, _M.c.id == _P.c.matter_id)
        .join(_U, _U.c.id == _M.c.responsible_attorney_id)
        .where(
            in_months(question, _P),
            _L.c.treatment != LineTreatment.HOLD,
            *of_invoices(question, _I, _M),
        )
    )


WRITE_DOWNS = Report(
    "write-downs",
    "Write-downs",
    "What the review took off before the bill was sent, by whom and how.",
    write_downs,
)
