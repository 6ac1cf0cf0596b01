"""`make soak`: send a month of files over all practice carriers while faults strike at random, then reckon up."""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import psutil
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from models import Carrier, Invoice, SiteAccount, Submission
from models.enums import SubmissionStatus
from tests.chaos.matrix.field import Field, field
from tests.chaos.matrix.play import warm_up
from tests.chaos.soak.desk import see_to_it
from tests.chaos.soak.reckoning import Reckoning, by_quarter, hold_against, ledger_of, table
from tests.chaos.soak.strikes import Striker
from tests.chaos.stage import SITES

_BY_MACHINE = {SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT}
_DRAIN_SECONDS = 300.0
_MB = 1024 * 1024


def main(arguments: list[str] | None = None) -> int:
    """Soak; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--faults", type=int, default=200, help="strike at least so often; 0 strikes never")
    parser.add_argument("--gap", type=float, default=8, help="seconds between two faults, on the average")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=60, help="heal after so long, however much is left")
    parser.add_argument("--desk", type=float, default=3, help="minutes between a person's looks at what asks for one")
    parser.add_argument("--heal-at", type=int, default=24, help="heal when so few files are left")
    parser.add_argument("--latency", type=float, default=0, help="seconds that every page of the sites takes longer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, default=Path("var/soak.json"))
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything that was started is ended
    with tempfile.TemporaryDirectory() as folder, field(Path(folder)) as ready:
        came_to = _soak(ready, asked)
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    asked.report.write_text(json.dumps(asdict(came_to), indent=1) + "\n")
    sys.stdout.write(f"\n{table(came_to)}\n")
    return 0 if came_to.is_kept else 1


def _soak(ready: Field, asked: argparse.Namespace) -> Reckoning:
    ready.start_workers(asked.workers, "jobs.worker")
    warm_up(ready, tuple(SITES))
    started = time.monotonic()
    for carrier, count in _shares(asked.files - len(SITES)).items():
        ready.stage.queue(carrier, count)
    if asked.latency:
        ready.stage.portals.control.order_fault("*", "stall", count=0, seconds=asked.latency)
    striker = Striker(ready, random.Random(asked.seed))  # noqa: S311 -- an order of faults, no secret
    samples = _strike_until_few_are_left(ready, striker, asked, started + asked.minutes * 60)
    drained = _heal(ready, striker.asked_for)
    with ready.stage.database.read_only() as session:
        ledger = ledger_of(session)
    posts = ready.stage.portals.control.posts()
    accepted = Counter(post["invoice_number"] for post in posts if post["status"] == "accepted")
    ready.stage.stop()
    return Reckoning(
        files=len(ledger),
        statuses=dict(Counter(status.value for status in ledger.values())),
        struck=dict(striker.struck),
        asked_a_person=dict(striker.asked_for),
        drained_seconds=drained,
        minutes=round((time.monotonic() - started) / 60, 1),
        memory_mb=by_quarter(samples),
        orphans=_left_behind(ready),
        **hold_against(ledger, accepted),
    )


def _shares(files: int) -> dict[str, int]:
    """Return how many files each carrier gets, as evenly as they divide."""
    each, over = divmod(files, len(SITES))
    return {carrier: each + (at < over) for at, carrier in enumerate(SITES)}


def _strike_until_few_are_left(ready: Field, striker: Striker, asked: argparse.Namespace, until: float) -> list[float]:
    """Strike every few seconds and return what the workers and their browsers took in memory meanwhile, in MB."""
    samples: list[float] = []
    last, looked_in = 0.0, time.monotonic()
    while time.monotonic() < until:
        left = _left(ready)
        struck = sum(striker.struck.values())
        if left <= asked.heal_at and struck >= asked.faults:
            break
        if time.monotonic() - last > 30:
            last = time.monotonic()
            samples.append(_memory_mb(ready))
            sys.stdout.write(f"{left:5} files left, {struck} faults, {samples[-1]:.0f} MB\n")
            sys.stdout.flush()
        if time.monotonic() - looked_in > asked.desk * 60:
            looked_in = time.monotonic()
            with suppress(SQLAlchemyError):  # struck meanwhile; the next look will do
                striker.asked_for.update(see_to_it(ready))
        if left <= asked.heal_at:
            ready.stage.queue(striker.random.choice(sorted(SITES)), 1)  # something must be there to be struck
        if asked.faults:
            striker.strike()
        _keep_running(ready, striker.random.uniform(0, 2 * asked.gap))
    return samples


def _heal(ready: Field, asked_for: Counter[str]) -> float:
    """Take all faults back, see to what asks for a person, and return the seconds until no file waits for a machine."""
    ready.stage.portals.control.clear_faults()
    _keep_running(ready, 2)
    asked_for.update(see_to_it(ready))
    healed = time.monotonic()
    while time.monotonic() - healed < _DRAIN_SECONDS and _left(ready):
        _keep_running(ready, 0.5)
    drained = round(time.monotonic() - healed, 1)
    for line in _stuck(ready):
        sys.stdout.write(f"still there: {line}\n")
    return drained


def _stuck(ready: Field) -> list[str]:
    """Return a line a file that still waits for a machine, with what may keep it."""
    columns = (col(Invoice.number), col(Submission.status), col(Submission.error_code), col(SiteAccount.paused_reason),
               col(Carrier.paused_reason), col(SiteAccount.resume_at_ms), col(Submission.due_at_ms))  # fmt: skip
    asked = (
        select(*columns)
        .join(Submission, col(Submission.invoice_id) == col(Invoice.id))
        .join(SiteAccount, col(SiteAccount.id) == col(Submission.site_account_id))
        .join(Carrier, col(Carrier.id) == col(Submission.carrier_id))
        .where(col(Submission.status).in_(_BY_MACHINE))
    )
    with ready.stage.database.read_only() as session:
        return [str(tuple(row)) for row in session.execute(asked)]


def _left(ready: Field) -> int:
    statuses = ready.stage.statuses()
    return sum(statuses[status] for status in _BY_MACHINE)


def _keep_running(ready: Field, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for program in ready.stage.programs:
            program.keep_running()
        time.sleep(0.1)


def _memory_mb(ready: Field) -> float:
    total = 0.0
    for program in ready.stage.programs:
        with suppress(psutil.NoSuchProcess):
            above = psutil.Process(program.process.pid)
            for one in (above, *above.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    total += one.memory_full_info().pss
    return total / _MB


def _left_behind(ready: Field) -> list[str]:
    """Return the processes that still run in the workers' network, the relay apart."""
    time.sleep(5)  # a browser learns within seconds that its owner is gone
    said = subprocess.run(
        ["ip", "netns", "pids", ready.network.name], capture_output=True, text=True, check=True
    ).stdout.split()
    left = []
    for pid in said:
        with suppress(psutil.NoSuchProcess):
            command = " ".join(psutil.Process(int(pid)).cmdline())
            if "tests.chaos.matrix.network" not in command:
                left.append(command[:200])
    return left


if __name__ == "__main__":
    sys.exit(main())
