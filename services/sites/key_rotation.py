"""Rotating the keys of the carriers' log-ins: data keys are wrapped anew, what they encrypt stays as it is."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.crypto import Keys, SecretUnreadableError
from core.errors import WrongStateError
from models import AccountSecret
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.sites.account_secrets import sealed_part

BATCH = 100


@dataclass(frozen=True)
class Batch:
    """What one batch did: how many it wrapped anew, which it could not open, and the row after which to go on.

    `unreadable` names accounts and fields, as in 'account 7, password'; `last_id` is None after the last batch.
    """

    rewrapped: int
    unreadable: tuple[str, ...]
    last_id: int | None


def rewrap_batch(session: Session, actor: Actor, keys: Keys, *, after_id: int = 0, limit: int = BATCH) -> Batch:
    """Wrap the data keys of the next secrets under the current key, in this transaction, each with an audit event.

    Secrets that are under it already are passed over, so a run that was broken off goes on where it was. One that
    cannot be opened is named and left as it is.

    Raises:
        DeniedError: the actor is neither admin nor the machine.
        UnavailableError: the keys cannot be reached; nothing of this batch was changed.
    """
    require(actor, Role.ADMIN, Role.SYSTEM, what="Rotating keys")
    old = (col(AccountSecret.key_id) != keys.current) & (col(AccountSecret.id) > after_id)
    statement = select(AccountSecret).where(old).order_by(col(AccountSecret.id)).limit(limit).with_for_update()
    rows = session.scalars(statement).all()
    unreadable = tuple(name for row in rows if (name := _rewrap(session, actor, keys, row)))
    session.flush()
    last_id = rows[-1].id if len(rows) == limit else None
    return Batch(len(rows) - len(unreadable), unreadable, last_id)


def keys_in_use(session: Session) -> dict[str, int]:
    """Return how many secrets each key holds, by key id."""
    counted = select(col(AccountSecret.key_id), func.count().label("secrets")).group_by(col(AccountSecret.key_id))
    return {row.key_id: row.secrets for row in session.execute(counted)}


def check_unused(session: Session, actor: Actor, *, key_id: str) -> None:
    """Make sure that no secret needs a key, and put its retirement on record.

    Raises:
        DeniedError: the actor is neither admin nor the machine.
        WrongStateError: secrets are sealed with it.
    """
    require(actor, Role.ADMIN, Role.SYSTEM, what="Retiring a key")
    if count := keys_in_use(session).get(key_id, 0):
        message = (
            f"{count} stored values are sealed with {key_id}. The key was kept; re-wrap them first, or enter anew the "
            "log-ins that cannot be opened."
        )
        raise WrongStateError(message, key_id=key_id, secrets=count)
    audit.record(session, actor, "key:retired", "key", 0, key_id=key_id)


def _rewrap(session: Session, actor: Actor, keys: Keys, row: AccountSecret) -> str:
    """Wrap one secret anew; return its name when it cannot be opened, else ''."""
    sealed, place = sealed_part(row)
    try:
        anew = keys.rewrap(sealed, place)
    except SecretUnreadableError:
        return f"account {row.site_account_id}, {row.field}"
    before, row.key_id, row.wrapped_key = row.key_id, anew.key_id, anew.wrapped_key
    session.add(row)
    audit.record(
        session,
        actor,
        "account_secret:rewrapped",
        "account_secret",
        row.id or 0,
        site_account_id=row.site_account_id,
        field=row.field,
        key_before=before,
        key_now=anew.key_id,
    )
    return ""
