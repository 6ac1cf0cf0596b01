"""One proforma in another attorney's hands for a look; its owner stays responsible and may take it back at any time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import Proforma, ProformaForward, User
from models.enums import ForwardStatus, NoticeKind, ProformaStatus, Role
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.review.people import check_person, name_of
from services.review.proforma_queries import visible_proforma
from services.review.review_notices import Waiting, tell_waiting
from services.review.review_policy import get_policy
from services.review.reviewers import Part, acting, right_of, substitutes
from services.row_ids import row_id

_LENGTH = 1000


@dataclass(frozen=True)
class ForwardRow:
    """One proforma in other hands, or that was: who asked whom, the request and the answer."""

    id: int
    version: int
    proforma_id: int
    from_name: str
    to_id: int
    to_name: str
    can_approve: bool
    note: str
    answer: str
    status: ForwardStatus
    forwarded_at: datetime


def forward_proforma(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    expected_version: int,
    to_id: int,
    note: str,
    with_authority: bool = False,
) -> ProformaForward:
    """Ask another attorney to look at a proforma; `with_authority` lets that attorney approve or return it, too.

    Raises:
        InvalidInputError: no note, or nobody who could look at it.
        WrongStateError: it is not in review, or with somebody already.
        DeniedError, NotFoundError, StaleVersionError: nothing was changed.
    """
    proforma = visible_proforma(session, actor, proforma_id)
    session.refresh(proforma, with_for_update=True)
    lifecycle.check_version(proforma, expected_version)
    who = _check_may_hand_on(session, actor, proforma)
    if proforma.status is not ProformaStatus.IN_REVIEW:
        word = proforma.status.value.replace("_", " ")
        raise WrongStateError(f"It is {word}, so there is nothing to look at for you. Nothing was changed.")
    _check_request(session, actor, proforma, to_id, note, with_authority=with_authority)
    forward = ProformaForward(
        proforma_id=proforma_id,
        owner_id=proforma.reviewer_id,
        from_id=person_id(actor),
        to_id=to_id,
        can_approve=with_authority,
        note=note.strip()[:_LENGTH],
        forwarded_at=now(),
    )
    session.add(forward)
    # What somebody has on the screen is told from what it is now by the version.
    proforma.version += 1
    session.flush()
    _record(session, who, "proforma:forwarded", forward, forward.note, to_id=to_id, can_approve=with_authority)
    _tell(session, forward, to_id)
    return forward


def give_back(session: Session, actor: Actor, *, forward_id: int, expected_version: int, note: str) -> ProformaForward:
    """Give a proforma back to its owner, with the answer.

    Raises:
        DeniedError: it was forwarded to somebody else.
        InvalidInputError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    forward: ProformaForward = lifecycle.get(session, ProformaForward, forward_id)
    if forward.to_id != actor.user_id:
        raise DeniedError("Only whom it was forwarded to gives it back. Nothing was changed.")
    lifecycle.apply(session, actor, forward, "give_back", note, expected_version=expected_version)
    forward.answer, forward.ended_at = note.strip()[:_LENGTH], now()
    session.flush()
    _record(session, actor, "proforma:given_back", forward, forward.answer)
    _tell(session, forward, forward.owner_id, ending="-back")
    return forward


def take_back(session: Session, actor: Actor, *, forward_id: int, expected_version: int) -> ProformaForward:
    """Take a proforma back from whom it was forwarded to.

    Raises:
        DeniedError: only its owner, or who acts for the owner.
        NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    forward: ProformaForward = lifecycle.get(session, ProformaForward, forward_id)
    proforma = visible_proforma(session, actor, forward.proforma_id)
    who = _check_may_hand_on(session, actor, proforma)
    lifecycle.apply(session, who, forward, "take_back", expected_version=expected_version)
    forward.ended_at = now()
    session.flush()
    _record(session, who, "proforma:taken_back", forward, "", to_id=forward.to_id)
    return forward


def end_forwards(session: Session, actor: Actor, proforma_ids: Collection[int]) -> int:
    """Let what is in other hands be done with: it was decided, held or voided. Return how many."""
    where = col(ProformaForward.proforma_id).in_(proforma_ids) & (col(ProformaForward.status) == ForwardStatus.OPEN)
    return lifecycle.apply_many(session, actor, ProformaForward, "complete", where)


def forwards_of(
    session: Session, proforma_ids: Collection[int], *, only_open: bool = False
) -> dict[int, list[ForwardRow]]:
    """Return who was asked to look at these proformas, the newest first."""
    found: dict[int, list[ForwardRow]] = {}
    asked = {"proforma_ids": list(proforma_ids)}
    for forward, from_name, to_name in session.execute(_forwards(only_open), asked) if proforma_ids else ():
        found.setdefault(forward.proforma_id, []).append(_row(forward, from_name, to_name))
    return found


@cache
def _forwards(only_open: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 -- a cache's key
    sender, receiver = aliased(User), aliased(User)
    statement = (
        select(ProformaForward, col(sender.name), col(receiver.name))
        .join(sender, col(sender.id) == col(ProformaForward.from_id))
        .join(receiver, col(receiver.id) == col(ProformaForward.to_id))
        .where(col(ProformaForward.proforma_id).in_(bindparam("proforma_ids", expanding=True)))
        .order_by(col(ProformaForward.id).desc())
    )
    return statement.where(col(ProformaForward.status) == ForwardStatus.OPEN) if only_open else statement


def _check_may_hand_on(session: Session, actor: Actor, proforma: Proforma) -> Actor:
    """Return who hands it on: its owner, or who acts in the owner's place but not by a forward."""
    right = right_of(session, actor, proforma)
    if right is None or not right.may_decide or right.part is Part.FORWARDED:
        message = "Only its responsible attorney hands it on, or who stands in for that attorney. Nothing was changed."
        raise DeniedError(message, proforma_id=proforma.id)
    return acting(session, actor, proforma)


def _check_request(
    session: Session, actor: Actor, proforma: Proforma, to_id: int, note: str, *, with_authority: bool
) -> None:
    if not note.strip():
        raise InvalidInputError("Say in a note what to look at. Nothing was forwarded; write one and try again.")
    check_person(session, to_id, Role.ATTORNEY, as_what="look at it")
    if to_id in (proforma.reviewer_id, actor.user_id):
        raise InvalidInputError("It is with this attorney already. Nothing was forwarded; choose somebody else.")
    if to_id in (away := substitutes(session, [to_id])):
        names = name_of(session, to_id), name_of(session, away[to_id])
        message = f"{names[0]} is away, {names[1]} stands in. Nothing was forwarded; choose somebody who is there."
        raise InvalidInputError(message)
    if with_authority and not get_policy(session).rules.can_forward_authority:
        message = "The firm does not let approval be handed on. Nothing was forwarded; ask for a look alone."
        raise InvalidInputError(message)
    if held := forwards_of(session, [row_id(proforma)], only_open=True):
        name = held[row_id(proforma)][0].to_name
        raise WrongStateError(f"{name} looks at it already. Nothing was forwarded; take it back first.")


def _record(
    session: Session,
    actor: Actor,
    tag: str,
    forward: ProformaForward,
    note: str,
    **facts: object,
) -> None:
    audit.record(session, actor, tag, "proforma", forward.proforma_id, note=note, forward_id=forward.id, **facts)


def _tell(session: Session, forward: ProformaForward, person: int, *, ending: str = "") -> None:
    waiting = [Waiting(forward.proforma_id, person, forward.forwarded_at)]
    tell_waiting(session, NoticeKind.PROFORMA_FORWARDED, waiting, ending=ending)


def _row(forward: ProformaForward, from_name: str, to_name: str) -> ForwardRow:
    return ForwardRow(
        row_id(forward),
        forward.version,
        forward.proforma_id,
        from_name,
        forward.to_id,
        to_name,
        forward.can_approve,
        forward.note,
        forward.answer,
        forward.status,
        forward.forwarded_at,
    )
