"""The billing calendar: the running and the next cycles, their dates moved by hand, the firm's closing days."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models.enums import Role
from services.billing import billing_calendar
from services.billing.billing_calendar import DATES, ClosingDayRow
from services.billing.cycle_state import CycleRow, list_cycles
from state.acting import ActingState
from state.billing.calendar_rows import CycleView, DateView, cycle_view
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.responses.assigning import assign
from state.words import counted, day, day_typed, whole_number

_EDITORS = (Role.BILLER, Role.ADMIN)


@dataclass(frozen=True)
class ClosingView:
    """One day on which the firm is closed."""

    id: str
    day: str
    name: str


class BillingCalendar(ActingState, rx.State):
    """The cycles; `moving` is the id of the one whose dates are being moved, '' = none."""

    cycles: list[CycleView] = []
    closing_days: list[ClosingView] = []
    is_loading: bool = True
    moving: str = ""
    moving_name: str = ""
    moving_dates: list[DateView] = []
    moving_note: str = ""
    moving_problem: str = ""
    done: str = ""

    _roles = frozenset(_EDITORS)
    _moving_version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read the calendar."""
        self.moving, self.done, self.problem = "", "", ""
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep it up to date while the tab shows it."""
        async for _ in changes(
            self, "billing_period", "closing_day", "proforma", "invoice", "time_entry", pace=WIDE_PACE_SECONDS
        ):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def ask_move(self, period_id: str) -> None:
        """Ask for the dates of a cycle."""
        found = next((row for row in self.cycles if row.id == period_id), None)
        if found is not None:
            self.moving, self.moving_name, self.moving_problem = found.id, found.name, ""
            self.moving_dates, self.moving_note = found.dates, found.note
            self._moving_version = whole_number(found.version)

    @rx.event
    @guarded(*_EDITORS)
    async def close_move(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; no date moves."""
        if not is_open:
            self.moving = ""

    @rx.event
    @guarded(*_EDITORS)
    async def move(self, form: dict[str, str]) -> None:
        """Move the dates; what is refused is said in the dialog, which keeps what was typed."""
        wanted, version = whole_number(self.moving), self._moving_version
        try:
            await asyncio.to_thread(_move, wanted, version, form)
        except BillingError as refused:
            self.moving_problem = refused.user_message
            await self._refresh()
            self._moving_version = next(
                (whole_number(row.version) for row in self.cycles if row.id == self.moving), version
            )
            return
        self.done, self.moving = f"The dates of {self.moving_name} are moved.", ""
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def add_closing_day(self, form: dict[str, str]) -> None:
        """Close the firm on a day."""
        day_text, name = form.get("day", ""), form.get("name", "")
        followed = await self._try(lambda: _add_closing_day(day_text, name), name)
        await self._after(followed)

    @rx.event
    @guarded(Role.ADMIN)
    async def remove_closing_day(self, closing_day_id: str) -> None:
        """Work on a day again."""
        wanted = whole_number(closing_day_id)
        await self._after(await self._try(lambda: _remove_closing_day(wanted)))

    async def _after(self, followed: int | None) -> None:
        if followed is not None:
            self.done = f"Done. Dates of {counted(followed, 'cycle')} followed; those moved by hand stayed."
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            cycles, closing = await asyncio.to_thread(_read)
        except BillingError as error:
            self.problem, self.is_loading = error.user_message, False
            return
        assign(
            self,
            cycles=[cycle_view(row) for row in cycles],
            closing_days=[ClosingView(str(row.id), day(row.day), row.name) for row in closing],
            is_loading=False,
        )


def _read() -> tuple[list[CycleRow], list[ClosingDayRow]]:
    with read_only() as session:
        return list_cycles(session, actor()), billing_calendar.list_closing_days(session, actor())


def _move(period_id: int, version: int, form: dict[str, str]) -> None:
    dates = {name: day_typed(form[name]) for name in DATES if form.get(name, "").strip()}
    note = form.get("note", "")
    with unit_of_work() as session:
        billing_calendar.move_dates(
            session, actor(), period_id=period_id, expected_version=version, dates=dates, note=note
        )


def _add_closing_day(text: str, name: str) -> int:
    with unit_of_work() as session:
        return billing_calendar.add_closing_day(session, actor(), day=day_typed(text), name=name)


def _remove_closing_day(closing_day_id: int) -> int:
    with unit_of_work() as session:
        return billing_calendar.remove_closing_day(session, actor(), closing_day_id=closing_day_id)
