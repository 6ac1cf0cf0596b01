"""What a soak came to, by the sites' own stores and the ledger."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import select
from sqlmodel import Session, col

from models import Invoice, Submission
from models.enums import SubmissionStatus

_AT_REST = frozenset({SubmissionStatus.DELIVERED, SubmissionStatus.IN_DOUBT})


@dataclass(frozen=True)
class Reckoning:
    """The counts of a soak; each of `doubled`, `lost` and `false` names invoices and should be empty.

    Attributes:
        lost: came to rest neither delivered nor before a person, or still wait for a machine.
        false: called delivered, and the site has nothing.
        asked_a_person: what the board showed to a person, who looked in every few minutes and tried again, by reason.
        drained_seconds: from the healing until no file waited for a machine.
        memory_mb: what workers and browsers took together, in proportional set size, by quarter of the time.
        orphans: processes of ours that were left when the workers had been stopped.
    """

    files: int
    statuses: dict[str, int]
    struck: dict[str, int]
    doubled: list[str]
    lost: list[str]
    false: list[str]
    asked_a_person: dict[str, int]
    drained_seconds: float
    minutes: float
    memory_mb: list[int] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Whether every promise was kept."""
        return not (self.doubled or self.lost or self.false or self.orphans)


def hold_against(statuses: dict[str, SubmissionStatus], accepted: Counter[str]) -> dict[str, list[str]]:
    """Hold the ledger, status by invoice number, against how often the sites hold each number as accepted."""
    return {
        "doubled": sorted(number for number, count in accepted.items() if count > 1),
        "lost": sorted(number for number, status in statuses.items() if status not in _AT_REST),
        "false": sorted(
            number
            for number, status in statuses.items()
            if status is SubmissionStatus.DELIVERED and not accepted[number]
        ),
    }


def ledger_of(session: Session) -> dict[str, SubmissionStatus]:
    """Return every submission's status by invoice number."""
    joined = select(col(Invoice.number), col(Submission.status)).join(
        Submission, col(Submission.invoice_id) == col(Invoice.id)
    )
    return {number: status for number, status in session.execute(joined).tuples()}  # noqa: C416 -- a result has keys, too


def by_quarter(samples: list[float]) -> list[int]:
    """Return the means of the four quarters of a series, none when there are too few samples."""
    if len(samples) < 4:
        return []
    cuts = [len(samples) * quarter // 4 for quarter in range(5)]
    return [round(sum(samples[start:end]) / (end - start)) for start, end in pairwise(cuts)]


def table(one: Reckoning) -> str:
    """Return the counts as a table in Markdown."""
    rows = [
        ("files", one.files),
        ("faults that struck", sum(one.struck.values())),
        *((name, count) for name, count in sorted(one.statuses.items())),
        ("sent twice", len(one.doubled)),
        ("lost or stuck", len(one.lost)),
        ("called delivered, not on the site", len(one.false)),
        *((f"asked a person: {why[:90]}", count) for why, count in sorted(one.asked_a_person.items())),
        ("seconds from healing until drained", one.drained_seconds),
        ("minutes in all", one.minutes),
        ("MB of workers and browsers, by quarter", " / ".join(map(str, one.memory_mb)) or "-"),
        ("processes left behind", len(one.orphans)),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
