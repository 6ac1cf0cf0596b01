"""The form of a profile's result mails, and trying them on a mail that is pasted."""

from collections.abc import Callable

import reflex as rx

from models.enums import Role
from services.sites import profile_mails
from services.sites.profile_drafts import Document
from state.acting import ActingState
from state.guard import guarded
from state.sites import profile_work
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_rows import LayoutRow, TrialRow, changed_since, trial_rows, trust_words
from state.words import whole_number

_NEW = LayoutRow()


class ProfileMail(ActingState, rx.State):
    """Which layout is being changed, and what the last pasted mail would say; the draft itself is the editor's."""

    layout: LayoutRow = _NEW
    form_round: int = 0
    was_tried: bool = False
    trial_layout: str = ""
    trial_trust: str = ""
    trial_counts: bool = False
    trial_rows: list[TrialRow] = []
    trial_unclear: list[str] = []

    _roles = frozenset({Role.ADMIN})

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Begin with an empty form and nothing tried."""
        self._put_away()
        self._forget_trial()

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_head(self, form: dict[str, str]) -> None:
        """Take over sender, signature and the carrier's words."""
        await self._change(lambda draft: profile_mails.with_mail_head(draft, form))

    @rx.event
    @guarded(Role.ADMIN)
    async def open_layout(self, position: str) -> None:
        """Put a layout into the form."""
        editor = await self.get_state(ProfileEditor)
        self._put_away()
        self.layout = next((row for row in editor.layouts if row.position == position), _NEW)

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_layout(self, form: dict[str, str]) -> None:
        """Take over a layout."""
        editor = await self.get_state(ProfileEditor)
        if another := changed_since(self.layout, editor.layouts, "layout"):
            self.problem = another
            return
        at = whole_number(self.layout.position) if self.layout.position else None
        if await self._change(lambda draft: profile_mails.with_layout(draft, form, at=at)):
            self._put_away()

    @rx.event
    @guarded(Role.ADMIN)
    async def remove_layout(self, position: str) -> None:
        """Take a layout out; undo brings it back."""
        at = whole_number(position)
        # The form names its layout by place, and the places after this one move.
        if await self._change(lambda draft: profile_mails.without_layout(draft, at)) and self.layout.position:
            self._put_away()

    @rx.event
    @guarded(Role.ADMIN)
    async def put_away(self) -> None:
        """Empty the form without a change."""
        self._put_away()

    @rx.event
    @guarded(Role.ADMIN)
    async def try_mail(self, form: dict[str, str]) -> None:
        """Show what the draft would read in a pasted mail; nothing is recorded."""
        editor = await self.get_state(ProfileEditor)
        document = editor._document  # noqa: SLF001 -- its own desk
        self.problem = ""
        self._forget_trial()
        mail, subject = form.get("mail", ""), form.get("subject", "")
        read = await self._try(lambda: profile_work.try_mail(document, mail, subject))
        if read is None:
            return
        self.was_tried, self.trial_layout = True, read.layout
        self.trial_trust, self.trial_counts = trust_words(read), read.trust == ""
        self.trial_rows, self.trial_unclear = trial_rows(read), list(read.unclear)

    async def _change(self, work: Callable[[Document], Document]) -> bool:
        """Change the draft; whether it was taken. A form that it has nothing to do with keeps what is typed in it."""
        editor = await self.get_state(ProfileEditor)
        document = editor._document  # noqa: SLF001 -- as above
        self.problem = ""
        changed = await self._try(lambda: work(document))
        if changed is not None:
            editor._change(changed)  # noqa: SLF001 -- as above
            self._forget_trial()
        return changed is not None

    def _put_away(self) -> None:
        self.layout, self.problem = _NEW, ""
        self.form_round += 1

    def _forget_trial(self) -> None:
        self.was_tried, self.trial_layout, self.trial_trust, self.trial_counts = False, "", "", False
        self.trial_rows, self.trial_unclear = [], []
