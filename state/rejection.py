"""One rejection: its cuts chosen, appealed or accepted; drafts, papers, sending and answers; write-offs to approve."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel import Session

from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import BillingError, InvalidInputError
from core.money import as_dollars, total
from models.enums import DecisionStatus, DocumentStatus, Role
from services import appeal_documents, appeals, cut_acceptances
from services.appeals import AskedLine
from services.rejection_cases import RejectionCase, get_rejection
from state.acting import ActingState
from state.addresses import as_day, number_in
from state.guard import actor, guarded
from state.live import changes
from state.rejection_rows import (
    WHOLE,
    AcceptanceItem,
    AppealItem,
    CutItem,
    acceptance_item,
    appeal_item,
    cut_items,
    key_of,
)
from state.rejections import NO_REJECTION, STAFF, RejectionItem, rejection_item
from state.words import counted, day, number_typed, whole_number

UPLOAD = "appeal-document"
_NOTE, _REASON, _REFERENCE = 500, 4000, 120
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
    today: str = ""
    is_loading: bool = False

    _roles = STAFF
    _chosen: frozenset[str] = frozenset()
    _left: dict[str, Decimal] = {}

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
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def appeal(self) -> EventSpec | None:
        """Draft an appeal of the chosen cuts, with the suggested reasons to start from."""
        lines = {_number(key): AskedLine() for key in self._chosen}
        return await self._draft(lines)

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def appeal_whole(self) -> EventSpec | None:
        """Draft an appeal of the invoice as a whole."""
        return await self._draft({None: AskedLine()})

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def accept(self, form: dict[str, str]) -> EventSpec | None:
        """Give the chosen cuts up, or propose that."""
        reason, numbers, invoice_id = form.get("note", "")[:_NOTE], self._numbers(), int(self.item_id or 0)
        done = await self._act(
            lambda session: (
                cut_acceptances.accept_cut(
                    session, actor(), invoice_id=invoice_id, line_numbers=numbers, reason=reason
                ).status.value
            ),
            typed=reason,
        )
        if done is None:
            return None
        self._chosen = frozenset()
        await self._refresh()
        told = "The cut is accepted and written off." if done == "accepted" else "Proposed; it waits for approval."
        return rx.toast.success(told)

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def save(self, form: dict[str, str]) -> EventSpec | None:
        """Keep the reasons and the letter of a draft."""
        reasons = {_number(name.removeprefix("reason-")): text[:_REASON] for name, text in _named(form, "reason-")}
        key, seen = _record(form)
        done = await self._act(
            lambda session: (
                appeals.change_appeal(
                    session, actor(), appeal_id=key, expected_version=seen, reasons=reasons, letter=form.get("letter")
                ).number
            ),
            typed="\n".join(reasons.values()),
        )
        return rx.toast.success("The draft is saved.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def withdraw(self, appeal_id: str, version: str) -> EventSpec | None:
        """Put a draft away."""
        key, seen = whole_number(appeal_id), whole_number(version)
        done = await self._act(
            lambda session: appeals.withdraw_appeal(session, actor(), appeal_id=key, expected_version=seen).number
        )
        return rx.toast.success("The draft is withdrawn.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def attach(self, files: list[rx.UploadFile]) -> EventSpec | None:
        """Put a document with the draft that is open."""
        draft = next((one for one in self.appeals if one.can_change), None)
        if draft is None or len(files) != 1:
            self.problem = "Drop one PDF, PNG or JPEG of at most 10 MB on a draft. Nothing was saved."
            return None
        name, content = files[0].name or "document", await files[0].read()
        done = await self._act(
            lambda session: appeal_documents.attach_document(
                session, actor(), appeal_id=int(draft.id), expected_version=int(draft.version), name=name,
                content=content,
            ).name
        )  # fmt: skip
        return rx.toast.success(f"{done} is attached.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def detach(self, appeal_id: str, version: str, document_id: str) -> None:
        """Take a document off a draft."""
        key, seen, document = whole_number(appeal_id), whole_number(version), whole_number(document_id)
        await self._act(
            lambda session: (
                appeal_documents.remove_document(
                    session, actor(), appeal_id=key, document_id=document, expected_version=seen
                ).name
            )
        )

    @rx.event
    @guarded(Role.BILLER)
    async def send(self, form: dict[str, str]) -> EventSpec | None:
        """Record that a draft was sent, when and with what proof."""
        key, seen = _record(form)
        reference = form.get("reference", "")[:_REFERENCE]
        done = await self._act(
            lambda session: appeals.send_appeal(
                session, actor(), appeal_id=key, expected_version=seen, sent_on=_day(form, "sent_on"),
                reference=reference,
            ).number,
            typed=reference,
        )  # fmt: skip
        return rx.toast.success(f"Appeal {done} is recorded as sent.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER)
    async def record_answer(self, form: dict[str, str]) -> EventSpec | None:
        """Record what the carrier granted, line by line."""
        key, seen = _record(form)
        answer = form.get("answer", "")[:1000]

        def work(session: Session) -> str:
            granted = {
                _number(name.removeprefix("granted-")): number_typed(text or "0", "what was granted")
                for name, text in _named(form, "granted-")
            }
            return appeals.record_answer(
                session, actor(), appeal_id=key, expected_version=seen, granted=granted,
                answered_on=_day(form, "answered_on"), answer=answer,
            ).status.value  # fmt: skip

        done = await self._act(work, typed=answer)
        return rx.toast.success(f"Recorded: {done.replace('_', ' ')}.") if done is not None else None

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def approve(self, acceptance_id: str, version: str) -> EventSpec | None:
        """Approve giving a cut up."""
        key, seen = whole_number(acceptance_id), whole_number(version)
        done = await self._act(
            lambda session: (
                cut_acceptances.approve_acceptance(
                    session, actor(), acceptance_id=key, expected_version=seen
                ).status.value
            )
        )
        return rx.toast.success("Approved; the cut is written off.") if done is not None else None

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def decline(self, form: dict[str, str]) -> EventSpec | None:
        """Decline giving a cut up, with the reason."""
        key, seen = _record(form)
        note = form.get("note", "")[:_NOTE]
        done = await self._act(
            lambda session: (
                cut_acceptances.decline_acceptance(
                    session, actor(), acceptance_id=key, expected_version=seen, note=note
                ).status.value
            ),
            typed=note,
        )
        return rx.toast.success("Declined; the cut is open again.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def take_back(self, acceptance_id: str, version: str) -> EventSpec | None:
        """Take one's own proposal back."""
        key, seen = whole_number(acceptance_id), whole_number(version)
        done = await self._act(
            lambda session: (
                cut_acceptances.withdraw_acceptance(
                    session, actor(), acceptance_id=key, expected_version=seen
                ).status.value
            )
        )
        return rx.toast.success("Taken back.") if done is not None else None

    async def _draft(self, lines: Mapping[int | None, AskedLine]) -> EventSpec | None:
        invoice_id = int(self.item_id or 0)
        done = await self._act(
            lambda session: appeals.draft_appeal(session, actor(), invoice_id=invoice_id, lines=lines).number
        )
        if done is None:
            return None
        self._chosen = frozenset()
        await self._refresh()
        return rx.toast.success(f"Appeal {done} is drafted. Go over its reasons, then send it.")

    async def _act(self, work: Callable[[Session], Done], typed: str = "") -> Done | None:
        done = await self._try(lambda: _in_transaction(work), typed=typed)
        problem, kept = self.problem, self.kept_text
        await self._refresh()
        self.problem, self.kept_text = problem or self.problem, kept
        return done

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
        self.invoice_href, self.limit = f"/invoices/{invoice.id}", as_dollars(cut_acceptances.limit())
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
        self._show_cuts()

    def _show_cuts(self) -> None:
        self.cuts = [replace(cut, is_chosen=cut.key in self._chosen) for cut in self.cuts]
        chosen = [cut.key for cut in self.cuts if cut.is_chosen]
        self.chosen_count = counted(len(chosen), "cut") if chosen else ""
        self.chosen_amount = as_dollars(total(self._left[key] for key in chosen))

    def _numbers(self) -> list[int | None]:
        return [_number(cut.key) for cut in self.cuts if cut.key in self._chosen]


def _read(invoice_id: int) -> RejectionCase:
    with read_only() as session:
        return get_rejection(session, actor(), invoice_id=invoice_id)


def _in_transaction(work: Callable[[Session], Done]) -> Done:
    with unit_of_work() as session:
        return work(session)


def _record(form: Mapping[str, str]) -> tuple[int, int]:
    """Return the record that a form is about, and the version it was shown in."""
    return whole_number(form.get("id", "")), whole_number(form.get("version", ""))


def _number(key: str) -> int | None:
    return None if key == WHOLE else whole_number(key)


def _named(form: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    return [(name, text) for name, text in form.items() if name.startswith(prefix)]


def _day(form: Mapping[str, str], name: str) -> date:
    found = as_day(form.get(name, ""))
    if found is None:
        raise InvalidInputError("Give the day, as in 2026-11-30. Nothing was changed.")
    return found
