"""Forms of a profile's draft beside its steps: pages, what the site may say, its words for decisions, the terms."""

from collections.abc import Callable

import reflex as rx

from models.enums import Role
from services.sites import profile_forms
from services.sites.profile_drafts import Document
from state.acting import ActingState
from state.guard import guarded
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_rows import OutcomeRow, PageRow, changed_since, outcome_row
from state.words import whole_number

DIALECTS = profile_forms.DIALECTS
_NEW_PAGE, _NEW_OUTCOME = PageRow(), outcome_row()


class ProfileSite(ActingState, rx.State):
    """Which page and which answer of the site is being changed; the draft itself is the editor's."""

    page: PageRow = _NEW_PAGE
    outcome: OutcomeRow = _NEW_OUTCOME
    page_round: int = 0
    outcome_round: int = 0
    signals: list[list[str]] = [[signal, title] for signal, title in profile_forms.SIGNALS.items()]

    _roles = frozenset({Role.ADMIN})

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Begin with empty forms."""
        self._put_page()
        self._put_outcome()

    @rx.event
    @guarded(Role.ADMIN)
    async def open_page(self, name: str) -> None:
        """Put a page into the form."""
        editor = await self.get_state(ProfileEditor)
        self._put_page(next((row for row in editor.page_rows if row.name == name), _NEW_PAGE))

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_page(self, form: dict[str, str]) -> None:
        """Take over a page."""
        name, selectors, before = form.get("name", ""), form.get("selectors", ""), self.page.name
        if await self._change(lambda draft: profile_forms.with_page(draft, name, selectors, before=before)):
            self._put_page()

    @rx.event
    @guarded(Role.ADMIN)
    async def remove_page(self, name: str) -> None:
        """Take a page out; undo brings it back."""
        if await self._change(lambda draft: profile_forms.without_page(draft, name)) and self.page.name == name:
            self._put_page()

    @rx.event
    @guarded(Role.ADMIN)
    async def open_outcome(self, position: str) -> None:
        """Put something that the site may say into the form."""
        editor = await self.get_state(ProfileEditor)
        self._put_outcome(next((row for row in editor.outcome_rows if row.position == position), _NEW_OUTCOME))

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_outcome(self, form: dict[str, str]) -> None:
        """Take over something that the site may say."""
        editor = await self.get_state(ProfileEditor)
        if another := changed_since(self.outcome, editor.outcome_rows, "answer"):
            self.problem = another
            return
        at = whole_number(self.outcome.position) if self.outcome.position else None
        if await self._change(lambda draft: profile_forms.with_outcome(draft, form, at=at)):
            self._put_outcome()

    @rx.event
    @guarded(Role.ADMIN)
    async def remove_outcome(self, position: str) -> None:
        """Take something out that the site may say; undo brings it back."""
        at = whole_number(position)
        # The form names its answer by place, and the places after this one move.
        if await self._change(lambda draft: profile_forms.without_outcome(draft, at)) and self.outcome.position:
            self._put_outcome()

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_decisions(self, form: dict[str, str]) -> None:
        """Take over the site's words for decisions."""
        await self._change(lambda draft: profile_forms.with_decisions(draft, form))

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_terms(self, form: dict[str, str]) -> None:
        """Take over the file, the way of deciding and the clocks."""
        await self._change(lambda draft: profile_forms.with_terms(draft, form))

    @rx.event
    @guarded(Role.ADMIN)
    async def put_page_away(self) -> None:
        """Empty the form of a page without a change."""
        self._put_page()

    @rx.event
    @guarded(Role.ADMIN)
    async def put_outcome_away(self) -> None:
        """Empty the form of an answer without a change."""
        self._put_outcome()

    async def _change(self, work: Callable[[Document], Document]) -> bool:
        """Change the draft; whether it was taken. A form that it has nothing to do with keeps what is typed in it."""
        editor = await self.get_state(ProfileEditor)
        document = editor._document  # noqa: SLF001 -- its own desk
        changed = await self._try(lambda: work(document))
        if changed is not None:
            editor._change(changed)  # noqa: SLF001 -- as above
        return changed is not None

    def _put_page(self, page: PageRow = _NEW_PAGE) -> None:
        self.page, self.problem = page, ""
        self.page_round += 1

    def _put_outcome(self, outcome: OutcomeRow = _NEW_OUTCOME) -> None:
        self.outcome, self.problem = outcome, ""
        self.outcome_round += 1
