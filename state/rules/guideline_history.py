"""The versions of a carrier's rules: who changed what and when, two of them compared, an older one taken back."""

import asyncio

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError, NotFoundError
from models.enums import Role
from services.rules.guideline_drafts import changes_of, drafts_of
from services.rules.guideline_versions import GuidelineVersion
from state.guard import guarded
from state.rules.guideline_opening import STAFF
from state.rules.guideline_rows import ChangeView, VersionView, change_view, version_view
from state.rules.guideline_saving import GuidelineSaving
from state.rules.guideline_work import read_versions
from state.rules.guidelines import GuidelineEditor
from state.words import whole_number


class GuidelineHistory(rx.State):
    """The list of versions; `older` and `newer` are the two compared."""

    is_open: bool = False
    versions: list[VersionView] = []
    older: str = ""
    newer: str = ""
    changes: list[ChangeView] = []
    problem: str = ""

    @rx.event
    @guarded(*STAFF)
    async def show(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Show the versions, the newest compared with the one before it; or put them away."""
        self.is_open, self.problem = is_open, ""
        if not is_open:
            return
        found = await self._read()
        self.versions = [version_view(one) for one in found]
        if found:
            self.newer = str(found[0].number)
            self.older = str(found[min(1, len(found) - 1)].number)
            self._compare(found)

    @rx.event
    @guarded(*STAFF)
    async def compare(self, side: str, number: str) -> None:
        """Compare another version."""
        chosen = str(whole_number(number))
        if side == "older":
            self.older = chosen
        else:
            self.newer = chosen
        self._compare(await self._read())

    @rx.event
    @guarded(Role.ADMIN)
    async def take_back(self, number: str) -> EventSpec | None:
        """Put an older version's rules into the list, to be tried and saved as a new version."""
        chosen = whole_number(number)
        found = next((one for one in await self._read() if one.number == chosen), None)
        page = await self.get_state(GuidelineEditor)
        if found is None or page._version is None:  # noqa: SLF001 -- the page's own dialog
            raise NotFoundError("There is no such version. Nothing was changed; reload the page.")
        self.is_open = False
        event = page._put(page._fresh(page._version, found.rules))  # noqa: SLF001 -- as above
        page.done = f"The rules of version {chosen} stand in the list. See what they would do, then save."
        saving = await self.get_state(GuidelineSaving)
        saving._offer(page, f"Back to version {chosen}")  # noqa: SLF001 -- as above
        return event

    async def _read(self) -> list[GuidelineVersion]:
        page = await self.get_state(GuidelineEditor)
        try:
            return await asyncio.to_thread(read_versions, page._carrier_id)  # noqa: SLF001 -- as above
        except BillingError as refused:
            self.problem = refused.user_message
            return []

    def _compare(self, found: list[GuidelineVersion]) -> None:
        by_number = {str(one.number): one for one in found}
        old, new = by_number.get(self.older), by_number.get(self.newer)
        self.changes = []
        if old and new:
            drafts = drafts_of(new.rules, in_force=(), first=0)
            self.changes = [
                change_view(one.change.value, one.title, one.sentences) for one in changes_of(old.rules, drafts)
            ]
