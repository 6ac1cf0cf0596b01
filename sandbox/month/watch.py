"""Waits until every file has its answer, with a live bar, and remembers how much memory the run took."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from sqlalchemy import func, select
from sqlmodel import col

from core.db import read_only
from core.errors import UnavailableError
from models import Invoice, Submission
from models.enums import DecisionStatus, SubmissionStatus
from sandbox.stage.processes import Processes

_LOOK_SECONDS = 0.5
_SILENT_SECONDS = 300
_UNDER_WAY = frozenset({SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT})


class StuckMonthError(UnavailableError):
    """Nothing moved for minutes."""

    code = "stuck_month"


@dataclass(frozen=True)
class Standing:
    """Submissions by status and invoices by decision, at one moment."""

    submissions: dict[SubmissionStatus, int]
    decisions: dict[DecisionStatus, int]

    @property
    def open_files(self) -> int:
        """Files that still wait for their answer."""
        return sum(count for status, count in self.submissions.items() if status in _UNDER_WAY)

    @property
    def open_decisions(self) -> int:
        """Delivered invoices whose carrier has not decided, on its site or by e-mail."""
        return self.decisions.get(DecisionStatus.PENDING, 0)

    @property
    def answered(self) -> int:
        """Files with an answer."""
        return sum(self.submissions.values()) - self.open_files


@dataclass
class Memory:
    """The largest sum of proportional set sizes over the programs and browsers under `roots`, in bytes."""

    roots: list[int]
    left_out: list[int]
    peak_bytes: int = 0
    _next: float = field(default=0.0, repr=False)

    def look(self) -> None:
        """Sample at most every two seconds."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 2
        self.peak_bytes = max(self.peak_bytes, sum(map(_pss, self._family())))

    def _family(self) -> Iterator[psutil.Process]:
        for pid in self.roots:
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                family = (process, *process.children(recursive=True))
                yield from (member for member in family if member.pid not in self.left_out)


def standing() -> Standing:
    """Count where everything is."""
    with read_only() as session:
        files = session.execute(select(col(Submission.status), func.count()).group_by(col(Submission.status)))
        decided = session.execute(
            select(col(Invoice.decision_status), func.count()).group_by(col(Invoice.decision_status))
        )
        return Standing(dict(files.all()), dict(decided.all()))


def watch(processes: Processes, memory: Memory, console: Console, *, total: int) -> tuple[Standing, float]:
    """Wait until every file is answered and every decision is in; return the end and the seconds files took.

    Raises:
        StuckMonthError: nothing moved for five minutes.
        ProcessEndedError: a program of the run ended.
    """
    started = moved = time.monotonic()
    uploaded_at = 0.0
    last: Standing | None = None
    with _bar(console) as bar:
        files = bar.add_task("sent", total=total)
        decisions = bar.add_task("decided", total=total)
        while True:
            processes.check()
            memory.look()
            now_standing = standing()
            if now_standing != last:
                moved, last = time.monotonic(), now_standing
            delivered = now_standing.submissions.get(SubmissionStatus.DELIVERED, 0)
            bar.update(files, completed=now_standing.answered)
            bar.update(decisions, completed=delivered - now_standing.open_decisions)
            if not now_standing.open_files and not uploaded_at:
                uploaded_at = time.monotonic() - started
            if not now_standing.open_files and not now_standing.open_decisions:
                return now_standing, uploaded_at
            if time.monotonic() - moved > _SILENT_SECONDS:
                raise StuckMonthError(_stuck(now_standing))
            time.sleep(_LOOK_SECONDS)


def _stuck(now_standing: Standing) -> str:
    return (
        f"Nothing moved for {_SILENT_SECONDS // 60} minutes with {now_standing.open_files} files and "
        f"{now_standing.open_decisions} decisions open. The ledger keeps them; see the logs of the workers."
    )


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("  {task.description:<8}"),
        BarColumn(40),
        TextColumn("{task.completed:>5.0f} of {task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    )


def _pss(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_full_info().pss)
    return 0
