"""A real Selenium Grid: files are uploaded through it, and no browser stays there when a worker dies."""

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
from carriers.errors import BrowserLostError
from carriers.grid import end_session
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from carriers.walled_browser import WalledBrowser
from core.db import Database
from core.settings import Settings
from jobs import dispatcher
from jobs.browser_visit import BrowserVisit
from jobs.dispatcher import Dispatcher
from models import SiteAccount
from services.uploads.grid_sessions import list_left_sessions, note_session
from services.uploads.leases import take_account
from services.uploads.site_visit import VisitOrder
from services.uploads.workers import register_worker
from tests.builders import make_site_account
from tests.carriers.fake_site import Captures
from tests.carriers.hostile_site import hostile_site, walk_hostile
from tests.carriers.practice import credentials, ledes_file, permit, practice_carriers
from tests.servers import running_grid

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]

_LEAVE_A_BROWSER = """
import sys, time
from carriers.browser import Browser
from carriers.browser_options import BrowserOptions
browser = Browser(BrowserOptions(remote_url=sys.argv[1]))
browser.start()
print(browser.grid_session, flush=True)
time.sleep(120)
"""


@pytest.fixture(scope="module")
def grid():
    with running_grid() as server:
        yield server


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    with practice_carriers(tmp_path_factory.mktemp("practice")) as running:
        yield running


@pytest.fixture(autouse=True)
def _empty_grid(grid):
    yield
    wait_until(lambda: grid.sessions() == [])


def wait_until(is_so, seconds=20):
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


def leave_a_browser(grid):
    """Open a browser in a process that is killed at once; returns the session it left on the Grid."""
    command = [sys.executable, "-c", _LEAVE_A_BROWSER, grid.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        session_id = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGKILL)
    return session_id


def make_held_account(database: Database, lease_ms=30_000):
    with database.unit_of_work() as session:
        account = make_site_account(session)
        worker = register_worker(session)
        return take_account(session, site_account_id=account.id, worker_id=worker, lease_ms=lease_ms)


@pytest.mark.parametrize("carrier", ["lakeshore-indemnity"])
def test_upload_through_the_grid_once_with_receipt_and_proof(grid, practice, carrier):
    practice.reset()
    captures = Captures()
    typed = {name: value for name, value in credentials().items() if name != "totp"}
    with Browser(BrowserOptions(remote_url=grid.url), carrier) as browser:
        session = SiteSession(
            browser, seed_profiles()[carrier], practice.base_url(carrier), typed, practice.code, captures
        )
        file = ledes_file(carrier, "GRID-0001")
        assert session.find_invoice(file) is None
        receipt = session.upload(file, before_commit=permit)
        assert session.find_invoice(file).receipt_number == receipt.receipt_number
        assert grid.sessions() == [browser.grid_session]
    assert practice.accepted(carrier) == 1
    assert {"before", "after"} <= {kind for kind, _ in captures.kinds}


def test_the_wall_of_a_walk_stands_on_the_grid_too(grid):
    with hostile_site() as site, WalledBrowser(BrowserOptions(remote_url=grid.url)) as browser:
        ends = walk_hostile(browser, site, "/by-form")
        assert site.sent == ["POST /login"]
        assert (ends["upload"], ends["find_invoice"]) == ("would_send", "walked")
        assert "POST /step" in {f"{one.method} {one.path}" for one in browser.stopped()}


def test_end_a_browser_whose_worker_was_killed(grid):
    left = leave_a_browser(grid)
    assert grid.sessions() == [left]
    assert end_session(grid.url, left)
    assert grid.sessions() == []
    assert end_session(grid.url, left)


def test_end_no_session_where_there_is_no_grid():
    assert not end_session("http://127.0.0.1:9", "939f67ae49a5878a9ad047961c8dcfef")


def test_dispatcher_ends_what_a_dead_worker_left(grid, database, monkeypatch):
    monkeypatch.setattr(dispatcher, "connect", lambda: SimpleNamespace(ping=lambda: True))
    lease = make_held_account(database)
    left = leave_a_browser(grid)
    with database.unit_of_work() as session:
        assert note_session(session, lease, left) == ""
    looking = Dispatcher(database, Settings(selenium_remote_url=grid.url))
    looking.look_once()
    assert grid.sessions() == [left]
    with database.unit_of_work() as session:
        session.execute(update(SiteAccount).values(lease_until_ms=1))
    looking.look_once()
    assert grid.sessions() == []
    with database.read_only() as session:
        assert list_left_sessions(session) == []


def test_next_owner_ends_the_browser_of_the_one_before(grid, practice, database):
    practice.reset()
    lease, left = make_held_account(database), leave_a_browser(grid)

    def note(session_id):
        with database.unit_of_work() as session:
            return note_session(session, lease, session_id)

    assert note(left) == ""
    order = VisitOrder("Harbor", practice.base_url("harbor-mutual").rstrip("/"), credentials(), practice.code,
                       Captures(), None, note_browser=note)  # fmt: skip
    visit = BrowserVisit(order, BrowserOptions(remote_url=grid.url))
    try:
        visit.find_invoice(seed_profiles()["harbor-mutual"], ledes_file("harbor-mutual", "GRID-0002"))
        assert left not in grid.sessions()
        assert len(grid.sessions()) == 1
    finally:
        visit.close()
    assert note("") == ""


def test_browser_that_was_ended_from_outside_is_lost(grid):
    with Browser(BrowserOptions(remote_url=grid.url)) as browser:
        end_session(grid.url, browser.grid_session)
        with pytest.raises(BrowserLostError):
            browser.snapshot([])
