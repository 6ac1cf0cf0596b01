"""Tables that the server pages, sorts and searches: what every list page's state has in common."""

import asyncio
from typing import Any

import reflex as rx
from sqlmodel import Session

from core.db import read_only
from core.errors import BillingError
from models.enums import Role
from services.actor import Actor
from services.listing import PAGE_SIZE, Listing, TableQuery
from state.addresses import query as to_query
from state.guard import actor, guarded

_LARGEST_PAGE = 1_000_000


class TableState(rx.State, mixin=True):
    """Paging, sorting and searching of one list.

    A page's state inherits it with `rx.State`, sets `_roles`, adds `rows: list[SomeRow] = []` and two methods:
    `_read(session, actor, query)` (static, runs in a thread) and `_show(found)`, which fills `rows`.
    `?search=` in the address starts with a search; `_filters` names further query parameters to pass on.
    """

    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    total: int = 0
    range_text: str = ""
    has_previous: bool = False
    has_next: bool = False
    is_loading: bool = True
    failure: str = ""
    export_query: str = ""

    _roles: frozenset[Role] = frozenset()
    _filters: tuple[str, ...] = ()
    _asked_filters: dict[str, str] = {}

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Read the list as the address asks for it; runs when the page opens."""
        asked = self.router.url.query_parameters
        search = str(asked.get("search", self.search))
        chosen = {name: str(asked[name]) for name in self._filters if asked.get(name)}
        if (search, chosen) != (self.search, self._asked_filters):
            # Otherwise this is a reconnect, and the person stays on the page where they were.
            self.search, self._asked_filters, self.page = search, chosen, 1
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def find(self, text: str) -> None:
        """Search; the list starts at its first page again."""
        self.search, self.page = text, 1
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def sort_by(self, column: str) -> None:
        """Sort by a column, or turn its order around."""
        self.descending = not self.descending if self.sort == column else False
        self.sort, self.page = column, 1
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def turn(self, pages: int) -> None:
        """Go forward or back by a number of pages."""
        self.page = min(max(self.page + pages, 1), _LARGEST_PAGE)
        await self._refresh(self.total)

    async def _refresh(self, known_total: int | None = None) -> None:
        query = TableQuery(
            self.search,
            self.sort,
            self.descending,
            self.page,
            filters=self._asked_filters,
            known_total=known_total,
        )
        try:
            found = await asyncio.to_thread(self._read_now, query)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self._show_range(found)
        self.export_query = to_query({**self._asked_filters, "search": self.search})
        self._show(found)
        self.failure, self.is_loading = "", False

    def _read_now(self, query: TableQuery) -> Listing[Any]:
        with read_only() as session:
            return self._read(session, actor(), query)

    @staticmethod
    def _read(session: Session, actor: Actor, query: TableQuery) -> Listing[Any]:
        """Ask the service for one page of the list."""
        raise NotImplementedError

    def _show(self, found: Listing[Any]) -> None:
        """Put the rows into the page."""
        raise NotImplementedError

    def _show_range(self, found: Listing[Any]) -> None:
        first = (self.page - 1) * PAGE_SIZE + 1
        last = first + len(found.rows) - 1
        self.total = found.total
        self.range_text = f"{first:,}-{last:,} of {found.total:,}" if found.rows else "None"
        self.has_previous, self.has_next = self.page > 1, last < found.total and bool(found.rows)
