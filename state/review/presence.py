"""Who else looks at a proforma, and which line is open in front of them."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models.enums import Role
from services.review.presence import Here, OtherPerson, others_present, say_present
from state.guard import actor, guarded
from state.live import ticks
from state.reading import read_together
from state.review.proforma import ProformaPage

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_SECONDS = 6.0


@dataclass(frozen=True)
class PersonView:
    """Somebody else; `line` is the number of the open line, '' = none."""

    name: str
    line: str
    words: str


class Presence(rx.State):
    """The other people who look at the same proforma."""

    rows: list[PersonView] = []

    @rx.event(background=True)
    @guarded(*_STAFF)
    async def watch(self) -> None:
        """Say every few seconds that one is here, and read who else is, while the tab shows the page."""
        async for _ in ticks(self, _SECONDS):
            async with self:
                await self._look()

    async def _look(self) -> None:
        page = await self.get_state(ProformaPage)
        if not page.head.id:
            return
        line = int(page.panel.number) if page.panel.number else None
        is_editing = bool(line) and page.may_edit_codes
        here = Here(self.router.session.client_token, int(page.head.id), line, is_editing)
        try:
            found, is_due = await read_together(_look, here)
            if is_due:
                await asyncio.to_thread(_say, here)
        except BillingError:
            found = []
        rows = [_view(person) for person in found]
        if rows != list(self.rows):
            self.rows = rows


def _view(person: OtherPerson) -> PersonView:
    line = str(person.line_number or "")
    if not line:
        return PersonView(person.name, "", person.name)
    does = "is editing" if person.is_editing else "looks at"
    return PersonView(person.name, line, f"{person.name} {does} line {line}")


def _look(here: Here) -> tuple[list[OtherPerson], bool]:
    with read_only() as session:
        return others_present(session, actor(), here)


def _say(here: Here) -> None:
    with unit_of_work() as session:
        say_present(session, actor(), here)
