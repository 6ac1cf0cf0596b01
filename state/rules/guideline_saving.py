"""Putting an edited list in force, and keeping it as a file."""

import asyncio
import re

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError, StaleVersionError
from models.enums import Role
from services.rules.guideline_drafts import changes_of, data_of, drafts_of
from services.rules.guideline_files import LONGEST_FILE, export_rules, import_rules
from state.guard import guarded
from state.rules.guideline_opening import STAFF
from state.rules.guideline_rows import ChangeView, change_view
from state.rules.guideline_work import read_active, save
from state.rules.guidelines import GuidelineEditor
from state.words import counted

_NOTE = 500


class GuidelineSaving(rx.State):
    """The questions before a save and before an import."""

    is_open: bool = False
    note: str = ""
    form_round: int = 0
    problem: str = ""
    theirs: list[ChangeView] = []
    is_importing: bool = False
    import_problem: str = ""

    _note_of: int = 0

    @rx.event
    @guarded(Role.ADMIN)
    async def ask(self) -> None:
        """Ask for the note; what was typed for this carrier before is still there."""
        page = await self.get_state(GuidelineEditor)
        self._offer(page, self.note if self._note_of == page._carrier_id else "")  # noqa: SLF001 -- the page's own dialog
        self.is_open = True

    @rx.event
    @guarded(Role.ADMIN)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; the list stays as it was typed."""
        if not is_open:
            self.is_open, self.theirs = False, []

    @rx.event
    @guarded(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> EventSpec | None:
        """Put the list in force as a new version; whatever is refused is said in the dialog, and the list is kept."""
        page = await self.get_state(GuidelineEditor)
        self.note = form.get("note", "")[:_NOTE]
        if page._version is None:  # noqa: SLF001 -- the page's own dialog
            return None
        try:
            rules = data_of(page._drafts)  # noqa: SLF001 -- as above
            number = page._version.number  # noqa: SLF001 -- as above
            version = await asyncio.to_thread(save, page._carrier_id, number, rules, self.note)  # noqa: SLF001 -- as above
        except StaleVersionError as refused:
            return await self._meet_conflict(page, refused)
        except BillingError as refused:
            self.problem = refused.user_message
            return None
        self.is_open, self.theirs, self.problem, self.note = False, [], "", ""
        opened = page.panel.number
        event = page._start(version)  # noqa: SLF001 -- as above
        page._open_number(opened)  # noqa: SLF001 -- as above
        page.done = (
            f"Version {version.number} is in force. New proformas follow it, others when they are checked again."
        )
        return event

    @rx.event
    @guarded(*STAFF)
    async def export(self) -> EventSpec | None:
        """Give the list as it stands on the page as a file."""
        page = await self.get_state(GuidelineEditor)
        version = page._version  # noqa: SLF001 -- as above
        if version is None:
            return None
        text = export_rules(version.carrier_name, version.number, page._drafts)  # noqa: SLF001 -- as above
        name = re.sub(r"[^a-z0-9]+", "-", version.carrier_name.casefold()).strip("-")
        return rx.download(data=text, filename=f"{name}-guidelines-v{version.number}.json")

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_import(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Ask for a file, or put the question away."""
        self.is_importing, self.import_problem = is_open, ""

    @rx.event
    @guarded(Role.ADMIN)
    async def import_list(self, form: dict[str, str]) -> EventSpec | None:
        """Put a file's list in place of the one on the page; nothing is saved by it, and undo leads back."""
        page = await self.get_state(GuidelineEditor)
        if page._version is None:  # noqa: SLF001 -- as above
            return None
        try:
            rules = await asyncio.to_thread(import_rules, form.get("list", "")[: LONGEST_FILE + 1])
        except BillingError as refused:
            self.import_problem = refused.user_message.replace("The guidelines were not saved.", "Nothing was taken.")
            return None
        self.is_importing = False
        event = page._put(page._fresh(page._version, rules))  # noqa: SLF001 -- as above
        page.done = f"{counted(len(rules), 'rule')} taken from the file. Nothing is saved yet; undo leads back."
        return event

    def _offer(self, page: GuidelineEditor, note: str) -> None:
        """Begin the question with a note."""
        self.note, self._note_of, self.problem, self.theirs = note, page._carrier_id, "", []  # noqa: SLF001 -- as above
        self.form_round += 1

    async def _meet_conflict(self, page: GuidelineEditor, refused: StaleVersionError) -> EventSpec | None:
        """Say what somebody else changed meanwhile; the next save goes over it knowingly."""
        before = page._version.rules if page._version else ()  # noqa: SLF001 -- as above
        newer = await asyncio.to_thread(read_active, page._carrier_id)  # noqa: SLF001 -- as above
        theirs = drafts_of(newer.rules, in_force=(), first=0)
        self.theirs = [change_view(one.change.value, one.title, one.sentences) for one in changes_of(before, theirs)]
        self.problem = (
            f"{refused.user_message.partition('. ')[0]}. Nothing was saved and your list is still here. Version "
            f"{newer.number} changed what stands below; save again to put your list over it."
        )
        return page._rebase(newer)  # noqa: SLF001 -- as above
