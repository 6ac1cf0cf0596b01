"""Who else looks at a proforma, and which line is open in front of them."""

import asyncio
from dataclasses import dataclass
from typing import Any

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models.enums import Role
from services.review.presence import OtherPerson, be_present, others_present
from state.guard import actor, guarded
from state.live import ticks
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
        tab = self.router.session.client_token
        is_editing = bool(line) and page.may_edit_codes
        try:
            found = await asyncio.to_thread(_be_present, tab, int(page.head.id), line, is_editing)
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


def _be_present(tab: str, proforma_id: int, line: int | None, is_editing: bool) -> list[OtherPerson]:  # noqa: FBT001
    said: dict[str, Any] = {"tab": tab, "proforma_id": proforma_id, "line_number": line, "is_editing": is_editing}
    with read_only() as session:
        others = others_present(session, actor(), **said)
    if others is not None:
        return others
    with unit_of_work() as session:
        return be_present(session, actor(), **said)
