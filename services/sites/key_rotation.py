"""Rotating the keys of log-ins and people's webhooks: data keys are wrapped anew, what they encrypt stays as it is."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.crypto import Keys, SecretUnreadableError
from core.errors import WrongStateError
from models import AccountSecret, PersonSecret
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.notifications.chat_addresses import sealed_person_part
from services.sites.account_secrets import sealed_part

BATCH = 100
AnySecret = AccountSecret | PersonSecret
Sealed = TypeVar("Sealed", AccountSecret, PersonSecret)


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
    return _rewrap_rows(session, actor, keys, AccountSecret, after_id, limit)


def rewrap_people(session: Session, actor: Actor, keys: Keys, *, after_id: int = 0, limit: int = BATCH) -> Batch:
    """Do the same for what people have sealed: the addresses of their chats' webhooks.

    Raises:
        DeniedError: the actor is neither admin nor the machine.
        UnavailableError: the keys cannot be reached; nothing of this batch was changed.
    """
    require(actor, Role.ADMIN, Role.SYSTEM, what="Rotating keys")
    return _rewrap_rows(session, actor, keys, PersonSecret, after_id, limit)


def keys_in_use(session: Session) -> dict[str, int]:
    """Return how many secrets each key holds, by key id."""
    found: Counter[str] = Counter()
    for table in (AccountSecret, PersonSecret):
        counted = select(col(table.key_id), func.count().label("secrets")).group_by(col(table.key_id))
        found.update({row.key_id: row.secrets for row in session.execute(counted)})
    return dict(found)


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


def _rewrap_rows(session: Session, actor: Actor, keys: Keys, table: type[Sealed], after_id: int, limit: int) -> Batch:
    old = (col(table.key_id) != keys.current) & (col(table.id) > after_id)
    rows = session.scalars(select(table).where(old).order_by(col(table.id)).limit(limit).with_for_update()).all()
    unreadable = tuple(name for row in rows if (name := _rewrap(session, actor, keys, row)))
    session.flush()
    last_id = rows[-1].id if len(rows) == limit else None
    return Batch(len(rows) - len(unreadable), unreadable, last_id)


def _rewrap(session: Session, actor: Actor, keys: Keys, row: AnySecret) -> str:
    """Wrap one secret anew; return its name when it cannot be opened, else ''."""
    kind, owner = _owner(row)
    sealed, place = sealed_part(row) if isinstance(row, AccountSecret) else sealed_person_part(row)
    try:
        anew = keys.rewrap(sealed, place)
    except SecretUnreadableError:
        return f"{kind.removesuffix('_secret')} {owner}, {row.field}"
    before, row.key_id, row.wrapped_key = row.key_id, anew.key_id, anew.wrapped_key
    session.add(row)
    facts: dict[str, Any] = {"site_account_id" if isinstance(row, AccountSecret) else "user_id": owner}
    audit.record(
        session,
        actor,
        f"{kind}:rewrapped",
        kind,
        row.id or 0,
        **facts,
        field=row.field,
        key_before=before,
        key_now=anew.key_id,
    )
    return ""


def _owner(row: AnySecret) -> tuple[str, int]:
    """Return the table and the id of the account or the person that a secret is of."""
    if isinstance(row, AccountSecret):
        return "account_secret", row.site_account_id
    return "person_secret", row.user_id
