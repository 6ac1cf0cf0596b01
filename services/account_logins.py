"""What log-ins the site accounts have: the fields their carriers ask for and whether each is stored, never a value."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.profile import CredentialField
from models import AccountSecret, Carrier, Site, SiteAccount
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.profiles import active_profiles


@dataclass(frozen=True)
class LoginField:
    """One field of a log-in; `kind` as in `CredentialField`, `stored_at` None while nothing is stored."""

    name: str
    label: str
    kind: str
    stored_at: datetime | None


@dataclass(frozen=True)
class AccountLogin:
    """One account's log-in: the site, the account's label, who uses it, and its fields."""

    site_account_id: int
    site_name: str
    label: str
    carriers: tuple[str, ...]
    fields: tuple[LoginField, ...]


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
    stored = session.execute(
        select(col(AccountSecret.field), col(AccountSecret.updated_at)).where(
            col(AccountSecret.site_account_id) == site_account_id
        )
    )
    at: dict[str, datetime] = {row.field: row.updated_at for row in stored}
    fields = tuple(LoginField(field.name, field.label, field.kind, at.get(field.name)) for field in wanted.values())
    return AccountLogin(site_account_id, site.name, account.label, tuple(name for _, name in carriers), fields)


def _wanted(session: Session, carrier_ids: list[int]) -> dict[str, CredentialField]:
    profiles = active_profiles(session, carrier_ids)
    return {
        field.name: field for carrier_id in sorted(profiles) for field in profiles[carrier_id].profile.site.credentials
    }
