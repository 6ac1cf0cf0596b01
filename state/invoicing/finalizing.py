"""From approved proformas to queued invoices: finalised in portions with a bar, each fault named and left behind."""

import asyncio
import time
from dataclasses import dataclass, field

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars
from models.enums import Role
from services.billing.ready_work import ReadyWork, approved_proformas
from services.invoicing.invoices import finalize_proformas
from services.mailing.dispatching import SendResult, send_invoices
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.signed_in import check_still_signed_in
from state.sites.pace_words import time_left
from state.words import counted

_PORTION = 25


@dataclass(frozen=True)
class LeftBehind:
    """One proforma or invoice that did not get through, and why."""

    what: str
    href: str
    reason: str


@dataclass
class _Portion:
    invoice_ids: list[int] = field(default_factory=list)
    faults: list[LeftBehind] = field(default_factory=list)


class Finalizing(rx.State):
    """What is approved and waits to become invoices."""

    ready_count: int = 0
    ready_amount: str = ""
    is_working: bool = False
    phase: str = ""
    work_done: int = 0
    work_total: int = 0
    left_text: str = ""
    left_behind: list[LeftBehind] = []
    outcome: str = ""
    failure: str = ""

    _roles = frozenset({Role.BILLER})

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Count what is approved."""
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the count up to date."""
        async for _ in changes(self, "proforma", "invoice", pace=WIDE_PACE_SECONDS):
            async with self:
                if not self.is_working:
                    await self._refresh()

    @rx.event(background=True)
    @guarded(Role.BILLER)
    async def finalize_all(self) -> None:
        """Make the invoices of every approved proforma and queue them."""
        async with self:
            if self.is_working:
                return
            self.is_working, self.left_behind, self.outcome, self.failure = True, [], "", ""
            self.phase, self.left_text = "Making invoices", ""
        try:
            await self._work()
        except BillingError as error:
            async with self:
                self.failure = error.user_message
        finally:
            async with self:
                self.is_working = False
                await self._refresh()

    async def _work(self) -> None:
        ready = await asyncio.to_thread(_ready)
        made: list[int] = []
        started = time.monotonic()
        for start in range(0, len(ready.ids), _PORTION):
            await check_still_signed_in(self)
            ids = ready.ids[start : start + _PORTION]
            portion = await asyncio.to_thread(_finalize, ids)
            made += portion.invoice_ids
            done = start + len(ids)
            seconds = (time.monotonic() - started) * (len(ready.ids) - done) / done
            async with self:
                self.work_done, self.work_total, self.left_text = done, len(ready.ids), time_left(seconds)
                self.left_behind = [*self.left_behind, *portion.faults]
        await self._queue(made)

    async def _queue(self, invoice_ids: list[int]) -> None:
        async with self:
            self.phase, self.left_text = "Putting them into the queue", ""
        result = await asyncio.to_thread(_queue, invoice_ids)
        blocked = [
            LeftBehind(f"Invoice {item.number}", f"/invoices/{item.invoice_id}", blocker.message)
            for item in result.blocked
            for blocker in item.blockers
        ]
        async with self:
            self.left_behind = [*self.left_behind, *blocked]
            self.outcome = f"{counted(len(invoice_ids), 'invoice')} made, {result.queued:,} in the queue."

    async def _refresh(self) -> None:
        ready = await asyncio.to_thread(_ready)
        self.ready_count, self.ready_amount = len(ready.ids), as_dollars(ready.amount)


def _ready() -> ReadyWork:
    with read_only() as session:
        return approved_proformas(session, actor())


def _finalize(ids: tuple[int, ...]) -> _Portion:
    """Make a portion's invoices; where one proforma refuses, the others go through one by one."""
    try:
        with unit_of_work() as session:
            made = finalize_proformas(session, actor(), proforma_ids=ids)
            return _Portion([invoice.id for invoice in made if invoice.id is not None])
    except BillingError as error:
        if len(ids) == 1:
            return _Portion(faults=[LeftBehind("Proforma", f"/proforma/{ids[0]}", error.user_message)])
    portion = _Portion()
    for one in ids:
        single = _finalize((one,))
        portion.invoice_ids += single.invoice_ids
        portion.faults += single.faults
    return portion


def _queue(invoice_ids: list[int]) -> SendResult:
    with unit_of_work() as session:
        return send_invoices(session, actor(), invoice_ids=invoice_ids)
