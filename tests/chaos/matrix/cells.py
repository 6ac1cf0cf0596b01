"""The cells of the matrix and what became of each."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from itertools import product

from tests.chaos.matrix.points import POINTS, SECOND_CLICK


class Fault(StrEnum):
    """One way to break an upload."""

    KILL_JOB = "kill_job"
    KILL_WORKER = "kill_worker"
    FREEZE = "freeze"
    NETWORK_CUT = "network_cut"
    DATABASE_KILL = "database_kill"
    REDIS_WIPE = "redis_wipe"
    REPLY_LOST = "reply_lost"
    LISTING_DELAYED = "listing_delayed"


# One carrier of each platform.
CARRIERS = {
    1: "harbor-mutual",
    2: "northfork-re",
    3: "lakeshore-indemnity",
    4: "redwood-assurance",
    5: "granite-surety",
    6: "tidewater-marine",
    7: "palmetto-home",
    8: "stonegate-mutual",
    9: "bluewater-marine",
    10: "palisade-assurance",
}


# Of these an upload has two clicks that cannot be taken back; elsewhere there is no second one to break.
TWO_CLICKS = frozenset({CARRIERS[2], CARRIERS[7], CARRIERS[8]})


@dataclass(frozen=True)
class Round:
    """The same point and fault at several carriers at once."""

    point: str
    fault: Fault
    carriers: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What became of one cell.

    Attributes:
        status: where the ledger's row came to rest.
        accepted: how often the site holds the file as accepted.
        was_met: whether a worker came by the point; where it did not, the file is a plain upload beside the fault.
        doubt_seconds: from the fault until a person was asked; None where nobody was.
        was_checked: whether an administrator first had to say that a log-in is right, which nobody saw answered twice.
    """

    carrier: str
    point: str
    fault: Fault
    status: str
    accepted: int
    was_met: bool
    seconds: float
    doubt_seconds: float | None = None
    was_checked: bool = False

    @property
    def violation(self) -> str:
        """Return what promise was broken, '' when none was."""
        if self.accepted > 1:
            return "sent twice"
        if self.status == "delivered" and self.accepted == 0:
            return "said delivered, and the site has nothing"
        if self.status not in {"delivered", "in_doubt"}:
            return f"came to rest as {self.status}"
        if self.doubt_seconds is not None and self.doubt_seconds > 60:
            return "nobody was asked within 60 s"
        return ""


def rounds(
    carriers: Sequence[str], together: int, points: Iterable[str] = POINTS, faults: Iterable[Fault] = Fault
) -> Iterator[Round]:
    """Return every point times every fault, over the carriers that have the point, `together` of them at a time."""
    for point, fault in product(points, faults):
        here = [carrier for carrier in carriers if point not in SECOND_CLICK or carrier in TWO_CLICKS]
        for start in range(0, len(here), together):
            yield Round(point, fault, tuple(here[start : start + together]))


def unplayed(plan: Iterable[Round], played: Sequence[Result]) -> Iterator[Round]:
    """Return what of a plan is not among the cells that were played before."""
    done = {(one.point, one.fault, one.carrier) for one in played}
    for one in plan:
        carriers = tuple(carrier for carrier in one.carriers if (one.point, one.fault, carrier) not in done)
        if carriers:
            yield Round(one.point, one.fault, carriers)


def as_csv(results: Iterable[Result]) -> str:
    """Return cells as CSV with a header, '' for what is None."""
    written = io.StringIO()
    sheet = csv.DictWriter(written, [one.name for one in fields(Result)], lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(asdict(result) for result in results)
    return written.getvalue()


def from_csv(text: str) -> list[Result]:
    """Return the cells that `as_csv` wrote."""
    return [
        Result(
            carrier=row["carrier"],
            point=row["point"],
            fault=Fault(row["fault"]),
            status=row["status"],
            accepted=int(row["accepted"]),
            was_met=row["was_met"] == "True",
            seconds=float(row["seconds"]),
            doubt_seconds=float(row["doubt_seconds"]) if row["doubt_seconds"] else None,
            was_checked=row.get("was_checked") == "True",
        )
        for row in csv.DictReader(io.StringIO(text))
    ]


def table(results: Sequence[Result]) -> str:
    """Return the results by fault as a table in Markdown."""
    lines = [
        "| fault | cells | met it | delivered | after a check | in doubt | doubled | stuck | false accepted |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for fault in Fault:
        mine = [one for one in results if one.fault is fault]
        if mine:
            lines.append(_line(fault.value.replace("_", " "), mine))
    lines.append(_line("all", list(results)))
    return "\n".join(lines)


def _line(name: str, results: list[Result]) -> str:
    statuses = Counter(one.status for one in results)
    stuck = sum(count for status, count in statuses.items() if status not in {"delivered", "in_doubt"})
    doubled = sum(one.accepted > 1 for one in results)
    false = sum(one.status == "delivered" and one.accepted == 0 for one in results)
    met = sum(one.was_met for one in results)
    checked = sum(one.was_checked for one in results)
    counts = (len(results), met, statuses["delivered"], checked, statuses["in_doubt"], doubled, stuck, false)
    return f"| {name} | {' | '.join(map(str, counts))} |"
