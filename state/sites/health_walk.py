"""The health of a carrier's site, beside its profile: the nightly walk, its pages, and what drifted."""

import asyncio

import reflex as rx

from core.errors import BillingError
from models.enums import Role
from services.sites.page_drifts import HealthView
from services.sites.profile_drafts import step_lists
from state.acting import ActingState
from state.guard import guarded
from state.live import changes
from state.sites import walk_work
from state.sites.profile_editor import ProfileEditor
from state.sites.walk_rows import DriftItem, WalkedPage, drift_item, page_item, walk_end
from state.words import moment, whole_number

_NOTE = 500


class CarrierHealth(ActingState, rx.State):
    """What the walks of the carrier found that the editor has opened."""

    is_wanted: bool = False
    is_robot: bool = False
    is_permitted: bool = False
    account: str = ""
    reasons: list[str] = []
    last_at: str = ""
    last_end: str = ""
    last_words: str = ""
    last_message: str = ""
    stopped: list[str] = []
    waiting: str = ""
    is_busy: bool = False
    pages: list[WalkedPage] = []
    drifts: list[DriftItem] = []
    accepting: str = ""
    is_accepting_broken: bool = False
    done: str = ""
    form_round: int = 0
    _site_id: int = 0
    _site_account_id: int = 0

    _roles = frozenset({Role.ADMIN})

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Show the health of the carrier that the editor has opened."""
        self.done, self.problem, self.accepting = "", "", ""
        await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep it up to date while the tab shows it."""
        async for _ in changes(self, "carrier", "site", "site_account"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_terms(self, form: dict[str, str]) -> None:
        """Store whether the site is walked through at night, and whether its log-in is a robot user."""
        wanted, is_robot = bool(form.get("wanted")), bool(form.get("is_robot"))
        site_id, account_id = self._site_id, self._site_account_id
        if await self._try(lambda: walk_work.set_terms(site_id, account_id, wanted=wanted, is_robot=is_robot)):
            self.done = "Kept."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def walk_now(self) -> None:
        """Ask for a walk now."""
        carrier_id = (await self.get_state(ProfileEditor))._carrier_id  # noqa: SLF001 -- its own desk
        if await self._try(lambda: walk_work.ask_walk(carrier_id)) is not None:
            self.done = ""
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_accept(self, drift_id: str) -> None:
        """Ask why the new look of a page is right."""
        self.accepting, self.problem = drift_id, ""
        self.is_accepting_broken = any(one.is_breaking for one in self.drifts if one.id == drift_id)

    @rx.event
    @guarded(Role.ADMIN)
    async def close_accept(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Leave the base as it is."""
        if not is_open:
            self.accepting, self.problem = "", ""

    @rx.event
    @guarded(Role.ADMIN)
    async def accept(self, form: dict[str, str]) -> None:
        """Take the new look as the base."""
        drift_id, note = whole_number(self.accepting), form.get("note", "")[:_NOTE]
        if await self._try(lambda: walk_work.accept(drift_id, note), typed=note):
            self.accepting, self.done = "", "Taken as the base. The next walk is held against it."
            await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def dismiss(self) -> None:
        """Put the last message away."""
        self.done = ""

    async def _refresh(self) -> None:
        carrier_id = (await self.get_state(ProfileEditor))._carrier_id  # noqa: SLF001 -- as above
        try:
            found = await asyncio.to_thread(walk_work.read_health, carrier_id) if carrier_id else None
        except BillingError as refused:
            self.problem, found = refused.user_message, None
        if found is not None:
            self._show(found)

    def _show(self, found: HealthView) -> None:
        terms, last, titles = found.terms, found.last, dict(step_lists())
        if (self.is_wanted, self.is_robot) != (terms.is_wanted, terms.is_robot):
            self.form_round += 1
        self.is_wanted, self.is_robot, self.is_permitted = terms.is_wanted, terms.is_robot, terms.is_permitted
        self._site_id, self._site_account_id, self.account = terms.site_id, terms.site_account_id, terms.account_label
        self.reasons = list(terms.reasons)
        self.last_at = moment(last.started_at or last.due_at) if last else ""
        self.last_end = last.ended_as.value if last and last.ended_as else ""
        self.last_words, self.last_message = (walk_end(last), last.message) if last else ("", "")
        self.stopped = list(last.stopped) if last else []
        self.waiting = moment(found.waiting.due_at) if found.waiting else ""
        self.is_busy = last is not None and last.ended_as is None
        self.pages = [page_item(row, titles) for row in found.pages]
        self.drifts = [drift_item(row, titles) for row in found.drifts]
