"""`python -m jobs.dispatcher`: every second, rings a worker for each account with due work and nobody at it.

It also gives its turn to what runs by the clock.
"""

import signal
import sys
from threading import Event
from types import FrameType

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from carriers.grid import end_session
from core.db import Database, get_database
from core.errors import FencedError
from core.ids import correlated
from core.log import configure_logging, get_logger
from core.queue import DRY_RUN, HEALTH_WALK, INVOICE_MAIL, NOTIFICATIONS, REPORT_MAIL, SITE_ACCOUNT, Bell, connect, ring
from core.settings import Settings, get_settings
from jobs.schedule import Scheduler
from services.mailing.sending import doubt_stale_mailings, has_stale_mailings, list_due_mailings
from services.notifications.planning import has_work
from services.reporting.report_sending import list_due_report_mails
from services.sites.dry_runs import end_stale_dry_runs, has_stale_dry_runs, list_due_dry_runs
from services.sites.health_walks import end_stale_walks, has_stale_walks, list_due_walks
from services.uploads.dispatch import doubt_unlooked, has_unlooked, list_due_accounts
from services.uploads.grid_sessions import LeftSession, forget_session, list_left_sessions

_log = get_logger(__name__)


class Dispatcher:
    """Looks at the rows, rings, and keeps going: a missing Redis or database is logged once, until it is back."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._scheduler = Scheduler(database)
        self._away: set[str] = set()

    def run(self, stop: Event) -> None:
        """Look once an interval until `stop` is set."""
        while not stop.is_set():
            self.look_once()
            stop.wait(self._settings.dispatch_interval_seconds)

    def look_once(self) -> int:
        """Ring for everything that is due now; return how many bells rang."""
        with correlated():
            try:
                due = self._due()
            except (SQLAlchemyError, FencedError) as wrong:
                self._note_away("database", wrong)
                return 0
            self._note_back("database")
            rung = self._ring(due) if due else 0
            self._scheduler.run_due()
            return rung

    def _due(self) -> list[tuple[Bell, int, int]]:
        """Return what to ring: bell, row and fence. People wait for dry runs, so they come first; walks have time."""
        with self._database.read_only() as session:
            due = [(DRY_RUN, dry_run_id, 0) for dry_run_id in list_due_dry_runs(session)]
            due += [(SITE_ACCOUNT, account.site_account_id, account.fence) for account in list_due_accounts(session)]
            due += [(NOTIFICATIONS, 0, 0)] if has_work(session) else []
            due += [(INVOICE_MAIL, mailing_id, 0) for mailing_id in list_due_mailings(session)]
            due += [(REPORT_MAIL, mail_id, 0) for mail_id in list_due_report_mails(session)]
            due += [(HEALTH_WALK, walk_id, 0) for walk_id in list_due_walks(session)]
            is_stale = has_stale_dry_runs(session) or has_stale_walks(session)
            is_mail_stale = has_stale_mailings(session)
            stranded = has_unlooked(session)
            left = list_left_sessions(session) if self._settings.selenium_remote_url else []
        if stranded:
            self._database.transact(lambda session: doubt_unlooked(session, self._settings))
        if is_stale:
            self._database.transact(end_stale_dry_runs)
            self._database.transact(end_stale_walks)
        if is_mail_stale:
            self._database.transact(doubt_stale_mailings)
        self._end_left(left)
        return due

    def _end_left(self, left: list[LeftSession]) -> None:
        """End browsers on the Grid whose worker died, so that none stays signed in or holds a place."""
        ended = [one for one in left if end_session(self._settings.selenium_remote_url, one.session_id)]
        if ended:
            with self._database.unit_of_work() as session:
                for one in ended:
                    forget_session(session, one)

    def _ring(self, due: list[tuple[Bell, int, int]]) -> int:
        try:
            connect().ping()
        except RedisError as wrong:
            self._note_away("redis", wrong)
            return 0
        self._note_back("redis")
        return sum(ring(bell, row_id, fence) for bell, row_id, fence in due)

    def _note_away(self, what: str, wrong: Exception) -> None:
        if what not in self._away:
            self._away.add(what)
            _log.warning("dispatcher:away", what=what, reason=type(wrong).__name__, kept="Every file stays queued.")

    def _note_back(self, what: str) -> None:
        if what in self._away:
            self._away.remove(what)
            _log.info("dispatcher:back", what=what)


def main() -> int:
    """Dispatch until SIGTERM or SIGINT."""
    configure_logging()
    stop = Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    Dispatcher(get_database(), get_settings()).run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
