"""The register of permissions: without an entry a site can be walked through, and nothing is sent there.

An entry allows automation, or beside it the fast lane: plain HTTP within the signed-in session.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import InvalidInputError, WrongStateError
from models import Site, SitePermission, User
from models.enums import PermissionBasis, PermissionPurpose, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import get

_WORDS = {PermissionBasis.CARRIER: "allowed by", PermissionBasis.COUNSEL: "terms read by"}
_COLUMNS = {
    PermissionPurpose.AUTOMATION: "automation_allowed_by",
    PermissionPurpose.FORM_LANE: "form_lane_allowed_by",
}
_NOUNS = {PermissionPurpose.AUTOMATION: "permission", PermissionPurpose.FORM_LANE: "consent to the fast lane"}
_TAGS = {PermissionPurpose.AUTOMATION: "site:permission", PermissionPurpose.FORM_LANE: "site:form_lane_consent"}


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
    purpose: PermissionPurpose = PermissionPurpose.AUTOMATION


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


def record_permission(  # noqa: PLR0913 -- one argument a fact of the permission
    session: Session,
    actor: Actor,
    *,
    site_id: int,
    basis: PermissionBasis,
    named: str,
    given_on: date,
    reference: str = "",
    conditions: str = "",
    purpose: PermissionPurpose = PermissionPurpose.AUTOMATION,
) -> int:
    """Enter who allowed automation or the fast lane on a site; return the entry's id. People keep to its conditions.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: nobody is named, the day lies ahead, or the fast lane rests on less than the carrier's word.
        WrongStateError: an entry stands already.
    """
    require(actor, Role.ADMIN, what=f"Recording a {_NOUNS[purpose]}")
    _check(basis, named, given_on, reference, purpose)
    site = _locked(session, site_id)
    if _standing(session, site_id, purpose) is not None:
        raise WrongStateError(f"A {_NOUNS[purpose]} stands for {site.name}. Withdraw it before you record another.")
    entry = SitePermission(
        site_id=site_id,
        purpose=purpose,
        basis=basis,
        named=named.strip()[:120],
        given_on=given_on,
        reference=reference.strip()[:255],
        conditions=conditions.strip()[:500],
        recorded_by_id=person_id(actor),
        recorded_at=now(),
    )
    session.add(entry)
    said = f"{_WORDS[basis].capitalize()} {entry.named}, {given_on:%Y-%m-%d}"
    setattr(site, _COLUMNS[purpose], said)
    session.add(site)
    session.flush()
    audit.record(session, actor, f"{_TAGS[purpose]}_recorded", "site", site_id, note=said)
    return entry.id or 0


def withdraw_permission(
    session: Session,
    actor: Actor,
    *,
    site_id: int,
    reason: str,
    purpose: PermissionPurpose = PermissionPurpose.AUTOMATION,
) -> None:
    """End a permission: without it nothing is queued or walked, without consent files go by the browser.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: no reason is given.
        WrongStateError: none stands.
    """
    require(actor, Role.ADMIN, what=f"Withdrawing a {_NOUNS[purpose]}")
    if not reason.strip():
        raise InvalidInputError(f"Withdrawing a {_NOUNS[purpose]} needs a reason. Nothing was changed; write one.")
    site = _locked(session, site_id)
    entry = _standing(session, site_id, purpose)
    if entry is None and not getattr(site, _COLUMNS[purpose]):
        raise WrongStateError(f"No {_NOUNS[purpose]} stands for {site.name}. Nothing was changed.")
    if entry is not None:
        entry.withdrawn_by_id, entry.withdrawn_at = person_id(actor), now()
        entry.withdrawn_reason = reason.strip()[:500]
        session.add(entry)
    setattr(site, _COLUMNS[purpose], "")
    site.is_walked = site.is_walked and purpose is not PermissionPurpose.AUTOMATION
    session.add(site)
    session.flush()
    audit.record(session, actor, f"{_TAGS[purpose]}_withdrawn", "site", site_id, note=reason.strip())


def _check(basis: PermissionBasis, named: str, given_on: date, reference: str, purpose: PermissionPurpose) -> None:
    if not named.strip():
        raise InvalidInputError("Name who allowed it, or the counsel who read the terms. Nothing was recorded.")
    if given_on > today():
        raise InvalidInputError("The permission is dated after today. Nothing was recorded; correct the day.")
    if purpose is PermissionPurpose.AUTOMATION:
        return
    if basis is not PermissionBasis.CARRIER:
        raise InvalidInputError("The fast lane needs the carrier's own consent. Nothing was recorded.")
    if not reference.strip():
        message = "Say in which letter or e-mail the carrier consented, or who was told so. Nothing was recorded."
        raise InvalidInputError(message)


def _standing(session: Session, site_id: int, purpose: PermissionPurpose) -> SitePermission | None:
    of_site = (col(SitePermission.site_id) == site_id) & (col(SitePermission.purpose) == purpose)
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
        entry.purpose,
    )
