"""`python -m jobs.keys status | rotate | rewrap | retire KEY`: the keys that log-ins and webhooks are sealed with."""

import argparse
import getpass
import sys

from adapters.key_service import is_file_ring, keys_of
from core.crypto import Keys
from core.db import Database, get_database
from core.errors import BillingError, WrongStateError
from core.key_ring import add_key, remove_key
from core.log import configure_logging
from core.settings import Settings, get_settings
from services import audit
from services.actor import system_actor
from services.sites.key_rotation import check_unused, keys_in_use, rewrap_batch, rewrap_people

_ELSEWHERE = (
    "The current key does not stand in the key ring's file, so it is not added or removed here. Nothing was changed; "
    "change BILLING_KMS_KEY_IDS or BILLING_KEY_RING, start the portal again, then run rewrap."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 when it was refused, or when a stored value could not be opened."""
    configure_logging()
    asked = _parser().parse_args(arguments)
    settings, database = get_settings(), get_database()
    try:
        match asked.command:
            case "rotate":
                return _rotate(settings, database)
            case "rewrap":
                return _rewrap(keys_of(settings), database)
            case "retire":
                return _retire(settings, database, asked.key)
            case _:
                return _status(keys_of(settings), database)
    except BillingError as refused:
        print(refused.user_message, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jobs.keys", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="list the keys, and how many stored values each holds")
    commands.add_parser("rotate", help="add a new current key to the ring's file, then rewrap")
    commands.add_parser("rewrap", help="wrap every data key under the current key; can be broken off and run again")
    commands.add_parser("retire", help="take an unused key out of the ring's file").add_argument("key")
    return parser


def _status(keys: Keys, database: Database) -> int:
    with database.read_only() as session:
        used = keys_in_use(session)
    for key_id in (*keys.key_ids, *sorted(used.keys() - set(keys.key_ids))):
        state = "current" if key_id == keys.current else "opens" if key_id in keys.key_ids else "MISSING"
        print(f"{key_id}  {state:<8} {used.get(key_id, 0):>6} stored values")
    return 1 if used.keys() - set(keys.key_ids) else 0


def _rotate(settings: Settings, database: Database) -> int:
    if not is_file_ring(settings):
        raise WrongStateError(_ELSEWHERE)
    ring = add_key(settings.key_ring_path)
    with database.unit_of_work() as session:
        audit.record(session, system_actor(), "key:added", "key", 0, key_id=ring.current, by=getpass.getuser())
    print(f"{ring.current} is the current key now. Back up {settings.key_ring_path} apart from the database.")
    return _rewrap(ring, database)


def _rewrap(keys: Keys, database: Database) -> int:
    rewrapped, unreadable = 0, list[str]()
    for rewrap in (rewrap_batch, rewrap_people):
        after: int | None = 0
        while after is not None:
            with database.unit_of_work() as session:
                batch = rewrap(session, system_actor(), keys, after_id=after)
            rewrapped += batch.rewrapped
            unreadable += batch.unreadable
            after = batch.last_id
            print(f"{rewrapped} data keys wrapped under {keys.current}")
    for name in unreadable:
        print(f"Cannot be opened and was left as it is: {name}. Enter it again where it belongs.", file=sys.stderr)
    return 1 if unreadable else 0


def _retire(settings: Settings, database: Database, key_id: str) -> int:
    if not is_file_ring(settings):
        raise WrongStateError(_ELSEWHERE)
    with database.unit_of_work() as session:
        check_unused(session, system_actor(), key_id=key_id)
        remove_key(settings.key_ring_path, key_id)
    print(f"{key_id} is no longer in {settings.key_ring_path}. Backups made before still need it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
