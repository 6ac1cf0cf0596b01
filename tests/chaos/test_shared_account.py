"""Three carriers share one log-in at a real site: a wrong password stops them all, once, and others run on."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from core.crypto import Secret
from core.db import Database
from models import AuditEvent, Carrier, Notice, SiteAccount, Submission
from models.enums import NoticeKind, Role, SubmissionStatus
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import PASSWORD, sample_world
from services.sites.account_secrets import store_login
from tests.builders import actor, make_user
from tests.chaos.stage import SITES, Stage, set_stage

pytestmark = [pytest.mark.redis, pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(480)]

SHARING, ELSEWHERE = ("bluewater-marine", "cedar-valley", "tri-county-farm"), "harbor-mutual"


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[RunningPortals]:
    with running_portals(sample_world(), tmp_path / "portals") as running:
        yield running


@pytest.fixture
def stage(
    database: Database, portals: RunningPortals, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    folder = tmp_path / "stage"
    folder.mkdir()
    with set_stage(database, portals, redis_url, folder) as staged:
        monkeypatch.setenv("BILLING_KEY_RING_PATH", staged.environment["BILLING_KEY_RING_PATH"])
        monkeypatch.setenv("BILLING_REDIS_URL", redis_url)
        yield staged


def share_one_account(stage: Stage) -> int:
    """Put all of them on the first one's account; return it."""
    with stage.database.unit_of_work() as session:
        first, *others = (session.scalars(select(Carrier).filter_by(slug=slug)).one() for slug in SHARING)
        mine, theirs = {"site_account_id": first.site_account_id}, [one.id for one in others]
        session.execute(update(Carrier).where(col(Carrier.id).in_(theirs)).values(mine))
        session.execute(update(Submission).where(col(Submission.carrier_id).in_(theirs)).values(mine))
        return first.site_account_id


def store(stage: Stage, account: int, password: str) -> None:
    with stage.database.unit_of_work() as session:
        values = {"password": Secret(password)}
        store_login(session, actor(Role.ADMIN), site_account_id=account, values=values)


def test_a_wrong_password_stops_all_its_carriers_once_and_others_run(stage):
    ids = {slug: stage.queue(slug, 2) for slug in (*SHARING, ELSEWHERE)}
    with stage.database.unit_of_work() as session:
        make_user(session, Role.ADMIN)
    account = share_one_account(stage)
    store(stage, account, "not-the-password")
    # A second wrong try would lock the account, and then the right password would not help.
    stage.portals.control.order_fault(SITES[SHARING[0]][0], "lock_after_failures", count=2)
    stage.start("jobs.worker")
    stage.start("jobs.dispatcher")
    stage.wait(lambda: stage.statuses()[SubmissionStatus.DELIVERED] == 2, 200)
    stage.wait(lambda: stage.statuses()[SubmissionStatus.NEEDS_ATTENTION] == 1, 200)
    time.sleep(4)  # the dispatcher looks a dozen times meanwhile
    assert stage.statuses() == {
        SubmissionStatus.DELIVERED: 2,
        SubmissionStatus.NEEDS_ATTENTION: 1,
        SubmissionStatus.READY: 5,
    }
    with stage.database.read_only() as session:
        delivered = set(session.scalars(select(col(Submission.id)).filter_by(status=SubmissionStatus.DELIVERED)))
        stopped = session.scalars(select(AuditEvent).filter_by(tag="site_account:stopped")).one()
        notice = session.scalars(select(Notice)).one()
        assert session.get_one(SiteAccount, account).login_refused_at is not None
    assert delivered == set(ids[ELSEWHERE])
    assert (notice.kind, notice.subject_id) == (NoticeKind.ACCOUNT_STOPPED, account)
    assert abs((notice.created_at - stopped.at).total_seconds()) < 60
    store(stage, account, PASSWORD)
    stage.wait(lambda: stage.statuses()[SubmissionStatus.DELIVERED] == 8, 240)
    assert stage.totals()["overall"]["duplicates"] == 0
