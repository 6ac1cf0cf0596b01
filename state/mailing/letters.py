"""The firm's cover letter: its text with placeholders, its versions, and how it would look."""

import asyncio
import base64
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models.enums import Role
from services.documents.letter_paper import preview_letter
from services.documents.letter_texts import PLACEHOLDERS, LetterTemplate, list_letter_versions, save_letter
from state.acting import ActingState
from state.guard import actor, guarded
from state.words import moment, whole_number

_LONGEST = 5000


@dataclass(frozen=True)
class Placeholder:
    """One placeholder as it is typed, with what stands in for it."""

    name: str
    meaning: str


@dataclass(frozen=True)
class LetterVersion:
    """One version of the letter in the list."""

    number: str
    title: str
    saved: str
    note: str


class Letters(ActingState, rx.State):
    """The cover letter, for administrators; `preview` is a picture as the browser shows it, '' for none."""

    subject: str = ""
    body: str = ""
    shown: str = ""
    placeholders: list[Placeholder] = []
    versions: list[LetterVersion] = []
    preview: str = ""
    is_loading: bool = True
    failure: str = ""

    _roles = frozenset({Role.ADMIN})
    _newest: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Show the letter in force; runs when the page opens."""
        await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def show_version(self, number: str) -> None:
        """Put another version's text into the form; nothing is in force before it is saved."""
        wanted = whole_number(number)
        versions = await asyncio.to_thread(_versions)
        found = next((one for one in versions if one.number == wanted), None)
        if found is not None:
            self._show(found)

    @rx.event
    @guarded(by_page=True)
    async def type_subject(self, text: str) -> None:
        """Keep what is typed."""
        self.subject = text[:_LONGEST]

    @rx.event
    @guarded(by_page=True)
    async def type_body(self, text: str) -> None:
        """Keep what is typed."""
        self.body = text[:_LONGEST]

    @rx.event
    @guarded(by_page=True)
    async def look(self) -> None:
        """Show how the letter would look with the newest invoice; nothing is saved."""
        subject, body = self.subject, self.body
        picture = await self._try(lambda: _preview(subject, body))
        self.preview = f"data:image/png;base64,{base64.b64encode(picture).decode()}" if picture else ""

    @rx.event
    @guarded(by_page=True)
    async def save(self, form: dict[str, str]) -> EventSpec | None:
        """Put the text in force as a new version."""
        subject, body, newest, note = self.subject, self.body, self._newest, form.get("note", "")
        number = await self._try(lambda: _save(subject, body, newest, note))
        if number is None:
            return None
        await self._refresh()
        return rx.toast.success(f"Version {number} goes with every letter from now on.")

    async def _refresh(self) -> None:
        try:
            versions = await asyncio.to_thread(_versions)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        self.placeholders = [Placeholder(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()]
        self.versions = [_version(one) for one in versions]
        self._newest, self.failure, self.problem, self.is_loading = versions[0].number, "", "", False
        self._show(versions[0])

    def _show(self, found: LetterTemplate) -> None:
        self.subject, self.body, self.preview = found.subject, found.body, ""
        self.shown = str(found.number)


def _versions() -> list[LetterTemplate]:
    with read_only() as session:
        return list_letter_versions(session, actor())


def _preview(subject: str, body: str) -> bytes:
    with read_only() as session:
        return preview_letter(session, actor(), subject=subject, body=body)


def _save(subject: str, body: str, expected_number: int, note: str) -> int:
    with unit_of_work() as session:
        return save_letter(session, actor(), subject=subject, body=body, expected_number=expected_number, note=note)


def _version(one: LetterTemplate) -> LetterVersion:
    saved = f"{one.author_name}, {moment(one.created_at)}" if one.created_at else "Comes with the portal"
    return LetterVersion(str(one.number), f"Version {one.number}" if one.number else "Original", saved, one.note)
