"""Budgets that carriers approved for matters: set with who, when and for which work, taken back, never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from core.money import ZERO, round_half_up, to_decimal
from ledes.utbms import is_task
from models import Matter, MatterBudget, MatterPayor
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.billing.budget_facts import billed_of, in_force
from services.review.reviewers import may_see_matter
from services.row_ids import row_id
from services.rules.guideline_exceptions import may_grant
from services.sites.profiles import active_profiles

_REFERENCE = 255
_MOST = Decimal(1_000_000_000)


@dataclass(frozen=True)
class BudgetRow:
    """One budget in force: dollars approved, billed on invoices that stand, and left of it (negative when passed)."""

    id: int
    matter_id: int
    carrier_id: int
    code: str
    amount: Decimal
    billed_amount: Decimal
    approved_on: date
    work_from: date | None
    work_to: date | None
    reference: str
    created_at: datetime

    @property
    def left_amount(self) -> Decimal:
        """What may still be billed of it."""
        return self.amount - self.billed_amount


def set_budget(  # noqa: PLR0913 -- one argument a fact of the approval
    session: Session,
    actor: Actor,
    *,
    matter_id: int,
    carrier_id: int,
    amount: Decimal,
    approved_on: date,
    code: str = "",
    work_from: date | None = None,
    work_to: date | None = None,
    reference: str = "",
) -> MatterBudget:
    """Record what a carrier approved; one for the same code and days is taken back and stays in the history.

    `code` is a task, a phase, or '' for the matter as a whole; the days are days of work.

    Raises:
        DeniedError: the actor is neither billing, an administrator, nor the matter's attorney.
        NotFoundError: there is no such matter, or it is another attorney's.
        InvalidInputError: no dollars, no such code, a day that is not yet, the carrier does not pay the matter, or a
            budget for the same code is in force for other days that overlap.
    """
    matter = _matter(session, matter_id)
    _check_may(session, actor, matter)
    code = code.strip().upper()
    _check_facts(amount, approved_on, (work_from, work_to), reference)
    _check_code(session, carrier_id, code, approved_on)
    session.refresh(matter, with_for_update=True)
    _check_pays(session, matter_id, carrier_id)
    budget = MatterBudget(
        matter_id=matter_id,
        carrier_id=carrier_id,
        code=code,
        amount=round_half_up(amount),
        approved_on=approved_on,
        work_from=work_from,
        work_to=work_to,
        reference=reference.strip(),
        created_by_id=person_id(actor),
        created_at=now(),
    )
    replaced = _make_room(session, actor, budget)
    session.add(budget)
    session.flush()
    _record(session, actor, budget, "matter:budget_set", replaced=replaced)
    return budget


def revoke_budget(session: Session, actor: Actor, *, budget_id: int) -> MatterBudget:
    """Take a budget out of force; it stays in the history.

    Raises:
        DeniedError: as in `set_budget`.
        WrongStateError: it was taken back before.
    """
    budget: MatterBudget = lifecycle.get(session, MatterBudget, budget_id)
    _check_may(session, actor, _matter(session, budget.matter_id))
    session.refresh(budget, with_for_update=True)
    if budget.revoked_at is not None:
        raise WrongStateError("This budget was replaced or taken back before. Nothing was changed; look again.")
    _revoke(actor, budget)
    session.flush()
    _record(session, actor, budget, "matter:budget_taken_back")
    return budget


def list_budgets(session: Session, actor: Actor, *, matter_id: int) -> list[BudgetRow]:
    """Return the budgets in force of a matter with what was billed of each, the matter's whole first.

    Raises:
        NotFoundError: there is no such matter, or it is another attorney's.
    """
    matter = _matter(session, matter_id)
    if not may_see_matter(session, actor, matter):
        raise _no_matter(matter_id)
    rows = in_force(session, [matter_id])
    billed = billed_of(session, rows)
    return [_row(row, billed.get(row_id(row), ZERO)) for row in rows]


def _matter(session: Session, matter_id: int) -> Matter:
    matter = session.get(Matter, matter_id)
    if matter is None:
        raise _no_matter(matter_id)
    return matter


def _no_matter(matter_id: int) -> NotFoundError:
    return NotFoundError("There is no such matter among yours. Nothing was changed.", matter_id=matter_id)


def _check_may(session: Session, actor: Actor, matter: Matter) -> None:
    if not may_grant(session, actor, matter.id):
        message = "Budgets are recorded by billing, administrators and the matter's attorney. Nothing was changed."
        raise DeniedError(message, matter_id=matter.id)


def _check_facts(amount: Decimal, approved_on: date, days: tuple[date | None, date | None], reference: str) -> None:
    dollars = to_decimal(amount)
    if not 0 < dollars < _MOST or dollars != round_half_up(dollars):
        raise InvalidInputError("A budget is an amount of dollars and cents above zero. Nothing was saved; correct it.")
    if approved_on > today():
        message = "The day it was approved is not yet. Nothing was saved; give the day of the carrier's word."
        raise InvalidInputError(message)
    start, end = days
    if start and end and end < start:
        raise InvalidInputError("The days of work end before they begin. Nothing was saved; correct them.")
    if len(reference.strip()) > _REFERENCE:
        raise InvalidInputError(f"The reference has more than {_REFERENCE} characters. Nothing was saved; shorten it.")


def _check_code(session: Session, carrier_id: int, code: str, on: date) -> None:
    if not code or is_task(code):
        return
    active = active_profiles(session, [carrier_id]).get(carrier_id)
    if active is None or not active.profile.codes.is_allowed(code, "task", on):
        message = (
            f"{code} is no task or phase that the carrier takes. Nothing was saved; leave it empty for the matter."
        )
        raise InvalidInputError(message, code=code)


def _check_pays(session: Session, matter_id: int, carrier_id: int) -> None:
    pays = select(col(MatterPayor.id)).where(
        col(MatterPayor.matter_id) == matter_id, col(MatterPayor.carrier_id) == carrier_id
    )
    if session.scalars(pays).first() is None:
        message = "This carrier does not pay the matter. Nothing was saved; choose one of its payors."
        raise InvalidInputError(message, matter_id=matter_id, carrier_id=carrier_id)


def _make_room(session: Session, actor: Actor, budget: MatterBudget) -> int | None:
    """Take back the budget for the same code and days; return its id."""
    same = [row for row in in_force(session, [budget.matter_id]) if _is_beside(row, budget)]
    for row in same:
        if (row.work_from, row.work_to) != (budget.work_from, budget.work_to):
            what = budget.code or "the whole matter"
            message = (
                f"A budget for {what} is in force for other days, {_days(row)}. Nothing was saved; give the same days "
                "to replace it, or take it back first."
            )
            raise InvalidInputError(message, budget_id=row.id)
        _revoke(actor, row)
    return row_id(same[0]) if same else None


def _is_beside(row: MatterBudget, other: MatterBudget) -> bool:
    """Tell whether two are for one code of one carrier and share a day."""
    if (row.carrier_id, row.code) != (other.carrier_id, other.code):
        return False
    first, last = date.min, date.max
    return (row.work_from or first) <= (other.work_to or last) and (other.work_from or first) <= (row.work_to or last)


def _days(row: MatterBudget) -> str:
    start = f"from {row.work_from:%Y-%m-%d}" if row.work_from else "from the beginning"
    return f"{start} to {row.work_to:%Y-%m-%d}" if row.work_to else f"{start} on"


def _revoke(actor: Actor, budget: MatterBudget) -> None:
    budget.revoked_at, budget.revoked_by_id = now(), person_id(actor)


def _row(row: MatterBudget, billed: Decimal) -> BudgetRow:
    return BudgetRow(
        id=row_id(row),
        matter_id=row.matter_id,
        carrier_id=row.carrier_id,
        billed_amount=billed,
        approved_on=row.approved_on,
        reference=row.reference,
        created_at=row.created_at,
        code=row.code,
        amount=row.amount,
        work_from=row.work_from,
        work_to=row.work_to,
    )


def _record(session: Session, actor: Actor, budget: MatterBudget, tag: str, *, replaced: int | None = None) -> None:
    audit.record(
        session,
        actor,
        tag,
        "matter",
        budget.matter_id,
        budget_id=row_id(budget),
        code=budget.code,
        amount=f"{budget.amount:f}",
        replaced=replaced,
    )
