"""Proformas that come to their attorneys, and leave them again: who waits since when, who is asked, who is told."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select, update
from sqlmodel import Session, col

from core.clock import now
from models import Proforma
from models.enums import NoticeKind, ProformaStatus
from services import lifecycle
from services.actor import Actor
from services.review.approval_steps import begin_steps, end_steps
from services.review.forwards import end_forwards
from services.review.proforma_queries import visible_proforma
from services.review.returns import close_returns
from services.review.review_notices import Waiting, settle_returned, settle_waiting, tell_waiting
from services.row_ids import row_id

_AT_ONCE = 2000


def send_to_review(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, note: str = ""
) -> Proforma:
    """Send a draft, or what was returned and mended, to its attorney; `note` answers what it was returned with.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    proforma = visible_proforma(session, actor, proforma_id)
    lifecycle.apply(session, actor, proforma, "send_to_review", note, expected_version=expected_version)
    close_returns(session, actor, [proforma_id], answer=note)
    begin_reviews(session, actor, [proforma_id])
    return proforma


def send_many_to_review(session: Session, actor: Actor, proforma_ids: Collection[int]) -> int:
    """Send those of the proformas that are with billing to their attorneys; return how many went."""
    return sum(_send_many(session, actor, part) for part in _parts(proforma_ids))


def begin_reviews(session: Session, actor: Actor, proforma_ids: Collection[int]) -> None:
    """Let proformas that came into review wait for their attorneys from now on, and make their steps of approval."""
    if proforma_ids:
        begin_steps(session, wait_from_now(session, actor, proforma_ids))
        settle_returned(session, proforma_ids)


def wait_from_now(session: Session, actor: Actor, proforma_ids: Collection[int]) -> Sequence[Proforma]:
    """Let proformas wait for their attorneys from now on, who are told unless they did it themselves; return them."""
    at = now()
    session.execute(update(Proforma).where(col(Proforma.id).in_(proforma_ids)).values(waiting_since_at=at))
    found = session.scalars(
        select(Proforma).where(col(Proforma.id).in_(proforma_ids)).execution_options(populate_existing=True)
    ).all()
    others = [one for one in found if not actor.stands_for(one.reviewer_id)]
    tell_waiting(session, NoticeKind.PROFORMA_WAITS, [Waiting(row_id(one), one.reviewer_id, at) for one in others])
    return found


def leave_review(session: Session, actor: Actor, proforma_ids: Collection[int], *, ends_steps: bool = False) -> None:
    """End what was asked about proformas that do not wait for their attorneys any more."""
    for part in _parts(proforma_ids):
        end_forwards(session, actor, part)
        if ends_steps:
            end_steps(session, actor, part)
        settle_waiting(session, part)


def _send_many(session: Session, actor: Actor, proforma_ids: Collection[int]) -> int:
    is_with_billing = col(Proforma.status).in_((ProformaStatus.DRAFT, ProformaStatus.RETURNED))
    found = session.scalars(select(col(Proforma.id)).where(col(Proforma.id).in_(proforma_ids), is_with_billing))
    ids = [one for one in found if one is not None]
    count = lifecycle.apply_many(session, actor, Proforma, "send_to_review", col(Proforma.id).in_(ids))
    close_returns(session, actor, ids)
    begin_reviews(session, actor, ids)
    return count


def _parts(proforma_ids: Collection[int]) -> Iterator[Sequence[int]]:
    ids = list(proforma_ids)
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
