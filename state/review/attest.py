"""Waiting for me: proposed splits of one's own entries, whose hours only oneself can give."""

import asyncio
from functools import partial

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from services.review.split_queries import WaitingRow, waiting_splits
from services.review.splits import PartGiven, attest_split, decline_split
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.review.answering import STAFF, Answering
from state.review.attest_rows import SplitView, key_of, split_view
from state.review.proforma_work import Change
from state.words import number_typed

_LONGEST = 12


class AttestPage(Answering, rx.State):
    """The splits that wait for the signed-in timekeeper."""

    rows: list[SplitView] = []
    failure: str = ""

    _found: list[WaitingRow] = []
    _typed: dict[str, str] = {}

    @rx.event
    @guarded(*STAFF)
    async def load(self) -> None:
        """Read what waits; runs when the page opens."""
        self._start_anew()
        self._typed = {}
        await self._refresh()

    @rx.event(background=True)
    @guarded(*STAFF)
    async def watch(self) -> None:
        """Keep the page up to date; what was typed stays."""
        async for _ in changes(self, "split_proposal", "proforma", pace=WIDE_PACE_SECONDS):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*STAFF)
    async def type_hours(self, key: str, text: str) -> None:
        """Add up what is typed so far."""
        if any(part.key == key for row in self.rows for part in row.parts):
            self._typed[key] = text[:_LONGEST]
            self._show()

    @rx.event
    @guarded(*STAFF)
    async def attest(self, form: dict[str, str]) -> None:
        """Give the hours of one card's parts."""
        chosen = self._chosen(form.get("split", ""))
        if chosen is None:
            await self._say_gone("split")
            return
        try:
            parts = _given(chosen, form)
        except BillingError as refused:
            self._refuse(str(chosen.id), refused)
            return
        change = partial(attest_split, proposal_id=chosen.id, expected_version=chosen.version, parts=parts)
        done = "Attested. The parts are billed in place of the line; your entry stays as it was."
        await self._answer(str(chosen.id), change, done)

    def _decline(self, waiting_id: str, reason: str) -> Change | None:
        chosen = self._chosen(waiting_id)
        if chosen is None:
            return None
        return partial(decline_split, proposal_id=chosen.id, expected_version=chosen.version, reason=reason)

    def _chosen(self, split_id: str) -> WaitingRow | None:
        return next((row for row in self._found if str(row.id) == split_id), None)

    async def _refresh(self) -> None:
        try:
            self._found = await asyncio.to_thread(_read)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self.failure, self.is_loading = "", False
        self._show()

    def _show(self) -> None:
        self.rows = [split_view(row, self._typed) for row in self._found]


def _given(row: WaitingRow, form: dict[str, str]) -> list[PartGiven]:
    keys = [key_of(row.id, part.number) for part in row.parts]
    return [
        PartGiven(form.get(f"text-{key}", ""), number_typed(form.get(f"hours-{key}", ""), "the hours")) for key in keys
    ]


def _read() -> list[WaitingRow]:
    with read_only() as session:
        return waiting_splits(session, actor())
