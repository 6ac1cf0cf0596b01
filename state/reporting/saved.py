"""Saved reports beside the open one, and those that come by mail."""

import asyncio

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.settings import get_settings
from models.enums import Cadence
from services.asked import as_choice
from services.reporting.saved_reports import SavedRow, change_saved, list_saved, remove_saved, save_report
from services.reporting.schedules import (
    ScheduleRow,
    end_schedule,
    end_schedules_of,
    list_schedules,
    subscribe,
)
from state.acting import ActingState
from state.guard import actor, guarded
from state.live import changes
from state.reporting.reports import READERS, Reports
from state.reporting.saved_rows import CADENCES, SavedView, ScheduleView, saved_view, schedule_view
from state.responses.assigning import assign
from state.words import whole_number

_SAVING, _RENAMING = "save", "rename"


class SavedReports(ActingState, rx.State):
    """The viewer's saved reports and schedules; `asking` is the open question, '' = none."""

    rows: list[SavedView] = []
    schedules: list[ScheduleView] = []
    sent_ids: list[str] = []
    asking: str = ""
    dialog_problem: str = ""
    typed_name: str = ""
    done: str = ""

    _roles = frozenset(READERS)

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read the lists; runs when the page opens."""
        self.asking, self.problem = "", ""
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the lists up to date while the tab shows them."""
        async for _ in changes(self, "saved_report", "report_schedule"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def ask_save(self) -> None:
        """Ask under which name to save what is shown."""
        self.asking, self.typed_name, self.dialog_problem = _SAVING, "", ""

    @rx.event
    @guarded(by_page=True)
    async def ask_rename(self) -> None:
        """Ask for another name of the open report."""
        if (row := await self._open()) is not None:
            self.asking, self.typed_name, self.dialog_problem = _RENAMING, row.name, ""

    @rx.event
    @guarded(by_page=True)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is saved."""
        if not is_open:
            self.asking = ""

    @rx.event
    @guarded(by_page=True)
    async def answer(self, form: dict[str, str]) -> EventSpec | None:
        """Save or rename; what is refused is said in the dialog, which keeps what was typed."""
        name, is_shared = form.get("name", "")[:200], bool(form.get("shared"))
        reports, row = await self.get_state(Reports), await self._open()
        report, filters = reports.report, dict(reports._asked)  # noqa: SLF001 -- of the same page
        try:
            if self.asking == _SAVING:
                saved_id = await asyncio.to_thread(_save, name, report, filters, is_shared)
            elif row is not None:
                saved_id = whole_number(row.id)
                await asyncio.to_thread(_change, saved_id, whole_number(row.version), name=name)
            else:
                return None
        except BillingError as refused:
            self.typed_name, self.dialog_problem = name, refused.user_message
            await self._refresh()
            return None
        self.done = f"Saved as “{name.strip()}”." if self.asking == _SAVING else f"It is called “{name.strip()}” now."
        self.asking = ""
        await self._refresh()
        return rx.redirect(f"/reports/{saved_id}")

    @rx.event
    @guarded(by_page=True)
    async def share(self, is_shared: bool) -> None:  # noqa: FBT001 -- a button's value
        """Share the open report with everybody, or keep it to oneself."""
        said = "Everybody finds it now, each with their own rights." if is_shared else "Only you find it now."
        await self._change_open(said, is_shared=is_shared)

    @rx.event
    @guarded(by_page=True)
    async def keep_filters(self) -> EventSpec | None:
        """Give the open report the filters that are shown."""
        reports, row = await self.get_state(Reports), await self._open()
        asked = dict(reports._asked)  # noqa: SLF001 -- of the same page
        if row is None or not await self._change_open("The filters are saved.", filters=asked):
            return None
        return rx.redirect(row.href)

    @rx.event
    @guarded(by_page=True)
    async def remove(self) -> EventSpec | None:
        """Remove the open report, and its mails with it."""
        row = await self._open()
        if row is None:
            return None
        saved_id, version = whole_number(row.id), whole_number(row.version)
        if await self._try(lambda: _remove(saved_id, version)) is None:
            await self._refresh()
            return None
        self.done = f"“{row.name}” is removed, and nobody gets it by mail any more."
        return rx.redirect("/reports")

    @rx.event
    @guarded(by_page=True)
    async def send_me(self, cadence: str) -> None:
        """Get the open report by mail in a rhythm, or no more."""
        reports = await self.get_state(Reports)
        if not reports.saved_id:
            return
        saved_id, wanted = whole_number(reports.saved_id), as_choice(Cadence, cadence)
        mine = next((row for row in self.schedules if row.saved_id == reports.saved_id), None)
        if wanted is not None:
            await self._start(saved_id, wanted)
        elif mine is not None:
            await self._end(mine.id)
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def end(self, schedule_id: str) -> None:
        """Get a report no more."""
        await self._end(schedule_id)
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _start(self, saved_id: int, cadence: Cadence) -> None:
        if await self._try(lambda: _subscribe(saved_id, cadence)) is not None:
            self.done = f"It comes to your mailbox {CADENCES[cadence].lower()}; the first one is on its way."

    async def _end(self, schedule_id: str) -> None:
        wanted = whole_number(schedule_id)
        if await self._try(lambda: _end(wanted)) is not None:
            self.done = "It comes by mail no more."

    async def _change_open(
        self, said: str, *, is_shared: bool | None = None, filters: dict[str, str] | None = None
    ) -> bool:
        row = await self._open()
        if row is None:
            return False
        saved_id, version = whole_number(row.id), whole_number(row.version)
        done = await self._try(lambda: _change(saved_id, version, is_shared=is_shared, filters=filters))
        if done is not None:
            self.done = said
        await self._refresh()
        return done is not None

    async def _open(self) -> SavedView | None:
        """Return the open report where it is the viewer's own; who saved it alone can change it."""
        saved_id = (await self.get_state(Reports)).saved_id
        return next((row for row in self.rows if row.id == saved_id and row.is_mine), None)

    async def _refresh(self) -> None:
        try:
            saved, schedules = await asyncio.to_thread(_read)
        except BillingError as refused:
            self.problem = refused.user_message
            return
        assign(
            self,
            rows=[saved_view(row) for row in saved],
            schedules=[schedule_view(row) for row in schedules],
            sent_ids=[str(row.saved_id) for row in schedules],
        )


def _read() -> tuple[list[SavedRow], list[ScheduleRow]]:
    with read_only() as session:
        zone = get_settings().firm_time_zone
        return list_saved(session, actor()), list_schedules(session, actor(), firm_zone=zone)


def _save(name: str, report: str, filters: dict[str, str], is_shared: bool) -> int:  # noqa: FBT001 -- as it was ticked
    with unit_of_work() as session:
        return save_report(session, actor(), name=name, report=report, filters=filters, is_shared=is_shared)


def _change(
    saved_id: int,
    version: int,
    *,
    name: str | None = None,
    is_shared: bool | None = None,
    filters: dict[str, str] | None = None,
) -> int:
    with unit_of_work() as session:
        saved = change_saved(
            session,
            actor(),
            saved_id=saved_id,
            expected_version=version,
            name=name,
            is_shared=is_shared,
            filters=filters,
        )
        end_schedules_of(session, actor(), saved)
    return saved_id


def _remove(saved_id: int, version: int) -> int:
    with unit_of_work() as session:
        saved = remove_saved(session, actor(), saved_id=saved_id, expected_version=version)
        end_schedules_of(session, actor(), saved)
    return saved_id


def _subscribe(saved_id: int, cadence: Cadence) -> int:
    with unit_of_work() as session:
        zone = get_settings().firm_time_zone
        return subscribe(session, actor(), saved_id=saved_id, cadence=cadence, firm_zone=zone)


def _end(schedule_id: int) -> bool:
    with unit_of_work() as session:
        end_schedule(session, actor(), schedule_id=schedule_id)
    return True
