"""Steps of approval that wait, as an administrator sees them, and asking somebody else for one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.clock import now
from core.errors import WrongStateError
from models import Matter, Proforma, ProformaApproval, User
from models.enums import ApprovalStatus, ApproverKind, ProformaStatus, Role
from services import audit, lifecycle
from services.access import require
from services.actor import Actor
from services.review.approval_steps import live_steps
from services.review.people import check_person, name_of
from services.review.review_notices import ask_approvers
from services.row_ids import row_id

_MOST = 200
_OPEN = frozenset({ApprovalStatus.PENDING, ApprovalStatus.WAITING})


@dataclass(frozen=True)
class StepRow:
    """One step of a proforma's approval; without a name any administrator gives it."""

    id: int
    version: int
    proforma_id: int
    matter_number: str
    amount: Decimal
    stage: int
    kind: ApproverKind
    approver_name: str
    is_reviewer: bool
    status: ApprovalStatus
    asked_at: datetime | None
    given_at: datetime | None
    given_by: str
    note: str


def waiting_steps(session: Session, actor: Actor) -> list[StepRow]:
    """Return the steps that wait besides the attorneys' own, the longest waiting first."""
    require(actor, Role.ADMIN, what="Listing whose approval is asked for")
    waits = (col(ProformaApproval.status) == ApprovalStatus.WAITING) & col(ProformaApproval.is_reviewer).is_(False)
    with_people = col(Proforma.status).in_((ProformaStatus.IN_REVIEW, ProformaStatus.IN_APPROVAL))
    statement = _steps().where(waits, with_people).order_by(col(ProformaApproval.asked_at)).limit(_MOST)
    return [_row(*found) for found in session.execute(statement)]


def steps_of(session: Session, proforma_id: int) -> list[StepRow]:
    """Return the steps of a proforma by stage, for who may see it; the void ones are left out."""
    return [_row(*found) for found in session.execute(_of_one(), {"key": proforma_id})]


def pass_on_step(
    session: Session, actor: Actor, *, step_id: int, expected_version: int, to_id: int, note: str
) -> ProformaApproval:
    """Let an administrator ask somebody else for a step that waits.

    Raises:
        DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    require(actor, Role.ADMIN, what="Asking somebody else to approve")
    step: ProformaApproval = lifecycle.get(session, ProformaApproval, step_id)
    session.refresh(step, with_for_update=True)
    lifecycle.check_version(step, expected_version)
    if step.status not in _OPEN or step.is_reviewer:
        raise WrongStateError("This step does not wait for anybody. Nothing was changed; look at it again.")
    proforma: Proforma = lifecycle.get(session, Proforma, step.proforma_id)
    check_person(session, to_id, Role.ATTORNEY, Role.ADMIN, as_what="approve")
    others = {one.given_by_id for one in live_steps(session, [step.proforma_id])} | {proforma.reviewer_id}
    if to_id in others:
        message = f"{name_of(session, to_id)} approves it already. Nothing was changed; choose somebody else."
        raise WrongStateError(message, step_id=step_id)
    before, step.approver_id, step.approver_kind = step.approver_id, to_id, ApproverKind.PERSON
    step.version, step.asked_at = step.version + 1, now() if step.status is ApprovalStatus.WAITING else None
    session.flush()
    audit.record(
        session, actor, "proforma:step_passed_on", "proforma", step.proforma_id, note=note, stage=step.stage,
        to_id=to_id, former_id=before,
    )  # fmt: skip
    ask_approvers(session, [step] if step.asked_at else [])
    return step


def _steps() -> Select[*tuple[Any, ...]]:
    asked, giver = aliased(User), aliased(User)
    return (
        select(ProformaApproval, col(Matter.number), col(Proforma.billed_amount), col(asked.name), col(giver.name))
        .join(Proforma, col(Proforma.id) == col(ProformaApproval.proforma_id))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .outerjoin(asked, col(asked.id) == col(ProformaApproval.approver_id))
        .outerjoin(giver, col(giver.id) == col(ProformaApproval.given_by_id))
    )


@cache
def _of_one() -> Select[*tuple[Any, ...]]:
    mine = col(ProformaApproval.proforma_id) == bindparam("key")
    stands = col(ProformaApproval.status) != ApprovalStatus.VOID
    return _steps().where(mine, stands).order_by(col(ProformaApproval.stage), col(ProformaApproval.id))


def _row(step: ProformaApproval, number: str, amount: Decimal, asked: str | None, giver: str | None) -> StepRow:
    return StepRow(
        row_id(step), step.version, step.proforma_id, number, amount, step.stage, step.approver_kind, asked or "",
        step.is_reviewer, step.status, step.asked_at, step.given_at, giver or "", step.note,
    )  # fmt: skip
