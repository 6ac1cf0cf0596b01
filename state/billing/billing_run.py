"""The billing run: choose a period and matters, see what would be billed and what not, run, send to review, undo."""

import asyncio
from calendar import monthrange
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta

import reflex as rx
from reflex_base.event import EventSpec

from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars, total
from models.enums import Role
from services.billing.billing_preview import ProposedProforma, RunPreview
from services.billing.billing_runs import RunRow, list_runs, preview_run, run_billing, send_run_to_review, undo_run
from services.row_ids import row_id
from state.acting import ActingState
from state.addresses import as_day
from state.billing.billing_rows import (
    AgeItem,
    ObstacleGroup,
    Proposal,
    RunItem,
    age_items,
    held_back,
    obstacle_groups,
    proposal,
    run_item,
)
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.words import counted, whole_number

_MOST_SHOWN = 100
_RUNS_SHOWN = 12
_LONGEST_REASON = 500


class BillingRunPage(ActingState, rx.State):
    """One period's preview with the matters chosen, and the runs made so far."""

    month: str = ""
    month_name: str = ""
    earlier_href: str = ""
    later_href: str = ""
    proposals: list[Proposal] = []
    shown_text: str = ""
    search: str = ""
    obstacles: list[ObstacleGroup] = []
    bill_amount: str = ""
    bill_hint: str = ""
    chosen_text: str = ""
    chosen_count: int = 0
    left_amount: str = ""
    left_hint: str = ""
    runs: list[RunItem] = []
    is_loading: bool = True
    is_working: bool = False
    phase: str = ""
    work_done: int = 0
    work_total: int = 0
    ages: list[AgeItem] = []
    early_id: str = ""
    early_number: str = ""
    early_why: str = ""
    early_problem: str = ""

    _roles = frozenset({Role.BILLER})
    _proposed: list[ProposedProforma] = []
    _left_out: set[int] = set()
    _early: dict[int, str] = {}

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Show the period of the address, last month unless it names one."""
        asked = as_day(f"{self.router.url.query_parameters.get('period', '')}-01") or _last_month()
        if (month := f"{asked:%Y-%m}") != self.month:
            self.month, self._left_out, self._early, self.search = month, set(), {}, ""
            self.problem = ""
        self.month_name = f"{asked:%B %Y}"
        self.earlier_href = f"/billing?period={asked - timedelta(days=1):%Y-%m}"
        self.later_href = f"/billing?period={asked + timedelta(days=32):%Y-%m}"
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep preview and runs up to date; while a run is made here, it tells its own progress."""
        async for _ in changes(self, "billing_run", "proforma", "invoice", pace=WIDE_PACE_SECONDS):
            async with self:
                if not self.is_working:
                    await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def go_to_month(self, month: str) -> EventSpec | None:
        """Open another period, given as '2026-10'."""
        return rx.redirect(f"/billing?period={month}") if as_day(f"{month}-01") else None

    @rx.event
    @guarded(by_page=True)
    async def find(self, text: str) -> None:
        """Show the proposed matters that hold a text."""
        self.search = text[:60]
        self._show_proposals()

    @rx.event
    @guarded(by_page=True)
    async def choose(self, matter_id: str, is_chosen: bool) -> None:  # noqa: FBT001 -- a checkbox's event
        """Take one matter into the run, or leave it out."""
        one = {whole_number(matter_id)}
        self._left_out = self._left_out - one if is_chosen else self._left_out | one
        self._show_proposals()

    @rx.event
    @guarded(by_page=True)
    async def choose_all(self, is_chosen: bool) -> None:  # noqa: FBT001 -- a checkbox's event
        """Take every matter into the run, or none."""
        self._left_out = set() if is_chosen else {found.matter_id for found in self._proposed}
        self._show_proposals()

    @rx.event
    @guarded(Role.BILLER)
    async def ask_early(self, matter_id: str) -> None:
        """Ask why a matter is billed although it is not its turn."""
        found = next((row for group in self.obstacles for row in group.matters if row.id == matter_id), None)
        if found is not None and found.may_bill:
            self.early_id, self.early_number, self.early_why, self.early_problem = found.id, found.number, found.why, ""

    @rx.event
    @guarded(Role.BILLER)
    async def close_early(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; the matter waits for its turn."""
        if not is_open:
            self.early_id = ""

    @rx.event
    @guarded(Role.BILLER)
    async def bill_early(self, form: dict[str, str]) -> None:
        """Take a matter into the run although it is not its turn, for the reason given."""
        if not (reason := form.get("note", "").strip()[:_LONGEST_REASON]):
            self.early_problem = "Write why it is billed now; the reason stays in the audit trail."
            return
        self._early = {**self._early, whole_number(self.early_id): reason}
        self.early_id = ""
        await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def wait_for_turn(self, matter_id: str) -> None:
        """Leave a matter for its turn after all."""
        self._early = {key: why for key, why in self._early.items() if key != whole_number(matter_id)}
        await self._refresh()

    @rx.event(background=True)
    @guarded(Role.BILLER)
    async def run(self) -> None:
        """Make the proformas of the chosen matters and send them to their attorneys."""
        async with self:
            if self.is_working:
                return
            period, chosen = _period(self.month), self._chosen()
            early = {found.matter_id: self._early[found.matter_id] for found in chosen if found.is_early}
            self.is_working, self.work_done, self.work_total = True, 0, len(chosen)
            self.phase = f"Making {counted(len(chosen), 'proforma')}"
        try:
            run_id = await self._step(lambda: _run(period, [found.matter_id for found in chosen], early))
            if run_id is not None:
                async with self:
                    self._early = {}
                    self.phase, self.work_done = "Sending them to review", len(chosen)
                await self._step(lambda: _send(run_id))
        finally:
            async with self:
                self.is_working, self.phase = False, ""
                await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def send_to_review(self, run_id: str) -> EventSpec | None:
        """Send a run's drafts to their attorneys."""
        wanted = whole_number(run_id)
        count = await self._try(lambda: _send(wanted))
        await self._refresh()
        return rx.toast.success(f"{counted(count, 'proforma')} sent to review.") if count is not None else None

    @rx.event
    @guarded(Role.BILLER)
    async def undo(self, run_id: str) -> EventSpec | None:
        """Void a run's proformas; their entries can be billed again."""
        wanted = whole_number(run_id)
        count = await self._try(lambda: _undo(wanted))
        await self._refresh()
        return rx.toast.success(f"Undone: {counted(count, 'proforma')} voided.") if count is not None else None

    async def _step(self, work: Callable[[], int]) -> int | None:
        """Run one blocking step of a background event and leave its refusal in the page."""
        try:
            done = await asyncio.to_thread(work)
        except BillingError as error:
            async with self:
                self.problem = error.user_message
            return None
        async with self:
            self.problem = ""
        return done

    async def _refresh(self) -> None:
        period = _period(self.month)
        try:
            preview, runs = await asyncio.to_thread(_read, period, frozenset(self._early))
        except BillingError as error:
            self.problem, self.is_loading = error.user_message, False
            return
        self._proposed = list(preview.proformas)
        self.obstacles = obstacle_groups(preview.obstacles)
        self.ages = age_items(preview.ageing)
        left = held_back(preview.obstacles)
        self.left_amount = as_dollars(total(found.amount for found in left))
        self.left_hint = counted(sum(found.line_count for found in left), "line")
        self.runs = [run_item(row) for row in runs]
        self._show_proposals()
        self.is_loading = False

    def _chosen(self) -> list[ProposedProforma]:
        return [found for found in self._proposed if found.matter_id not in self._left_out]

    def _show_proposals(self) -> None:
        chosen, wanted = self._chosen(), self.search.strip().casefold()
        self.chosen_count = len(chosen)
        self.chosen_text = f"{len(chosen):,} of {len(self._proposed):,}"
        self.bill_amount = as_dollars(total(found.amount for found in chosen))
        self.bill_hint = counted(sum(found.line_count for found in chosen), "line")
        matching = [found for found in self._proposed if wanted in _searched(found)]
        self.proposals = [
            proposal(
                found,
                is_chosen=found.matter_id not in self._left_out,
                early=self._early.get(found.matter_id, ""),
            )
            for found in matching[:_MOST_SHOWN]
        ]
        is_cut = len(matching) > _MOST_SHOWN
        self.shown_text = f"The first {_MOST_SHOWN} of {len(matching):,}; search to see others." if is_cut else ""


def _searched(found: ProposedProforma) -> str:
    return f"{found.matter_number} {found.matter_name} {found.carrier_name} {found.reviewer_name}".casefold()


def _last_month() -> date:
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


def _period(month: str) -> tuple[date, date]:
    start = as_day(f"{month}-01") or _last_month()
    return start, start.replace(day=monthrange(start.year, start.month)[1])


def _read(period: tuple[date, date], early: Collection[int]) -> tuple[RunPreview, list[RunRow]]:
    with read_only() as session:
        preview = preview_run(session, actor(), period_start=period[0], period_end=period[1], early=early)
        return preview, list_runs(session, actor(), limit=_RUNS_SHOWN)


def _run(period: tuple[date, date], matter_ids: Collection[int], early: Mapping[int, str]) -> int:
    start, end = period
    with unit_of_work() as session:
        run = run_billing(session, actor(), period_start=start, period_end=end, matter_ids=matter_ids, early=early)
        return row_id(run)


def _send(run_id: int) -> int:
    with unit_of_work() as session:
        return send_run_to_review(session, actor(), run_id=run_id)


def _undo(run_id: int) -> int:
    with unit_of_work() as session:
        return undo_run(session, actor(), run_id=run_id)
