"""Passwords that end by themselves: until when each is good, and who is reminded before the day."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import today
from core.errors import InvalidInputError
from models import Site, SiteAccount
from models.enums import NoticeKind, Role
from services import audit
from services.access import require
from services.actor import Actor, system_actor
from services.lifecycle import get
from services.notices import tell_admins
from services.sites.site_accounts import lock_account

REMIND_DAYS = (0, 1, 3, 7, 14)
_LONGEST_DAYS = 3660


def set_expiry(
    session: Session,
    actor: Actor,
    *,
    site_account_id: int,
    expires_on: date | None,
    every_days: int | None,
    has_new_password: bool = False,
) -> None:
    """Store the last day of an account's password, and how often its site wants a new one (None: never, or unknown).

    With a new password and a rule of the site, the day follows from the rule, unless another day is given than the one
    that was stored.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: the number of days is none.
        NotFoundError: there is no such account.
    """
    require(actor, Role.ADMIN, what="Changing when a password expires")
    if every_days is not None and not 1 <= every_days <= _LONGEST_DAYS:
        raise InvalidInputError("A site asks for a new password every 1 to 3660 days. Nothing was changed; correct it.")
    account = lock_account(session, site_account_id)
    site: Site = get(session, Site, account.site_id)
    if has_new_password and every_days is not None and expires_on == account.expires_on:
        expires_on = today() + timedelta(days=every_days)
    if (account.expires_on, site.password_days) == (expires_on, every_days):
        return
    account.expires_on, site.password_days = expires_on, every_days
    session.add_all([account, site])
    session.flush()
    audit.record(
        session,
        actor,
        "site_account:expiry_set",
        "site_account",
        site_account_id,
        expires_on=expires_on.isoformat() if expires_on else None,
        every_days=every_days,
    )


def remind_of_expiring_passwords(session: Session) -> int:
    """Tell the administrators of passwords with 14, 7, 3, 1 or no days left, each once; return how many reminders.

    A day that nobody ran the portal is made up for: the nearest reminder that was missed is given.
    """
    soon = col(SiteAccount.expires_on) <= today() + timedelta(days=max(REMIND_DAYS))
    rows = session.execute(
        select(col(SiteAccount.id), col(SiteAccount.expires_on)).where(soon).order_by(col(SiteAccount.id))
    )
    return sum(_remind(session, account_id, expires_on) for account_id, expires_on in rows if account_id is not None)


def _remind(session: Session, site_account_id: int, expires_on: date) -> bool:
    left = (expires_on - today()).days
    days = next(days for days in REMIND_DAYS if left <= days)
    occasion = f"{expires_on.isoformat()}/{days}"
    kind = NoticeKind.PASSWORD_EXPIRES
    if not tell_admins(session, kind, "site_account", site_account_id, occasion=occasion):
        return False
    audit.record(
        session,
        system_actor(),
        "site_account:password_reminded",
        "site_account",
        site_account_id,
        expires_on=expires_on.isoformat(),
        days_left=left,
    )
    return True
