"""The lines of a proforma that are ticked, to do one thing to all of them."""

import reflex as rx

from models.enums import Role
from state.guard import guarded
from state.review.proforma import ProformaPage
from state.words import counted

_EDITORS = frozenset({Role.ATTORNEY, Role.BILLER})


class LineSelection(rx.State):
    """Ids of ticked lines; of lines that are not on the page any more nothing is done."""

    chosen: list[str] = []
    words: str = ""

    @rx.event
    @guarded(*_EDITORS, Role.ADMIN)
    async def load(self) -> None:
        """Start with nothing ticked; runs when the page opens."""
        self._set([])

    @rx.event
    @guarded(*_EDITORS)
    async def toggle(self, line_id: str) -> None:
        """Tick a line, or take the tick away."""
        kept = [one for one in self.chosen if one != line_id]
        self._set(kept if len(kept) < len(self.chosen) else [*kept, line_id[:20]])

    @rx.event
    @guarded(*_EDITORS)
    async def choose_shown(self) -> None:
        """Tick every line that is shown."""
        page = await self.get_state(ProformaPage)
        self._set([line.id for line in page.lines if line.may_be_chosen])

    @rx.event
    @guarded(*_EDITORS)
    async def clear(self) -> None:
        """Take every tick away."""
        self._set([])

    def _set(self, chosen: list[str]) -> None:
        self.chosen, self.words = chosen, f"{counted(len(chosen), 'line')} chosen" if chosen else ""
