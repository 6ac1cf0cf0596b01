"""What the health pane of a carrier's profile reads and writes, one transaction each."""

from core.db import read_only, unit_of_work
from services.sites.health_walks import request_walk
from services.sites.page_drifts import HealthView, accept_look, carrier_health
from services.sites.walk_consent import mark_robot_user, want_walks
from state.guard import actor


def read_health(carrier_id: int) -> HealthView:
    """Read what the walks of a carrier found."""
    with read_only() as session:
        return carrier_health(session, actor(), carrier_id=carrier_id)


def ask_walk(carrier_id: int) -> int:
    """Ask for a walk now."""
    with unit_of_work() as session:
        return request_walk(session, actor(), carrier_id=carrier_id)


def set_terms(site_id: int, site_account_id: int, *, wanted: bool, is_robot: bool) -> bool:
    """Store whether the site is walked through at night, and whether the log-in is a robot user."""
    with unit_of_work() as session:
        mark_robot_user(session, actor(), site_account_id=site_account_id, is_robot=is_robot)
        want_walks(session, actor(), site_id=site_id, wanted=wanted)
    return True


def accept(drift_id: int, note: str) -> bool:
    """Take a page's new look as its base."""
    with unit_of_work() as session:
        accept_look(session, actor(), drift_id=drift_id, note=note)
    return True
