"""The review queue: what waits for me, approve and return in place, approve all clean ones, take it back."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import reflex as rx

from core.db import unit_of_work
from core.errors import BillingError, InvalidInputError
from core.money import ZERO, as_dollars, total
from models.enums import ProformaStatus, Role
from services.billing.proforma_fixes import apply_fix
from services.billing.proformas import (
    ApproveAllResult,
    ProformaRow,
    approve_clean,
    approve_proforma,
    return_proforma,
)
from services.billing.review_queue import StateTotal
from state.assigning import assign
from state.guard import actor, guarded
from state.live import changes
from state.queue_rows import QueueRow
from state.review_work import Change, Found, carry_out, read, reopen, statuses_of
from state.words import counted, number_typed, whole_number

_PAGE = 50
_MOST = 500
_CAP = Decimal(250_000)
_HIGHEST_CAP = Decimal(2_000_000)
_REVIEW = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})


@dataclass(frozen=True)
class OfferRow:
    """One clean proforma offered for approval at once, with the version that was looked at."""

    id: str
    version: str
    matter_number: str
    matter_name: str
    amount: str


@dataclass(frozen=True)
class SkippedRow:
    """One proforma that was left alone, and why."""

    matter: str
    reason: str
    href: str


class ReviewQueue(rx.State):
    """Proformas in one state, by due day; opens with what the viewer must decide."""

    rows: list[QueueRow] = []
    status: str = ""
    period: str = ""
    own_status: str = "in_review"
    counts: dict[str, str] = {}
    left_text: str = ""
    left_amount: str = ""
    clean_count: int = 0
    flagged_count: int = 0
    has_more: bool = False
    is_loading: bool = True
    failure: str = ""
    done: str = ""
    can_undo: bool = False
    skipped: list[SkippedRow] = []
    is_offering: bool = False
    offer: list[OfferRow] = []
    offer_amount: str = ""
    offer_cap: str = ""
    offer_problem: str = ""
    returning: str = ""
    returning_title: str = ""
    return_problem: str = ""

    _wanted: int = _PAGE
    _rows: list[ProformaRow] = []
    _offered: dict[int, int] = {}
    _returning_version: int = 0
    _undo: dict[int, int] = {}

    @rx.event
    @guarded(*_REVIEW)
    async def load(self) -> None:
        """Read the list as the address asks for it; runs when the page opens."""
        asked = self.router.url.query_parameters
        self.status, self.period = str(asked.get("status", "")), str(asked.get("period", ""))
        self.own_status = statuses_of("", actor())[0].value
        self.status = "" if self.status == self.own_status else self.status
        self._wanted, self.returning, self.is_offering = _PAGE, "", False
        self.done, self.can_undo, self.skipped = "", False, []
        await self._refresh()

    @rx.event(background=True)
    @guarded(*_REVIEW)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "proforma"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*_REVIEW)
    async def show_more(self) -> None:
        """Show the next rows too."""
        self._wanted = min(self._wanted + _PAGE, _MOST)
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def approve(self, proforma_id: str, version: str) -> None:
        """Approve one, in the version that the row shows."""
        chosen, seen = whole_number(proforma_id), whole_number(version)
        await self._carry_out(partial(approve_proforma, proforma_id=chosen, expected_version=seen))
        self._say_approved({chosen: seen + 1}, [])
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def fix(self, finding_id: str, version: str) -> None:
        """Carry out the fix that a finding offers."""
        chosen, seen = whole_number(finding_id), whole_number(version)
        await self._carry_out(partial(apply_fix, finding_id=chosen, expected_version=seen))
        self.done, self.can_undo, self.skipped = "Fixed. The line keeps what was worked and entered.", False, []
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def ask_return(self, proforma_id: str, version: str) -> None:
        """Open the note that goes back to billing."""
        chosen, self._returning_version = whole_number(proforma_id), whole_number(version)
        self.returning_title = self._name_of(chosen)
        self.returning, self.return_problem = str(chosen), ""

    @rx.event
    @guarded(Role.ATTORNEY)
    async def close_return(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the note without sending it."""
        self.returning = self.returning if is_open else ""

    @rx.event
    @guarded(Role.ATTORNEY)
    async def send_return(self, form: dict[str, str]) -> None:
        """Give the proforma back with the note; what is wrong is said in the dialog, which keeps the text."""
        chosen, seen = whole_number(self.returning), self._returning_version
        note = form.get("note", "")
        try:
            change = partial(return_proforma, proforma_id=chosen, expected_version=seen, note=note)
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.return_problem = f"{refused.user_message} Your note is still here."
            await self._refresh()
            self._returning_version = self._version_of(chosen, seen)
            return
        self.returning, self.can_undo, self.skipped = "", False, []
        self.done = f"{self.returning_title} is with billing, with your note."
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def offer_clean(self) -> None:
        """Lay out the clean ones shown, each in the version shown, before anything is approved."""
        clean = [row for row in self._rows if row.finding_count == 0 and row.status is ProformaStatus.IN_REVIEW]
        self._offered = {row.id: row.version for row in clean}
        self.offer = [
            OfferRow(str(row.id), f"v{row.version}", row.matter_number, row.matter_name, as_dollars(row.billed_amount))
            for row in clean
        ]
        self.offer_amount = as_dollars(total(row.billed_amount for row in clean))
        self.offer_cap = self.offer_cap or _as_typed(_CAP)
        self.offer_problem, self.is_offering = "", bool(clean)

    @rx.event
    @guarded(Role.ATTORNEY)
    async def close_offer(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the layout; nothing is approved."""
        self.is_offering = self.is_offering and is_open

    @rx.event
    @guarded(Role.ATTORNEY)
    async def approve_offered(self, form: dict[str, str]) -> None:
        """Approve what was laid out and has not changed since, up to the cap; name what was skipped."""
        try:
            cap = _checked_cap(form.get("cap", ""))
            result = await asyncio.to_thread(_approve_clean, self._offered, cap)
        except BillingError as refused:
            self.offer_problem = refused.user_message
            return
        self.is_offering, self.offer_cap = False, _as_typed(cap)
        undo = {proforma_id: self._offered[proforma_id] + 1 for proforma_id in result.approved}
        skipped = [SkippedRow(self._name_of(left.proforma_id), left.reason, f"/proforma/{left.proforma_id}")
                   for left in result.skipped]  # fmt: skip
        self._say_approved(undo, skipped)
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def undo(self) -> None:
        """Take the last approval back."""
        kept = await asyncio.to_thread(reopen, self._undo)
        names = {str(row.id): row for row in self.rows}
        taken = len(self._undo) - len(kept)
        again = f"{counted(taken, 'proforma')} taken back into review."
        self.done = again if taken else "Nothing was taken back."
        self.skipped = [
            SkippedRow(
                names[str(key)].matter_number if str(key) in names else f"Proforma {key}", why, f"/proforma/{key}"
            )
            for key, why in kept.items()
        ]
        self.can_undo, self._undo = False, {}
        await self._refresh()

    @rx.event
    @guarded(*_REVIEW)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done, self.can_undo, self.skipped, self._undo = "", False, [], {}

    async def _carry_out(self, change: Change) -> None:
        # Refused for whatever reason, the list is read again, so that the person decides on what is there now.
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError:
            await self._refresh()
            raise

    async def _refresh(self) -> None:
        try:
            found = await asyncio.to_thread(read, self.status, self.period, self._wanted)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self._rows = found.rows
        assign(self, rows=found.shown, has_more=found.has_more)
        self._show_totals(found, statuses_of(self.status, actor()))
        self.failure, self.is_loading = "", False

    def _show_totals(self, found: Found, shown: tuple[ProformaStatus, ...]) -> None:
        totals = found.totals
        parts = [totals.get(status, StateTotal()) for status in shown]
        mine = [row for row in found.shown if row.is_mine]
        clean_count = sum(row.is_clean for row in mine)
        assign(
            self,
            counts={status.value: f"{totals[status].count:,}" if status in totals else "" for status in ProformaStatus},
            left_text=counted(sum(part.count for part in parts), "proforma"),
            left_amount=as_dollars(total(part.amount for part in parts)),
            clean_count=clean_count,
            flagged_count=len(mine) - clean_count,
        )

    def _say_approved(self, undo: dict[int, int], skipped: list[SkippedRow]) -> None:
        amounts = {row.id: row.billed_amount for row in self._rows}
        amount = as_dollars(total(amounts.get(proforma_id, ZERO) for proforma_id in undo))
        name = self._name_of(next(iter(undo))) if len(undo) == 1 else counted(len(undo), "proforma")
        self.done = f"Approved {name}, {amount}. Billing makes the invoice." if undo else "Nothing was approved."
        self._undo, self.can_undo, self.skipped = undo, bool(undo), skipped

    def _name_of(self, proforma_id: int) -> str:
        return next((row.matter_number for row in self._rows if row.id == proforma_id), f"proforma {proforma_id}")

    def _version_of(self, proforma_id: int, otherwise: int) -> int:
        return next((row.version for row in self._rows if row.id == proforma_id), otherwise)


def _checked_cap(text: str) -> Decimal:
    cap = number_typed(text, "the cap")
    if not 0 < cap <= _HIGHEST_CAP:
        message = f"Give a cap between $1 and {as_dollars(_HIGHEST_CAP)}. Nothing was approved."
        raise InvalidInputError(message)
    return cap


def _as_typed(cap: Decimal) -> str:
    return as_dollars(cap).removeprefix("$").removesuffix(".00")


def _approve_clean(seen: dict[int, int], cap: Decimal) -> ApproveAllResult:
    with unit_of_work() as session:
        return approve_clean(session, actor(), seen=seen, cap_amount=cap)
