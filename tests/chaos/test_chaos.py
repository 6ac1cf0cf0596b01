"""Real Redis, real Chromium, practice sites: workers killed at every step, frozen, Redis wiped, replies dropped.

What counts is what the sites' own stores say: nothing twice, nothing missing.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from core.db import Database
from models.enums import SubmissionStatus
from sandbox.portals.running import RunningPortals, running_portals
from sandbox.portals.sample_world import sample_world
from tests.chaos.mortal_worker import ONE_COMMIT_STEPS, TWO_COMMIT_STEPS
from tests.chaos.stage import Stage, set_stage

pytestmark = [pytest.mark.redis, pytest.mark.chromium, pytest.mark.slow, pytest.mark.timeout(480)]


@pytest.fixture(scope="module")
def portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortals]:
    with running_portals(sample_world(), tmp_path_factory.mktemp("portals")) as running:
        yield running


@pytest.fixture
def stage(
    database: Database, portals: RunningPortals, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    portals.control.reset()
    portals.control.clear_faults()
    with set_stage(database, portals, redis_url, tmp_path) as staged:
        monkeypatch.setenv("BILLING_KEY_RING_PATH", staged.environment["BILLING_KEY_RING_PATH"])
        monkeypatch.setenv("BILLING_REDIS_URL", redis_url)
        yield staged


def is_settled(stage: Stage) -> bool:
    """Whether no file waits for a machine any more."""
    return not {SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT} & set(stage.statuses())


def test_kill_worker_at_every_step_and_wipe_redis_loses_and_doubles_nothing(stage):
    stage.queue("harbor-mutual", 7)
    stage.queue("northfork-re", 7)
    stage.cue("harbor", *ONE_COMMIT_STEPS)
    stage.cue("northfork", *TWO_COMMIT_STEPS)
    deaths = len(stage.pending_cues())
    for _ in range(2):
        stage.start("tests.chaos.mortal_worker", str(stage.plan))
    stage.start("jobs.dispatcher")
    stage.wait(lambda: len(stage.pending_cues()) <= deaths / 2, 240)
    stage.redis.flushall()
    stage.wait(lambda: is_settled(stage), 240)
    totals = stage.totals()["overall"]
    assert stage.pending_cues() == []
    assert stage.statuses() == {SubmissionStatus.DELIVERED: 14}
    assert (totals["accepted"], totals["duplicates"]) == (14, 0)
    assert sum(program.starts for program in stage.programs) >= deaths


def test_freeze_worker_past_its_lease_before_the_intent_sends_once(stage):
    stage.queue("harbor-mutual", 1)
    stage.cue("harbor", "freeze_before_intent")
    thaw_after_settling(stage)
    assert stage.statuses() == {SubmissionStatus.DELIVERED: 1}
    assert stage.totals()["overall"]["accepted"] == 1


def test_freeze_worker_past_its_lease_after_the_intent_ends_it_and_sends_once(stage):
    stage.queue("harbor-mutual", 1)
    stage.cue("harbor", "freeze_after_intent")
    thaw_after_settling(stage)
    assert stage.statuses() == {SubmissionStatus.DELIVERED: 1}
    assert stage.totals()["overall"]["accepted"] == 1


def test_drop_reply_after_the_click_is_found_on_the_site(stage):
    stage.portals.control.order_fault("harbor", "drop_reply", at="upload")
    stage.queue("harbor-mutual", 2)
    stage.start("jobs.worker")
    stage.start("jobs.dispatcher")
    stage.wait(lambda: is_settled(stage), 60)
    totals = stage.totals()["overall"]
    assert stage.statuses() == {SubmissionStatus.DELIVERED: 2}
    assert (totals["accepted"], totals["duplicates"]) == (2, 0)


def test_stop_worker_finishes_the_file_in_hand_and_leaves_no_process(stage):
    stage.queue("harbor-mutual", 12)
    worker = stage.start("jobs.worker").process
    dispatcher = stage.start("jobs.dispatcher").process
    stage.wait(lambda: stage.statuses()[SubmissionStatus.DELIVERED] >= 2, 90)
    dispatcher.terminate()
    family = psutil.Process(worker.pid).children(recursive=True)
    worker.terminate()
    assert worker.wait(60) == 0
    assert dispatcher.wait(30) == 0
    left = stage.statuses()
    assert set(left) <= {SubmissionStatus.DELIVERED, SubmissionStatus.READY}
    assert 2 <= left[SubmissionStatus.DELIVERED] < 12
    assert stage.totals()["overall"]["accepted"] == left[SubmissionStatus.DELIVERED]
    assert len(family) > 2
    assert psutil.wait_procs(family, timeout=10)[1] == []


def thaw_after_settling(stage: Stage) -> None:
    """Let a second worker settle what the frozen one left, then thaw that one and let it come to its end."""
    for _ in range(2):
        stage.start("tests.chaos.mortal_worker", str(stage.plan))
    stage.start("jobs.dispatcher")
    frozen = stage.plan / "frozen"
    stage.wait(lambda: frozen.exists() and is_settled(stage), 60)
    pid = int(frozen.read_text())
    with suppress(ProcessLookupError):  # the next owner may have ended it
        os.kill(pid, signal.SIGCONT)
    stage.wait(lambda: not Path(f"/proc/{pid}").exists(), 60)
