"""The repairs of an open LEDES file: each with before and after, left out or made, all at once if wanted."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import unit_of_work
from core.errors import BillingError
from models.enums import LedesFileOrigin, Role
from services.ledes_desk.ledes_files import KeptFile, keep_file
from services.ledes_desk.ledes_mends import MOST_OF_A_REASON, AllBut, RepairChange, RepairList, list_repairs, mend
from services.listing import PAGE_SIZE
from state.acting import ActingState
from state.guard import actor, guarded
from state.ledes_desk.ledes_address import BenchAddress, bench_address, opened, page_of
from state.responses.assigning import assign
from state.words import counted

_MOST_LEFT_OUT = 5_000


@dataclass(frozen=True)
class RepairItem:
    """One repair, as text; one of the frame goes along with any other and cannot be left out."""

    key: str
    place: str
    field: str
    before: str
    after: str
    reason: str
    is_frame: bool
    is_wanted: bool


@dataclass(frozen=True)
class ReasonItem:
    """Repairs of one kind."""

    reason: str
    count: str
    is_frame: bool
    is_wanted: bool


class LedesRepairs(ActingState, rx.State):
    """What can be mended without loss. What was left out is kept here, never in the address."""

    rows: list[RepairItem] = []
    reasons: list[ReasonItem] = []
    summary: str = ""
    total: str = ""
    range_text: str = ""
    has_previous: bool = False
    has_next: bool = False
    is_loading: bool = True
    key: str = ""
    failure: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
    _page: int = 1
    _listed_for: str = ""
    _left_places: list[str] = []
    _left_reasons: list[str] = []

    @rx.event
    @guarded(by_page=True)
    async def show(self) -> None:
        """Show the repairs of the file that the address names; another file begins with none left out."""
        address = bench_address(self.router.url.query_parameters)
        self.problem = ""
        if address.file != self._listed_for:
            self._listed_for, self._page, self._left_places, self._left_reasons = address.file, 1, [], []
        await self._refresh(address)

    @rx.event
    @guarded(by_page=True)
    async def turn(self, pages: int) -> None:
        """Go forward or back by a number of pages."""
        self._page = min(max(self._page + pages, 1), 1_000_000)
        await self._refresh(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def toggle(self, key: str) -> None:
        """Leave one repair out, or take it in again."""
        if key in self._left_places:
            self._left_places = [one for one in self._left_places if one != key]
        elif len(self._left_places) < _MOST_LEFT_OUT and key in {row.key for row in self.rows}:
            self._left_places = [*self._left_places, key]
        await self._refresh(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def toggle_reason(self, reason: str) -> None:
        """Leave all repairs of one kind out, or take them in again."""
        if reason in self._left_reasons:
            self._left_reasons = [one for one in self._left_reasons if one != reason]
        elif reason in {one.reason for one in self.reasons}:
            self._left_reasons = [*self._left_reasons, reason]
        await self._refresh(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def make(self) -> EventSpec | None:
        """Make the repairs that were not left out, as a file of its own, and open that."""
        address, left_out = bench_address(self.router.url.query_parameters), self._left_out()
        kept = await self._try(lambda: _mend(address, left_out))
        return None if kept is None else rx.redirect(BenchAddress(str(kept.id), address.carrier).href())

    async def _refresh(self, address: BenchAddress) -> None:
        try:
            found = await asyncio.to_thread(_read, address)
        except BillingError as error:
            assign(self, failure=error.user_message, is_loading=False, key=address.key)
            return
        self._page, range_text, has_next = page_of(len(found.changes), self._page, PAGE_SIZE)
        start, left_out = (self._page - 1) * PAGE_SIZE, self._left_out()
        shown = found.changes[start : start + PAGE_SIZE]
        assign(self, rows=[_row(one, found, left_out) for one in shown], reasons=_reasons(found, left_out))
        assign(self, range_text=range_text, has_previous=self._page > 1, has_next=has_next)
        assign(self, summary=_summary(found), total=f"{found.total:,}" if found.total else "")
        assign(self, failure="", is_loading=False, key=address.key)

    def _left_out(self) -> AllBut:
        places = [key.partition(" ") for key in self._left_places]
        return AllBut(frozenset((int(row), name) for row, _, name in places), frozenset(self._left_reasons))


def _read(address: BenchAddress) -> RepairList:
    return list_repairs(opened(address))


def _mend(address: BenchAddress, left_out: AllBut) -> KeptFile:
    bench = opened(address)
    mended = mend(bench, left_out)
    with unit_of_work() as session:
        return keep_file(
            session,
            actor(),
            name=mended.name,
            content=mended.content,
            origin=LedesFileOrigin.MENDED,
            made_from=bench.file.name,
        )


def _row(change: RepairChange, found: RepairList, left_out: AllBut) -> RepairItem:
    is_frame = change in found.frame
    return RepairItem(
        key=f"{change.row} {change.field}",
        place=f"Row {change.row:,}" if change.row else "Whole file",
        field=change.field,
        before=change.before or "nothing",
        after=change.after or "nothing",
        reason=change.reason,
        is_frame=is_frame,
        is_wanted=is_frame or left_out(change),
    )


def _reasons(found: RepairList, left_out: AllBut) -> list[ReasonItem]:
    frame = {change.reason for change in found.frame}
    return [
        ReasonItem(reason, f"{count:,}", reason in frame, reason in frame or reason not in left_out.reasons)
        for reason, count in found.counts.items()
    ]


def _summary(found: RepairList) -> str:
    if not found.total:
        return ""
    left = f"{counted(found.errors_left, 'error')} and {counted(found.warnings_left, 'warning')}"
    hidden = found.total - len(found.changes)
    more = f" Of a kind, {MOST_OF_A_REASON:,} are listed; {hidden:,} more are made with them." if hidden else ""
    return f"When all are made, {left} remain. The file you dropped stays as it is.{more}"
