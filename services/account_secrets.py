"""The sealed log-ins of site accounts: written by admins, opened by workers, shown to nobody."""

from sqlalchemy import select
from sqlmodel import Session

from core.clock import now
from core.crypto import KeyRing, SealedSecret, Secret
from core.errors import DeniedError, InvalidInputError, UnavailableError
from core.settings import get_settings
from models import AccountSecret, SiteAccount
from models.enums import Role
from services import audit
from services.actor import Actor
from services.lifecycle import get

ONE_TIME_CODE_FIELD = "totp"


class LoginMissingError(UnavailableError):
    """An account has no log-in stored."""

    code = "login_missing"
    retryable = False


def secret_context(site_account_id: int, field: str, version: int) -> str:
    """Return what a sealed secret is bound to; a row moved to another account or field cannot be opened."""
    return f"account={site_account_id};field={field};v={version}"


def store_secret(
    session: Session, actor: Actor, *, site_account_id: int, field: str, value: Secret, ring: KeyRing | None = None
) -> None:
    """Seal a new value for one credential field of an account; the old one is gone.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: the value is empty.
        NotFoundError: there is no such account.
    """
    if not actor.has(Role.ADMIN):
        message = "Only an administrator may change a carrier log-in. The stored one was kept."
        raise DeniedError(message)
    if not value.reveal().strip():
        message = "The value is empty. The stored log-in was kept; type the new one."
        raise InvalidInputError(message, field=field)
    get(session, SiteAccount, site_account_id)
    row = session.scalars(
        select(AccountSecret).filter_by(site_account_id=site_account_id, field=field).with_for_update()
    ).first()
    version = row.version + 1 if row else 1
    sealed = _ring(ring).seal(value, secret_context(site_account_id, field, version))
    row = row or AccountSecret(
        site_account_id=site_account_id, field=field, key_id="", wrapped_key=b"", ciphertext=b"", updated_at=now()
    )
    row.version, row.key_id, row.updated_at = version, sealed.key_id, now()
    row.wrapped_key, row.ciphertext = sealed.wrapped_key, sealed.ciphertext
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "site_account:secret_stored", "site_account", site_account_id, field=field, version=version
    )


def load_secrets(session: Session, site_account_id: int, ring: KeyRing | None = None) -> dict[str, Secret]:
    """Open every credential of an account, by field.

    Raises:
        LoginMissingError: none is stored.
        SecretUnreadableError: the key ring does not open one.
    """
    rows = session.scalars(select(AccountSecret).filter_by(site_account_id=site_account_id)).all()
    if not rows:
        message = "No log-in is stored for this account. Every file was kept; an administrator must enter it."
        raise LoginMissingError(message, site_account_id=site_account_id)
    keys = _ring(ring)
    return {row.field: _opened(keys, row) for row in rows}


def _opened(keys: KeyRing, row: AccountSecret) -> Secret:
    sealed = SealedSecret(row.key_id, row.wrapped_key, row.ciphertext)
    return keys.open(sealed, secret_context(row.site_account_id, row.field, row.version))


def _ring(ring: KeyRing | None) -> KeyRing:
    return ring or KeyRing.load_or_create(get_settings().key_ring_path)
