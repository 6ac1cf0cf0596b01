"""A whole failing and a whole succeeding upload leave no trace of a password or a seed, wherever one looks.

Recognisable secrets are typed by a real worker with a real Chromium, through a wrong password, an unforeseen failure
and a delivery; then database, Redis, logs, stack traces and evidence are searched. A text planted on purpose in each of
these places shows that the search would find one.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.crypto import Secret
from core.db import Database
from models import AccountSecret, AuditEvent, Evidence, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, sample_world
from services.sites.account_secrets import store_login
from tests.builders import actor, actor_for, make_user
from tests.chaos.failing_worker import PLANTED
from tests.chaos.search import RedisEar, files_below, finds
from tests.chaos.stage import Stage, set_stage

pytestmark = [pytest.mark.redis, pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(480)]

CARRIER = "granite-surety"
WRONG, RIGHT = "Canary wrong&7<Qx", "Canary right&8>Zy"
SEED = "KNSWG4TFORBWC3TBOJ4VGZLFMRKGK43U"
CONTROL = "a-text-planted-on-purpose"


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortals]:
    world = json.dumps(sample_world()).replace(PASSWORD, RIGHT).replace(TOTP_SECRET, SEED)
    with running_portals(json.loads(world), tmp_path_factory.mktemp("portals")) as running:
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


def store(stage: Stage, **values: str) -> None:
    with stage.database.unit_of_work() as session:
        account = session.scalars(select(SiteAccount)).one()
        typed = {field: Secret(value) for field, value in values.items()}
        store_login(session, actor(Role.ADMIN), site_account_id=account.id, values=typed)


def account(stage: Stage) -> SiteAccount:
    with stage.database.read_only() as session:
        return session.scalars(select(SiteAccount)).one()


def run_it_all(stage: Stage) -> None:
    """A wrong password, a new one, an unforeseen failure after the log-in, and a delivery in the end."""
    with stage.database.unit_of_work() as session:
        admin = actor_for(make_user(session, Role.ADMIN))
    assert admin.user_id is not None
    stage.queue(CARRIER, 2)
    store(stage, password=WRONG, totp=SEED)
    stage.start("tests.chaos.failing_worker", str(stage.folder))
    stage.start("jobs.dispatcher")
    stage.wait(lambda: account(stage).login_refused_at is not None, 200)
    store(stage, password=RIGHT)
    stage.wait(lambda: stage.statuses()[SubmissionStatus.DELIVERED] == 2, 240)


def places(stage: Stage, ear: RedisEar) -> dict[str, list[bytes]]:
    database = Path(stage.database.url.database or "")
    return {
        "database": [path.read_bytes() for path in database.parent.glob(f"{database.name}*")],
        "redis": [*ear.heard, *ear.dump()],
        "logs": [path.read_bytes() for path in stage.folder.glob("*.log")],
        "evidence": list(files_below(stage.folder / "evidence")),
    }


def plant(stage: Stage, text: str) -> None:
    """Leave a text in each place, as a fault of ours would."""
    with stage.database.unit_of_work() as session:
        session.execute(update(SiteAccount).values(paused_reason=text))
    stage.redis.set("planted", text)
    (stage.folder / "planted.log").write_text(json.dumps({"event": text}))
    (stage.folder / "evidence" / "planted.html").write_text(f"<input value='{text}'>")


def test_leave_no_secret_anywhere(stage, redis_url):
    with closing(RedisEar(redis_url)) as ear:
        run_it_all(stage)
        searched = places(stage, ear)
        plant(stage, control := f"{CONTROL}-{secrets.token_hex(4)}")
        with_control = places(stage, ear)
    secrets_typed = (WRONG, RIGHT, SEED)
    leaks = [(place, text) for place, contents in searched.items() for text in secrets_typed if finds(text, contents)]
    assert leaks == []
    # The error paths were walked, and the search sees what they left.
    assert finds(PLANTED, searched["redis"])
    assert finds(PLANTED, searched["logs"])
    assert finds("Granite", searched["evidence"])
    with stage.database.read_only() as session:
        assert session.scalars(select(Evidence)).first() is not None
        assert session.scalars(select(AuditEvent).filter_by(tag="site_account:stopped")).one().data
        assert len(session.scalars(select(AccountSecret)).all()) == 3
        assert {row.status for row in session.scalars(select(Submission))} == {SubmissionStatus.DELIVERED}
    assert [place for place, contents in with_control.items() if not finds(control, contents)] == []
