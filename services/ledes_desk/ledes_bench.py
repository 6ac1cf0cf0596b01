"""A file open on the LEDES workbench, held against a carrier's profile or the standard; what was worked out is kept."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.profile import CarrierProfile
from core.errors import NotFoundError
from ledes.attributes import shown_value
from ledes.document import LedesLine
from ledes.exhibit import Exhibit, Piece, exhibit
from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding, FindingCode, Severity
from models import Carrier, CarrierProfileVersion
from services.actor import Actor
from services.ledes_desk.aside import beside
from services.ledes_desk.ledes_examinations import Examination, examine, lines_of
from services.ledes_desk.ledes_files import KeptFile, find_file, read_content
from services.sites.profiles import active_profiles

Result = TypeVar("Result")
_MOST_KEPT: Final = 12


@dataclass(frozen=True)
class BenchCarrier:
    """A carrier that a file may be held against."""

    id: int
    name: str
    client_code: str = ""
    profile: CarrierProfile | None = None


@dataclass(frozen=True)
class Bench:
    """One of the actor's files, and the carrier it is held against; None = the standard alone."""

    file: KeptFile
    carrier: BenchCarrier | None = None

    @property
    def file_format(self) -> FileFormat:
        """Return the limits the file is read under."""
        return self.carrier.profile.format if self.carrier and self.carrier.profile else STANDARD

    @property
    def content(self) -> bytes:
        """Return the file's bytes, checked against its SHA-256; blocks on the store."""
        return read_content(self.file)

    def worked_out(self, work: Callable[..., Result], *args: object, key: object = None) -> Result:
        """Return what `work(content, file_format, *args)` makes of the file; done once, a large file's aside.

        `key` stands for arguments that are too large to be kept.
        """
        kept = (self.file.sha256, self.file_format.model_dump_json(), work.__qualname__, args if key is None else key)
        return _recent.get(kept, lambda: self.made(work, *args))

    def made(self, work: Callable[..., Result], *args: object) -> Result:
        """Return the same, without keeping it: for whole files, of which many would fill the memory."""
        return beside(self.file.size_bytes, work, self.content, self.file_format, *args)


def open_bench(session: Session, actor: Actor, *, file_id: int, carrier_id: int | None = None) -> Bench:
    """Return one of the actor's files with the carrier chosen for it.

    Raises:
        NotFoundError: the file is not on the actor's workbench, or the carrier has no profile in force.
    """
    file = find_file(session, actor, file_id=file_id)
    if carrier_id is None:
        return Bench(file)
    carrier, active = session.get(Carrier, carrier_id), active_profiles(session, [carrier_id]).get(carrier_id)
    if carrier is None or active is None:
        message = "This carrier has no profile in force. The file was kept; choose another carrier, or none."
        raise NotFoundError(message, carrier_id=carrier_id)
    return Bench(file, BenchCarrier(carrier_id, carrier.name, carrier.client_code, active.profile))


def list_bench_carriers(session: Session) -> list[BenchCarrier]:
    """Return the carriers with a profile in force, by name; everybody who may drop a file may choose one."""
    found = (
        select(col(Carrier.id), col(Carrier.name))
        .join(CarrierProfileVersion, col(CarrierProfileVersion.carrier_id) == col(Carrier.id))
        .where(col(CarrierProfileVersion.is_active))
        .order_by(col(Carrier.name))
    )
    return [BenchCarrier(carrier_id, name) for carrier_id, name in session.execute(found) if carrier_id is not None]


def examination(bench: Bench) -> Examination:
    """Return what is found in the file."""
    return bench.worked_out(examine)


def invoice_lines(bench: Bench, *, place: int) -> tuple[LedesLine, ...]:
    """Return the lines of one of the file's invoices."""
    return bench.worked_out(lines_of, place)


def show_place(bench: Bench, finding: Finding) -> Exhibit:
    """Return the bytes a finding is about."""
    return exhibit(bench.content, finding)


class _Recent:
    """The last few results, whoever asked; who may ask was decided before."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], Result]) -> Result:
        """Return the result of a key, made anew when it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Result = self._kept[key]
                return found
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


_recent: Final = _Recent(_MOST_KEPT)

# What the page shows of a file's findings, places and lines; it reaches the formats through here alone.
__all__ = [
    "Bench",
    "BenchCarrier",
    "Exhibit",
    "Finding",
    "FindingCode",
    "LedesLine",
    "Piece",
    "Severity",
    "examination",
    "invoice_lines",
    "list_bench_carriers",
    "open_bench",
    "show_place",
    "shown_value",
]
