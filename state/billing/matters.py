"""The list of matters, newest first: how often each is billed, and which are held."""

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only
from models.enums import BillingFrequency, Role
from services.billing.matters import MatterFilter, list_matters
from state.addresses import as_choice, query
from state.billing.matter_rows import Choice, MatterItem, frequency_choices, matter_item
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes

_HELD = "yes"


class Matters(KeysetState, rx.State):
    """Every matter that the viewer may see; attorneys see those they answer for."""

    rows: list[MatterItem] = []
    frequencies: list[Choice] = frequency_choices()
    frequency: str = ""
    only_held: bool = False

    _roles = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
    _filters = ("frequency", "held")

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "matter"):
            async with self:
                await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def choose_frequency(self, frequency: str) -> EventSpec:
        """Show the matters of one frequency, or of all."""
        chosen = as_choice(BillingFrequency, frequency)
        return rx.redirect(f"/matters{query({**self._asked, 'frequency': chosen.value if chosen else ''})}")

    @rx.event
    @guarded(by_page=True)
    async def show_held(self, only_held: bool) -> EventSpec:  # noqa: FBT001 -- a checkbox's event
        """Show the held matters alone, or all."""
        return rx.redirect(f"/matters{query({**self._asked, 'held': _HELD if only_held else ''})}")

    async def _refresh_all(self) -> None:
        self.frequency, self.only_held = self._asked.get("frequency", ""), self._asked.get("held") == _HELD
        await self._refresh()

    def _read_page(self, before: int | None) -> KeysetPage:
        wanted = MatterFilter(
            text=self.search,
            frequency=as_choice(BillingFrequency, self._asked.get("frequency", "")),
            is_held=self._asked.get("held") == _HELD,
        )
        with read_only() as session:
            found = list_matters(session, actor(), wanted=wanted, before=before)
        return KeysetPage([matter_item(row, query(self._asked)) for row in found.rows], found.next_before)
