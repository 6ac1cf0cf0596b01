"""The doorbell: one job a row, fence and slot; a missing Redis is answered with False, never with an error."""

import time

import pytest
import structlog.testing
from redis import Redis
from rq.serializers import JSONSerializer

from core import queue
from core.ids import correlated
from core.settings import get_settings

BELL = queue.Bell("site-account", "uploads", "jobs.uploads.drain", timeout_seconds=900)


@pytest.fixture
def redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Redis:
    _point_at(redis_url, monkeypatch)
    return queue.connect()


def _point_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLING_REDIS_URL", url)
    get_settings.cache_clear()
    queue.connect.cache_clear()


@pytest.mark.redis
def test_ring_queues_ids_only(redis: Redis) -> None:
    with correlated("abc"):
        assert queue.ring(BELL, 7, 3)
    (job,) = queue.queue(BELL).jobs
    assert (job.func_name, job.args, job.timeout) == ("jobs.uploads.drain", [7, "abc"], 900)
    assert job.serializer is JSONSerializer
    assert job.id.startswith("site-account-7-f3-t")
    assert redis.ttl(job.key) > 0


@pytest.mark.redis
@pytest.mark.usefixtures("redis")
def test_ringing_while_the_bell_waits_queues_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert queue.ring(BELL, 7, 3)
    assert not queue.ring(BELL, 7, 3)
    assert not queue.ring(BELL, 7, 4)
    monkeypatch.setattr(time, "time", lambda: 1_000_005.0)
    assert not queue.ring(BELL, 7, 3)
    assert queue.ring(BELL, 8, 3)
    assert [job.args[0] for job in queue.queue(BELL).jobs] == [7, 8]


@pytest.mark.redis
@pytest.mark.usefixtures("redis")
def test_ringing_twice_in_a_slot_runs_once_though_a_worker_has_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert queue.ring(BELL, 7, 3)
    assert _take_the_first()
    assert not queue.ring(BELL, 7, 3)
    assert queue.ring(BELL, 7, 4)


@pytest.mark.redis
@pytest.mark.usefixtures("redis")
def test_a_later_slot_rings_again_though_the_fence_stood_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert queue.ring(BELL, 7, 3)
    assert _take_the_first()
    monkeypatch.setattr(time, "time", lambda: 1_000_005.0)
    assert queue.ring(BELL, 7, 3)


def _take_the_first() -> bool:
    """Do what a worker does that dies with the job: take its id off the line."""
    return queue.queue(BELL).pop_job_id() is not None


@pytest.mark.redis
def test_wiped_redis_can_be_rung_at_once(redis: Redis) -> None:
    assert queue.ring(BELL, 7, 3)
    redis.flushall()
    assert queue.ring(BELL, 7, 3)


@pytest.mark.slow
def test_redis_away_is_answered_with_false_and_logged(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _point_at(f"redis://127.0.0.1:{free_port}/0", monkeypatch)
    monkeypatch.setattr(queue, "_log", structlog.get_logger())
    with structlog.testing.capture_logs() as told:
        assert not queue.ring(BELL, 7, 3)
    assert [(event["event"], event["row_id"]) for event in told] == [("queue:unreachable", 7)]
