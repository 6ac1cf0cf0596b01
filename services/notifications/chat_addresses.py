"""The sealed address of a person's chat: stored by them, opened by the worker that posts, shown to nobody."""

from sqlalchemy import delete, select
from sqlmodel import Session, col

from adapters.chat import webhook_address
from adapters.key_service import keys_of
from core.clock import now
from core.crypto import Keys, SealedSecret, Secret, SecretUnreadableError
from core.errors import InvalidInputError, NotFoundError
from core.settings import get_settings
from models import PersonSecret
from services import audit
from services.access import person_id
from services.actor import Actor
from services.notifications.settings import lock_setting

WEBHOOK = "slack_webhook"


def store_webhook(session: Session, actor: Actor, *, typed: str, ring: Keys | None = None) -> None:
    """Seal the address of the actor's Slack webhook; the old one is gone.

    Raises:
        InvalidInputError: it is no webhook of a host that the settings allow.
    """
    address = webhook_address(typed, get_settings())
    user_id = person_id(actor)
    lock_setting(session, user_id)
    row = _find(session, user_id) or PersonSecret(
        user_id=user_id, field=WEBHOOK, version=0, key_id="", wrapped_key=b"", ciphertext=b"", updated_at=now()
    )
    row.version += 1
    sealed = (ring or keys_of(get_settings())).seal(address, _context(row))
    row.key_id, row.wrapped_key, row.ciphertext = sealed.key_id, sealed.wrapped_key, sealed.ciphertext
    row.updated_at = now()
    session.add(row)
    session.flush()
    audit.record(session, actor, "user:webhook_stored", "user", user_id, version=row.version)


def delete_webhook(session: Session, actor: Actor) -> None:
    """Delete the actor's webhook; nothing is posted any more.

    Raises:
        NotFoundError: none is stored.
    """
    user_id = person_id(actor)
    if _find(session, user_id) is None:
        raise NotFoundError("No webhook is stored. Nothing was changed.")
    mine = (col(PersonSecret.user_id) == user_id) & (col(PersonSecret.field) == WEBHOOK)
    session.execute(delete(PersonSecret).where(mine))
    audit.record(session, actor, "user:webhook_deleted", "user", user_id)


def sealed_webhook(session: Session, user_id: int) -> tuple[SealedSecret, str] | None:
    """Return a person's sealed webhook and the place it is bound to; None where none is stored."""
    row = _find(session, user_id)
    return sealed_person_part(row) if row is not None else None


def open_webhook(sealed: tuple[SealedSecret, str], ring: Keys | None = None) -> Secret:
    """Open a sealed webhook, outside of any transaction: the keys may be a service elsewhere.

    Raises:
        InvalidInputError: the keys do not open it.
        UnavailableError: the keys cannot be reached.
    """
    try:
        return (ring or keys_of(get_settings())).open(*sealed)
    except SecretUnreadableError as wrong:
        message = "The stored webhook cannot be opened with the portal's keys. Nothing was posted; store it again."
        raise InvalidInputError(message) from wrong


def sealed_person_part(row: PersonSecret) -> tuple[SealedSecret, str]:
    """Return what is sealed in a row, and the place that it is bound to."""
    return SealedSecret(row.key_id, row.wrapped_key, row.ciphertext), _context(row)


def _context(row: PersonSecret) -> str:
    return f"user={row.user_id};field={row.field};v={row.version}"


def _find(session: Session, user_id: int) -> PersonSecret | None:
    mine = (col(PersonSecret.user_id) == user_id) & (col(PersonSecret.field) == WEBHOOK)
    return session.scalars(select(PersonSecret).where(mine)).first()
