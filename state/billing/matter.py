"""One matter: how often it is billed, its hold, its work in progress, what is held of it, and its bills."""

import asyncio

import reflex as rx

from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import BillingError, InvalidInputError
from models.enums import BillingFrequency, EntryKind, Role
from services.billing import matter_closing, matter_holds
from services.billing.matters import MatterDetail, get_matter
from state.acting import ActingState
from state.addresses import as_choice, as_number, number_in
from state.billing.billing_rows import AgeItem, age_items
from state.billing.matter_rows import (
    BillItem,
    HeldItem,
    Hindrance,
    MatterItem,
    bill_item,
    closing_question,
    closing_words,
    held_item,
    hindrances,
    matter_item,
)
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.words import day, day_typed

_EDITORS = (Role.BILLER, Role.ADMIN)


class MatterPage(ActingState, rx.State):
    """The matter that the address names; nothing is open while `item_id` is ''."""

    item_id: str = ""
    item: MatterItem = MatterItem()
    dates: str = ""
    can_edit: bool = False
    work: list[AgeItem] = []
    hindrances: list[Hindrance] = []
    held: list[HeldItem] = []
    proformas: list[BillItem] = []
    invoices: list[BillItem] = []
    is_loading: bool = False
    is_holding: bool = False
    asks_closing: bool = False
    closing: str = ""
    closing_text: str = ""
    latest_day: str = ""
    done: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
    _version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the matter that the address names."""
        wanted = str(number_in(self.router.url.path) or "")
        if wanted != self.item_id:
            self.problem, self.kept_text, self.done = "", "", ""
            self.is_holding = self.asks_closing = False
            self.item_id, self.item, self.is_loading = wanted, MatterItem(), bool(wanted)
        if wanted:
            await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the open matter up to date."""
        async for _ in changes(self, "matter", "proforma", "invoice", "time_entry", "expense", pace=WIDE_PACE_SECONDS):
            async with self:
                if self.item_id:
                    await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def set_frequency(self, frequency: str) -> None:
        """Say how often the matter is billed."""
        chosen = as_choice(BillingFrequency, frequency)
        if chosen is None:
            raise InvalidInputError("There is no such frequency. Nothing was changed; reload the page.")
        matter_id, version = self._open(), self._version
        if await self._try(lambda: _set_frequency(matter_id, version, chosen)):
            self.done = "Saved. The next billing run goes by it."
        await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def ask_hold(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Open or close the question until when the matter is held."""
        self.is_holding, self.problem = is_open, ""

    @rx.event
    @guarded(*_EDITORS)
    async def hold(self, form: dict[str, str]) -> None:
        """Bill nothing of the matter before a day."""
        matter_id, version = self._open(), self._version
        until, reason = form.get("until", ""), form.get("note", "")
        if await self._try(lambda: _hold(matter_id, version, until, reason), reason):
            self.is_holding, self.done = False, "Held. The preview of a billing run names it until then."
        await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def end_hold(self) -> None:
        """Let the matter be billed again."""
        matter_id, version = self._open(), self._version
        if await self._try(lambda: _end_hold(matter_id, version)):
            self.done = "The hold has ended. The next billing run bills the matter, with what the hold kept back."
        await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def ask_closing(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Open or close the question why the matter is closed, or reopened."""
        self.asks_closing, self.problem, self.latest_day = is_open, "", today().isoformat()

    @rx.event
    @guarded(*_EDITORS)
    async def close_or_reopen(self, form: dict[str, str]) -> None:
        """Close the matter on the day given, or reopen it where it is closed."""
        matter_id, version, is_closed = self._open(), self._version, self.item.is_closed
        on, reason = form.get("closed_on", ""), form.get("note", "")
        if await self._try(lambda: _close_or_reopen(matter_id, version, None if is_closed else on, reason), reason):
            self.asks_closing = False
            self.done = "Reopened. The next billing run bills its work." if is_closed else "Closed."
        await self._refresh()

    @rx.event
    @guarded(*_EDITORS)
    async def end_entry_hold(self, key: str) -> None:
        """Let what a reviewer held be billed with the next run."""
        kind, _, number = key.partition("-")
        entry_kind, entry_id = as_choice(EntryKind, kind), as_number(number)
        if entry_kind not in {EntryKind.FEE, EntryKind.EXPENSE} or entry_id is None:
            raise InvalidInputError("There is no such entry. Nothing was changed; reload the page.")
        if await self._try(lambda: _end_entry_hold(EntryKind(kind), entry_id)):
            self.done = "The hold has ended. The next billing run bills it."
        await self._refresh()

    def _open(self) -> int:
        return int(self.item_id or 0)

    async def _refresh(self) -> None:
        try:
            found = await asyncio.to_thread(_read, self._open())
        except BillingError as error:
            self.problem, self.is_loading = error.user_message, False
            return
        self._show(found)
        self.is_loading = False

    def _show(self, found: MatterDetail) -> None:
        self._version, self.item, self.can_edit = found.row.version, matter_item(found.row), found.can_edit
        closed = f", closed {day(found.closed_on)}" if found.closed_on else ""
        self.dates = f"Opened {day(found.opened_on)}{closed}"
        self.closing = closing_words(found.closing)
        self.closing_text = closing_question(found)
        self.work, self.hindrances = age_items(found.work), hindrances(found.obstacles)
        self.held = [held_item(one) for one in found.held]
        self.proformas = [bill_item(one, "proforma") for one in found.proformas]
        self.invoices = [bill_item(one, "invoices") for one in found.invoices]


def _read(matter_id: int) -> MatterDetail:
    with read_only() as session:
        return get_matter(session, actor(), matter_id=matter_id)


def _set_frequency(matter_id: int, version: int, frequency: BillingFrequency) -> bool:
    with unit_of_work() as session:
        matter_holds.set_frequency(session, actor(), matter_id=matter_id, expected_version=version, frequency=frequency)
    return True


def _hold(matter_id: int, version: int, until: str, reason: str) -> bool:
    day_given = day_typed(until)
    with unit_of_work() as session:
        matter_holds.hold_matter(
            session, actor(), matter_id=matter_id, expected_version=version, until=day_given, reason=reason
        )
    return True


def _close_or_reopen(matter_id: int, version: int, closed_on: str | None, reason: str) -> bool:
    if closed_on is None:
        with unit_of_work() as session:
            matter_closing.reopen_matter(session, actor(), matter_id=matter_id, expected_version=version, reason=reason)
        return True
    on = day_typed(closed_on)
    with unit_of_work() as session:
        matter_closing.close_matter(
            session, actor(), matter_id=matter_id, expected_version=version, closed_on=on, reason=reason
        )
    return True


def _end_hold(matter_id: int, version: int) -> bool:
    with unit_of_work() as session:
        matter_holds.end_matter_hold(session, actor(), matter_id=matter_id, expected_version=version)
    return True


def _end_entry_hold(kind: EntryKind, entry_id: int) -> bool:
    with unit_of_work() as session:
        matter_holds.end_entry_hold(session, actor(), kind=kind, entry_id=entry_id)
    return True
