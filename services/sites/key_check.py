"""Whether the keys of this machine open the carriers' log-ins: asked before a worker takes anything up."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.key_service import has_keys, keys_of
from core.crypto import Keys, SealedSecret, SecretUnreadableError
from core.errors import BillingError, InvalidInputError, UnavailableError
from core.settings import Settings
from models import AccountSecret, PersonSecret
from services.notifications.chat_addresses import sealed_person_part
from services.sites.account_secrets import sealed_part
from services.sites.key_rotation import keys_in_use

# One row may be damaged without saying anything of its key.
_TRIED_OF_A_KEY = 3
_ADVICE = (
    "Nothing was taken up and every file stays queued. Give this machine the portal's own keys: the key ring's JSON in "
    "BILLING_KEY_RING, its file at BILLING_KEY_RING_PATH, or the key ids in BILLING_KMS_KEY_IDS."
)


class LoginsClosedError(BillingError):
    """The keys that this machine has do not open the carriers' log-ins."""

    code = "logins_closed"


def check_keys(session: Session, settings: Settings) -> int:
    """Open one stored value of each key that is in use, as a worker's jobs would; return how many keys those are.

    With nothing stored yet there is nothing to open, so a worker may start before the first log-in is entered.

    Raises:
        LoginsClosedError: some would stay closed, and why.
    """
    keys, used = _usable_keys(session, settings), keys_in_use(session)
    for key_id, secrets in sorted(used.items()):
        if keys is not None and not _opens(session, keys, key_id):
            raise _closed(
                f"the key {key_id}, by its name among this machine's keys, does not open any of the {secrets} stored "
                "values that were sealed with it"
            )
    return len(used)


def check_key_names(session: Session, settings: Settings) -> None:
    """Check that every key in use is among this machine's keys; opens nothing, so it may be asked before each job.

    Raises:
        LoginsClosedError: one is not.
    """
    _usable_keys(session, settings)


def _usable_keys(session: Session, settings: Settings) -> Keys | None:
    """Return the keys, or None while nothing is sealed; never makes a new key ring, which would open nothing."""
    used = keys_in_use(session)
    if not used:
        return None
    path = settings.key_ring_path.absolute()
    try:
        if not has_keys(settings):
            raise _closed(f"it has no keys: BILLING_KEY_RING and BILLING_KMS_KEY_IDS are empty, and there is no {path}")
        keys = keys_of(settings)
    except InvalidInputError as wrong:
        raise _closed(f"its key ring cannot be used: {wrong.user_message}") from wrong
    except OSError as wrong:
        raise _closed(f"its key ring {path} cannot be read ({wrong.strerror})") from wrong
    if missing := sorted(used.keys() - set(keys.key_ids)):
        own = ", ".join(keys.key_ids)
        count = sum(used[key_id] for key_id in missing)
        raise _closed(f"{count} stored values are sealed with {', '.join(missing)}, and this machine's keys are {own}")
    return keys


def _opens(session: Session, keys: Keys, key_id: str) -> bool:
    for sealed in _samples(session, key_id):
        try:
            keys.open(*sealed)
        except SecretUnreadableError:
            continue
        except UnavailableError as away:
            raise _closed(away.user_message) from away
        return True
    return False


def _samples(session: Session, key_id: str) -> Iterator[tuple[SealedSecret, str]]:
    """Yield a few values that are sealed with a key: of accounts, then of people."""
    accounts = select(AccountSecret).where(col(AccountSecret.key_id) == key_id).order_by(col(AccountSecret.id).desc())
    yield from (sealed_part(row) for row in session.scalars(accounts.limit(_TRIED_OF_A_KEY)))
    people = select(PersonSecret).where(col(PersonSecret.key_id) == key_id).order_by(col(PersonSecret.id).desc())
    yield from (sealed_person_part(row) for row in session.scalars(people.limit(_TRIED_OF_A_KEY)))


def _closed(why: str) -> LoginsClosedError:
    return LoginsClosedError(f"This worker cannot open the carriers' log-ins because {why.rstrip('.')}. {_ADVICE}")
