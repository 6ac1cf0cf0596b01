"""Whether a carrier's site may be walked through at night: the permission, the firm's wish, and a robot user."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import WrongStateError
from models import AccountSecret, Carrier, CarrierProfileVersion, Site, SiteAccount
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.sites.site_accounts import lock_account


@dataclass(frozen=True)
class WalkTerms:
    """What a walk of a carrier rests on. `reasons` are the sentences why it may not be made, none when it may."""

    site_id: int
    site_account_id: int
    account_label: str
    is_permitted: bool
    is_wanted: bool
    is_robot: bool
    reasons: tuple[str, ...]


def walk_terms(session: Session, *, carrier_id: int) -> WalkTerms:
    """Return what a walk of a carrier rests on now."""
    carrier: Carrier = get(session, Carrier, carrier_id)
    account: SiteAccount = get(session, SiteAccount, carrier.site_account_id)
    site: Site = get(session, Site, account.site_id)
    missing = [
        (not site.automation_allowed_by.strip(), "Nobody is recorded who allows machines on this site."),
        (not site.is_walked, "The nightly walk is switched off for this site."),
        (not account.is_robot, f"The log-in “{account.label}” is not marked as a robot user."),
        (account.paused_at is not None, "The account is paused."),
        (account.needs_new_login, "The site refused the stored log-in."),
        (not _has_login(session, account), "No log-in is stored for the account."),
        (not _has_profile(session, carrier_id), "No version of the profile is in force."),
    ]
    return WalkTerms(
        site.id or 0,
        account.id or 0,
        account.label,
        bool(site.automation_allowed_by.strip()),
        site.is_walked,
        account.is_robot,
        tuple(reason for is_so, reason in missing if is_so),
    )


def want_walks(session: Session, actor: Actor, *, site_id: int, wanted: bool) -> None:
    """Switch the nightly walk of a site on or off; it is off until somebody switches it on.

    Raises:
        DeniedError: the actor is no admin.
        WrongStateError: nobody is recorded who allows machines on the site.
    """
    require(actor, Role.ADMIN, what="Switching the nightly walk")
    site: Site = get(session, Site, site_id)
    session.refresh(site, with_for_update=True)
    if wanted and not site.automation_allowed_by.strip():
        raise WrongStateError(
            f"Nobody is recorded who allows machines on {site.name}. Nothing was changed; record the permission first."
        )
    if site.is_walked == wanted:
        return
    site.is_walked = wanted
    session.add(site)
    session.flush()
    audit.record(session, actor, "site:walks_on" if wanted else "site:walks_off", "site", site_id)


def mark_robot_user(session: Session, actor: Actor, *, site_account_id: int, is_robot: bool) -> None:
    """Mark an account's log-in as one that the carrier gave for machines, or take the mark away.

    Raises:
        DeniedError: the actor is no admin.
    """
    require(actor, Role.ADMIN, what="Marking a robot user")
    account = lock_account(session, site_account_id)
    if account.is_robot == is_robot:
        return
    account.is_robot = is_robot
    session.add(account)
    session.flush()
    tag = "site_account:robot_marked" if is_robot else "site_account:robot_unmarked"
    audit.record(session, actor, tag, "site_account", site_account_id)


def _has_login(session: Session, account: SiteAccount) -> bool:
    stored = select(col(AccountSecret.id)).where(col(AccountSecret.site_account_id) == account.id)
    return session.scalars(stored.limit(1)).first() is not None


def _has_profile(session: Session, carrier_id: int) -> bool:
    version = CarrierProfileVersion
    active = select(col(version.id)).where(col(version.carrier_id) == carrier_id, col(version.is_active))
    return session.scalars(active.limit(1)).first() is not None
