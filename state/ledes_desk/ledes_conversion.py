"""A LEDES file in another format: asked for, told what would be lost or must be given, and only then made."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import unit_of_work
from core.errors import BillingError, WrongStateError
from models.enums import LedesFileOrigin, Role
from services.ledes_desk.ledes_conversions import (
    ConversionReport,
    LedesFormat,
    Note,
    Wanted,
    convert_file,
    try_conversion,
)
from services.ledes_desk.ledes_files import KeptFile, keep_file
from state.acting import ActingState
from state.addresses import as_choice
from state.guard import actor, guarded
from state.ledes_desk.ledes_address import BenchAddress, bench_address, opened
from state.responses.assigning import assign
from state.words import counted

_MOST_SHOWN = 50
_MOST_GIVEN = 60


@dataclass(frozen=True)
class FormatChoice:
    """One format to convert to."""

    label: str
    value: str
    href: str


@dataclass(frozen=True)
class NoteItem:
    """Something lost, replaced or wrong, as text."""

    place: str
    field: str
    text: str


@dataclass(frozen=True)
class NeededField:
    """A value that the format requires and the file lacks, with what was typed for it."""

    name: str
    label: str
    hint: str


_HINTS = {
    "ACCOUNT_TYPE": "O for own account, T for third party",
    "INVOICE_CURRENCY": "Three letters, as in USD",
    "CLIENT_COUNTRY": "Two or three letters, as in US",
    "LAW_FIRM_COUNTRY": "Two or three letters, as in US",
    "INV_DUE_DATE": "As in 2026-12-02",
    "MATTER_FINAL_BILL": "Y or N",
}


class LedesConversion(ActingState, rx.State):
    """What stands between the open file and another format."""

    formats: list[FormatChoice] = []
    to: str = ""
    summary: str = ""
    is_ready: bool = False
    needed: list[NeededField] = []
    given_text: str = ""
    losses: list[NoteItem] = []
    loss_text: str = ""
    can_allow: bool = False
    allows_loss: bool = False
    replaced: list[NoteItem] = []
    replaced_text: str = ""
    faults: list[NoteItem] = []
    failure: str = ""
    key: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
    _given: dict[str, str] = {}
    _tried_for: str = ""

    @rx.event
    @guarded(by_page=True)
    async def show(self) -> None:
        """Try the format that the address names; another file or format begins with nothing given."""
        address = bench_address(self.router.url.query_parameters)
        assign(self, formats=_formats(address), problem="")
        if address.href() != self._tried_for:
            self._tried_for, self._given, self.allows_loss = address.href(), {}, False
        await self._try_out(address)

    @rx.event
    @guarded(by_page=True)
    async def give(self, form: dict[str, str]) -> None:
        """Take the values that the file lacks, and try again with them."""
        asked = {field.name for field in self.needed}
        given = {name: text.strip() for name, text in form.items() if name in asked and text.strip()}
        self._given = dict(list({**self._given, **given}.items())[:_MOST_GIVEN])
        await self._try_out(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def take_back(self) -> None:
        """Forget what was given."""
        self._given = {}
        await self._try_out(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def allow(self, is_allowed: bool) -> None:  # noqa: FBT001 -- a checkbox sends its state
        """Allow, or no longer, that what the format cannot carry is left out."""
        self.allows_loss = is_allowed
        await self._try_out(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def make(self) -> EventSpec | None:
        """Make the file in the other format, and open it."""
        address = bench_address(self.router.url.query_parameters)
        if (wanted := self._wanted(address)) is None:
            return None
        kept = await self._try(lambda: _make(address, wanted))
        return None if kept is None else rx.redirect(BenchAddress(str(kept.id), address.carrier).href())

    def _wanted(self, address: BenchAddress) -> Wanted | None:
        to = as_choice(LedesFormat, address.to)
        return None if to is None else Wanted(to, tuple(self._given.items()), self.allows_loss)

    async def _try_out(self, address: BenchAddress) -> None:
        wanted = self._wanted(address)
        if wanted is None:
            self._show(ConversionReport(), to="")
            self.key = address.key
            return
        try:
            report = await asyncio.to_thread(_try, address, wanted)
        except BillingError as error:
            assign(self, failure=error.user_message, is_ready=False, to=wanted.to.value, key=address.key)
            return
        self._show(report, to=wanted.to.value)
        self.key = address.key

    def _show(self, report: ConversionReport, to: str) -> None:
        assign(self, to=to, failure=report.refusal, is_ready=report.is_done, summary=_summary(report))
        assign(self, needed=[_needed(name) for name in report.missing], given_text=_given_text(self._given))
        assign(self, losses=_notes(report.losses), loss_text=_loss_text(report))
        assign(self, can_allow=bool(report.loss_count) and not report.changes_money)
        assign(self, replaced=_notes(report.replaced), replaced_text=_more(report.replaced_count))
        assign(self, faults=_notes(report.faults))


def _try(address: BenchAddress, wanted: Wanted) -> ConversionReport:
    return try_conversion(opened(address), wanted)


def _make(address: BenchAddress, wanted: Wanted) -> KeptFile:
    bench = opened(address)
    report = convert_file(bench, wanted)
    if not report.content:
        message = report.refusal or "The file can no longer be converted as it was shown. Nothing was made; look again."
        raise WrongStateError(message)
    with unit_of_work() as session:
        return keep_file(
            session,
            actor(),
            name=report.name,
            content=report.content,
            origin=LedesFileOrigin.CONVERTED,
            made_from=bench.file.name,
        )


def _formats(address: BenchAddress) -> list[FormatChoice]:
    view = BenchAddress(address.file, address.carrier, "convert")
    return [FormatChoice(_label(one), one.value, view.href(to=one.value)) for one in LedesFormat]


def _label(one: LedesFormat) -> str:
    return one.value.removeprefix("LEDES").strip()


def _summary(report: ConversionReport) -> str:
    if report.is_done:
        files = "one file" if report.invoices == 1 else f"{report.invoices:,} files in a zip archive, one an invoice"
        return (
            f"Everything is there: {counted(report.invoices, 'invoice')}, {files}. Each is read back before it is kept."
        )
    if not report.invoices:
        return ""
    return f"{report.written:,} of {counted(report.invoices, 'invoice')} can be written. Nothing was made yet."


def _loss_text(report: ConversionReport) -> str:
    if not report.loss_count:
        return ""
    if report.changes_money:
        return "Without these values another amount would be due, so this format cannot be made. Choose another."
    return f"{counted(report.loss_count, 'value')} have no place in this format. {_more(report.loss_count)}".strip()


def _more(count: int) -> str:
    return f"The first {_MOST_SHOWN} of {count:,} are shown." if count > _MOST_SHOWN else ""


def _given_text(given: dict[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in given.items())


def _notes(notes: Sequence[Note]) -> list[NoteItem]:
    return [_note(one) for one in notes[:_MOST_SHOWN]]


def _note(one: Note) -> NoteItem:
    return NoteItem(f"Invoice {one.invoice}{f', line {one.line}' if one.line else ''}", one.field, one.text)


def _needed(name: str) -> NeededField:
    return NeededField(name, name.replace("_", " ").capitalize(), _HINTS.get(name, ""))
