"""The budgets of a proforma's matter, read and set beside it: the proforma is checked again at once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from core.errors import WrongStateError
from core.money import as_dollars, total
from guidelines.bill import ApprovedBudget
from models import Proforma
from models.enums import LineTreatment
from services import audit
from services.actor import Actor
from services.billing.budgets import BudgetRow, list_budgets, revoke_budget, set_budget
from services.billing.payors import in_force, load_payors
from services.review.line_edits import EDITABLE, check_open, settle
from services.review.proforma_findings import leading_carrier, lines_of
from services.review.proforma_queries import seen_proforma, visible_proforma
from services.review.reviewers import acting
from services.row_ids import row_id
from services.rules.guideline_exceptions import may_grant


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What the carrier approved; the code is a task, a phase, or '' for the matter as a whole."""

    amount: Decimal
    approved_on: date
    code: str = ""
    work_from: date | None = None
    work_to: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class BudgetLine:
    """A budget with what the proforma's lines take of it."""

    budget: BudgetRow
    here_amount: Decimal

    @property
    def left_amount(self) -> Decimal:
        """What is left when this proforma is billed; negative when the budget is passed."""
        return self.budget.left_amount - self.here_amount


@dataclass(frozen=True)
class ProformaBudgets:
    """The budgets of the proforma's leading carrier, the matter's whole first."""

    lines: tuple[BudgetLine, ...]
    may_set: bool


def proforma_budgets(session: Session, actor: Actor, *, proforma_id: int) -> ProformaBudgets:
    """Return the budgets in force beside what the lines that bill take of each.

    Raises:
        NotFoundError: there is no such proforma, or it is another attorney's.
    """
    proforma = seen_proforma(session, actor, proforma_id)
    payors = in_force(load_payors(session, [proforma.matter_id]).get(proforma.matter_id, []), proforma.period_end)
    carrier_id = payors[0].carrier_id if payors else 0
    budgets = [
        row for row in list_budgets(session, actor, matter_id=proforma.matter_id) if row.carrier_id == carrier_id
    ]
    stored = lines_of(session, proforma_id) if budgets else []
    lines = [line for line in stored if line.treatment is LineTreatment.BILL]
    rows = [
        BudgetLine(
            row, total(line.billed_amount for line in lines if _fact(row).covers(line.task_code, line.worked_on))
        )
        for row in budgets
    ]
    may_set = proforma.status in EDITABLE and may_grant(session, actor, proforma.matter_id)
    return ProformaBudgets(tuple(rows), may_set)


def set_proforma_budget(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, approval: Approval
) -> Proforma:
    """Record what the proforma's leading carrier approved, and check the proforma again; others at their next check.

    Raises:
        InvalidInputError, DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was saved.
    """
    proforma = _open(session, actor, proforma_id, expected_version)
    payor, _ = leading_carrier(session, proforma)
    budget = set_budget(
        session,
        actor,
        matter_id=proforma.matter_id,
        carrier_id=payor.carrier_id,
        amount=approval.amount,
        approved_on=approval.approved_on,
        code=approval.code,
        work_from=approval.work_from,
        work_to=approval.work_to,
        reference=approval.reference,
    )
    _check_again(session, actor, proforma, "proforma:budget_set", budget.code, budget.amount)
    return proforma


def take_back_proforma_budget(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, budget_id: int
) -> Proforma:
    """Take a budget of the proforma's matter out of force, and check the proforma again.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    proforma = _open(session, actor, proforma_id, expected_version)
    if budget_id not in {row.id for row in list_budgets(session, actor, matter_id=proforma.matter_id)}:
        message = "This budget is not in force for the matter any more. Nothing was changed; look again."
        raise WrongStateError(message, budget_id=budget_id)
    budget = revoke_budget(session, actor, budget_id=budget_id)
    _check_again(session, actor, proforma, "proforma:budget_taken_back", budget.code, budget.amount)
    return proforma


def _open(session: Session, actor: Actor, proforma_id: int, expected_version: int) -> Proforma:
    proforma = visible_proforma(session, actor, proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_open(proforma, expected_version)
    return proforma


def _check_again(session: Session, actor: Actor, proforma: Proforma, tag: str, code: str, amount: Decimal) -> None:
    proforma_id = row_id(proforma)
    settle(session, proforma, lines_of(session, proforma_id))
    who = acting(session, actor, proforma)
    audit.record(session, who, tag, "proforma", proforma_id, code=code, amount=as_dollars(amount))


def _fact(row: BudgetRow) -> ApprovedBudget:
    return ApprovedBudget(code=row.code, amount=row.amount, work_from=row.work_from, work_to=row.work_to)
