"""The doorbell: Redis is rung with ids after commit, and may be wiped at any moment; the rows are the truth."""

import time
from dataclasses import dataclass
from functools import lru_cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from core.ids import correlation_id
from core.log import get_logger
from core.settings import get_settings

_SLOT_SECONDS = 5
_log = get_logger(__name__)


@dataclass(frozen=True)
class Bell:
    """One kind of job: the queue it rings and the function that answers, by dotted name."""

    kind: str
    queue: str
    function: str
    timeout_seconds: int


MAILBOX = Bell("mailbox", "results", "jobs.results.read", timeout_seconds=300)
SITE_ACCOUNT = Bell("site-account", "uploads", "jobs.uploads.drain", timeout_seconds=900)
INVOICE_MAIL = Bell("invoice-mail", "invoice-mails", "jobs.mailings.send", timeout_seconds=120)
DRY_RUN = Bell("dry-run", "dry-runs", "jobs.dry_runs.walk", timeout_seconds=300)
HEALTH_WALK = Bell("health-walk", "health-walks", "jobs.health_walks.walk", timeout_seconds=600)
REPORT_MAIL = Bell("report-mail", "report-mails", "jobs.report_mails.send", timeout_seconds=120)
NOTIFICATIONS = Bell("notifications", "notifications", "jobs.notifications.send", timeout_seconds=300)


@lru_cache(maxsize=4)
def connect(url: str = "") -> Redis:
    """Return the shared Redis client of a URL (by default the settings')."""
    return Redis.from_url(
        url or get_settings().redis_url,
        socket_connect_timeout=2,
        health_check_interval=30,
        retry=Retry(NoBackoff(), 1),  # the default waits for seconds, and a person's click waits with it
    )


def queue(bell: Bell) -> Queue:
    """Return the RQ queue a bell rings, with JSON arguments."""
    return Queue(bell.queue, connection=connect(), serializer=JSONSerializer)


def ring(bell: Bell, row_id: int, fence: int) -> bool:
    """Wake a worker for a row; True when a job was queued.

    A bell that still waits for a worker is not rung twice. The job id carries the fence and a time slot, so a
    job that died before the fence moved cannot jam the bell. Redis being away is logged and answered with
    False: the dispatcher rings again every due row.
    """
    slot = int(time.time()) // _SLOT_SECONDS
    try:
        line = queue(bell)
        if _is_waiting(line, bell, row_id):
            return False
        line.enqueue(
            bell.function,
            row_id,
            correlation_id(),
            job_id=f"{bell.kind}-{row_id}-f{fence}-t{slot}",
            unique=True,
            result_ttl=0,
            failure_ttl=300,
            ttl=60,
            job_timeout=bell.timeout_seconds,
        )
    except DuplicateJobError:
        return False
    except RedisError as away:
        _log.warning("queue:unreachable", kind=bell.kind, row_id=row_id, reason=type(away).__name__)
        return False
    return True


def _is_waiting(line: Queue, bell: Bell, row_id: int) -> bool:
    prefix = f"{bell.kind}-{row_id}-f"
    return any(job_id.startswith(prefix) for job_id in line.job_ids)
