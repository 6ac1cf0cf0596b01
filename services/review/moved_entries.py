"""Work that goes to another matter: where it may go, and the entry or expense that it is there."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError, WrongStateError
from core.money import line_amount
from models import Expense, Matter, ProformaLine, TimeEntry
from models.enums import EntryKind, EntryStatus, MatterStatus
from services import lifecycle
from services.billing.work_in_progress import on_live_proformas
from services.review.line_edits import Change
from services.row_ids import row_id

UNBILLED = frozenset({EntryStatus.RELEASED, EntryStatus.HELD})


@dataclass(frozen=True)
class TargetMatter:
    """A matter that work may go to."""

    id: int
    number: str
    name: str


def find_targets(session: Session, *, proforma_matter_id: int, search: str, limit: int = 20) -> list[TargetMatter]:
    """Return open matters by number or name, other than the proforma's own."""
    wanted = search.strip()
    statement = (
        select(col(Matter.id), col(Matter.number), col(Matter.name))
        .where(col(Matter.status) == MatterStatus.OPEN, col(Matter.id) != proforma_matter_id)
        .order_by(col(Matter.number))
        .limit(limit)
    )
    if wanted:
        by_name = col(Matter.name).icontains(wanted, autoescape=True)
        statement = statement.where(by_name | col(Matter.number).startswith(wanted, autoescape=True))
    return [TargetMatter(row_id_, number, name) for row_id_, number, name in session.execute(statement) if row_id_]


def check_target(session: Session, change_matter_id: int, target_id: int, day: date) -> Matter:
    """Return the matter that work of a day may go to.

    Raises:
        NotFoundError: there is none.
        InvalidInputError: it is closed, the same one, or was not open on that day.
    """
    target: Matter = lifecycle.get(session, Matter, target_id)
    if target_id == change_matter_id:
        raise InvalidInputError("The work is on this matter already. Nothing was changed; choose another one.")
    if target.status is not MatterStatus.OPEN:
        message = f"Matter {target.number} is closed, so nothing can be billed there. Nothing was changed."
        raise InvalidInputError(message, matter_id=target_id)
    if day < target.opened_on:
        message = (
            f"Matter {target.number} was opened on {target.opened_on:%B %d, %Y}, after the work was done. "
            "Nothing was changed; choose the matter that it was done for."
        )
        raise InvalidInputError(message, matter_id=target_id)
    return target


def move_entry(session: Session, change: Change, line: ProformaLine, target: Matter) -> None:
    """Move a line's whole entry or expense to another matter, where it is work in progress at once."""
    if line.time_entry_id is not None:
        entry: TimeEntry = lifecycle.get(session, TimeEntry, line.time_entry_id)
        change.worked_amount -= line_amount(entry.worked_hours, line.unit_cost)
        change.records.set("time_entry", entry, "matter_id", row_id(target))
    elif line.expense_id is not None:
        expense: Expense = lifecycle.get(session, Expense, line.expense_id)
        change.worked_amount -= line_amount(expense.units, expense.unit_cost)
        change.records.set("expense", expense, "matter_id", row_id(target))
    else:
        raise InvalidInputError("Combined expenses go one by one. Nothing was changed; take them apart first.")
    line.transfer_matter_id = row_id(target)


def split_time_to(
    session: Session, change: Change, entry: TimeEntry, *, matter_id: int, hours: Decimal, narrative: str
) -> TimeEntry:
    """Make the entry of a part that its timekeeper attested for another matter; the rest stays on the old one."""
    made = TimeEntry(
        matter_id=matter_id,
        timekeeper_id=entry.timekeeper_id,
        worked_on=entry.worked_on,
        worked_hours=hours,
        worked_narrative=narrative,
        entered_hours=hours,
        entered_narrative=narrative,
        task_code=entry.task_code,
        activity_code=entry.activity_code,
        is_confidential=entry.is_confidential,
        status=EntryStatus.RELEASED,
        created_at=now(),
        transferred_from_id=row_id(entry),
    )
    session.add(made)
    session.flush()
    change.records.made("time_entry", made)
    change.records.set("time_entry", entry, "entered_hours", entry.entered_hours - hours)
    return made


def split_expense_to(
    session: Session, change: Change, expense: Expense, *, matter_id: int, amount: Decimal, narrative: str
) -> Expense:
    """Make the expense of a part that goes to another matter: one unit of the amount in dollars."""
    made = Expense(
        matter_id=matter_id,
        timekeeper_id=expense.timekeeper_id,
        incurred_on=expense.incurred_on,
        units=Decimal(1),
        unit_cost=amount,
        narrative=narrative,
        expense_code=expense.expense_code,
        status=EntryStatus.RELEASED,
        created_at=now(),
        transferred_from_id=row_id(expense),
    )
    session.add(made)
    session.flush()
    change.records.made("expense", made)
    return made


def check_free(session: Session, record: str, entry: TimeEntry | Expense) -> None:
    """Let an entry that no bill holds.

    Raises:
        WrongStateError: it is billed, or stands on another proforma.
    """
    kind = EntryKind.FEE if record == "time_entry" else EntryKind.EXPENSE
    live = on_live_proformas(session, [entry.matter_id])
    if entry.status not in UNBILLED or (kind, row_id(entry)) in live:
        message = "The work that went to another matter is on a bill there. Nothing was changed; take it off there."
        raise WrongStateError(message, entry_id=entry.id)
