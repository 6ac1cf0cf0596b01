"""The lines of a corrected revision: what may change of a line, checked by the firm's rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError, NotFoundError
from core.money import line_amount, total
from ledes.utbms import is_activity, is_expense, is_task
from models import InvoiceLine, InvoiceRevision
from models.enums import EntryKind
from services.invoicing.invoice_documents import BilledLine
from services.review.line_values import DISCOUNTS


@dataclass(frozen=True)
class LineChange:
    """What to change of one invoice line; None leaves a value. Units and cost go down only; `remove` writes it off."""

    narrative: str | None = None
    task_code: str | None = None
    activity_code: str | None = None
    expense_code: str | None = None
    units: Decimal | None = None
    unit_cost: Decimal | None = None
    remove: bool = False


def corrected_lines(
    session: Session, revision: InvoiceRevision, changes: Mapping[int, LineChange]
) -> tuple[BilledLine, ...]:
    """Return the revision's lines with the changes, numbered anew.

    Raises:
        NotFoundError: a changed line is not there.
        InvalidInputError: a value would go up, a code does not fit, or no line would be left.
    """
    statement = select(InvoiceLine).where(col(InvoiceLine.invoice_revision_id) == revision.id)
    rows = list(session.scalars(statement.order_by(col(InvoiceLine.line_number))))
    unknown = set(changes) - {row.line_number for row in rows}
    if unknown:
        raise NotFoundError(f"The invoice has no line {min(unknown)}. Nothing was changed; look at its lines again.")
    kept = [_changed(_billed(row), changes.get(row.line_number, LineChange())) for row in rows]
    lines = [line for line in kept if line is not None]
    if total(line.total_amount for line in lines) <= 0:
        raise InvalidInputError("Nothing would be left to bill. Nothing was changed; void the invoice instead.")
    return tuple(replace(line, line_number=number) for number, line in enumerate(lines, start=1))


def _billed(row: InvoiceLine) -> BilledLine:
    return BilledLine(**{name: getattr(row, name) for name in BilledLine.__slots__})


def _changed(line: BilledLine, change: LineChange) -> BilledLine | None:
    if change.remove:
        return None
    if line.kind in DISCOUNTS:
        # Its amount was agreed with the bill; a corrected one keeps it, or goes without it.
        return replace(line, narrative=line.narrative if change.narrative is None else change.narrative)
    units = line.units if change.units is None else change.units
    unit_cost = line.unit_cost if change.unit_cost is None else change.unit_cost
    if not (0 < units <= line.units and 0 < unit_cost <= line.unit_cost):
        message = f"Line {line.line_number}: hours and rates may go down, never up, and not to nothing. "
        raise InvalidInputError(f"{message}Nothing was changed; remove the line to write it off.")
    amount = line_amount(units, unit_cost, line.adjustment_amount)
    if amount <= 0:
        raise InvalidInputError(f"Line {line.line_number} would be worth nothing. Nothing was changed; remove it.")
    return replace(
        line,
        units=units,
        unit_cost=unit_cost,
        total_amount=amount,
        narrative=line.narrative if change.narrative is None else change.narrative,
        **_codes(line, change),
    )


def _codes(line: BilledLine, change: LineChange) -> dict[str, Any]:
    is_fee = line.kind is EntryKind.FEE
    checks = {"task_code": is_task, "activity_code": is_activity} if is_fee else {"expense_code": is_expense}
    given = {"task_code": change.task_code, "activity_code": change.activity_code, "expense_code": change.expense_code}
    codes = {name: code.strip().upper() for name, code in given.items() if code is not None}
    for name, code in codes.items():
        if name not in checks or not checks[name](code):
            kind = name.replace("_", " ")
            message = f"Line {line.line_number}: {code or 'nothing'} is no {kind} it can have. Nothing was changed."
            raise InvalidInputError(message)
    return codes
