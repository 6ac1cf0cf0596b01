"""Carriers as the billing staff sees them: listed with their traffic, paused and resumed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import BillingError, InvalidInputError, WrongStateError
from models import Carrier, CarrierProfileVersion, Site, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get, ring_account
from services.outcomes import PAGE_CHANGES_BEFORE_PAUSE

_REASON = 500
_PAGE_CHANGED = "page_changed"


@dataclass(frozen=True)
class CarrierRow:
    """One carrier with its site, its account and what stands still; instants in ms are the database clock's."""

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


def list_carriers(session: Session, actor: Actor) -> list[CarrierRow]:
    """Return every carrier by name, in one query.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The list of carriers")
    columns = (
        Carrier.id,
        Carrier.slug,
        Carrier.name,
        Carrier.client_code,
        Carrier.site_account_id,
        Site.name,
        Site.platform,
        CarrierProfileVersion.number,
        Carrier.paused_at,
        Carrier.paused_reason,
        SiteAccount.label,
        SiteAccount.paused_at,
        SiteAccount.resume_at_ms,
        SiteAccount.paused_reason,
        SiteAccount.last_login_at,
        Site.automation_allowed_by,
    )
    active = (col(CarrierProfileVersion.carrier_id) == col(Carrier.id)) & col(CarrierProfileVersion.is_active)
    statement = (
        select(*(col(column) for column in columns))
        .select_from(Carrier)
        .join(SiteAccount, col(SiteAccount.id) == col(Carrier.site_account_id))
        .join(Site, col(Site.id) == col(SiteAccount.site_id))
        .outerjoin(CarrierProfileVersion, active)
        .order_by(col(Carrier.name))
    )
    return [CarrierRow(*row) for row in session.execute(statement)]


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
    return True


def _locked(session: Session, carrier_id: int) -> Carrier:
    carrier: Carrier = get(session, Carrier, carrier_id)
    session.refresh(carrier, with_for_update=True)
    return carrier


def _pause(session: Session, carrier: Carrier, reason: str) -> None:
    carrier.paused_at, carrier.paused_reason = now(), reason[:_REASON]
    session.add(carrier)
    session.flush()
