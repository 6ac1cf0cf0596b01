"""The inbox of results: the mails of each kind, and what is wrong with the mailbox itself."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models.enums import ResultMailStatus, Role
from services.responses.result_inbox import (
    WAITING,
    MailRow,
    count_mails,
    list_mails,
    mailbox_trouble,
    try_mailbox_again,
)
from state.acting import ActingState
from state.addresses import as_choice, query
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.responses.assigning import assign
from state.words import moment

DESK = frozenset({Role.BILLER, Role.ADMIN})
_PAGE = 50


@dataclass(frozen=True)
class MailItem:
    """One mail in the list, as text."""

    id: str
    href: str
    status: str
    sender: str
    subject: str
    carrier: str
    received: str
    note: str


class Results(ActingState, KeysetState, rx.State):
    """Mails with results; opens on those that wait for a person."""

    rows: list[MailItem] = []
    status: str = ""
    waiting: str = ""
    matched: str = ""
    ignored: str = ""
    trouble: str = ""

    _roles = DESK
    _filters = ("status",)

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "result_mail", "mailbox"):
            async with self:
                await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def try_again(self) -> EventSpec | None:
        """Read the mailbox at its next turn, now that what refused us is mended."""
        done = await self._try(_try_again)
        await self._refresh_all()
        return rx.toast.success("It is read again within a minute.") if done else None

    async def _refresh_all(self) -> None:
        await self._refresh()
        try:
            counts, trouble = await asyncio.to_thread(_read_counts)
        except BillingError as error:
            self.failure = error.user_message
            return
        assign(
            self,
            waiting=_count(counts, *WAITING),
            matched=_count(counts, ResultMailStatus.MATCHED),
            ignored=_count(counts, ResultMailStatus.IGNORED),
            trouble=trouble,
            status=self._asked.get("status", ""),
        )

    def _read_page(self, before: int | None) -> KeysetPage:
        chosen = as_choice(ResultMailStatus, self._asked.get("status", ""))
        kept = query(self._asked)
        with read_only() as session:
            found = list_mails(
                session,
                actor(),
                statuses=(chosen,) if chosen else WAITING,
                search=self.search[:60],
                before_id=before,
                limit=_PAGE + 1,
            )
        rows = found[:_PAGE]
        return KeysetPage([_item(row, kept) for row in rows], rows[-1].mail_id if len(found) > _PAGE else None)


def _item(row: MailRow, kept: str) -> MailItem:
    return MailItem(
        id=str(row.mail_id),
        href=f"/results/{row.mail_id}{kept}",
        status=row.status.value,
        sender=row.sender or "No sender",
        subject=row.subject or "No subject",
        carrier=row.carrier,
        received=moment(row.received_at),
        note=row.note,
    )


def _read_counts() -> tuple[dict[ResultMailStatus, int], str]:
    with read_only() as session:
        failure, since = mailbox_trouble(session)
        return count_mails(session, actor()), f"{failure} Since {moment(since)} UTC." if since else failure


def _count(counts: dict[ResultMailStatus, int], *statuses: ResultMailStatus) -> str:
    return f"{sum(counts.get(status, 0) for status in statuses):,}"


def _try_again() -> bool:
    with unit_of_work() as session:
        try_mailbox_again(session, actor())
    return True
