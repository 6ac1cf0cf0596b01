"""The bell: what the viewer was told and has not read, on every page, as it happens."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import read_only, unit_of_work
from services.changes import NOTICES_OF
from services.notice_words import path_of, words_of
from services.notices import HEARERS, NoticeRow, list_notices, mark_read, notice_pulse
from state.guard import actor, guarded
from state.live import changes
from state.reading import read_together
from state.responses.assigning import assign
from state.words import moment, whole_number


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

    _pulse: tuple[int, ...] = ()

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
        async for _ in changes(self, (NOTICES_OF, actor().user_id or 0)):
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
        read = await read_together(_list, self._pulse)
        if read is None:
            return
        self._pulse, found = read
        unread = sum(row.read_at is None for row in found)
        assign(self, rows=[_item(row) for row in found], count=str(unread) if unread else "")


def _list(known: tuple[int, ...]) -> tuple[tuple[int, ...], list[NoticeRow]] | None:
    """Return the notices with their pulse; None where it is the known one."""
    if not actor().has(*HEARERS):
        return (), []
    with read_only() as session:
        pulse = notice_pulse(session, actor())
        return None if pulse == known else (pulse, list_notices(session, actor()))


def _mark(notice_ids: list[int]) -> None:
    with unit_of_work() as session:
        mark_read(session, actor(), notice_ids=notice_ids)


def _item(row: NoticeRow) -> NoticeItem:
    title, hint = words_of(row)
    return NoticeItem(
        id=str(row.notice_id),
        title=title,
        hint=hint,
        at=moment(row.created_at),
        href=path_of(row),
        is_read=row.read_at is not None,
    )
