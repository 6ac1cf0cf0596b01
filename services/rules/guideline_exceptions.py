"""Permissions of a carrier's handlers: recorded with who, when and for which work, quoted on lines, never changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from guidelines.exceptions import GrantedException
from models import Carrier, GuidelineException, Matter, Timekeeper, User
from models.enums import Role
from services import audit, lifecycle
from services.access import person_id, sees_all_matters
from services.actor import Actor
from services.review.reviewers import may_decide_on_matter
from services.row_ids import row_id

_GRANTERS = (Role.ADMIN, Role.BILLER)
_LENGTHS = {"handler": 120, "reference": 255, "note": 500}


@dataclass(frozen=True)
class PermissionRow:
    """One permission in a list; names are '' where it holds for all."""

    id: int
    carrier_name: str
    rule: str
    matter_number: str
    timekeeper_name: str
    work_from: date | None
    work_to: date | None
    limit: Decimal | None
    handler: str
    granted_on: date
    reference: str
    note: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Permissions:
    """The permissions in force, by carrier id, and the row behind each."""

    by_carrier: Mapping[int, tuple[GrantedException, ...]] = field(default_factory=dict)
    ids: Mapping[tuple[int, GrantedException], int] = field(default_factory=dict)

    def of(self, carrier_id: int) -> tuple[GrantedException, ...]:
        """Return a carrier's permissions, the oldest first."""
        return self.by_carrier.get(carrier_id, ())

    def id_of(self, carrier_id: int, permission: GrantedException | None) -> int | None:
        """Return the id of a permission that a finding quotes."""
        return None if permission is None else self.ids.get((carrier_id, permission))


def grant_exception(  # noqa: PLR0913 -- one argument a fact of the permission
    session: Session,
    actor: Actor,
    *,
    carrier_id: int,
    rule: str,
    handler: str,
    granted_on: date,
    matter_id: int | None = None,
    timekeeper_id: int | None = None,
    work_from: date | None = None,
    work_to: date | None = None,
    limit: Decimal | None = None,
    reference: str = "",
    note: str = "",
) -> GuidelineException:
    """Record what a carrier's handler allowed; `rule` is the id or kind of the rules that it lifts.

    Raises:
        DeniedError: the actor is neither billing, an administrator, nor the attorney of the one matter named.
        InvalidInputError: no handler or rule, a day that is not yet, a span that ends before it begins.
    """
    _check_may(session, actor, matter_id)
    texts = {name: text.strip() for name, text in {"handler": handler, "reference": reference, "note": note}.items()}
    _check_facts(rule, texts, granted_on, (work_from, work_to), limit)
    lifecycle.get(session, Carrier, carrier_id)
    permission = GuidelineException(
        carrier_id=carrier_id,
        rule=rule,
        matter_id=matter_id,
        timekeeper_id=timekeeper_id,
        work_from=work_from,
        work_to=work_to,
        limit_value=limit,
        granted_on=granted_on,
        created_by_id=person_id(actor),
        created_at=now(),
        handler=texts["handler"],
        reference=texts["reference"],
        note=texts["note"],
    )
    session.add(permission)
    session.flush()
    _record(session, actor, permission, "guideline_exception:granted")
    return permission


def revoke_exception(session: Session, actor: Actor, *, exception_id: int, note: str = "") -> GuidelineException:
    """Take a permission out of force; what was billed under it keeps quoting it.

    Raises:
        DeniedError: as in `grant_exception`.
        WrongStateError: it was revoked before.
    """
    permission: GuidelineException = lifecycle.get(session, GuidelineException, exception_id)
    _check_may(session, actor, permission.matter_id)
    session.refresh(permission, with_for_update=True)
    if permission.revoked_at is not None:
        raise WrongStateError("This permission was taken back before. Nothing was changed.")
    permission.revoked_at, permission.revoked_by_id = now(), person_id(actor)
    session.flush()
    _record(session, actor, permission, "guideline_exception:revoked", note=note)
    return permission


def list_exceptions(
    session: Session, actor: Actor, *, carrier_id: int | None = None, matter_id: int | None = None, limit: int = 200
) -> list[PermissionRow]:
    """Return permissions, the newest first; an attorney sees those of all matters and of their own."""
    statement = (
        select(GuidelineException, col(Carrier.name), Matter, Timekeeper, col(User.name))
        .join(Carrier, col(Carrier.id) == col(GuidelineException.carrier_id))
        .join(User, col(User.id) == col(GuidelineException.created_by_id))
        .outerjoin(Matter, col(Matter.id) == col(GuidelineException.matter_id))
        .outerjoin(Timekeeper, col(Timekeeper.id) == col(GuidelineException.timekeeper_id))
        .order_by(col(GuidelineException.id).desc())
        .limit(limit)
    )
    if carrier_id is not None:
        statement = statement.where(col(GuidelineException.carrier_id) == carrier_id)
    if matter_id is not None:
        statement = statement.where(col(GuidelineException.matter_id) == matter_id)
    if not sees_all_matters(actor):
        theirs = col(Matter.responsible_attorney_id) == actor.user_id
        statement = statement.where(col(GuidelineException.matter_id).is_(None) | theirs)
    return [_row(*found) for found in session.execute(statement)]


def load_permissions(session: Session, carrier_ids: Collection[int]) -> Permissions:
    """Return the permissions in force of these carriers, in one statement."""
    by_carrier: dict[int, list[GrantedException]] = {}
    ids: dict[tuple[int, GrantedException], int] = {}
    for found, matter, timekeeper in session.execute(_in_force(), {"carrier_ids": list(carrier_ids)}):
        granted = _granted(found, matter or "", timekeeper or "")
        by_carrier.setdefault(found.carrier_id, []).append(granted)
        ids[found.carrier_id, granted] = row_id(found)
    return Permissions({carrier: tuple(granted) for carrier, granted in by_carrier.items()}, ids)


# Asked at every edit, so it is built once.
@cache
def _in_force() -> Select[*tuple[Any, ...]]:
    theirs = col(GuidelineException.carrier_id).in_(bindparam("carrier_ids", expanding=True))
    return (
        select(GuidelineException, col(Matter.number), col(Timekeeper.code))
        .outerjoin(Matter, col(Matter.id) == col(GuidelineException.matter_id))
        .outerjoin(Timekeeper, col(Timekeeper.id) == col(GuidelineException.timekeeper_id))
        .where(theirs, col(GuidelineException.revoked_at).is_(None))
        .order_by(col(GuidelineException.id))
    )


def may_grant(session: Session, actor: Actor, matter_id: int | None) -> bool:
    """Whether the actor may record a permission: billing and administrators any, an attorney for an own matter."""
    if actor.has(*_GRANTERS):
        return True
    matter = session.get(Matter, matter_id) if matter_id is not None else None
    return matter is not None and may_decide_on_matter(session, actor, matter)


def _check_may(session: Session, actor: Actor, matter_id: int | None) -> None:
    if not may_grant(session, actor, matter_id):
        message = (
            "Permissions are recorded by billing and administrators, and by an attorney for one matter of their own. "
            "Nothing was changed."
        )
        raise DeniedError(message, matter_id=matter_id)


def _check_facts(
    rule: str,
    texts: Mapping[str, str],
    granted_on: date,
    work: tuple[date | None, date | None],
    limit: Decimal | None,
) -> None:
    if not rule.strip() or not texts["handler"]:
        raise InvalidInputError("Say which rule, and who at the carrier allowed it. Nothing was saved.")
    for name, text in texts.items():
        if len(text) > _LENGTHS[name]:
            raise InvalidInputError(f"The {name} has more than {_LENGTHS[name]} characters. Nothing was saved.")
    if granted_on > today():
        raise InvalidInputError("The day it was allowed is not yet. Nothing was saved; give the day of the e-mail.")
    start, end = work
    if start and end and end < start:
        raise InvalidInputError("It would end before it begins. Nothing was saved; correct the days.")
    if limit is not None and limit <= 0:
        raise InvalidInputError("A limit is more than nothing. Nothing was saved; leave it empty for none.")


def _record(session: Session, actor: Actor, permission: GuidelineException, tag: str, *, note: str = "") -> None:
    audit.record(
        session,
        actor,
        tag,
        "guideline_exception",
        row_id(permission),
        note=note or permission.note,
        carrier_id=permission.carrier_id,
        rule=permission.rule,
        matter_id=permission.matter_id,
        timekeeper_id=permission.timekeeper_id,
        handler=permission.handler,
        granted_on=permission.granted_on.isoformat(),
    )


def _granted(found: GuidelineException, matter: str, timekeeper: str) -> GrantedException:
    return GrantedException(
        rule=found.rule,
        handler=found.handler,
        granted_on=found.granted_on,
        matter=matter,
        timekeeper_id=timekeeper,
        work_from=found.work_from,
        work_to=found.work_to,
        limit=found.limit_value,
        reference=found.reference,
    )


def _row(
    found: GuidelineException, carrier: str, matter: Matter | None, who: Timekeeper | None, creator: str
) -> PermissionRow:
    return PermissionRow(
        id=row_id(found),
        carrier_name=carrier,
        rule=found.rule,
        matter_number=matter.number if matter else "",
        timekeeper_name=who.ledes_name if who else "",
        work_from=found.work_from,
        work_to=found.work_to,
        limit=found.limit_value,
        handler=found.handler,
        granted_on=found.granted_on,
        reference=found.reference,
        note=found.note,
        created_by=creator,
        created_at=found.created_at,
        revoked_at=found.revoked_at,
    )
