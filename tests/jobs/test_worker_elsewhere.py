"""A worker on another machine: an empty folder, a home of its own, the two URLs and the key, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from core.db import Database
from models import Evidence, SiteAccount, StoredObject
from models.enums import Role, SubmissionStatus
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import sample_world
from services.uploads.evidence import read_evidence
from tests.builders import actor
from tests.chaos.stage import ROOT, Stage, set_stage

pytestmark = [pytest.mark.mariadb, pytest.mark.redis, pytest.mark.chromium, pytest.mark.timeout(300)]

CARRIER = "harbor-mutual"


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[RunningPortals]:
    with running_portals(sample_world(), tmp_path / "portals") as running:
        yield running


@pytest.fixture
def stage(
    mariadb_database: Database,
    portals: RunningPortals,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    folder = tmp_path / "portal"
    folder.mkdir()
    with set_stage(mariadb_database, portals, redis_url, folder) as staged:
        monkeypatch.setenv("BILLING_KEY_RING_PATH", staged.environment["BILLING_KEY_RING_PATH"])
        monkeypatch.setenv("BILLING_REDIS_URL", redis_url)
        yield staged


class Elsewhere:
    """The other machine: where its worker stands, and all that it is told."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.desk, self.home, self.log = folder / "empty", folder / "home", folder / "worker.log"
        for path in (self.desk, self.home):
            path.mkdir(parents=True)
        told = ("BILLING_DATABASE_URL", "BILLING_REDIS_URL")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            **{name: stage.environment[name] for name in told},
        }

    def worker(self, **environment: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "jobs.worker"],
                cwd=self.desk,
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
            )


def test_worker_elsewhere_delivers_and_the_portal_reads_its_proof(stage: Stage, tmp_path: Path) -> None:
    stage.queue(CARRIER, 1)
    elsewhere = Elsewhere(stage, tmp_path / "elsewhere")
    assert elsewhere.worker().wait(60) == 2
    assert "This worker cannot open the carriers' log-ins because it has no keys" in elsewhere.log.read_text()

    stage.start("jobs.dispatcher")
    key_ring = Path(stage.environment["BILLING_KEY_RING_PATH"]).read_text()
    worker = elsewhere.worker(BILLING_KEY_RING=key_ring)
    try:
        stage.wait(lambda: stage.statuses()[SubmissionStatus.DELIVERED] == 1, 120)
    finally:
        worker.terminate()
        worker.wait(60)
    assert stage.totals()["overall"]["accepted"] == 1
    assert list(elsewhere.desk.iterdir()) == [], "it left nothing behind"

    with stage.database.read_only() as session:
        pieces = session.scalars(select(Evidence)).all()
        read = [read_evidence(session, actor(Role.BILLER), evidence_id=piece.id or 0) for piece in pieces]
        stored = session.scalars(select(func.count()).select_from(StoredObject)).one()
        paused = session.scalars(select(col(SiteAccount.paused_at))).one()
    seen = dict(read)
    assert seen["image/png"].startswith(b"\x89PNG")
    assert b"<html" in seen["text/html"]
    assert stored == len(pieces) >= 4
    assert paused is None
