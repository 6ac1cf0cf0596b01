"""The bell: what the viewer was told and has not read, on every page, as it happens."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import reflex as rx

from core.clock import today
from core.db import read_only, unit_of_work
from models.enums import NoticeKind
from services.notices import HEARERS, NoticeRow, list_notices, mark_read
from state.assigning import assign
from state.guard import actor, guarded
from state.live import changes
from state.words import day, moment, whole_number


@dataclass(frozen=True)
class NoticeItem:
    """One notice, as text, with the page that it leads to."""

    id: str
    title: str
    hint: str
    at: str
    href: str
    is_read: bool


class Notices(rx.State):
    """The viewer's newest notices; `count` is how many are unread, '' = none."""

    rows: list[NoticeItem] = []
    count: str = ""

    @rx.event
    @guarded()
    async def load(self) -> None:
        """Read them; every page begins with it."""
        await self._refresh()

    @rx.event(background=True)
    @guarded()
    async def watch(self) -> None:
        """Ring while the tab shows the page, for those who are told of anything."""
        if not actor().has(*HEARERS):
            return
        async for _ in changes(self, "site_account", "carrier", "submission", "appeal", "cut_acceptance"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded()
    async def read(self, notice_id: str) -> None:
        """Mark one as read; its page opens."""
        wanted = whole_number(notice_id)
        await asyncio.to_thread(_mark, [wanted])
        await self._refresh()

    @rx.event
    @guarded()
    async def read_all(self) -> None:
        """Mark those that are shown as read."""
        await asyncio.to_thread(_mark, [int(row.id) for row in self.rows if not row.is_read])
        await self._refresh()

    async def _refresh(self) -> None:
        found = await asyncio.to_thread(_list)
        unread = sum(row.read_at is None for row in found)
        assign(self, rows=[_item(row) for row in found], count=str(unread) if unread else "")


def _list() -> list[NoticeRow]:
    with read_only() as session:
        return list_notices(session, actor()) if actor().has(*HEARERS) else []


def _mark(notice_ids: list[int]) -> None:
    with unit_of_work() as session:
        mark_read(session, actor(), notice_ids=notice_ids)


def _item(row: NoticeRow) -> NoticeItem:
    title, hint = _WORDS[row.kind](row)
    return NoticeItem(
        id=str(row.notice_id),
        title=title,
        hint=hint,
        at=moment(row.created_at),
        href=_href(row),
        is_read=row.read_at is not None,
    )


def _href(row: NoticeRow) -> str:
    if row.subject_type == "submission":
        return f"/submissions/{row.subject_id}"
    if row.subject_type == "invoice":
        return f"/rejections/{row.subject_id}"
    if row.kind in {NoticeKind.PAGE_DRIFT, NoticeKind.SITE_AWAY}:
        return f"/carriers/{row.subject_id}/profile"
    return f"/carriers?search={quote(row.look_for)}"


def _account_stopped(row: NoticeRow) -> tuple[str, str]:
    return f"{row.subject} stopped", "Its files wait until somebody has seen to it."


def _carrier_stopped(row: NoticeRow) -> tuple[str, str]:
    return f"{row.subject} stopped", "Its site looks different; its files wait."


def _password_expires(row: NoticeRow) -> tuple[str, str]:
    on = date.fromisoformat(row.occasion.partition("/")[0])
    verb = "ended" if on < today() else "ends today," if on == today() else "ends"
    return f"The password of {row.subject} {verb} {day(on)}", "Change it on the site and store the new one here."


def _appeal_due(row: NoticeRow) -> tuple[str, str]:
    on = date.fromisoformat(row.occasion.partition("/")[0])
    return f"Last day to appeal {row.subject}: {day(on)}", "Appeal, correct it, or accept the cut before then."


def _appeal_expired(row: NoticeRow) -> tuple[str, str]:
    return f"The appeal of {row.subject} ran out", "It was drafted and not sent in time; the cut stands."


def _cut_to_approve(row: NoticeRow) -> tuple[str, str]:
    return f"Approve a write-off on {row.subject}", "Somebody proposes to give up what the carrier cut."


def _rejection_handed_on(row: NoticeRow) -> tuple[str, str]:
    return f"The rejection of {row.subject} is yours", "It was handed on to you: correct it, appeal, or accept the cut."


def _doubt_assigned(row: NoticeRow) -> tuple[str, str]:
    return f"You decide about {row.subject}", "Its file is in doubt: look whether the site has it."


def _doubt_overdue(row: NoticeRow) -> tuple[str, str]:
    return f"Nobody decided about {row.subject}", "Its file is in doubt and the deadline has passed."


def _page_drift(row: NoticeRow) -> tuple[str, str]:
    if row.occasion.endswith("-breaks"):
        return f"Uploads to {row.subject} will fail", "A page of its site looks different; the nightly walk shows it."
    return f"A page of {row.subject} looks different", "Every step still finds what it needs; look and accept it."


def _site_away(row: NoticeRow) -> tuple[str, str]:
    return f"The site of {row.subject} could not be reached", "The nightly walk tries again every night."


_WORDS: dict[NoticeKind, Callable[[NoticeRow], tuple[str, str]]] = {
    NoticeKind.ACCOUNT_STOPPED: _account_stopped,
    NoticeKind.CARRIER_STOPPED: _carrier_stopped,
    NoticeKind.PASSWORD_EXPIRES: _password_expires,
    NoticeKind.APPEAL_DUE: _appeal_due,
    NoticeKind.APPEAL_EXPIRED: _appeal_expired,
    NoticeKind.CUT_TO_APPROVE: _cut_to_approve,
    NoticeKind.REJECTION_HANDED_ON: _rejection_handed_on,
    NoticeKind.DOUBT_ASSIGNED: _doubt_assigned,
    NoticeKind.DOUBT_OVERDUE: _doubt_overdue,
    NoticeKind.PAGE_DRIFT: _page_drift,
    NoticeKind.SITE_AWAY: _site_away,
}
