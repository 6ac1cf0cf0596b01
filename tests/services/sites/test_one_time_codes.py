"""One code one log-in, under the account's lease, by the database's clock, and none that is about to expire."""

import threading

import pyotp
import pytest
from sqlalchemy import update
from sqlmodel import Session

from core.crypto import Secret
from core.db import Database
from core.errors import FencedError, UnavailableError
from models import SiteAccount
from services.sites.one_time_codes import database_clock, one_time_code
from services.uploads.leases import AccountLease, take_account
from services.uploads.workers import register_worker
from tests.builders import id_of, make_site_account

SEED = Secret("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
START = 1_800_000_000.0


class Clock:
    """A clock that moves only while somebody sleeps."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self, _session: Session) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def leased(database: Database) -> AccountLease:
    with database.unit_of_work() as session:
        account = id_of(make_site_account(session))
        lease = take_account(session, site_account_id=account, worker_id=register_worker(session), lease_ms=60_000)
    assert lease is not None
    return lease


@pytest.fixture
def lease(database: Database) -> AccountLease:
    return leased(database)


def code_at(second: float) -> str:
    return pyotp.TOTP(SEED.reveal()).at(int(second))


def test_one_time_code_never_uses_a_time_step_twice(database, lease):
    clock = Clock(START + 10)
    codes = [one_time_code(database, lease, SEED, clock=clock, sleep=clock.sleep) for _ in range(3)]
    assert codes == [code_at(START + 30 * n) for n in range(3)]
    assert len(clock.slept) == 2
    assert max(clock.slept) < 31


def test_one_time_code_keeps_the_used_step_in_the_row(database, lease):
    clock = Clock(START + 10)
    one_time_code(database, lease, SEED, clock=clock, sleep=clock.sleep)
    with database.read_only() as session:
        assert session.get_one(SiteAccount, lease.site_account_id).totp_last_step == int(START) // 30


@pytest.mark.parametrize(("second", "waits"), [(24.9, 0), (25.1, 1), (29.9, 1)])
def test_one_time_code_waits_out_one_that_is_about_to_expire(database, lease, second, waits):
    clock = Clock(START + second)
    code = one_time_code(database, lease, SEED, clock=clock, sleep=clock.sleep)
    assert len(clock.slept) == waits
    assert code == code_at(START + 30 * waits)
    assert 30 - clock.now % 30 >= 5


def test_one_time_code_is_refused_without_the_lease(database, lease):
    stale = AccountLease(lease.site_account_id, lease.fence - 1, lease.worker_id)
    with pytest.raises(FencedError):
        one_time_code(database, stale, SEED)
    with database.read_only() as session:
        assert session.get_one(SiteAccount, lease.site_account_id).totp_last_step is None


def test_one_time_code_does_not_wait_for_a_clock_that_was_set_back(database, lease):
    with database.unit_of_work() as session:
        session.execute(update(SiteAccount).values(totp_last_step=int(START) // 30 + 20))
    with pytest.raises(UnavailableError, match="600 seconds before"):
        one_time_code(database, lease, SEED, clock=Clock(START + 10))


def test_one_time_code_follows_the_database_not_the_worker(each_database, monkeypatch):
    lease = leased(each_database)
    with each_database.read_only() as session:
        at = database_clock(session)
    monkeypatch.setattr("time.time", lambda: at + 3600)
    code = one_time_code(each_database, lease, SEED)
    with each_database.read_only() as session:
        now = database_clock(session)
    assert code in {code_at(second) for second in (at, now)}


def test_one_time_code_gives_a_step_to_one_of_several_rivals(each_database):
    lease = leased(each_database)
    waits: list[float] = []

    class Waiting(Exception):  # noqa: N818 -- ends the wait of a rival
        pass

    def give_up(seconds: float) -> None:
        waits.append(seconds)
        raise Waiting

    codes = []

    def ask():
        try:
            codes.append(one_time_code(each_database, lease, SEED, clock=lambda _: START + 10, sleep=give_up))
        except Waiting:
            return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(codes), len(waits)) == (1, 3)
