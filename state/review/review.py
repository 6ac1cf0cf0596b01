"""The review queue: what waits for me, narrowed and in order; approve, fix and return in place, and take it back."""

import asyncio
from functools import partial

import reflex as rx

from core.errors import BillingError
from core.money import as_dollars
from models.enums import Role
from services.access import sees_all_matters
from services.changes import Record
from services.review.proforma_fixes import apply_fix
from services.review.queue_list import QueueItem
from state.guard import actor, guarded
from state.live import PACE_SECONDS, WIDE_PACE_SECONDS, changes
from state.reading import read_together, side_by_side
from state.responses.assigning import assign
from state.review.queue_address import Asked, asked_in, is_watching
from state.review.queue_handing import Handing, SheetView
from state.review.queue_offering import Offering, ResultRow
from state.review.queue_returning import Returning
from state.review.queue_rows import QueueRow
from state.review.queue_tabs import QueueTab, attorneys_tabs, billings_tabs
from state.review.review_work import Change, Found, approve, carry_out, read, read_carriers, read_queue_pulse, undo
from state.words import counted, whole_number

_PAGE = 50
_MOST = 500
_HANDED = ("proforma_forward", "proforma_approval", "absence", "delegation")
_REVIEW = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})


class ReviewQueue(Offering, Returning, Handing, rx.State):
    """Proformas that wait for the viewer, the most urgent first; `address` is what the browser shows."""

    rows: list[QueueRow] = []
    tabs: list[QueueTab] = []
    address: str = ""
    export_query: str = ""
    status: str = ""
    search: str = ""
    carrier: str = ""
    carriers: list[list[str]] = []
    findings: str = ""
    age: str = ""
    amount: str = ""
    is_narrowed: bool = False
    clear_href: str = "/review"
    is_watching: bool = False
    left_text: str = ""
    left_amount: str = ""
    clean_count: int = 0
    flagged_count: int = 0
    hint: str = ""
    has_more: bool = False
    is_loading: bool = True
    failure: str = ""
    done: str = ""
    can_undo: bool = False
    approved: list[ResultRow] = []
    skipped: list[ResultRow] = []
    allowing: str = ""
    allowing_title: str = ""
    allow_problem: str = ""

    _asked: Asked = Asked()
    _wanted: int = _PAGE
    _undo: dict[int, int] = {}
    _undo_is_held: bool = False
    _undo_names: dict[int, str] = {}
    _allowing_version: int = 0
    _watchers: int = 0
    _concerns: tuple[Record, ...] = ()
    _pulse: tuple[int, ...] = ()

    @rx.event
    @guarded(*_REVIEW)
    async def load(self) -> None:
        """Read the list as the address asks for it; runs when the page opens."""
        asked = asked_in(self.router.url.query_parameters, actor())
        if asked != self._asked:
            # Otherwise this is a reconnect or the way back from a proforma: as many rows as before.
            self._asked, self._wanted = asked, _PAGE
            self.selected, self.selected_text = [], ""
        self._close_dialogs()
        self._say("")
        assign(self, is_watching=is_watching(actor()))
        await side_by_side([self._read_carriers(), self._refresh()])

    @rx.event(background=True)
    @guarded(*_REVIEW)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it; of several watchers of one tab the newest goes on."""
        async with self:
            self._watchers += 1
            mine = self._watchers
        wide = sees_all_matters(actor())
        kinds = (*_HANDED, "proforma") if wide else _HANDED
        pace = WIDE_PACE_SECONDS if wide else PACE_SECONDS
        async for news in changes(self, *kinds, more=lambda: self._concerns, pace=pace):
            async with self:
                if self._watchers != mine:
                    return
                # One's own step woke this too, and its handler has read the list since.
                if not news.isdisjoint(kinds) or not await self._is_as_read():
                    await self._refresh()

    @rx.event
    @guarded(*_REVIEW)
    async def narrow(self, name: str, value: str) -> None:
        """Show less, or more again; the address follows."""
        self._asked, self._wanted = self._asked.narrowed(name, value.strip()), _PAGE
        await self._refresh()

    @rx.event
    @guarded(*_REVIEW)
    async def show_more(self) -> None:
        """Show the next rows too."""
        self._wanted = min(self._wanted + _PAGE, _MOST)
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def approve(self, proforma_id: str, version: str) -> None:
        """Approve one, in the version that the row shows; over a blocking guideline with the reason asked for first."""
        chosen, seen = whole_number(proforma_id), whole_number(version)
        if any(row.id == str(chosen) and row.is_blocked for row in self.rows):
            self.allowing, self.allowing_title, self._allowing_version = str(chosen), self._name_of(chosen), seen
            self.allow_problem = ""
            return
        try:
            await self._approve(chosen, seen, "")
        except BillingError:
            await self._refresh()
            raise

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def close_allow(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is approved."""
        self.allowing = self.allowing if is_open else ""

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def approve_all_the_same(self, form: dict[str, str]) -> None:
        """Approve over what blocks, with the reason; what is refused is said in the dialog, which keeps the text."""
        chosen = whole_number(self.allowing)
        try:
            await self._approve(chosen, self._allowing_version, form.get("note", ""))
        except BillingError as refused:
            self.allow_problem = f"{refused.user_message} Your note is still here."
            await self._refresh()
            self._allowing_version = self._version_of(chosen, self._allowing_version)
            return
        self.allowing = ""

    @rx.event
    @guarded(Role.ATTORNEY)
    async def fix(self, finding_id: str, version: str) -> None:
        """Carry out the fix that a finding offers."""
        chosen, seen = whole_number(finding_id), whole_number(version)
        await self._carry_out(partial(apply_fix, finding_id=chosen, expected_version=seen))
        self._say("Fixed. The line keeps what was worked and entered.")
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def undo(self) -> None:
        """Take the last approval back, or what was put aside."""
        versions, is_held = self._undo, self._undo_is_held
        kept = await asyncio.to_thread(partial(undo, versions, is_held=is_held))
        taken, names = len(versions) - len(kept), self._undo_names
        await self._refresh()
        self._say(
            f"{counted(taken, 'proforma')} taken back into review." if taken else "Nothing was taken back.",
            skipped=[
                ResultRow(names.get(key, f"proforma {key}"), why, f"/proforma/{key}") for key, why in kept.items()
            ],
        )

    @rx.event
    @guarded(*_REVIEW)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self._say("")

    async def _approve(self, proforma_id: int, version: int, note: str) -> None:
        name = self._name_of(proforma_id)
        amount = next((item.row.billed_amount for item in self._items if item.row.id == proforma_id), None)
        made = await asyncio.to_thread(approve, proforma_id, version, note)
        follows = "Others approve it next." if made.goes_on else "Billing makes the invoice."
        undo = {proforma_id: made.version} if made.version is not None else {}
        self._say(f"Approved {name}{f', {as_dollars(amount)}' if amount is not None else ''}. {follows}", undo=undo)
        await self._refresh()

    async def _carry_out(self, change: Change) -> None:
        # Refused for whatever reason, the list is read again, so that the person decides on what is there now.
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError:
            await self._refresh()
            raise

    async def _is_as_read(self) -> bool:
        return bool(self._pulse) and await read_together(read_queue_pulse, self._concerns) == self._pulse

    async def _read_carriers(self) -> None:
        assign(self, carriers=await read_together(read_carriers))

    async def _refresh(self) -> None:
        asked = self._asked
        assign(self, export_query=asked.query, address=asked.address)
        assign(self, status=asked.status, search=asked.search, carrier=asked.carrier)
        assign(self, findings=asked.findings, age=asked.age, amount=asked.amount, clear_href=asked.tab)
        assign(self, is_narrowed=asked.is_narrowed)
        try:
            found = await read_together(read, asked, self._wanted)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self._items: list[QueueItem] = found.queue.items
        self._concerns, self._pulse = tuple(found.queue.concerns), found.queue.pulse
        assign(self, rows=found.shown, has_more=found.queue.has_more)
        self._show_counts(found)
        if self.selected:
            self._select(self.selected)
        self.failure, self.is_loading = "", False

    def _show_counts(self, found: Found) -> None:
        counts, shown = found.queue.counts, found.queue.total
        watching = is_watching(actor())
        mine = [row for row in found.shown if row.can_approve]
        clean_count = sum(row.is_clean for row in mine)
        # What stands below the rows that are shown is counted, too.
        waits = [f"{shown.clean_count:,} clean, {shown.count - shown.clean_count:,} to look at"] if mine else []
        urgent = [f"{shown.urgent_count:,} urgent"] if shown.urgent_count else []
        assign(
            self,
            tabs=billings_tabs(self._asked, counts, found.states) if watching else attorneys_tabs(self._asked, counts),
            left_text=counted(shown.count, "proforma"),
            left_amount=as_dollars(shown.amount),
            clean_count=clean_count,
            flagged_count=len(mine) - clean_count,
            hint=" · ".join([*waits, *urgent]),
        )

    def _say(
        self,
        said: str,
        *,
        undo: dict[int, int] | None = None,
        is_held: bool = False,
        done: list[ResultRow] | None = None,
        skipped: list[ResultRow] | None = None,
    ) -> None:
        self._undo, self._undo_is_held = undo or {}, is_held
        self._undo_names = {key: self._name_of(key) for key in self._undo}
        assign(self, done=said, can_undo=bool(undo), approved=done or [], skipped=skipped or [])

    def _close_dialogs(self) -> None:
        self.returning, self.sending, self.allowing, self.forwarding = "", "", "", ""
        self.is_offering, self.giving_back, self.sheet = False, False, SheetView()

    def _version_of(self, proforma_id: int, otherwise: int) -> int:
        return next((item.row.version for item in self._items if item.row.id == proforma_id), otherwise)

    def _name_of(self, proforma_id: int) -> str:
        found = (item.row.matter_number for item in self._items if item.row.id == proforma_id)
        return next(found, f"proforma {proforma_id}")
