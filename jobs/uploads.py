"""The job behind the site account's bell: work off what is due there."""

import time

from adapters.object_store import object_store
from core.db import Database, get_database
from core.ids import correlated
from core.log import get_logger
from core.settings import Settings, get_settings
from jobs.browser_visit import open_visit
from jobs.room import room_of
from jobs.stopping import is_asked_to_stop
from services.sites.key_check import LoginsClosedError, check_key_names
from services.uploads.drain import DrainTools, drain_account

_BREATH_SECONDS = 2.0
_log = get_logger(__name__)


def drain(site_account_id: int, correlation_id: str) -> None:
    """Send the account's due files and look after its due decisions, within the limits of the settings.

    Where the machine is short of memory nothing is taken up: the dispatcher rings again, for any worker.
    """
    settings = get_settings()
    with correlated(correlation_id), room_of(settings).reserve() as has_room:
        if not has_room:
            _log.warning("uploads:short_of_memory", site_account_id=site_account_id, kept="Every file stays queued.")
            time.sleep(_BREATH_SECONDS)
            return
        database = get_database()
        if not database.is_sqlite and (reason := _why_closed(database, settings)):
            # Only this machine lacks a key: stopping the account would stop those that have it.
            _log.error("uploads:logins_closed", site_account_id=site_account_id, reason=reason)
            time.sleep(_BREATH_SECONDS)
            return
        tools = DrainTools(database, settings, object_store(settings), open_visit(settings), is_asked_to_stop)
        drain_account(tools, site_account_id)


def _why_closed(database: Database, settings: Settings) -> str:
    try:
        with database.read_only() as session:
            check_key_names(session, settings)
    except LoginsClosedError as closed:
        return closed.user_message
    return ""
