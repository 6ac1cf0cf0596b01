"""Standing permission to act for an attorney who is there, on all matters or on one, until revoked or run out."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError
from models import Delegation, Matter, User
from models.enums import Role, TermStatus
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.review.people import check_person, name_of
from services.row_ids import row_id

_NOTE = 500


@dataclass(frozen=True)
class DelegationRow:
    """One delegation with its people; without a matter it is of all of them."""

    id: int
    version: int
    principal_id: int
    principal_name: str
    delegate_id: int
    delegate_name: str
    matter_number: str
    can_approve: bool
    until_on: date | None
    note: str


def grant_delegation(
    session: Session,
    actor: Actor,
    *,
    delegate_id: int,
    matter_number: str = "",
    can_approve: bool = True,
    until_on: date | None = None,
    note: str = "",
) -> Delegation:
    """Let another attorney act for the actor: see and prepare, and with `can_approve` decide.

    Raises:
        DeniedError: the actor is no attorney.
        InvalidInputError: the person, the matter or the day cannot be, or the person may already.
    """
    require(actor, Role.ATTORNEY, what="Letting somebody act for you")
    me = person_id(actor)
    if delegate_id == me:
        raise InvalidInputError("You act for yourself anyway. Nothing was changed; choose another attorney.")
    check_person(session, delegate_id, Role.ATTORNEY, as_what="act for an attorney")
    if until_on is not None and until_on < today():
        raise InvalidInputError("The last day has passed. Nothing was changed; give a later one, or none.")
    matter = _own_matter(session, me, matter_number)
    _check_new(session, me, delegate_id, matter)
    delegation = Delegation(
        principal_id=me,
        delegate_id=delegate_id,
        matter_id=row_id(matter) if matter else None,
        can_approve=can_approve,
        until_on=until_on,
        note=note.strip()[:_NOTE],
        granted_by_id=me,
        granted_at=now(),
    )
    session.add(delegation)
    session.flush()
    audit.record(
        session, actor, "delegation:granted", "delegation", row_id(delegation), delegate_id=delegate_id,
        matter=matter.number if matter else "", can_approve=can_approve,
        until_on=until_on.isoformat() if until_on else "",
    )  # fmt: skip
    return delegation


def revoke_delegation(session: Session, actor: Actor, *, delegation_id: int, expected_version: int) -> Delegation:
    """End a delegation at once: by who gave it, who has it, or an administrator.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    delegation: Delegation = lifecycle.get(session, Delegation, delegation_id)
    if actor.user_id not in (delegation.principal_id, delegation.delegate_id) and not actor.has(Role.ADMIN):
        raise DeniedError("It is neither yours nor given to you. Nothing was changed.")
    facts = {"principal_id": delegation.principal_id, "delegate_id": delegation.delegate_id}
    lifecycle.apply(session, actor, delegation, "revoke", "", expected_version=expected_version, people=facts)
    return delegation


def list_delegations(session: Session, actor: Actor, *, of_everybody: bool = False) -> list[DelegationRow]:
    """Return delegations in force: those that the actor gave or has; all, for an administrator."""
    me = person_id(actor)
    giver, taker = aliased(User), aliased(User)
    lasts = or_(col(Delegation.until_on).is_(None), col(Delegation.until_on) >= today())
    statement = (
        select(Delegation, col(giver.name), col(taker.name), col(Matter.number))
        .join(giver, col(giver.id) == col(Delegation.principal_id))
        .join(taker, col(taker.id) == col(Delegation.delegate_id))
        .outerjoin(Matter, col(Matter.id) == col(Delegation.matter_id))
        .where(col(Delegation.status) == TermStatus.IN_FORCE, lasts)
        .order_by(col(giver.name), col(Delegation.id))
    )
    if not (of_everybody and actor.has(Role.ADMIN)):
        statement = statement.where(or_(col(Delegation.principal_id) == me, col(Delegation.delegate_id) == me))
    return [_row(delegation, *names) for delegation, *names in session.execute(statement)]


def _own_matter(session: Session, me: int, number: str) -> Matter | None:
    if not number.strip():
        return None
    mine = (col(Matter.number) == number.strip()) & (col(Matter.responsible_attorney_id) == me)
    found = session.scalars(select(Matter).where(mine)).first()
    if found is None:
        raise InvalidInputError(f"{number.strip()} is no matter of yours. Nothing was changed; look at the number.")
    return found


def _check_new(session: Session, me: int, delegate_id: int, matter: Matter | None) -> None:
    matter_id = row_id(matter) if matter else None
    same = col(Delegation.matter_id).is_(None) if matter_id is None else col(Delegation.matter_id) == matter_id
    known = select(col(Delegation.id)).where(
        col(Delegation.principal_id) == me,
        col(Delegation.delegate_id) == delegate_id,
        col(Delegation.status) == TermStatus.IN_FORCE,
        or_(col(Delegation.until_on).is_(None), col(Delegation.until_on) >= today()),
        same,
    )
    if session.scalars(known.limit(1)).first() is not None:
        name = name_of(session, delegate_id)
        raise InvalidInputError(f"{name} may do so already. Nothing was changed; revoke it first to change it.")


def _row(delegation: Delegation, principal_name: str, delegate_name: str, matter_number: str | None) -> DelegationRow:
    return DelegationRow(
        row_id(delegation), delegation.version, delegation.principal_id, principal_name, delegation.delegate_id,
        delegate_name, matter_number or "", delegation.can_approve, delegation.until_on, delegation.note,
    )  # fmt: skip
