"""Approving many at once: laid out first, each in the version that was looked at, up to a cap; then what was done."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal

import reflex as rx

from core.errors import BillingError, InvalidInputError
from core.money import ZERO, as_dollars, total
from models.enums import Role
from services.review.proformas import ApproveAllResult
from services.review.queue_list import QueueItem
from state.guard import guarded
from state.responses.assigning import assign
from state.review.review_work import approve_all, read_cap
from state.words import counted, number_typed, whole_number

_MOST_SELECTED = 500


@dataclass(frozen=True)
class OfferRow:
    """One clean proforma offered for approval at once, with the version that was looked at."""

    id: str
    version: str
    matter_number: str
    matter_name: str
    amount: str


@dataclass(frozen=True)
class ResultRow:
    """One proforma of what was done: its matter, and what became of it or why it was left alone."""

    matter: str
    reason: str
    href: str


class Offering(rx.State, mixin=True):
    """The layout of what is approved at once, what was ticked for it, and what came of it."""

    is_offering: bool = False
    offer: list[OfferRow] = []
    offer_amount: str = ""
    offer_cap: str = ""
    offer_most: str = ""
    offer_left: str = ""
    offer_problem: str = ""
    selected: list[str] = []
    selected_text: str = ""

    _offered: dict[int, int] = {}
    _items: list[QueueItem] = []

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def offer_clean(self) -> None:
        """Lay out the clean ones shown, each in the version shown, before anything is approved."""
        await self._lay_out(list(self._items))

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def offer_selected(self) -> None:
        """Lay out the clean ones of those ticked; the others are counted and stay."""
        await self._lay_out([item for item in self._items if str(item.row.id) in self.selected])

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def close_offer(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the layout; nothing is approved."""
        self.is_offering = self.is_offering and is_open

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def approve_offered(self, form: dict[str, str]) -> None:
        """Approve what was laid out and has not changed since, up to the cap; name what was done and what was not."""
        try:
            cap = _checked_cap(form.get("cap", ""))
            result = await asyncio.to_thread(approve_all, self._offered, cap)
        except BillingError as refused:
            self.offer_problem = refused.user_message
            return
        self.is_offering, self.offer_cap = False, _as_typed(cap)
        self.selected, self.selected_text = [], ""
        self._say_all(result)
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def select(self, proforma_id: str) -> None:
        """Tick one, or take the tick away."""
        chosen = str(whole_number(proforma_id))
        kept = [one for one in self.selected if one != chosen]
        self._select(kept if chosen in self.selected else [*kept, chosen][:_MOST_SELECTED])

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def clear_selection(self) -> None:
        """Take all ticks away."""
        self._select([])

    def _select(self, chosen: list[str]) -> None:
        """Keep the ticks of what is still shown, with their sum."""
        amounts = {str(item.row.id): item.row.billed_amount for item in self._items}
        kept = [one for one in chosen if one in amounts]
        amount = as_dollars(total(amounts[one] for one in kept))
        assign(self, selected=kept, selected_text=f"{counted(len(kept), 'proforma')}, {amount}" if kept else "")

    async def _lay_out(self, items: list[QueueItem]) -> None:
        clean = [item for item in items if item.can_approve and item.row.finding_count == 0]
        self._offered = {item.row.id: item.row.version for item in clean}
        self.offer = [_offer_row(item) for item in clean]
        self.offer_amount = as_dollars(total(item.row.billed_amount for item in clean))
        left = len(items) - len(clean)
        self.offer_left = f"{counted(left, 'other')} with findings, or not yours to approve, stay as they are."
        self.offer_left = self.offer_left if left and self.selected else ""
        cap, most = await asyncio.to_thread(read_cap)
        self.offer_cap, self.offer_most = _as_typed(cap), as_dollars(most)
        self.offer_problem, self.is_offering = "", bool(clean)
        if not clean:
            self._say("None of these can be approved at once: they have findings, or are not yours to approve.")

    def _say_all(self, result: ApproveAllResult) -> None:
        amounts = {item.row.id: item.row.billed_amount for item in self._items}
        amount = as_dollars(total(amounts.get(proforma_id, ZERO) for proforma_id in result.approved))
        count = len(result.approved)
        what = self._name_of(result.approved[0]) if count == 1 else counted(count, "proforma")
        others = f" {counted(len(result.go_on), 'of them waits', 'of them wait')} for others." if result.go_on else ""
        said = (
            f"Approved {what}, {amount}.{others or ' Billing makes the invoices.'}"
            if count
            else "Nothing was approved."
        )
        done = [ResultRow(self._name_of(key), as_dollars(amounts.get(key, ZERO)), f"/proforma/{key}")
                for key in result.approved]  # fmt: skip
        skipped = [ResultRow(self._name_of(left.proforma_id), left.reason, f"/proforma/{left.proforma_id}")
                   for left in result.skipped]  # fmt: skip
        self._say(said, undo=dict(result.versions), done=done if count > 1 else [], skipped=skipped)

    def _name_of(self, proforma_id: int) -> str:
        """Return the number of a proforma's matter; the page's own state knows it."""
        raise NotImplementedError

    def _say(
        self,
        said: str,
        *,
        undo: dict[int, int] | None = None,
        done: list[ResultRow] | None = None,
        skipped: list[ResultRow] | None = None,
    ) -> None:
        """Show what the last step did; the page's own state says how."""
        raise NotImplementedError

    async def _refresh(self) -> None:
        """Read the list again; the page's own state says how."""
        raise NotImplementedError


def _offer_row(item: QueueItem) -> OfferRow:
    row = item.row
    return OfferRow(str(row.id), f"v{row.version}", row.matter_number, row.matter_name, as_dollars(row.billed_amount))


def _checked_cap(text: str) -> Decimal:
    if not text.strip():
        raise InvalidInputError("Give a cap in dollars. Nothing was approved.")
    return number_typed(text, "the cap")


def _as_typed(cap: Decimal) -> str:
    return as_dollars(cap).removeprefix("$").removesuffix(".00")
