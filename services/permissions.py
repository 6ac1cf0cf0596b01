"""The register of permissions to automate: without an entry a site can be walked through, and nothing is sent there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import InvalidInputError, WrongStateError
from models import Site, SitePermission, User
from models.enums import PermissionBasis, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import get

_WORDS = {PermissionBasis.CARRIER: "allowed by", PermissionBasis.COUNSEL: "terms read by"}


@dataclass(frozen=True)
class PermissionRow:
    """One entry of the register."""

    permission_id: int
    basis: PermissionBasis
    named: str
    given_on: date
    reference: str
    conditions: str
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str


def list_permissions(session: Session, actor: Actor, *, site_id: int) -> list[PermissionRow]:
    """Return a site's entries, the newest first.

    Raises:
        DeniedError: the actor is no admin.
    """
    require(actor, Role.ADMIN, what="The register of permissions")
    statement = (
        select(SitePermission, col(User.name))
        .join(User, col(User.id) == col(SitePermission.recorded_by_id))
        .where(col(SitePermission.site_id) == site_id)
        .order_by(col(SitePermission.id).desc())
    )
    return [_row(entry, name) for entry, name in session.execute(statement)]


def record_permission(
    session: Session,
    actor: Actor,
    *,
    site_id: int,
    basis: PermissionBasis,
    named: str,
    given_on: date,
    reference: str = "",
    conditions: str = "",
) -> int:
    """Enter who allowed automation on a site; return the entry's id. Conditions are for people to keep.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: nobody is named, or the day lies ahead.
        WrongStateError: an entry stands already.
    """
    require(actor, Role.ADMIN, what="Recording a permission")
    if not named.strip():
        raise InvalidInputError("Name who allowed it, or the counsel who read the terms. Nothing was recorded.")
    if given_on > today():
        raise InvalidInputError("The permission is dated after today. Nothing was recorded; correct the day.")
    site = _locked(session, site_id)
    if _standing(session, site_id) is not None:
        raise WrongStateError(f"A permission stands for {site.name}. Withdraw it before you record another.")
    entry = SitePermission(
        site_id=site_id,
        basis=basis,
        named=named.strip()[:120],
        given_on=given_on,
        reference=reference.strip()[:255],
        conditions=conditions.strip()[:500],
        recorded_by_id=person_id(actor),
        recorded_at=now(),
    )
    session.add(entry)
    site.automation_allowed_by = f"{_WORDS[basis].capitalize()} {entry.named}, {given_on:%Y-%m-%d}"
    session.add(site)
    session.flush()
    audit.record(session, actor, "site:permission_recorded", "site", site_id, note=site.automation_allowed_by)
    return entry.id or 0


def withdraw_permission(session: Session, actor: Actor, *, site_id: int, reason: str) -> None:
    """End the permission of a site: nothing more is queued for it until another one is recorded.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: no reason is given.
        WrongStateError: none stands.
    """
    require(actor, Role.ADMIN, what="Withdrawing a permission")
    if not reason.strip():
        raise InvalidInputError("Withdrawing a permission needs a reason. Nothing was changed; write one.")
    site = _locked(session, site_id)
    entry = _standing(session, site_id)
    if entry is None and not site.automation_allowed_by:
        raise WrongStateError(f"No permission stands for {site.name}. Nothing was changed.")
    if entry is not None:
        entry.withdrawn_by_id, entry.withdrawn_at = person_id(actor), now()
        entry.withdrawn_reason = reason.strip()[:500]
        session.add(entry)
    site.automation_allowed_by = ""
    session.add(site)
    session.flush()
    audit.record(session, actor, "site:permission_withdrawn", "site", site_id, note=reason.strip())


def _standing(session: Session, site_id: int) -> SitePermission | None:
    of_site = col(SitePermission.site_id) == site_id
    return session.scalars(select(SitePermission).where(of_site, col(SitePermission.withdrawn_at).is_(None))).first()


def _locked(session: Session, site_id: int) -> Site:
    site: Site = get(session, Site, site_id)
    session.refresh(site, with_for_update=True)
    return site


def _row(entry: SitePermission, recorded_by: str) -> PermissionRow:
    return PermissionRow(
        entry.id or 0,
        entry.basis,
        entry.named,
        entry.given_on,
        entry.reference,
        entry.conditions,
        recorded_by,
        entry.recorded_at,
        entry.withdrawn_at,
        entry.withdrawn_reason,
    )
