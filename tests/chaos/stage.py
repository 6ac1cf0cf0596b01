"""The stage of the chaos suite: practice sites, queued files, workers that are started again when they die."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import func, select
from sqlmodel import Session, col

from carriers.seeds import seed_profiles
from core.crypto import Secret
from core.db import Database
from core.key_ring import KeyRing
from models import Carrier, Invoice, Matter, Site, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from sandbox.portals.running import RunningPortals
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME, SampleLine, sample_ledes, sample_world
from services.sites.account_secrets import store_secret
from services.uploads.submissions import queue_submissions
from tests.builders import actor, id_of, make_biller, make_carrier, make_invoice, make_matter, make_profile_version

ROOT = Path(__file__).resolve().parents[2]
_CODES = {one["slug"]: one["client_id"] for one in sample_world()["carriers"]}
SITES = {slug: (site["slug"], _CODES[slug]) for site in sample_world()["sites"] for slug in site["carriers"]}
_LINE = SampleLine(units="3.0")  # what the two lines of a built invoice come to: papers are made from the lines


@dataclass
class Stage:
    """Everything a chaos test touches. `plan` is the folder that tells the mortal workers where to die."""

    database: Database
    portals: RunningPortals
    redis: Redis
    folder: Path
    environment: dict[str, str]
    programs: list["Program"] = field(default_factory=list)

    @property
    def plan(self) -> Path:
        """Folder of the cues."""
        return self.folder / "plan"

    def cue(self, site: str, *steps: str) -> None:
        """Plan deaths or freezes at a site, each once."""
        for step in steps:
            path = self.plan / site / step
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def pending_cues(self) -> list[str]:
        """Return the cues that nobody has met yet."""
        return sorted(f"{path.parent.name}/{path.name}" for path in self.plan.glob("*/*"))

    def queue(self, carrier: str, files: int) -> list[int]:
        """Queue files for a carrier through the product's own gate; returns their submission ids."""
        with self.database.unit_of_work() as session:
            invoices = _invoices(session, _carrier(session, carrier, self.portals), carrier, files)
            result = queue_submissions(session, make_biller(session), invoice_ids=invoices)
            assert result.queued == files, result.blocked
            ids = session.scalars(select(col(Submission.id)).where(col(Submission.invoice_id).in_(invoices)))
            return [i for i in ids if i is not None]

    def statuses(self) -> Counter[SubmissionStatus]:
        """Count the ledger's rows by state."""
        with self.database.read_only() as session:
            return Counter(session.scalars(select(col(Submission.status))))

    def totals(self) -> dict[str, Any]:
        """Return the counts of the sites' own stores."""
        totals: dict[str, Any] = self.portals.control.totals()
        return totals

    def wait(self, done: Callable[[], bool], seconds: float) -> None:
        """Wait for a condition while dead programs are started again, as a supervisor does."""
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, (self.statuses(), self.pending_cues(), self.logs())
            for program in self.programs:
                program.keep_running()
            time.sleep(0.2)

    def start(self, *arguments: str) -> "Program":
        """Start `python -m ...` and keep it running."""
        return self.start_command([sys.executable, "-m", *arguments], arguments[0])

    def start_command(self, command: list[str], name: str) -> "Program":
        """Start any command and keep it running."""
        program = Program(command, self.environment, self.folder / f"{len(self.programs)}-{name}.log")
        self.programs.append(program)
        return program

    def account_of(self, carrier: str) -> int:
        """Return the site account of a carrier that has files."""
        with self.database.unit_of_work() as session:
            return _carrier(session, carrier, self.portals).site_account_id

    def stop(self) -> None:
        """End every program by its process id."""
        for program in self.programs:
            program.stop()

    def logs(self) -> str:
        """Return the last lines of every program."""
        return "\n".join(f"{path.name}\n{path.read_text()[-2500:]}" for path in sorted(self.folder.glob("*.log")))


class Program:
    """One of our programs; `keep_running` starts it again when it has died."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self.starts = 0
        self.process = self._start()

    def keep_running(self) -> None:
        if self.process.poll() is not None:
            self.process = self._start()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        self.starts += 1
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)


@contextmanager
def set_stage(database: Database, portals: RunningPortals, redis_url: str, folder: Path) -> Iterator[Stage]:
    """Prepare everything but the programs; whatever was started is ended with the block."""
    ring = folder / "key-ring.json"
    KeyRing.load_or_create(ring)
    environment = {
        **os.environ,
        "BILLING_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "BILLING_REDIS_URL": redis_url,
        "BILLING_VAR_DIR": str(folder),
        "BILLING_EVIDENCE_STORE": "folder",
        "BILLING_KEY_RING_PATH": str(ring),
        "BILLING_LEASE_SECONDS": "5",
        "BILLING_HEARTBEAT_SECONDS": "1",
        "BILLING_DISPATCH_INTERVAL_SECONDS": "0.3",
        "BILLING_RETRY_SCALE": "0.02",
        "BILLING_DOUBT_LOOK_SECONDS": "3",
        "PYTHONUNBUFFERED": "1",
    }
    with Redis.from_url(redis_url) as redis:
        stage = Stage(database, portals, redis, folder, environment)
        try:
            yield stage
        finally:
            stage.stop()


def _carrier(session: Session, slug: str, portals: RunningPortals) -> Carrier:
    known = session.scalars(select(Carrier).filter_by(slug=slug)).first()
    if known is not None:
        return known
    site_slug, client_code = SITES[slug]
    carrier = make_carrier(session, with_profile=False)
    carrier.slug, carrier.client_code = slug, client_code
    document = json.loads(seed_profiles()[slug].model_dump_json())
    document["site"]["settle_seconds"] = 1
    make_profile_version(session, carrier, document=document)
    account = session.get_one(SiteAccount, carrier.site_account_id)
    session.get_one(Site, account.site_id).origin = portals.url(site_slug, "").rstrip("/")
    for name, value in (("username", USERNAME), ("password", PASSWORD), ("totp", TOTP_SECRET)):
        store_secret(session, actor(Role.ADMIN), site_account_id=id_of(account), field=name, value=Secret(value))
    session.flush()
    return carrier


def _invoices(session: Session, carrier: Carrier, slug: str, files: int) -> list[int]:
    code = SITES[slug][1]
    matter = session.scalars(select(Matter).filter_by(number=f"{code}-1")).first() or make_matter(
        session, carrier=carrier, number=f"{code}-1", claim_number=f"CLM-{code}-1"
    )
    earlier = session.scalars(select(func.count()).where(col(Invoice.carrier_id) == carrier.id)).one()
    made = []
    for n in range(earlier, earlier + files):
        number = f"{code}-{n:04d}"
        content = sample_ledes(slug, number, [_LINE])
        invoice = make_invoice(session, matter=matter, number=number, content=content)
        assert invoice.total_amount == _LINE.total
        made.append(id_of(invoice))
    return made
