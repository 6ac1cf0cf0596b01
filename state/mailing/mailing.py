"""One mailing: what was sent to whom, its copy, its history, and what a person may decide."""

import asyncio
from collections.abc import Callable
from datetime import date

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError, InvalidInputError
from models.enums import Role
from services.mailing import mailings
from services.mailing.mailing_list import MailingDetail, get_mailing
from state.acting import ActingState
from state.addresses import as_day, number_in
from state.guard import actor, guarded
from state.history_rows import HistoryEvent, history_event
from state.live import changes
from state.mailing.mail import NO_MAILING, MailItem, mail_item

_NOTE = 900
_SHOWN_SHA = 12
Verb = Callable[..., None]
_TOLD: dict[str, tuple[Verb, str]] = {
    "confirm_sent": (mailings.confirm_sent, "Recorded as sent on your word."),
    "confirm_unsent": (mailings.confirm_unsent, "It is sent now, under the same Message-ID."),
    "retry": (mailings.retry, "It is in the queue again."),
    "send_again": (mailings.send_again, "It is sent once more."),
    "confirm_arrived": (mailings.confirm_arrived, "Recorded as sent on your word."),
    "print_again": (mailings.print_again, "It waits for the printer again."),
    "withdraw": (mailings.withdraw, "Withdrawn. The invoice can be corrected, voided or queued again."),
}


class MailingPage(ActingState, rx.State):
    """The mailing that the address names; nothing is open while `item_id` is ''."""

    item_id: str = ""
    item: MailItem = NO_MAILING
    subject: str = ""
    message_id: str = ""
    sha256: str = ""
    note: str = ""
    copy_href: str = ""
    pdf_href: str = ""
    batch_href: str = ""
    verbs: list[str] = []
    history: list[HistoryEvent] = []
    is_loading: bool = False

    _roles = frozenset({Role.BILLER, Role.ADMIN})
    _version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the mailing that the address names."""
        wanted = str(number_in(self.router.url.path) or "")
        if wanted != self.item_id:
            self.problem, self.kept_text = "", ""
            self.item_id, self.is_loading = wanted, bool(wanted)
        if wanted:
            await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the open mailing up to date."""
        async for _ in changes(self, "mailing"):
            async with self:
                if self.item_id:
                    await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def decide(self, form: dict[str, str]) -> EventSpec | None:
        """Carry out the verb that the form's button names, with its reason."""
        verb, note = form.get("verb", ""), form.get("note", "")[:_NOTE]
        mailing_id, version = int(self.item_id or 0), self._version
        done = await self._try(lambda: _decide(verb, mailing_id, version, note), typed=note)
        await self._keep_problem()
        return rx.toast.success(done) if done else None

    @rx.event
    @guarded(Role.BILLER)
    async def post(self, form: dict[str, str]) -> EventSpec | None:
        """Record that the printed invoice was posted."""
        day, note = as_day(form.get("posted_on", "")), form.get("note", "")[:_NOTE]
        mailing_id = int(self.item_id or 0)
        done = await self._try(lambda: post_mailings([mailing_id], day, note), typed=note)
        await self._keep_problem()
        return rx.toast.success("Recorded as posted.") if done else None

    async def _keep_problem(self) -> None:
        problem, typed = self.problem, self.kept_text
        await self._refresh()
        self.problem, self.kept_text = problem or self.problem, typed

    async def _refresh(self) -> None:
        mailing_id = int(self.item_id or 0)
        try:
            detail = await asyncio.to_thread(_read, mailing_id)
        except BillingError as error:
            self.problem, self.is_loading, self.item_id = error.user_message, False, ""
            return
        self._show(detail)
        self.is_loading = False

    def _show(self, detail: MailingDetail) -> None:
        row = detail.row
        self._version = row.version
        self.item, self.verbs = mail_item(row), [verb for verb, _ in detail.verbs]
        self.subject, self.message_id, self.note = detail.subject, detail.message_id, detail.note
        self.sha256 = detail.sha256[:_SHOWN_SHA]
        self.copy_href = f"/files/mail-copy/{row.id}" if detail.sha256 else ""
        self.pdf_href = f"/files/invoice-pdf/{row.revision_id}"
        self.batch_href = f"/files/print-batch/{row.print_batch_id}" if row.print_batch_id else ""
        self.history = [
            history_event(event.at, event.tag, event.actor_name, event.note, event.data) for event in detail.history
        ]


def post_mailings(mailing_ids: list[int], day: date | None, note: str) -> int:
    """Record that printed invoices were posted; runs in a thread."""
    if day is None:
        raise InvalidInputError("The day of posting is missing. Nothing was recorded; enter it.")
    with unit_of_work() as session:
        return mailings.record_posted(session, actor(), mailing_ids=mailing_ids, posted_on=day, note=note)


def _decide(verb: str, mailing_id: int, version: int, note: str) -> str:
    if verb not in _TOLD:
        raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload the page.")
    carry_out, told = _TOLD[verb]
    with unit_of_work() as session:
        carry_out(session, actor(), mailing_id=mailing_id, expected_version=version, note=note)
    return told


def _read(mailing_id: int) -> MailingDetail:
    with read_only() as session:
        return get_mailing(session, actor(), mailing_id=mailing_id)
