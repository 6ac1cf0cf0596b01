"""One result mail: its text, what it told, matching by hand, learning its layout, putting it aside."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars
from services.responses.result_inbox import (
    OUTCOMES,
    HandMatch,
    MailDetail,
    ResultRow,
    ignore_mail,
    match_by_hand,
    open_mail,
    put_back,
)
from services.responses.result_learning import Proposal, propose_layout, save_layout
from services.uploads.submission_people import names_of
from state.acting import ActingState
from state.addresses import number_in
from state.guard import actor, guarded
from state.history_rows import HistoryEvent, history_event
from state.live import changes
from state.responses.assigning import assign
from state.responses.results import DESK
from state.words import counted, moment

CHOICES = OUTCOMES
_NOTE = 900
_SHORT = 120


@dataclass(frozen=True)
class ToldItem:
    """One result, as text."""

    href: str
    number: str
    outcome: str
    amount: str
    standing: str
    note: str


class ResultMailPage(ActingState, rx.State):
    """The mail that the address names; nothing is open while `item_id` is ''."""

    item_id: str = ""
    subject: str = ""
    sender: str = ""
    carrier: str = ""
    received: str = ""
    status: str = ""
    note: str = ""
    text: str = ""
    told: list[ToldItem] = []
    history: list[HistoryEvent] = []
    verbs: list[str] = []
    is_loading: bool = False
    is_learning: bool = False
    learnt_subject: str = ""
    learnt_text: str = ""
    learnt_count: str = ""

    _roles = DESK
    _version: int = 0
    _proposal: Proposal | None = None

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the mail that the address names."""
        wanted = str(number_in(self.router.url.path) or "")
        if wanted != self.item_id:
            self.problem, self.kept_text = "", ""
            self.item_id, self.is_loading = wanted, bool(wanted)
            self._forget_proposal()
        if wanted:
            await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the open mail up to date."""
        async for _ in changes(self, "result_mail"):
            async with self:
                if self.item_id:
                    await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def match(self, form: dict[str, str]) -> EventSpec | None:
        """Record what the person read in the mail."""
        said, mail_id, version = _said(form), int(self.item_id or 0), self._version
        done = await self._try(lambda: _match(mail_id, version, said), typed=said.invoice_number)
        await self._refresh()
        return rx.toast.success("Recorded.") if done else None

    @rx.event
    @guarded(by_page=True)
    async def learn(self, form: dict[str, str]) -> None:
        """Show the layout that would be learnt from this mail, and what else it would read."""
        said, word, mail_id = _said(form), form.get("word", "")[:_SHORT], int(self.item_id or 0)
        found = await self._try(lambda: _propose(mail_id, said, word), typed=f"{said.invoice_number} {word}")
        self._forget_proposal()
        if found is not None:
            self._proposal, self.is_learning = found, True
            self.learnt_subject, self.learnt_text = found.layout.subject, found.layout.invoice
            self.learnt_count = f"It reads {counted(len(found.matching), 'waiting mail')}, this one among them."

    @rx.event
    @guarded(by_page=True)
    async def save_learnt(self) -> EventSpec | None:
        """Put the layout in force as a new version of the carrier's profile."""
        proposal = self._proposal
        if proposal is None:
            return None
        read = await self._try(lambda: _save(proposal))
        await self._refresh()
        if read is None:
            return None
        self._forget_proposal()
        return rx.toast.success(f"In force; {counted(read, 'mail')} recorded by it.")

    @rx.event
    @guarded(by_page=True)
    async def drop_learnt(self) -> None:
        """Learn nothing."""
        self._forget_proposal()

    @rx.event
    @guarded(by_page=True)
    async def ignore(self, form: dict[str, str]) -> EventSpec | None:
        """Put the mail aside, with the reason."""
        note, mail_id, version = form.get("note", "").strip()[:_NOTE], int(self.item_id or 0), self._version
        done = await self._try(lambda: _ignore(mail_id, version, note), typed=note)
        await self._refresh()
        return rx.toast.success("Put aside.") if done else None

    @rx.event
    @guarded(by_page=True)
    async def take_back(self) -> EventSpec | None:
        """Take a mail back that was put aside."""
        mail_id, version = int(self.item_id or 0), self._version
        done = await self._try(lambda: _put_back(mail_id, version))
        await self._refresh()
        return rx.toast.success("It waits for somebody again.") if done else None

    def _forget_proposal(self) -> None:
        self._proposal = None
        assign(self, is_learning=False, learnt_subject="", learnt_text="", learnt_count="")

    async def _refresh(self) -> None:
        mail_id = int(self.item_id or 0)
        try:
            detail, people = await asyncio.to_thread(_read, mail_id)
        except BillingError as error:
            self.problem, self.is_loading, self.item_id = error.user_message, False, ""
            return
        self._show(detail, people)
        self.is_loading = False

    def _show(self, detail: MailDetail, people: dict[int, str]) -> None:
        row = detail.row
        self._version = row.version
        assign(
            self,
            subject=row.subject or "No subject",
            sender=row.sender or "No sender",
            carrier=detail.carrier,
            received=moment(row.received_at),
            status=row.status.value,
            note=row.note,
            text=detail.text,
            told=[told_item(result) for result in detail.results],
            verbs=detail.verbs,
            history=[
                history_event(
                    event.at, event.tag, people.get(event.actor_id or 0, "The portal"), event.note, event.data
                )
                for event in reversed(detail.history)
            ],
        )


def told_item(row: ResultRow) -> ToldItem:
    """Return a result as text."""
    return ToldItem(
        href=f"/invoices/{row.invoice_id}" if row.invoice_id else "",
        number=row.invoice_number,
        outcome=row.outcome.replace("_", " ").capitalize(),
        amount=as_dollars(row.amount) if row.amount is not None else "",
        standing=row.standing.value,
        note=row.note,
    )


def _said(form: dict[str, str]) -> HandMatch:
    return HandMatch(
        invoice_number=form.get("invoice_number", "").strip()[:_SHORT],
        outcome=form.get("outcome", ""),
        amount_text=form.get("amount", "").strip()[:_SHORT],
        reason=form.get("reason", "").strip()[:_NOTE],
    )


def _read(mail_id: int) -> tuple[MailDetail, dict[int, str]]:
    with read_only() as session:
        detail = open_mail(session, actor(), mail_id=mail_id)
        ids = {event.actor_id for event in detail.history if event.actor_id is not None}
        return detail, names_of(session, ids)


def _match(mail_id: int, version: int, said: HandMatch) -> bool:
    with unit_of_work() as session:
        match_by_hand(session, actor(), mail_id=mail_id, expected_version=version, said=said)
    return True


def _propose(mail_id: int, said: HandMatch, word: str) -> Proposal:
    with read_only() as session:
        return propose_layout(session, actor(), mail_id=mail_id, said=said, word=word)


def _save(proposal: Proposal) -> int:
    with unit_of_work() as session:
        return save_layout(session, actor(), proposal=proposal, note="")


def _ignore(mail_id: int, version: int, note: str) -> bool:
    with unit_of_work() as session:
        ignore_mail(session, actor(), mail_id=mail_id, expected_version=version, note=note)
    return True


def _put_back(mail_id: int, version: int) -> bool:
    with unit_of_work() as session:
        put_back(session, actor(), mail_id=mail_id, expected_version=version)
    return True
