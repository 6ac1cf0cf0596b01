"""Everything that the viewer was told: by kind, read and unread, each leading to its row."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models.enums import NoticeKind
from services.changes import NOTICES_OF
from services.notice_kinds import KINDS
from services.notice_words import path_of, words_of
from services.notices import HEARERS, NoticeRow, count_unread_by_kind, mark_all_read, mark_read, page_notices
from state.addresses import as_choice, query
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.notices import Notices
from state.responses.assigning import assign
from state.words import counted, moment, whole_number

_PAGE = 50


@dataclass(frozen=True)
class NoticeLine:
    """One notice, as text."""

    id: str
    title: str
    hint: str
    kind: str
    at: str
    href: str
    is_read: bool


@dataclass(frozen=True)
class KindChip:
    """One kind to choose, with how much of it is unread."""

    value: str
    label: str
    href: str
    count: str


class NoticeList(KeysetState, rx.State):
    """The viewer's notices, the newest first; `kind` and `unread` stand in the address."""

    rows: list[NoticeLine] = []
    kinds: list[KindChip] = []
    kind: str = ""
    unread: str = ""
    unread_href: str = ""
    unread_count: str = ""
    done: str = ""

    _roles = frozenset(HEARERS)
    _filters = ("kind", "unread")

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, (NOTICES_OF, actor().user_id or 0)):
            async with self:
                await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def read(self, notice_id: str) -> Any:  # noqa: ANN401 -- an event of the bell
        """Mark one as read; its page opens, or it stays here."""
        wanted = whole_number(notice_id)
        await asyncio.to_thread(_mark, wanted)
        await self._refresh_all()
        return Notices.load

    @rx.event
    @guarded(by_page=True)
    async def read_all(self) -> Any:  # noqa: ANN401 -- as above
        """Mark everything of the chosen kind as read, on every page of the list."""
        kind = as_choice(NoticeKind, self._asked.get("kind", ""))
        count = await asyncio.to_thread(_mark_all, kind)
        self.done = f"{counted(count, 'notice')} marked as read." if count else "There was nothing unread."
        await self._refresh_all()
        return Notices.load

    @rx.event
    @guarded(by_page=True)
    async def dismiss(self) -> None:
        """Put the message away."""
        self.done = ""

    async def _refresh_all(self) -> None:
        await self._refresh()
        try:
            unread = await asyncio.to_thread(_unread)
        except BillingError as error:
            self.failure = error.user_message
            return
        kind, total = self._asked.get("kind", ""), sum(unread.values())
        other = "" if self._asked.get("unread") else "1"
        assign(
            self,
            kind=kind if as_choice(NoticeKind, kind) else "",
            unread="1" if self._asked.get("unread") else "",
            unread_href=f"/notifications{query({'kind': kind, 'unread': other})}",
            unread_count=f"{total:,}" if total else "",
            kinds=_chips(unread, kind, self._asked.get("unread", "")),
        )

    def _read_page(self, before: int | None) -> KeysetPage:
        kind = as_choice(NoticeKind, self._asked.get("kind", ""))
        with read_only() as session:
            found = page_notices(
                session,
                actor(),
                kind=kind,
                unread_only=bool(self._asked.get("unread")),
                before_id=before,
                limit=_PAGE + 1,
            )
        rows = found[:_PAGE]
        return KeysetPage([_line(row) for row in rows], rows[-1].notice_id if len(found) > _PAGE else None)


def _chips(unread: dict[NoticeKind, int], chosen: str, only_unread: str) -> list[KindChip]:
    """Return the kinds of which something is unread, and the chosen one."""
    return [
        KindChip(
            kind.value,
            facts.title,
            f"/notifications{query({'kind': '' if kind == chosen else kind.value, 'unread': only_unread})}",
            f"{unread[kind]:,}" if unread.get(kind) else "",
        )
        for kind, facts in KINDS.items()
        if unread.get(kind) or kind == chosen
    ]


def _line(row: NoticeRow) -> NoticeLine:
    title, hint = words_of(row)
    return NoticeLine(
        id=str(row.notice_id),
        title=title,
        hint=hint,
        kind=KINDS[row.kind].title,
        at=moment(row.created_at),
        href=path_of(row),
        is_read=row.read_at is not None,
    )


def _unread() -> dict[NoticeKind, int]:
    with read_only() as session:
        return count_unread_by_kind(session, actor())


def _mark(notice_id: int) -> None:
    with unit_of_work() as session:
        mark_read(session, actor(), notice_ids=[notice_id])


def _mark_all(kind: NoticeKind | None) -> int:
    with unit_of_work() as session:
        return mark_all_read(session, actor(), kind=kind)
