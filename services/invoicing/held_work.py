"""What holds mean when invoices are made: nothing of a held matter, and a day that each held entry waits for."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from core.clock import today
from core.errors import WrongStateError
from models import Expense, Matter, ProformaLine, TimeEntry
from models.enums import LineTreatment

_SHOWN = 5


def check_matters_free(session: Session, matter_ids: Iterable[int]) -> None:
    """Let proformas whose matters are not held.

    Raises:
        WrongStateError: one is; the sentence names the first few.
    """
    held = select(col(Matter.number)).where(
        col(Matter.id).in_(set(matter_ids)), col(Matter.billing_hold_until) > today()
    )
    if numbers := session.scalars(held.order_by(col(Matter.number))).all():
        names = ", ".join(numbers[:_SHOWN]) + (" and others" if len(numbers) > _SHOWN else "")
        message = f"Held, so not billed: {names}. No invoice was made; wait, or end the hold on the matter's page."
        raise WrongStateError(message, matters=list(numbers[:20]))


def hold_entries(session: Session, proforma_ids: Sequence[int]) -> None:
    """Give the entries of held lines their day and reason; without a day they wait for the next run alone.

    One statement a table: an entry stands on one held line of these proformas at most.
    """
    models: tuple[tuple[Any, Any], ...] = (
        (TimeEntry, col(ProformaLine.time_entry_id)),
        (Expense, col(ProformaLine.expense_id)),
    )
    for model, column in models:
        held = (col(ProformaLine.proforma_id).in_(proforma_ids), col(ProformaLine.treatment) == LineTreatment.HOLD)
        of_entry = (*held, column == model.id)
        until = select(func.coalesce(func.max(col(ProformaLine.held_until)), today())).where(*of_entry)
        reason = select(func.max(col(ProformaLine.note))).where(*of_entry)
        entries = select(column).where(*held, column.is_not(None))
        values = {
            "held_until": until.scalar_subquery(),
            "hold_reason": func.coalesce(reason.scalar_subquery(), ""),
            "version": model.version + 1,
        }
        statement = update(model).where(model.id.in_(entries)).values(values)
        session.execute(statement.execution_options(synchronize_session=False))
