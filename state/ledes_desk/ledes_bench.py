"""The LEDES workbench: dropping a file, the files that are there, and the verdict on the one that is open."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from models.enums import LedesFileOrigin, Role
from services.ledes_desk.aside import SMALL
from services.ledes_desk.ledes_bench import Severity, examination, list_bench_carriers
from services.ledes_desk.ledes_files import LARGEST_FILE, KeptFile, discard_file, keep_file, list_files
from services.ledes_desk.ledes_mends import list_repairs
from state.acting import ActingState
from state.addresses import as_number
from state.guard import actor, guarded
from state.ledes_desk.ledes_address import VIEWS, BenchAddress, bench_address, opened
from state.ledes_desk.ledes_conversion import LedesConversion
from state.ledes_desk.ledes_findings import LedesFindings
from state.ledes_desk.ledes_reading import LedesReading
from state.ledes_desk.ledes_repairs import LedesRepairs
from state.responses.assigning import assign
from state.words import counted, moment, whole_number

ROLES = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
UPLOAD = "ledes"
_KILO = 1024
_ORIGINS = {
    LedesFileOrigin.UPLOADED: "Dropped here",
    LedesFileOrigin.MENDED: "Mended from",
    LedesFileOrigin.CONVERTED: "Converted from",
}


@dataclass(frozen=True)
class FileItem:
    """One file of the person's workbench, as text."""

    id: str
    name: str
    origin: str
    size: str
    kept_until: str
    href: str
    download: str


@dataclass(frozen=True)
class Choice:
    """One entry of a choice."""

    label: str
    value: str


@dataclass(frozen=True)
class Tab:
    """One view of the open file, with how much there is in it."""

    label: str
    href: str
    value: str
    count: str


@dataclass(frozen=True)
class VerdictText:
    """What there is to say about a file as a whole; `tone` is green, amber or red."""

    word: str
    tone: str
    text: str
    hint: str
    next: str
    next_href: str
    format: str
    invoices: str
    lines: str
    errors: str
    warnings: str
    errors_href: str
    warnings_href: str


NO_FILE = FileItem("", "", "", "", "", "", "")
NO_VERDICT = VerdictText(*[""] * 13)


class LedesBench(ActingState, rx.State):
    """The person's own files; nobody else sees them. Rows and words only, never a file's bytes."""

    files: list[FileItem] = []
    carriers: list[Choice] = []
    carrier: str = ""
    view: str = ""
    tabs: list[Tab] = []
    item: FileItem = NO_FILE
    verdict: VerdictText = NO_VERDICT
    is_taking: bool = False
    reading: str = ""
    key: str = ""
    is_loading: bool = True

    _roles = ROLES

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> Any:  # noqa: ANN401 -- the handler that goes on
        """Show what the address names; the view's own state fills itself afterwards."""
        address = bench_address(self.router.url.query_parameters)
        assign(self, view=address.shown, carrier=address.carrier, is_taking=False, problem="")
        files, carriers = await asyncio.to_thread(_lists)
        assign(self, files=[_item(file, address) for file in files], carriers=carriers)
        if address.file_id is None:
            assign(self, item=NO_FILE, verdict=NO_VERDICT, tabs=[], is_loading=False, key="")
            return None
        item = next((item for item in self.files if item.id == address.file), NO_FILE)
        # Another file may take a while to read; the page says so meanwhile.
        assign(self, is_loading=self.is_loading or address.key != self.key, reading=item.name)
        assign(self, item=item, key=address.key)
        return LedesBench.open_file

    @rx.event
    @guarded(by_page=True)
    async def open_file(self) -> EventSpec | None:
        """Read the file that the address names."""
        address = bench_address(self.router.url.query_parameters)
        if address.file_id is None:
            return None
        found = await self._try(lambda: _verdict(address))
        self.is_loading = False
        if found is None:
            assign(self, item=NO_FILE, verdict=NO_VERDICT, tabs=[])
            return None
        assign(self, verdict=found[0], tabs=found[1])
        shown: EventSpec = _SHOWN[address.shown]
        return shown

    @rx.event
    @guarded(by_page=True)
    async def begin(self) -> None:
        """Say that a file is on its way."""
        self.is_taking, self.problem = True, ""

    @rx.event
    @guarded(by_page=True)
    async def refuse(self) -> None:
        """Say why a file was not even sent: the browser knows its size."""
        self.is_taking = False
        most = f"{LARGEST_FILE / _KILO / _KILO:.1f} MB"
        self.problem = f"One file at a time, and at most {most}. Nothing was sent; split the file and drop a part."

    @rx.event
    @guarded(by_page=True)
    async def take(self, files: list[rx.UploadFile]) -> EventSpec | None:
        """Keep the file that was dropped, and open it."""
        self.is_taking = False
        if not files:
            # The browser refused it before it was sent, and says why.
            return None
        if len(files) != 1:
            self.problem = "Drop one file at a time. Nothing was kept."
            return None
        name, content = files[0].name or "file", await files[0].read()
        kept = await self._try(lambda: _keep(name, content))
        address = bench_address(self.router.url.query_parameters)
        return None if kept is None else rx.redirect(BenchAddress(str(kept.id), address.carrier).href())

    @rx.event
    @guarded(by_page=True)
    async def choose_carrier(self, carrier: str) -> EventSpec | None:
        """Hold the file against a carrier's profile, or against the standard alone."""
        address = bench_address(self.router.url.query_parameters)
        chosen = carrier if as_number(carrier) is not None else ""
        return rx.redirect(BenchAddress(address.file, chosen, address.view).href())

    @rx.event
    @guarded(by_page=True)
    async def discard(self, file_id: str) -> EventSpec | None:
        """Take a file away before its time."""
        number = whole_number(file_id)
        done = await self._try(lambda: _discard(number))
        if done is None:
            return None
        if self.item.id == file_id:
            return rx.redirect("/ledes")
        self.files = [file for file in self.files if file.id != file_id]
        return None


_SHOWN: dict[str, Any] = {
    "findings": LedesFindings.show,
    "invoices": LedesReading.show,
    "guidelines": LedesReading.show,
    "compare": LedesReading.show,
    "repairs": LedesRepairs.show,
    "convert": LedesConversion.show,
}


def size_text(size: int) -> str:
    """Return a size as people write it: '812 bytes', '14.2 KB', '3.1 MB'."""
    if size < _KILO:
        return counted(size, "byte")
    return f"{size / _KILO:,.1f} KB" if size < _KILO * _KILO else f"{size / _KILO / _KILO:,.1f} MB"


def _lists() -> tuple[list[KeptFile], list[Choice]]:
    with read_only() as session:
        carriers = [Choice(carrier.name, str(carrier.id)) for carrier in list_bench_carriers(session)]
        return list_files(session, actor()), carriers


def _keep(name: str, content: bytes) -> KeptFile:
    with unit_of_work() as session:
        return keep_file(session, actor(), name=name, content=content)


def _discard(file_id: int) -> bool:
    with unit_of_work() as session:
        discard_file(session, actor(), file_id=file_id)
    return True


def _item(file: KeptFile, address: BenchAddress) -> FileItem:
    origin = f"{_ORIGINS[file.origin]}{f' {file.made_from}' if file.made_from else ''}"
    return FileItem(
        id=str(file.id),
        name=file.name,
        origin=origin,
        size=size_text(file.size_bytes),
        kept_until=moment(file.expires_at),
        href=BenchAddress(str(file.id), address.carrier).href(),
        download=f"/files/workbench/{file.id}?download",
    )


def _verdict(address: BenchAddress) -> tuple[VerdictText, list[Tab]]:
    bench = opened(address)
    found = examination(bench)
    errors, warnings = found.count(Severity.ERROR), found.count(Severity.WARNING)
    is_large = bench.file.size_bytes > SMALL
    repairs = list_repairs(bench).total if errors + warnings and not is_large else 0
    held = f"as {bench.carrier.name} takes it" if bench.carrier else "by the standard"
    word, tone, text = "Valid", "green", f"It is sound LEDES, read {held}."
    if not found.format:
        word, tone, text = "Not LEDES", "red", "It cannot be read as LEDES 1998B, 98BI V2 or XML 2.0 to 2.2."
    elif errors:
        word, tone, text = "Not valid", "red", f"A portal would refuse it, read {held}."
    elif warnings:
        word, tone, text = "Valid, with warnings", "amber", f"It is sound LEDES, read {held}; some portals may mind it."
    verdict = VerdictText(
        word=word,
        tone=tone,
        text=text,
        hint=found.hint,
        next=_next(repairs, is_large=is_large),
        next_href=address.view_href("repairs") if repairs or (is_large and errors + warnings) else "",
        format=found.format or "Unknown",
        invoices=f"{found.invoice_count:,}",
        lines=f"{counted(found.line_count, 'line')} read",
        errors=f"{errors:,}",
        warnings=f"{warnings:,}",
        errors_href=BenchAddress(address.file, address.carrier, "findings", Severity.ERROR.value).href(),
        warnings_href=BenchAddress(address.file, address.carrier, "findings", Severity.WARNING.value).href(),
    )
    counts = {
        "findings": f"{errors + warnings:,}",
        "invoices": f"{found.invoice_count:,}",
        "repairs": "" if is_large else f"{repairs:,}",
    }
    tabs = [Tab(label, address.view_href(view), view, counts.get(view, "")) for view, label in VIEWS.items()]
    return verdict, tabs


def _next(repairs: int, *, is_large: bool) -> str:
    if is_large:
        return "See what can be mended without loss"
    return "1 repair loses nothing" if repairs == 1 else f"{counted(repairs, 'repair')} lose nothing"
