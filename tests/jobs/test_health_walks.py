"""The job of a health walk: room for a browser first, one walled browser a walk, left behind in every case."""

from typing import Any

import pytest

from carriers.browser_options import BrowserOptions
from carriers.errors import SiteUnavailableError
from carriers.profile import load_profile
from carriers.wall import StoppedRequest
from core.clock import now
from core.crypto import Secret
from core.queue import HEALTH_WALK
from jobs import browser_walk_visit, health_walks, noted_browser
from jobs.browser_walk_visit import BrowserWalkVisit
from jobs.dispatcher import Dispatcher
from jobs.schedule import nightly
from models import HealthWalk
from services.uploads.site_visit import VisitOrder
from tests.builders import id_of, make_carrier, profile_document
from tests.jobs.test_room import make_room
from tests.pretend_site import LedgerWorld


class PretendBrowser:
    """A walled browser that remembers what it was told."""

    def __init__(self, log: list[str]) -> None:
        self._log = log
        self.grid_session = "grid-7"

    def start(self) -> None:
        self._log.append("start")

    def close(self) -> None:
        self._log.append("close")

    def kill(self) -> None:
        self._log.append("kill")

    def stopped(self) -> tuple[StoppedRequest, ...]:
        return (StoppedRequest("POST", "site", "/beacon", "ping"),)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    log: list[str] = []

    class Walk:
        def __init__(self, _browser: object, _profile: object, _url: str, typed: dict[str, Secret], *_: object) -> None:
            log.append(f"types {sorted(typed)}")

        def walk(self, known: dict[str, str]) -> dict[str, str]:
            if known.get("away"):
                raise SiteUnavailableError("Site")
            return {"upload": "walked"}

    monkeypatch.setattr(browser_walk_visit, "WalledBrowser", lambda *_: PretendBrowser(log))
    monkeypatch.setattr(browser_walk_visit, "HealthWalk", Walk)
    monkeypatch.setattr(noted_browser, "end_session", lambda _url, left: log.append(f"end {left}"))
    return log


def visit_of(notes: list[str]) -> BrowserWalkVisit:
    def note(session_id: str) -> str:
        notes.append(session_id)
        return "left-3" if session_id else ""

    secrets = {"username": Secret("hwr"), "password": Secret("x"), "totp": Secret("SEED")}
    order = VisitOrder("Site", "http://a.localhost", secrets, lambda: "1", None, None, note_browser=note)
    return BrowserWalkVisit(order, BrowserOptions())


@pytest.mark.parametrize("known", [{}, {"away": "yes"}])
def test_a_visit_walks_once_and_leaves_nothing_behind(log: list[str], known: dict[str, str]):
    notes: list[str] = []
    visit, profile, audience = visit_of(notes), load_profile(profile_document()), Any
    if known:
        with pytest.raises(SiteUnavailableError):
            visit.walk(profile, known, audience)
    else:
        findings = visit.walk(profile, known, audience)
        assert (findings.lists, len(findings.stopped)) == ({"upload": "walked"}, 1)
    visit.close()
    assert log == ["start", "end left-3", "types ['password', 'username']", "close"]
    assert notes == ["grid-7", ""]


@pytest.mark.parametrize(("free_mb", "walks"), [(100, []), (9000, [7])])
def test_a_walk_waits_for_room(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, free_mb: int, walks: list[int]):
    made: list[int] = []
    monkeypatch.setattr(health_walks, "room_of", lambda _settings: make_room(tmp_path, free_mb=free_mb))
    monkeypatch.setattr(health_walks, "object_store", lambda _settings: None)
    monkeypatch.setattr(health_walks, "make_walk", lambda _tools, walk_id: made.append(walk_id))
    health_walks.walk(7, "c-1")
    assert made == walks


def test_the_dispatcher_rings_for_walks_after_everything_else(database: Any, tmp_path: Any):
    world = LedgerWorld(database, tmp_path)
    with database.unit_of_work() as session:
        world.queue(session, 1)
        carrier = make_carrier(session)
        walk = HealthWalk(
            carrier_id=id_of(carrier), site_account_id=carrier.site_account_id, requested_at=now(), due_at=now()
        )
        session.add(walk)
        session.flush()
        walk_id = id_of(walk)
    due = Dispatcher(database, world.settings)._due()
    assert due[-1] == (HEALTH_WALK, walk_id, 0)
    assert len(due) == 2


def test_the_turn_of_a_night_lasts_until_the_next_begins():
    at = now().replace(month=11, day=28, hour=6, minute=0)
    turns = {nightly(at.replace(hour=hour)) for hour in (6, 12, 23)}
    assert len(turns) == 1
    assert nightly(at.replace(hour=4)) not in turns
