"""Lists that are paged by key: the cost of a page does not grow with how far somebody has paged."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from core.errors import BillingError
from models.enums import Role
from state.addresses import query
from state.guard import guarded
from state.responses.assigning import assign


@dataclass(frozen=True)
class KeysetPage:
    """Rows that a page showed, already as text, and the key below which the next page begins (None = the end)."""

    rows: list[Any]
    next_before: int | None


class KeysetState(rx.State, mixin=True):
    """Searching and paging of one list, newest first.

    A page's state inherits it with `rx.State`, sets `_roles` and `_filters`, adds `rows: list[SomeRow] = []` and
    `_read_page(before)`, which runs in a thread.
    """

    search: str = ""
    range_text: str = ""
    has_previous: bool = False
    has_next: bool = False
    is_loading: bool = True
    failure: str = ""
    export_query: str = ""

    _roles: frozenset[Role] = frozenset()
    _filters: tuple[str, ...] = ()
    _asked: dict[str, str] = {}
    _begins: list[int] = []
    _next_before: int | None = None

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read the list as the address asks for it; runs when the page opens."""
        parameters = self.router.url.query_parameters
        asked = {name: str(parameters[name]) for name in self._filters if parameters.get(name)}
        search = str(parameters.get("search", self.search if asked == self._asked else ""))
        if (asked, search) != (self._asked, self.search):
            # Otherwise this is a reconnect or an opened detail, and the person stays where they were.
            self._asked, self.search, self._begins = asked, search, []
        await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def find(self, text: str) -> None:
        """Search; the list starts at its first page again."""
        self.search, self._begins = text, []
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def turn(self, pages: int) -> None:
        """Go one page forward or back."""
        if pages > 0 and self._next_before is not None:
            self._begins = [*self._begins, self._next_before]
        elif pages < 0:
            self._begins = self._begins[:-1]
        await self._refresh()

    async def _refresh_all(self) -> None:
        """Read the list and what stands beside it: when the page opens or its records changed, not at every turn."""
        await self._refresh()

    async def _refresh(self) -> None:
        before = self._begins[-1] if self._begins else None
        try:
            found = await asyncio.to_thread(self._read_page, before)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self._next_before = found.next_before
        assign(self, rows=found.rows, has_previous=bool(self._begins), has_next=found.next_before is not None)
        assign(self, range_text=self._range(len(found.rows)))
        assign(self, export_query=query({**self._asked, "search": self.search}))
        self.failure, self.is_loading = "", False

    def _range(self, count: int) -> str:
        page = f"Page {len(self._begins) + 1}, " if self._begins or self.has_next else ""
        return f"{page}{count:,} shown" if count else "None"

    def _read_page(self, before: int | None) -> KeysetPage:
        """Ask the services for one page; runs in a thread."""
        raise NotImplementedError
