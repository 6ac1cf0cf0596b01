"""The job behind a dry run's bell."""

from adapters.object_store import object_store
from core.db import get_database
from core.ids import correlated
from core.settings import get_settings
from jobs.browser_dry_visit import open_dry_visit
from services.sites.dry_run_work import DryRunTools, make_dry_run


def walk(dry_run_id: int, correlation_id: str) -> None:
    """Walk through a carrier's site without sending anything."""
    settings = get_settings()
    with correlated(correlation_id):
        make_dry_run(
            DryRunTools(get_database(), settings, object_store(settings), open_dry_visit(settings)), dry_run_id
        )
