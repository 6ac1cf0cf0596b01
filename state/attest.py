"""Waiting for me: proposed splits of one's own entries, whose hours only oneself can give."""

import asyncio
from functools import partial

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from models.enums import Role
from services.billing.split_queries import WaitingRow, waiting_splits
from services.billing.splits import PartGiven, attest_split, decline_split
from state.attest_rows import SplitView, key_of, split_view
from state.guard import actor, guarded
from state.live import changes
from state.proforma_work import carry_out
from state.waiting import Waiting
from state.words import number_typed, whole_number

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_LONGEST = 12


class AttestPage(rx.State):
    """The splits that wait for the signed-in timekeeper."""

    rows: list[SplitView] = []
    problem: str = ""
    problem_of: str = ""
    declining: str = ""
    declining_problem: str = ""
    done: str = ""
    is_loading: bool = True
    failure: str = ""

    _found: list[WaitingRow] = []
    _typed: dict[str, str] = {}

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Read what waits; runs when the page opens."""
        self.done, self.problem, self.problem_of, self.declining = "", "", "", ""
        self._typed = {}
        await self._refresh()

    @rx.event(background=True)
    @guarded(*_STAFF)
    async def watch(self) -> None:
        """Keep the page up to date; what was typed stays."""
        async for _ in changes(self, "split_proposal", "proforma"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def type_hours(self, key: str, text: str) -> None:
        """Add up what is typed so far."""
        if any(part.key == key for row in self.rows for part in row.parts):
            self._typed[key] = text[:_LONGEST]
            self._show()

    @rx.event
    @guarded(*_STAFF)
    async def attest(self, form: dict[str, str]) -> None:
        """Give the hours of one card's parts."""
        chosen = next((row for row in self._found if str(row.id) == form.get("split")), None)
        if chosen is None:
            self.problem_of, self.problem = "", "This split does not wait any more. Nothing was changed."
            await self._refresh()
            return
        try:
            change = partial(
                attest_split, proposal_id=chosen.id, expected_version=chosen.version, parts=_given(chosen, form)
            )
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.problem_of, self.problem = str(chosen.id), refused.user_message
            return
        await self._after("Attested. The parts are billed in place of the line; your entry stays as it was.")

    @rx.event
    @guarded(*_STAFF)
    async def ask_decline(self, split_id: str) -> None:
        """Ask why a split is declined."""
        self.declining, self.declining_problem = str(whole_number(split_id)), ""

    @rx.event
    @guarded(*_STAFF)
    async def close_decline(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is done."""
        if not is_open:
            self.declining = ""

    @rx.event
    @guarded(*_STAFF)
    async def decline(self, form: dict[str, str]) -> None:
        """Refuse the split that was asked about, with the reason."""
        chosen = next((row for row in self._found if str(row.id) == self.declining), None)
        if chosen is None:
            self.declining = ""
            return
        change = partial(
            decline_split, proposal_id=chosen.id, expected_version=chosen.version, reason=form.get("note", "")
        )
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.declining_problem = f"{refused.user_message} What you typed is still here."
            return
        self.declining = ""
        await self._after("Declined. Who proposed it sees your reason; the line is billed as you entered it.")

    @rx.event
    @guarded(*_STAFF)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _after(self, done: str) -> None:
        self.done, self.problem, self.problem_of = done, "", ""
        await self._refresh()
        (await self.get_state(Waiting)).count = str(len(self.rows)) if self.rows else ""

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
