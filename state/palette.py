"""The command palette: go to a record from anywhere by its number or name."""

import asyncio
from dataclasses import dataclass
from urllib.parse import quote

import reflex as rx

from core.db import read_only
from services.lookup import Hit, find_records
from state.guard import actor, guarded

_PAGES = {
    "invoice": "/invoices?search={number}",
    "matter": "/matters/{id}",
    "carrier": "/carriers/{id}/guidelines",
}


@dataclass(frozen=True)
class PaletteRow:
    """One record found; `href` is where choosing it leads."""

    kind: str
    number: str
    detail: str
    href: str


class Palette(rx.State):
    """What the palette found for the text typed last."""

    text: str = ""
    rows: list[PaletteRow] = []

    @rx.event
    @guarded()
    async def find(self, text: str) -> None:
        """Look for invoices, matters and carriers."""
        self.text = text
        self.rows = [_row(hit) for hit in await asyncio.to_thread(_find, text)]


def _find(text: str) -> list[Hit]:
    with read_only() as session:
        return find_records(session, actor(), text=text)


def _row(hit: Hit) -> PaletteRow:
    page = _PAGES[hit.kind].format(id=hit.id, number=quote(hit.number))
    return PaletteRow(hit.kind.capitalize(), hit.number, hit.detail, page)
