"""The job behind a health walk's bell."""

from adapters.object_store import object_store
from core.db import get_database
from core.ids import correlated
from core.settings import get_settings
from jobs.browser_walk_visit import open_walk_visit
from jobs.room import room_of
from jobs.stopping import is_asked_to_stop
from services.sites.health_walk_work import WalkTools, make_walk


def walk(walk_id: int, correlation_id: str) -> None:
    """Walk through a carrier's site; where the machine is short of memory it waits for another turn."""
    settings = get_settings()
    with correlated(correlation_id), room_of(settings).reserve() as has_room:
        if has_room:
            visits = open_walk_visit(settings)
            tools = WalkTools(get_database(), settings, object_store(settings), visits, is_asked_to_stop)
            make_walk(tools, walk_id)
