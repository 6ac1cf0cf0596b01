"""Proformas: the review queue, one proforma with all its values, and the verbs of its review."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from core.money import as_dollars
from models import Proforma, ProformaFinding
from models.enums import FindingAction, ProformaStatus, Role
from services import lifecycle
from services.access import require
from services.actor import Actor
from services.billing.proforma_queries import (
    ProformaDetail,
    ProformaFilter,
    ProformaRow,
    get_proforma,
    list_for_review,
    list_proformas,
    visible_proforma,
)
from services.billing.splits import end_splits, with_waiting_splits

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
    "list_for_review",
    "list_proformas",
    "reopen_proforma",
    "resume_proforma",
    "return_proforma",
    "send_to_review",
    "void_proforma",
]


_WAITS = "A split of one of its lines waits for the timekeeper; open it to approve it as it stands."


@dataclass(frozen=True)
class Skipped:
    """A proforma that approve-all left alone, and why, as a sentence."""

    proforma_id: int
    reason: str


@dataclass(frozen=True)
class ApproveAllResult:
    """What approve-all did: ids approved, and each one skipped with its reason."""

    approved: tuple[int, ...]
    skipped: tuple[Skipped, ...]


def approve_proforma(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str = ""
) -> Proforma:
    """Approve what the responsible attorney has seen; over a blocking finding only with a note that says why.

    Raises:
        InvalidInputError: a guideline blocks a line and no note says why it is billed all the same.
        DeniedError, StaleVersionError, WrongStateError: as in `lifecycle.apply`.
    """
    proforma = visible_proforma(session, actor, proforma_id)
    blocking = _blocking(session, proforma_id)
    if blocking and not note.strip():
        message = (
            f"The carrier's guidelines block {blocking} of its lines. It was not approved; "
            "correct them, or say in a note who at the carrier allowed it."
        )
        raise InvalidInputError(message, proforma_id=proforma_id)
    lifecycle.apply(session, actor, proforma, "approve", note, expected_version=expected_version)
    return proforma


def approve_clean(session: Session, actor: Actor, *, seen: Mapping[int, int], cap_amount: Decimal) -> ApproveAllResult:
    """Approve each proforma of `seen` (id -> version shown) that is unchanged, without findings and within the cap.

    `cap_amount` is in dollars, for all of them together, in the order given. Nothing skipped is changed.
    """
    require(actor, Role.ATTORNEY, what="Approving proformas")
    found = {
        proforma.id: proforma
        for proforma in session.scalars(
            select(Proforma)
            .where(col(Proforma.id).in_(seen))
            .order_by(col(Proforma.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    waiting = with_waiting_splits(session, list(seen))
    approved: list[int] = []
    skipped: list[Skipped] = []
    left = cap_amount
    for proforma_id, version in seen.items():
        proforma = found.get(proforma_id)
        reason = _reason_to_skip(actor, proforma, version, left) or (_WAITS if proforma_id in waiting else "")
        if reason or proforma is None:
            skipped.append(Skipped(proforma_id, reason))
            continue
        lifecycle.apply(session, actor, proforma, "approve", expected_version=version, approved_in_bulk=True)
        left -= proforma.billed_amount
        approved.append(proforma_id)
    return ApproveAllResult(tuple(approved), tuple(skipped))


def return_proforma(session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str) -> Proforma:
    """Give a proforma back to billing with a note that says what to do."""
    proforma = visible_proforma(session, actor, proforma_id)
    lifecycle.apply(session, actor, proforma, "return_to_billing", note, expected_version=expected_version)
    proforma.return_note = note.strip()
    session.flush()
    return proforma


def send_to_review(session: Session, actor: Actor, *, proforma_id: int, expected_version: int) -> Proforma:
    """Send a draft or a returned proforma to its attorney."""
    return _apply(session, actor, proforma_id, "send_to_review", expected_version)


def reopen_proforma(session: Session, actor: Actor, *, proforma_id: int, expected_version: int) -> Proforma:
    """Take an approval back."""
    return _apply(session, actor, proforma_id, "reopen", expected_version)


def hold_proforma(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str = ""
) -> Proforma:
    """Put a whole proforma aside."""
    return _apply(session, actor, proforma_id, "hold", expected_version, note)


def resume_proforma(session: Session, actor: Actor, *, proforma_id: int, expected_version: int) -> Proforma:
    """Go on with the review of a held proforma."""
    return _apply(session, actor, proforma_id, "resume", expected_version)


def void_proforma(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str = ""
) -> Proforma:
    """Void a proforma; its entries are free for the next run."""
    proforma = _apply(session, actor, proforma_id, "void", expected_version, note)
    end_splits(session, actor, [proforma_id])
    return proforma


def _apply(
    session: Session, actor: Actor, proforma_id: int, verb: str, expected_version: int, note: str = ""
) -> Proforma:
    proforma = visible_proforma(session, actor, proforma_id)
    lifecycle.apply(session, actor, proforma, verb, note, expected_version=expected_version)
    return proforma


def _blocking(session: Session, proforma_id: int) -> int:
    statement = select(col(ProformaFinding.proforma_line_id)).where(
        col(ProformaFinding.proforma_id) == proforma_id, col(ProformaFinding.action) == FindingAction.BLOCK
    )
    return len(set(session.scalars(statement)))


def _reason_to_skip(actor: Actor, proforma: Proforma | None, version: int, left: Decimal) -> str:
    if proforma is None or proforma.reviewer_id != actor.user_id:
        return "It is not yours to approve."
    amount = proforma.billed_amount
    reasons = {
        "It changed since it was shown to you.": proforma.version != version,
        f"It is {proforma.status.value.replace('_', ' ')}, not in review.": (
            proforma.status is not ProformaStatus.IN_REVIEW
        ),
        f"{proforma.finding_count} findings want your eyes.": proforma.finding_count > 0,
        "Nothing is left to bill on it.": amount <= 0,
        f"Its {as_dollars(amount)} would pass the cap for approving at once.": amount > left,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")
