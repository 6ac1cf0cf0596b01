"""Approving a proforma: as its responsible attorney, in that attorney's place, or as a step that the rules ask for.

One door for all three: whoever presses the same button gives what waits for that person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import BillingError, DeniedError, InvalidInputError
from core.money import as_dollars
from models import Proforma, ProformaFinding
from models.enums import FindingAction, ProformaStatus, Role
from services import lifecycle
from services.access import require
from services.actor import Actor
from services.review.approval_rules import rules_in_force
from services.review.approval_steps import follow, give_own, give_step, live_steps
from services.review.people import name_of
from services.review.proforma_queries import visible_proforma
from services.review.proposals import with_waiting_changes
from services.review.review_notices import settle_waiting
from services.review.review_policy import check_cap
from services.review.reviewers import Part, Right, Standing, right_in, right_of, standing_of
from services.review.sending import leave_review
from services.review.splits import with_waiting_splits
from services.row_ids import row_id

_WAITS = "A question about one of its lines waits for the timekeeper; open it to approve it as it stands."
_NOT_YOURS = "It is not yours to approve."


@dataclass(frozen=True)
class Skipped:
    """A proforma that approve-all left alone, and why, as a sentence."""

    proforma_id: int
    reason: str


@dataclass(frozen=True)
class ApproveAllResult:
    """What approve-all did: ids approved, those of them that wait for further approvers, each one skipped with why.

    `versions` are of those that the actor may take back, as they are now.
    """

    approved: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    go_on: tuple[int, ...] = ()
    versions: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


def approve_proforma(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str = ""
) -> Proforma:
    """Give the approval that waits for the actor; over a blocking finding only with a note that says why.

    Raises:
        InvalidInputError: a guideline blocks a line and no note says why it is billed all the same.
        DeniedError: it is not this person's to approve.
        NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    proforma = visible_proforma(session, actor, proforma_id)
    blocking = _blocking(session, proforma_id)
    if blocking and not note.strip():
        message = (
            f"The carrier's guidelines block {blocking} of its lines. It was not approved; "
            "correct them, or say in a note who at the carrier allowed it."
        )
        raise InvalidInputError(message, proforma_id=proforma_id)
    session.refresh(proforma, with_for_update=True)
    lifecycle.check_version(proforma, expected_version)
    _approve(session, actor, proforma, right_of(session, actor, proforma), note)
    return proforma


def approve_clean(session: Session, actor: Actor, *, seen: Mapping[int, int], cap_amount: Decimal) -> ApproveAllResult:
    """Approve each proforma of `seen` (id -> version shown) that is unchanged, without findings and within the cap.

    `cap_amount` is in dollars, for all of them together, in the order given, within the firm's own. Nothing skipped is
    changed. Those that wait for the actor by substitution, delegation, a forward or a step are approved as such.

    Raises:
        DeniedError: the actor is neither attorney nor administrator.
        InvalidInputError: the cap is none.
    """
    require(actor, Role.ATTORNEY, Role.ADMIN, what="Approving proformas")
    left = check_cap(session, cap_amount)
    found = _locked(session, seen)
    waiting = with_waiting_splits(session, list(seen)) | with_waiting_changes(session, list(seen))
    standing, has_steps = standing_of(session, actor), bool(rules_in_force(session) or live_steps(session, list(seen)))
    approved: list[int] = []
    skipped: list[Skipped] = []
    decided: list[int] = []
    for proforma_id, version in seen.items():
        proforma = found.get(proforma_id)
        right = _right_to(standing, actor, proforma)
        reason = _reason_to_skip(standing, right, proforma, version, left) or (_WAITS if proforma_id in waiting else "")
        if not reason and proforma is not None:
            reason = _try(session, actor, proforma, right, has_steps=has_steps)
        if reason or proforma is None:
            skipped.append(Skipped(proforma_id, reason))
            continue
        left -= proforma.billed_amount
        approved.append(proforma_id)
        decided += [proforma_id] if right is not None and right.may_decide else []
    if not has_steps:
        leave_review(session, actor, approved)
    go_on = tuple(one for one in approved if found[one].status is not ProformaStatus.APPROVED)
    versions = {proforma_id: found[proforma_id].version for proforma_id in decided}
    return ApproveAllResult(tuple(approved), tuple(skipped), go_on, versions)


def _approve(
    session: Session,
    actor: Actor,
    proforma: Proforma,
    right: Right | None,
    note: str = "",
    **data: Any,  # noqa: ANN401 -- JSON values for the audit event
) -> None:
    is_in_review = proforma.status is ProformaStatus.IN_REVIEW
    if is_in_review and right is not None and right.may_decide:
        _approve_as_reviewer(session, _acting(actor, right), proforma, note, **data)
    elif proforma.status is ProformaStatus.IN_APPROVAL or (right is not None and right.part is Part.APPROVER):
        settle_waiting(session, [row_id(proforma)], user_id=actor.user_id)
        give_step(session, actor, proforma, note=note)
        if proforma.status is ProformaStatus.APPROVED:
            leave_review(session, actor, [row_id(proforma)])
    elif is_in_review and right is not None and right.may_review:
        owner = name_of(session, proforma.reviewer_id)
        message = f"You may prepare it, {owner} approves it. Nothing was changed; give it back when it is ready."
        raise DeniedError(message, proforma_id=proforma.id)
    else:
        lifecycle.apply(session, actor, proforma, "approve", note)


def _approve_as_reviewer(
    session: Session,
    actor: Actor,
    proforma: Proforma,
    note: str,
    **data: Any,  # noqa: ANN401 -- JSON values for the audit event
) -> None:
    steps = follow(session, proforma)
    lifecycle.apply(session, actor, proforma, "approve_first" if steps else "approve", note, **data)
    # What was told of its review is settled before the next approvers are told.
    leave_review(session, actor, [row_id(proforma)])
    if steps:
        give_own(session, actor, proforma, steps, note)


def _try(session: Session, actor: Actor, proforma: Proforma, right: Right | None, *, has_steps: bool) -> str:
    """Approve one of many; return why it could not be, '' when it was. Nothing is written before a refusal."""
    try:
        if has_steps or right is None:
            _approve(session, actor, proforma, right, approved_in_bulk=True)
        else:
            lifecycle.apply(session, _acting(actor, right), proforma, "approve", approved_in_bulk=True)
    except BillingError as refused:
        return refused.user_message
    return ""


def _acting(actor: Actor, right: Right) -> Actor:
    return actor if right.for_id is None else replace(actor, on_behalf_of_id=right.for_id)


def _locked(session: Session, seen: Mapping[int, int]) -> dict[int | None, Proforma]:
    statement = select(Proforma).where(col(Proforma.id).in_(seen)).order_by(col(Proforma.id)).with_for_update()
    return {one.id: one for one in session.scalars(statement.execution_options(populate_existing=True))}


def _right_to(standing: Standing, actor: Actor, proforma: Proforma | None) -> Right | None:
    if proforma is None:
        return None
    return right_in(standing, actor, row_id(proforma), proforma.reviewer_id, proforma.matter_id)


def _blocking(session: Session, proforma_id: int) -> int:
    statement = select(col(ProformaFinding.proforma_line_id)).where(
        col(ProformaFinding.proforma_id) == proforma_id, col(ProformaFinding.action) == FindingAction.BLOCK
    )
    return len(set(session.scalars(statement)))


def _reason_to_skip(
    standing: Standing, right: Right | None, proforma: Proforma | None, version: int, left: Decimal
) -> str:
    if proforma is None or right is None or right.part is Part.TEAM_LEAD:
        return _NOT_YOURS
    is_asked = row_id(proforma) in standing.steps
    waits = (proforma.status is ProformaStatus.IN_REVIEW and (right.may_decide or is_asked)) or (
        proforma.status is ProformaStatus.IN_APPROVAL and is_asked
    )
    amount = proforma.billed_amount
    reasons = {
        "It changed since it was shown to you.": proforma.version != version,
        "You may prepare it; its responsible attorney approves it.": (
            proforma.status is ProformaStatus.IN_REVIEW and not waits
        ),
        f"It is {proforma.status.value.replace('_', ' ')}, not in review.": not waits,
        f"{proforma.finding_count} findings want your eyes.": proforma.finding_count > 0,
        "Nothing is left to bill on it.": amount <= 0,
        f"Its {as_dollars(amount)} would pass the cap for approving at once.": amount > left,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
