"""One rejection, open beside the queue: what the carrier said, the cuts and which are chosen, who sees to it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel import Session

from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars, total
from models.enums import DecisionStatus, DocumentStatus, Role
from services.responses.cut_acceptances import limit
from services.responses.rejection_cases import RejectionCase, get_rejection
from services.responses.rejection_owners import hand_on_rejection
from state.acting import ActingState
from state.addresses import number_in
from state.guard import actor, guarded
from state.live import changes
from state.responses.rejection_forms import number_of
from state.responses.rejection_rows import (
    AcceptanceItem,
    AppealItem,
    CutItem,
    OwnerItem,
    SaidItem,
    acceptance_item,
    appeal_item,
    cut_items,
    key_of,
    said_items,
)
from state.responses.rejections import NO_REJECTION, STAFF, RejectionItem, rejection_item
from state.words import counted, day, whole_number

_NOTE = 500
Done = TypeVar("Done")


class RejectionPage(ActingState, rx.State):
    """The invoice that the address names; nothing is open while `item_id` is ''."""

    item_id: str = ""
    item: RejectionItem = NO_REJECTION
    title: str = ""
    subtitle: str = ""
    decision: str = ""
    amount: str = ""
    accepted: str = ""
    cut_total: str = ""
    route: str = ""
    last_day: str = ""
    resubmission: str = ""
    invoice_href: str = ""
    cuts: list[CutItem] = []
    chosen_count: str = ""
    chosen_amount: str = ""
    appeals: list[AppealItem] = []
    acceptances: list[AcceptanceItem] = []
    limit: str = ""
    may_write: bool = False
    can_correct: bool = False
    can_appeal: bool = False
    can_appeal_whole: bool = False
    can_attach: bool = False
    said: list[SaidItem] = []
    owners: list[OwnerItem] = []
    owner_id: str = ""
    can_hand_on: bool = False
    today: str = ""
    is_loading: bool = False

    _roles = STAFF
    _chosen: frozenset[str] = frozenset()
    _left: dict[str, Decimal] = {}
    _version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the invoice that the address names."""
        wanted = str(number_in(self.router.url.path) or "")
        if wanted != self.item_id:
            self.problem, self.kept_text, self._chosen = "", "", frozenset()
            self.item_id, self.is_loading = wanted, bool(wanted)
        if wanted:
            await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the open case up to date."""
        async for _ in changes(self, "invoice", "appeal", "cut_acceptance"):
            async with self:
                if self.item_id:
                    await self._refresh()

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def choose(self, key: str) -> None:
        """Choose a cut, or leave it out again."""
        known = {cut.key for cut in self.cuts if cut.can_choose}
        self._chosen = (self._chosen ^ {key}) & known
        self._show_cuts()

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY, Role.ADMIN)
    async def hand_on(self, form: dict[str, str]) -> EventSpec | None:
        """Let one person see to the case, or anybody in billing."""
        chosen, note = form.get("owner", ""), form.get("note", "")[:_NOTE]
        owner_id = whole_number(chosen) if chosen else None
        invoice_id, seen = int(self.item_id or 0), self._version
        done = await self._act(
            lambda session: (
                hand_on_rejection(
                    session, actor(), invoice_id=invoice_id, expected_version=seen, owner_id=owner_id, note=note
                ).number
            ),
            typed=note,
        )
        told = "Handed on; they are told." if owner_id else "It is anybody's in billing again."
        return rx.toast.success(told) if done is not None else None

    async def _act(self, work: Callable[[Session], Done], typed: str = "") -> Done | None:
        done = await self._try(lambda: _in_transaction(work), typed=typed)
        problem, kept = self.problem, self.kept_text
        await self._refresh()
        self.problem, self.kept_text = problem or self.problem, kept
        return done

    async def _forget_choice(self) -> None:
        self._chosen = frozenset()
        await self._refresh()

    async def _refresh(self) -> None:
        invoice_id = int(self.item_id or 0)
        try:
            case = await asyncio.to_thread(_read, invoice_id)
        except BillingError as error:
            self.problem, self.is_loading, self.item_id = error.user_message, False, ""
            return
        self._show(case)
        self.is_loading = False

    def _show(self, case: RejectionCase) -> None:
        who, invoice = actor(), case.invoice
        self._left = {key_of(cut.line_number): cut.left_amount for cut in case.cuts}
        self.cuts = cut_items(case)
        self.item = rejection_item(case.row) if case.row else NO_REJECTION
        self.title = f"Invoice {invoice.number}"
        self.subtitle = f"{self.item.matter_number} {self.item.matter_name}".strip() or "Settled"
        self.decision, self.amount = invoice.decision_status.value, as_dollars(invoice.total_amount)
        self.accepted = as_dollars(invoice.approved_amount) if invoice.approved_amount is not None else ""
        self.cut_total = as_dollars(total(cut.left_amount for cut in case.cuts))
        self.route = case.route.sentence
        self.last_day = day(case.route.due_on) if case.route.due_on and case.cuts else ""
        self.resubmission = case.route.resubmission_words
        self.invoice_href, self.limit = f"/invoices/{invoice.id}", as_dollars(limit())
        self.may_write, self.today = who.has(Role.BILLER, Role.ATTORNEY), today().isoformat()
        self.can_correct = invoice.document_status is DocumentStatus.OPEN or (
            invoice.decision_status is DecisionStatus.REJECTED and invoice.document_status is DocumentStatus.DELIVERED
        )
        under_way = any(one.appeal.status.value in {"drafted", "sent"} for one in case.appeals)
        is_left = any(cut.left_amount > 0 for cut in case.cuts)
        self.can_appeal = self.may_write and is_left and not under_way
        self.can_appeal_whole = self.can_appeal and case.route.kind.value != "lines_only"
        self.appeals = [
            appeal_item(one, may_write=self.may_write, may_send=who.has(Role.BILLER)) for one in case.appeals
        ]
        self.can_attach = any(one.can_change for one in self.appeals) and case.route.terms.documents
        self.acceptances = [acceptance_item(one, who.user_id) for one in case.acceptances]
        self.said = said_items(case)
        self._version, self.owner_id = invoice.version, str(invoice.rejection_owner_id or "")
        self.owners = [OwnerItem(str(key), name) for key, name in case.owners]
        self.can_hand_on = case.row is not None and who.has(Role.BILLER, Role.ATTORNEY, Role.ADMIN)
        self._show_cuts()

    def _show_cuts(self) -> None:
        self.cuts = [replace(cut, is_chosen=cut.key in self._chosen) for cut in self.cuts]
        chosen = [cut.key for cut in self.cuts if cut.is_chosen]
        self.chosen_count = counted(len(chosen), "cut") if chosen else ""
        self.chosen_amount = as_dollars(total(self._left[key] for key in chosen))


async def act(page: RejectionPage, work: Callable[[Session], Done], typed: str = "") -> Done | None:
    """Carry out one step on the open case in a transaction of its own; None when it was refused, and says why."""
    return await page._act(work, typed)  # noqa: SLF001 -- the door for the handlers of its parts


def chosen_lines(page: RejectionPage) -> list[int | None]:
    """Return which cuts are chosen, by line; None for what names no line."""
    return [number_of(cut.key) for cut in page.cuts if cut.is_chosen]


async def forget_choice(page: RejectionPage) -> None:
    """Choose nothing any more, and show the case as it is now."""
    await page._forget_choice()  # noqa: SLF001 -- as above


def _read(invoice_id: int) -> RejectionCase:
    with read_only() as session:
        return get_rejection(session, actor(), invoice_id=invoice_id)


def _in_transaction(work: Callable[[Session], Done]) -> Done:
    with unit_of_work() as session:
        return work(session)
