"""What log-ins the site accounts have: the fields their carriers ask for and whether each is stored, never a value."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.profile import CredentialField
from models import AccountSecret, Carrier, Site, SiteAccount, User
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.sites.account_secrets import ONE_TIME_CODE_FIELD
from services.sites.profiles import active_profiles


@dataclass(frozen=True)
class LoginField:
    """One field of a log-in; `kind` as in `CredentialField`, `stored_at` None while nothing is stored.

    `stored_by` is '' where the machine, or nobody who is known, stored it.
    """

    name: str
    label: str
    kind: str
    stored_at: datetime | None
    stored_by: str = ""


@dataclass(frozen=True)
class AccountLogin:
    """One account's log-in: the site, the account's label, who uses it, its fields, and until when it is good."""

    site_account_id: int
    site_name: str
    label: str
    carriers: tuple[str, ...]
    fields: tuple[LoginField, ...]
    expires_on: date | None = None
    every_days: int | None = None


def account_login(session: Session, actor: Actor, *, site_account_id: int) -> AccountLogin:
    """Return the fields that the account's active profiles ask for, in their order.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such account.
    """
    require(actor, Role.ADMIN, what="Carrier log-ins")
    account: SiteAccount = get(session, SiteAccount, site_account_id)
    site: Site = get(session, Site, account.site_id)
    carriers = session.execute(
        select(col(Carrier.id), col(Carrier.name))
        .where(col(Carrier.site_account_id) == site_account_id)
        .order_by(col(Carrier.name))
    ).all()
    wanted = _wanted(session, [carrier_id for carrier_id, _ in carriers if carrier_id is not None])
    stored = _stored(session, site_account_id)
    fields = tuple(
        LoginField(field.name, field.label, field.kind, *stored.get(field.name, (None, "")))
        for field in wanted.values()
    )
    return AccountLogin(
        site_account_id,
        site.name,
        account.label,
        tuple(name for _, name in carriers),
        fields,
        account.expires_on,
        site.password_days,
    )


def _stored(session: Session, site_account_id: int) -> dict[str, tuple[datetime, str]]:
    """Return when each field was stored last, and by whom."""
    found = session.execute(
        select(col(AccountSecret.field), col(AccountSecret.updated_at), col(User.name))
        .outerjoin(User, col(User.id) == col(AccountSecret.updated_by_id))
        .where(col(AccountSecret.site_account_id) == site_account_id)
    )
    return {field: (at, name or "") for field, at, name in found}


def _wanted(session: Session, carrier_ids: list[int]) -> dict[str, CredentialField]:
    profiles = active_profiles(session, carrier_ids)
    wanted = {
        field.name: field for carrier_id in sorted(profiles) for field in profiles[carrier_id].profile.site.credentials
    }
    # A new carrier is walked through before a profile of it is in force, and needs a log-in for that.
    return wanted or {field.name: field for field in _USUAL}


_USUAL = (
    CredentialField(name="username", label="User name", kind="plain"),
    CredentialField(name="password", label="Password", kind="secret"),
    CredentialField(
        name=ONE_TIME_CODE_FIELD, label="Secret of one-time codes, if the site asks for them", kind="one_time_code"
    ),
)
