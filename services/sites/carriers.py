"""Carriers as the billing staff sees them: listed with their traffic, paused and resumed."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import BillingError, InvalidInputError, WrongStateError
from models import Carrier, CarrierProfileVersion, PageDrift, Site, SiteAccount, Submission
from models.enums import NoticeKind, Role, SubmissionStatus
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get, ring_account
from services.notices import settle_notices, tell_admins
from services.outcomes import PAGE_CHANGES_BEFORE_PAUSE
from services.tables import table_of

_REASON = 500
_PAGE_CHANGED = "page_changed"
_CARRIER, _SITE = table_of(Carrier), table_of(Site)
_ACCOUNT, _PROFILE = table_of(SiteAccount), table_of(CarrierProfileVersion)
_DRIFT = table_of(PageDrift)


@dataclass(frozen=True)
class CarrierRow:
    """One carrier with its site, its account and what stands still; instants in ms are the database clock's.

    `is_drift_breaking` is of the pages that differ from their base: whether uploads will fail by one, None without any.
    """

    carrier_id: int
    slug: str
    name: str
    client_code: str
    site_account_id: int
    site_name: str
    platform: str
    profile_number: int | None
    paused_at: datetime | None
    paused_reason: str
    account_label: str
    account_paused_at: datetime | None
    account_waits_until_ms: int | None
    account_reason: str
    last_login_at: datetime | None
    automation_allowed_by: str
    expires_on: date | None
    is_drift_breaking: bool | None

    @property
    def searched(self) -> str:
        """What a search of the list looks at."""
        return f"{self.name} {self.client_code} {self.site_name} {self.account_label}".casefold()


def list_carriers(session: Session, actor: Actor) -> list[CarrierRow]:
    """Return every carrier by name, in one query.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The list of carriers")
    return [CarrierRow(*row) for row in session.execute(_everyone())]


def pause_carrier(session: Session, actor: Actor, *, carrier_id: int, reason: str) -> None:
    """Send nothing more to one carrier until a person resumes it; others of the same account go on.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        InvalidInputError: no reason is given.
        WrongStateError: it is paused already.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Pausing a carrier")
    if not reason.strip():
        raise InvalidInputError("Pausing a carrier needs a reason. Nothing was changed; write one and try again.")
    carrier = _locked(session, carrier_id)
    if carrier.paused_at is not None:
        raise WrongStateError(f"{carrier.name} is paused already. Nothing was changed.")
    _pause(session, carrier, reason)
    audit.record(session, actor, "carrier:paused", "carrier", carrier_id, note=reason)


def resume_carrier(session: Session, actor: Actor, *, carrier_id: int, note: str = "") -> None:
    """Let a carrier's files go again.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        WrongStateError: it is not paused.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Resuming a carrier")
    carrier = _locked(session, carrier_id)
    if carrier.paused_at is None:
        raise WrongStateError(f"{carrier.name} is running already. Nothing was changed.")
    carrier.paused_at, carrier.paused_reason = None, ""
    session.add(carrier)
    session.flush()
    audit.record(session, actor, "carrier:resumed", "carrier", carrier_id, note=note)
    settle_notices(session, NoticeKind.CARRIER_STOPPED, "carrier", carrier_id)
    ring_account(session, carrier.site_account_id)


def pause_after_page_changes(session: Session, actor: Actor, *, carrier_id: int, error: BillingError) -> bool:
    """Pause a carrier once two of its files stand still over a changed page; True when it was paused now."""
    waiting = select(func.count()).where(
        col(Submission.carrier_id) == carrier_id,
        col(Submission.status) == SubmissionStatus.NEEDS_ATTENTION,
        col(Submission.error_code) == _PAGE_CHANGED,
    )
    carrier = _locked(session, carrier_id)
    if carrier.paused_at is not None or session.scalars(waiting).one() < PAGE_CHANGES_BEFORE_PAUSE:
        return False
    _pause(session, carrier, error.user_message)
    audit.record(session, actor, "carrier:stopped", "carrier", carrier_id, note=error.user_message)
    occasion = f"{carrier.paused_at:%Y-%m-%dT%H:%M:%S.%f}"
    tell_admins(session, NoticeKind.CARRIER_STOPPED, "carrier", carrier_id, occasion=occasion)
    return True


@cache
def _everyone() -> Select[*tuple[Any, ...]]:
    open_drifts = (_DRIFT.c.carrier_id == _CARRIER.c.id) & _DRIFT.c.settled_at.is_(None)
    worst_drift = select(func.max(_DRIFT.c.is_breaking)).where(open_drifts).scalar_subquery()
    columns = (
        _CARRIER.c.id,
        _CARRIER.c.slug,
        _CARRIER.c.name,
        _CARRIER.c.client_code,
        _CARRIER.c.site_account_id,
        _SITE.c.name,
        _SITE.c.platform,
        _PROFILE.c.number,
        _CARRIER.c.paused_at,
        _CARRIER.c.paused_reason,
        _ACCOUNT.c.label,
        _ACCOUNT.c.paused_at,
        _ACCOUNT.c.resume_at_ms,
        _ACCOUNT.c.paused_reason,
        _ACCOUNT.c.last_login_at,
        _SITE.c.automation_allowed_by,
        _ACCOUNT.c.expires_on,
        worst_drift,
    )
    active = (_PROFILE.c.carrier_id == _CARRIER.c.id) & _PROFILE.c.is_active
    return (
        select(*columns)
        .select_from(_CARRIER)
        .join(_ACCOUNT, _ACCOUNT.c.id == _CARRIER.c.site_account_id)
        .join(_SITE, _SITE.c.id == _ACCOUNT.c.site_id)
        .outerjoin(_PROFILE, active)
        .order_by(_CARRIER.c.name)
    )


def _locked(session: Session, carrier_id: int) -> Carrier:
    carrier: Carrier = get(session, Carrier, carrier_id)
    session.refresh(carrier, with_for_update=True)
    return carrier


def _pause(session: Session, carrier: Carrier, reason: str) -> None:
    carrier.paused_at, carrier.paused_reason = now(), reason[:_REASON]
    session.add(carrier)
    session.flush()
