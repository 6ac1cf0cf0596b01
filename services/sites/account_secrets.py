"""The sealed log-ins of site accounts: written by admins, opened by workers, shown to nobody."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlmodel import Session, col

from adapters.key_service import keys_of
from core.clock import now
from core.crypto import Keys, SealedSecret, Secret, SecretUnreadableError
from core.errors import InvalidInputError, UnavailableError, WrongStateError
from core.settings import get_settings
from models import AccountSecret
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.sites.site_accounts import lock_account, login_changed, login_deleted

ONE_TIME_CODE_FIELD = "totp"


class LoginMissingError(UnavailableError):
    """An account has no log-in stored."""

    code = "login_missing"
    retryable = False


class SameLoginError(WrongStateError):
    """What was typed is the log-in that the site refused."""

    code = "same_login"


def secret_context(site_account_id: int, field: str, version: int) -> str:
    """Return what a sealed secret is bound to; a row moved to another account or field cannot be opened."""
    return f"account={site_account_id};field={field};v={version}"


def store_login(
    session: Session, actor: Actor, *, site_account_id: int, values: Mapping[str, Secret], ring: Keys | None = None
) -> None:
    """Seal new values for fields of an account's log-in; the old ones are gone.

    An account that stood still over its log-in goes on with the new one at once.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: nothing is given, or a value is empty.
        NotFoundError: there is no such account.
        SameLoginError: the site refused this very log-in.
    """
    require(actor, Role.ADMIN, what="Changing a carrier's log-in")
    empty = [field for field, value in values.items() if not value.reveal().strip()]
    if empty or not values:
        message = "The value is empty. The stored log-in was kept; type the new one."
        raise InvalidInputError(message, fields=sorted(empty))
    account, keys = lock_account(session, site_account_id), _keys(ring)
    stored = {row.field: row for row in session.scalars(select(AccountSecret).filter_by(site_account_id=account.id))}
    if account.login_refused_at is not None and _is_same(keys, stored, values):
        raise SameLoginError(
            "This is the log-in that the site refused. Nothing was stored, so that the account is not locked; type the "
            "right one, or resume the account with the reason why the same one is right."
        )
    for field, value in values.items():
        version = _put(session, actor, keys, stored.get(field), site_account_id, field, value)
        audit.record(
            session, actor, "site_account:secret_stored", "site_account", site_account_id, field=field, version=version
        )
    login_changed(session, actor, account)


def store_secret(
    session: Session, actor: Actor, *, site_account_id: int, field: str, value: Secret, ring: Keys | None = None
) -> None:
    """Seal a new value for one field of a log-in; as `store_login`."""
    store_login(session, actor, site_account_id=site_account_id, values={field: value}, ring=ring)


def delete_login(session: Session, actor: Actor, *, site_account_id: int) -> int:
    """Delete every sealed value of an account, which then stands still; return how many there were.

    Raises:
        DeniedError: the actor is no admin.
        LoginMissingError: none is stored.
        NotFoundError: there is no such account.
    """
    require(actor, Role.ADMIN, what="Deleting a carrier's log-in")
    account = lock_account(session, site_account_id)
    fields = session.scalars(select(col(AccountSecret.field)).filter_by(site_account_id=site_account_id)).all()
    if not fields:
        raise LoginMissingError("No log-in is stored for this account. Nothing was changed.")
    session.execute(delete(AccountSecret).where(col(AccountSecret.site_account_id) == site_account_id))
    audit.record(
        session, actor, "site_account:login_deleted", "site_account", site_account_id, fields=sorted(fields)
    )  # fmt: skip
    login_deleted(session, account)
    return len(fields)


def load_secrets(session: Session, site_account_id: int, ring: Keys | None = None) -> dict[str, Secret]:
    """Open every credential of an account, by field.

    Raises:
        LoginMissingError: none is stored.
        SecretUnreadableError: the keys do not open one.
        UnavailableError: the keys cannot be reached.
    """
    rows = session.scalars(select(AccountSecret).filter_by(site_account_id=site_account_id)).all()
    if not rows:
        message = "No log-in is stored for this account. Every file was kept; an administrator must enter it."
        raise LoginMissingError(message, site_account_id=site_account_id)
    keys = _keys(ring)
    return {row.field: _opened(keys, row) for row in rows}


def sealed_part(row: AccountSecret) -> tuple[SealedSecret, str]:
    """Return what is sealed in a row, and the place that it is bound to."""
    sealed = SealedSecret(row.key_id, row.wrapped_key, row.ciphertext)
    return sealed, secret_context(row.site_account_id, row.field, row.version)


def _put(
    session: Session,
    actor: Actor,
    keys: Keys,
    row: AccountSecret | None,
    site_account_id: int,
    field: str,
    value: Secret,
) -> int:
    version = row.version + 1 if row else 1
    sealed = keys.seal(value, secret_context(site_account_id, field, version))
    row = row or AccountSecret(
        site_account_id=site_account_id, field=field, key_id="", wrapped_key=b"", ciphertext=b"", updated_at=now()
    )
    row.version, row.key_id, row.updated_at, row.updated_by_id = version, sealed.key_id, now(), actor.user_id
    row.wrapped_key, row.ciphertext = sealed.wrapped_key, sealed.ciphertext
    session.add(row)
    session.flush()
    return version


def _is_same(keys: Keys, stored: Mapping[str, AccountSecret], values: Mapping[str, Secret]) -> bool:
    """Whether every value is the one that is stored; a stored one that cannot be opened counts as another."""
    try:
        return all(
            field in stored and _opened(keys, stored[field]).reveal() == value.reveal()
            for field, value in values.items()
        )
    except SecretUnreadableError:
        return False


def _opened(keys: Keys, row: AccountSecret) -> Secret:
    return keys.open(*sealed_part(row))


def _keys(ring: Keys | None) -> Keys:
    return ring or keys_of(get_settings())
