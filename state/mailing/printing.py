"""Printing for the post: what waits for the printer by payor or attorney, and the log of what was printed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars
from models.enums import PrintGrouping, Role
from services.mailing.print_batches import (
    MOST_AT_ONCE,
    PrintGroup,
    list_print_groups,
    plan_batch,
    record_batch,
    set_batch,
)
from services.mailing.print_log import BatchRow, list_batches
from state.acting import ActingState
from state.addresses import as_choice, as_day
from state.guard import actor, guarded
from state.live import changes
from state.mailing.mailing import post_mailings
from state.responses.assigning import assign
from state.words import counted, day, moment, whole_number

_NOTE = 900
_SHOWN_BATCHES = 20


@dataclass(frozen=True)
class GroupItem:
    """What waits for the printer of one payor or one attorney."""

    key: str
    name: str
    count: str
    amount: str


@dataclass(frozen=True)
class BatchItem:
    """One batch of the log; `posted` is '' until all of it was posted, `left` how many were not."""

    id: str
    label: str
    grouping: str
    count: str
    amount: str
    made: str
    posted: str
    left: str
    note: str
    href: str


class Printing(ActingState, rx.State):
    """The printer's queue and the print-and-post log."""

    groups: list[GroupItem] = []
    grouping: str = PrintGrouping.PAYOR.value
    batches: list[BatchItem] = []
    has_more: bool = False
    is_printing: bool = False
    posting_id: str = ""
    posting_title: str = ""
    posting_day: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN})
    _waiting: dict[int, list[int]] = {}
    _shown: int = _SHOWN_BATCHES

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read the queue and the log; runs when the page opens."""
        self.problem, self._shown = "", _SHOWN_BATCHES
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep both up to date while the tab shows them."""
        async for _ in changes(self, "mailing", "print_batch"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def group_by(self, grouping: str) -> None:
        """Put what waits together by payor or by attorney."""
        self.grouping = (as_choice(PrintGrouping, grouping) or PrintGrouping.PAYOR).value
        await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def print(self, key: str) -> AsyncIterator[EventSpec | None]:
        """Print what waits of one payor or attorney as one PDF."""
        wanted, grouping = whole_number(key), PrintGrouping(self.grouping)
        self.is_printing = True
        yield None
        batch_id = await self._try(lambda: _print(grouping, wanted))
        self.is_printing = False
        await self._refresh()
        if batch_id is not None:
            yield rx.toast.success("The batch is made. Its PDF stands first in the log below.")

    @rx.event
    @guarded(Role.BILLER)
    async def ask_posted(self, batch_id: str) -> None:
        """Open or, with '', close the question on which day a batch was posted."""
        self.problem, self.posting_id, self.posting_day = "", batch_id, today().isoformat()
        label = next((row.label for row in self.batches if row.id == batch_id), "")
        self.posting_title = f"Post batch {batch_id}, {label}" if batch_id else ""

    @rx.event
    @guarded(Role.BILLER)
    async def close_posted(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Close the question when its dialog does."""
        if not is_open:
            self.posting_id, self.problem = "", ""

    @rx.event
    @guarded(Role.BILLER)
    async def post(self, form: dict[str, str]) -> EventSpec | None:
        """Record that what is left of a batch was posted."""
        when, note = as_day(form.get("posted_on", "")), form.get("note", "")[:_NOTE]
        waiting = self._waiting.get(whole_number(self.posting_id or "0"), [])
        done = await self._try(lambda: post_mailings(waiting, when, note), typed=note)
        if done is None:
            return None
        self.posting_id = ""
        await self._refresh()
        return rx.toast.success(f"{counted(done, 'invoice')} recorded as posted.")

    @rx.event
    @guarded(by_page=True)
    async def show_more(self) -> None:
        """Show older batches too."""
        self._shown += _SHOWN_BATCHES
        await self._refresh()

    async def _refresh(self) -> None:
        try:
            groups, batches = await asyncio.to_thread(_read, PrintGrouping(self.grouping), self._shown + 1)
        except BillingError as error:
            self.problem = error.user_message
            return
        shown = batches[: self._shown]
        self._waiting = {row.id: list(row.waiting_ids) for row in shown}
        assign(
            self,
            groups=[_group(found) for found in groups],
            batches=[_batch(row) for row in shown],
            has_more=len(batches) > len(shown),
        )


def _read(grouping: PrintGrouping, limit: int) -> tuple[list[PrintGroup], list[BatchRow]]:
    with read_only() as session:
        may_print = actor().has(Role.BILLER)
        groups = list_print_groups(session, actor(), grouping=grouping) if may_print else []
        return groups, list_batches(session, actor(), limit=limit)


def _print(grouping: PrintGrouping, key: int) -> int:
    with read_only() as session:
        plan = plan_batch(session, actor(), grouping=grouping, key=key)
    pdf = set_batch(plan)
    with unit_of_work() as session:
        return record_batch(session, actor(), plan=plan, pdf=pdf)


def _group(found: PrintGroup) -> GroupItem:
    more = f", the first {MOST_AT_ONCE} of them at once" if found.count > MOST_AT_ONCE else ""
    return GroupItem(str(found.key), found.name, f"{counted(found.count, 'invoice')}{more}", as_dollars(found.amount))


def _batch(row: BatchRow) -> BatchItem:
    posted = f"{row.posted_by}, {day(row.posted_on)}" if row.posted_on else ""
    return BatchItem(
        id=str(row.id),
        label=row.label,
        grouping=row.grouping.value,
        count=counted(row.invoice_count, "invoice"),
        amount=as_dollars(row.amount),
        made=f"{row.made_by}, {moment(row.made_at)}",
        posted=posted,
        left=f"{len(row.waiting_ids):,}" if row.waiting_ids else "",
        note=row.note,
        href=f"/files/print-batch/{row.id}",
    )
