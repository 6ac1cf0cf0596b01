"""`python -m jobs.worker`: an RQ worker that forks a work-horse a job and leaves nothing behind when it dies."""

import ctypes
import os
import signal
import sys

from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import DequeueStrategy, Worker
from sqlalchemy.exc import SQLAlchemyError

from core.db import Database, get_database
from core.log import configure_logging, get_logger
from core.queue import (
    DRY_RUN,
    HEALTH_WALK,
    INVOICE_MAIL,
    MAILBOX,
    NOTIFICATIONS,
    REPORT_MAIL,
    SITE_ACCOUNT,
    Bell,
    connect,
    queue,
)
from core.settings import Settings, get_settings
from jobs import stopping
from services.sites.key_check import LoginsClosedError, check_keys

_PR_SET_PDEATHSIG = 1
_TTL_SECONDS = 20
_MONITOR_SECONDS = 5
_log = get_logger(__name__)


class BillingWorker(Worker):
    """A fork worker whose horse dies with it, and finishes the file in hand when asked to stop."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Tie the horse's life to the worker's, let go of inherited connections, then work."""
        _die_with(os.getppid())
        get_database().leave_to_parent()
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """Let SIGTERM mean: stop after the current file."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]  # RQ leaves it untyped
        stopping.listen()

    def handle_warm_shutdown_request(self) -> None:
        """Pass the wish to stop on to the horse alone, not to its browser."""
        if self.horse_pid:
            os.kill(self.horse_pid, signal.SIGTERM)


def main() -> int:
    """Work until told to stop.

    1 when Redis or the database cannot be reached, so that a supervisor starts it again; 2 when this machine lacks the
    keys of the carriers' log-ins, which starting again does not mend.
    """
    configure_logging()
    settings, database = get_settings(), get_database()
    try:
        connect().ping()
        with database.read_only() as session:
            check_keys(session, settings)
        work(make_worker())
    except RedisError as away:
        _log.error("worker:no_redis", reason=type(away).__name__, advice="Files stay queued; start Redis.")
        return 1
    except SQLAlchemyError as away:
        advice = "Files stay queued; start the database, or bring it to the newest schema with make migrate."
        _log.error("worker:no_database", reason=type(away).__name__, advice=advice)
        return 1
    except LoginsClosedError as closed:
        _log.error("worker:refused", reason=closed.user_message)
        return 2
    return 0


def make_worker() -> BillingWorker:
    """Return a worker of every queue that this machine can serve."""
    return BillingWorker(
        [queue(bell) for bell in _bells(get_settings(), get_database())],
        connection=connect(),
        serializer=JSONSerializer,
        worker_ttl=_TTL_SECONDS,
        job_monitoring_interval=_MONITOR_SECONDS,
        maintenance_interval=_MONITOR_SECONDS,
        log_job_description=False,
    )


def work(worker: BillingWorker, *, until_empty: bool = False) -> None:
    """Serve the queues in turns, so that mails that keep coming never hold up the uploads, nor these the mails."""
    worker.work(
        burst=until_empty,
        with_scheduler=False,
        logging_level="WARNING",
        dequeue_strategy=DequeueStrategy.ROUND_ROBIN,
    )


def _bells(settings: Settings, database: Database) -> list[Bell]:
    """Return what this machine can answer.

    Mails are left to others where no mail server is named and the portal's own mailbox is on another machine.
    """
    has_mailbox = bool(settings.mailbox_host) or database.is_sqlite or settings.maildir.is_dir()
    mails = [INVOICE_MAIL, NOTIFICATIONS, REPORT_MAIL]
    return [DRY_RUN, *([MAILBOX] if has_mailbox else []), SITE_ACCOUNT, *mails, HEALTH_WALK]


def _die_with(parent: int) -> None:
    """Ask Linux to kill us when the worker dies; it may have died before we asked."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
