"""A carrier's site without a browser: stores what is posted, says what a test scripted, and dies on cue."""

from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from adapters.object_store import LocalObjectStore
from carriers.errors import LoginRejectedError, ReceiptMissingError
from carriers.exchange import DecisionKind, OutgoingFile, SiteDecision, SiteReceipt
from carriers.login import written_down
from carriers.profile import CarrierProfile
from core.crypto import Secret
from core.db import Database
from core.settings import Settings
from models import Carrier, Invoice, SiteAccount, Submission, WorkerProcess
from models.enums import Role
from services.sites.account_secrets import store_secret
from services.uploads.drain import DrainReport, DrainTools, drain_account
from services.uploads.site_visit import VisitOrder
from services.uploads.workers import this_process
from tests.builders import actor, id_of, make_carrier, make_invoice, make_matter, make_submission, profile_document

PNG = b"\x89PNG\r\n\x1a\n pretend"
APPROVED = SiteDecision(DecisionKind.APPROVED)


class KilledError(BaseException):
    """Stands for kill -9: no handler of the product catches it."""


class PretendSite:
    """Shared by every visit of a test; `script[call]` holds what the next calls do instead of the normal thing.

    `passwords` are all that it was ever shown, `password` the one it takes (None: any).
    """

    def __init__(self) -> None:
        self.posts: list[str] = []
        self.hidden: set[str] = set()
        self.script: dict[str, deque[Any]] = defaultdict(deque)
        self.decision = APPROVED
        self.opened = 0
        self.closed = 0
        self.calls: list[str] = []
        self.passwords: list[str] = []
        self.password: str | None = None

    def will(self, call: str, *answers: Any) -> None:
        """Script the next answers of `login`, `find`, `upload`, `before_click`, `after_click`, `result`."""
        self.script[call].extend(answers)

    def open_visit(self, order: VisitOrder) -> "PretendVisit":
        self.opened += 1
        return PretendVisit(self, order)

    def act(self, call: str) -> Any:
        if call not in {"open_page", "login"}:
            self.calls.append(call)
        answer = self.script[call].popleft() if self.script[call] else None
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer


class PretendVisit:
    """One visit to the pretend site."""

    def __init__(self, site: PretendSite, order: VisitOrder) -> None:
        self._site = site
        self._order = order
        self._is_signed_in = False
        self.killed = False

    def sign_in(self) -> None:
        """Type the log-in, once a visit, written down as the real one does; the site counts every password it sees."""
        if self._is_signed_in:
            return
        self._site.act("open_page")
        with written_down(self._order.journal) as begin:
            begin()
            self._site.passwords.append(self._order.credentials["password"].reveal())
            self._site.act("login")
            if self._site.password not in (None, self._site.passwords[-1]):
                raise LoginRejectedError("Practice site")
        self._is_signed_in = True

    def find_invoice(self, profile: CarrierProfile, file: OutgoingFile) -> SiteReceipt | None:
        self.sign_in()
        self._site.act("find")
        number = file.invoice_number
        visible = number in self._site.posts and number not in self._site.hidden
        return SiteReceipt(f"R-{number}", "Received") if visible else None

    def keep_listing(self, profile: CarrierProfile, file: OutgoingFile) -> None:
        self.sign_in()
        self._site.act("list")
        self._order.evidence.capture("listing", "The site's list", PNG, "<p>list</p>")

    def upload(
        self, profile: CarrierProfile, file: OutgoingFile, *, before_commit: Callable[[str], None]
    ) -> SiteReceipt:
        self.sign_in()
        self._order.evidence.capture("before", "Upload", PNG, "<p>before</p>")
        self._site.act("upload")
        before_commit("Upload")
        self._site.act("before_click")
        self._site.posts.append(file.invoice_number)
        self._site.act("after_click")
        self._order.evidence.capture("after", "Upload", PNG, "<p>after</p>")
        return SiteReceipt(f"R-{file.invoice_number}", "Received")

    def read_result(self, profile: CarrierProfile, file: OutgoingFile) -> SiteDecision:
        self.sign_in()
        answer = self._site.act("result")
        return answer if isinstance(answer, SiteDecision) else self._site.decision

    def close(self) -> None:
        self._site.closed += 1

    def kill(self) -> None:
        self.killed = True


class LedgerWorld:
    """A database with queued files of one account, the pretend site behind it, and drains that run in the test."""

    def __init__(self, database: Database, folder: Path, **settings: Any) -> None:
        self.database = database
        self.site = PretendSite()
        # A lease no busy machine outlives: tests that let one run out say so.
        quick = {"lease_seconds": 60, "heartbeat_seconds": 1, "retry_scale": 0.0001, "doubt_look_seconds": 0.05}
        self.settings = Settings(**{"var_dir": folder, **quick, **settings})
        self.store = LocalObjectStore(folder / "evidence")
        self.carrier_id = 0
        self.account_id = 0

    def queue(self, session: Session, files: int = 1, **profile: Any) -> list[int]:
        """Make a carrier and its queued files; returns the submission ids."""
        carrier = make_ready_carrier(session, **profile)
        self.carrier_id, self.account_id = id_of(carrier), carrier.site_account_id
        return [id_of(make_submission(session, make_invoice_for(session, carrier))) for _ in range(files)]

    def drain(self, *, stop: Callable[[], bool] = lambda: False) -> DrainReport:
        tools = DrainTools(self.database, self.settings, self.store, self.site.open_visit, stop)
        return drain_account(tools, self.account_id)

    def drain_killed(self) -> None:
        """Drain, die on cue as by kill -9, and let the leases of the dead run out."""
        with suppress(KilledError):
            self.drain()
        self.expire_leases()

    def expire_leases(self) -> None:
        with self.database.unit_of_work() as session:
            for table in (Submission, SiteAccount):
                held = col(table.lease_until_ms).is_not(None)
                session.execute(update(table).where(held).values(lease_until_ms=1))

    def forget_delays(self) -> None:
        """Make everything due that waits."""
        with self.database.unit_of_work() as session:
            session.execute(update(Submission).values(due_at_ms=0))
            session.execute(update(SiteAccount).values(resume_at_ms=None))

    def bury_workers(self) -> None:
        """Make every worker so far provably dead: the same process id, started at another time."""
        with self.database.unit_of_work() as session:
            for worker in session.scalars(select(WorkerProcess)):
                worker.process_start = f"long ago {worker.id}"

    def settle(self) -> None:
        """Put every intent far into the past, so that the settle time is over."""
        with self.database.unit_of_work() as session:
            session.execute(update(Submission).where(col(Submission.intent_at_ms).is_not(None)).values(intent_at_ms=1))

    def row(self, submission_id: int) -> Submission:
        with self.database.read_only() as session:
            return session.get_one(Submission, submission_id)

    def invoice(self, submission_id: int) -> Invoice:
        with self.database.read_only() as session:
            return session.get_one(Invoice, session.get_one(Submission, submission_id).invoice_id)

    def account(self) -> SiteAccount:
        with self.database.read_only() as session:
            return session.get_one(SiteAccount, self.account_id)

    def carrier(self) -> Carrier:
        with self.database.read_only() as session:
            return session.get_one(Carrier, self.carrier_id)


def make_ready_carrier(
    session: Session, *, channel: str = "at_once", settle_seconds: float = 0, sends_pdf: bool = False, **columns: Any
) -> Carrier:
    """Make a carrier whose account has a log-in, sealed with the settings' key ring."""
    document = profile_document(result_channel=channel, file_format={"sends_pdf": sends_pdf})
    document["site"]["settle_seconds"] = settle_seconds
    if sends_pdf:
        given = {"verb": "upload", "label": "Choose the PDF", "selectors": ["#pdf"], "value": "{pdf_file}"}
        document["site"]["steps"]["upload"].insert(-1, given)
    carrier = make_carrier(session, profile=document, **columns)
    for field, value in (("username", "hwr"), ("password", "Correct-Horse-7")):
        store_secret(
            session, actor(Role.ADMIN), site_account_id=carrier.site_account_id, field=field, value=Secret(value)
        )
    return carrier


def make_invoice_for(session: Session, carrier: Carrier, **columns: Any) -> Invoice:
    """Make an invoice that this carrier is to get."""
    matter = make_matter(session, carrier=carrier)
    return make_invoice(session, matter=matter, **columns)


def make_dead_worker(session: Session) -> int:
    """Make a worker of this machine and boot that runs no more."""
    me = this_process()
    row = WorkerProcess(host=me.host, boot_id=me.boot_id, pid=me.pid, process_start="1", started_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    return id_of(row)


def reply_lost() -> ReceiptMissingError:
    """What a browser says when the answer to the click never came."""
    return ReceiptMissingError("Practice site")
