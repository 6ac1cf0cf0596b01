"""The job behind the site account's bell: work off what is due there."""

from adapters.object_store import object_store
from core.db import get_database
from core.ids import correlated
from core.settings import get_settings
from jobs.browser_visit import open_visit
from jobs.stopping import is_asked_to_stop
from services.drain import DrainTools, drain_account


def drain(site_account_id: int, correlation_id: str) -> None:
    """Send the account's due files and look after its due decisions, within the limits of the settings."""
    settings = get_settings()
    tools = DrainTools(get_database(), settings, object_store(settings), open_visit(settings), is_asked_to_stop)
    with correlated(correlation_id):
        drain_account(tools, site_account_id)
