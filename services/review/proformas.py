"""Proformas: the review queue, one proforma with all its values, and the verbs of its review."""

from datetime import date
from typing import Any

from sqlmodel import Session

from models import Proforma
from services import lifecycle
from services.actor import Actor
from services.billing.matter_holds import check_wake_day
from services.billing.waking import forget_hold
from services.review.approval_steps import reopen_steps
from services.review.approving import ApproveAllResult, Skipped, approve_clean, approve_proforma
from services.review.proforma_queries import (
    ProformaDetail,
    ProformaFilter,
    ProformaRow,
    get_proforma,
    list_proformas,
    visible_proforma,
)
from services.review.proposals import end_changes
from services.review.returning import return_proforma
from services.review.returns import drop_returns
from services.review.reviewers import acting
from services.review.sending import begin_reviews, leave_review, send_to_review, wait_from_now
from services.review.splits import end_splits

__all__ = [
    "ApproveAllResult",
    "ProformaDetail",
    "ProformaFilter",
    "ProformaRow",
    "Skipped",
    "approve_clean",
    "approve_proforma",
    "get_proforma",
    "hold_proforma",
    "list_proformas",
    "reopen_proforma",
    "resume_proforma",
    "return_proforma",
    "send_to_review",
    "void_proforma",
]

_LONGEST_REASON = 500


def reopen_proforma(session: Session, actor: Actor, *, proforma_id: int, expected_version: int) -> Proforma:
    """Take the responsible attorney's approval back; what others approved holds while nothing of it changes."""
    proforma = _apply(session, actor, proforma_id, "reopen", expected_version)
    who = acting(session, actor, proforma)
    reopen_steps(session, who, proforma)
    if not who.stands_for(proforma.reviewer_id):
        # An attorney who takes the own approval back goes on as before; whom billing asks again is told.
        wait_from_now(session, actor, [proforma_id])
    return proforma


def hold_proforma(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    expected_version: int,
    note: str = "",
    until: date | None = None,
) -> Proforma:
    """Put a whole proforma aside, until a day or until somebody resumes it; one that is held may get another day.

    Raises:
        InvalidInputError: the day is not to come.
        DeniedError, StaleVersionError, WrongStateError: as in `lifecycle.apply`.
    """
    check_wake_day(until)
    day = {"until": until.isoformat()} if until else {}
    proforma = _apply(session, actor, proforma_id, "hold", expected_version, note, **day)
    proforma.held_until, proforma.hold_reason = until, note.strip()[:_LONGEST_REASON]
    proforma.held_by_id = actor.user_id
    session.flush()
    leave_review(session, actor, [proforma_id], ends_steps=True)
    return proforma


def resume_proforma(session: Session, actor: Actor, *, proforma_id: int, expected_version: int) -> Proforma:
    """Go on with the review of a held proforma."""
    proforma = _apply(session, actor, proforma_id, "resume", expected_version)
    forget_hold(proforma)
    session.flush()
    begin_reviews(session, actor, [proforma_id])
    return proforma


def void_proforma(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str = ""
) -> Proforma:
    """Void a proforma; its entries are free for the next run."""
    proforma = _apply(session, actor, proforma_id, "void", expected_version, note)
    end_splits(session, actor, [proforma_id])
    end_changes(session, actor, [proforma_id])
    leave_review(session, actor, [proforma_id], ends_steps=True)
    drop_returns(session, [proforma_id])
    return proforma


def _apply(
    session: Session,
    actor: Actor,
    proforma_id: int,
    verb: str,
    expected_version: int,
    note: str = "",
    **data: Any,  # noqa: ANN401 -- JSON values for the audit event
) -> Proforma:
    proforma = visible_proforma(session, actor, proforma_id)
    who = acting(session, actor, proforma)
    lifecycle.apply(session, who, proforma, verb, note, expected_version=expected_version, **data)
    return proforma
