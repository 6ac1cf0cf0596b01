"""The rule proposed from a carrier's cuts, filled into the editor as a draft, with the cut lines as its evidence."""

from collections.abc import AsyncIterator

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import NotFoundError
from models.enums import Role
from services.rules.guideline_drafts import Draft, draft_of, renamed
from services.rules.rule_proposals import RuleProposal, is_same_rule
from state.acting import ActingState
from state.addresses import number_before
from state.guard import guarded, require
from state.responses.rule_proposals import CutExample, examples_of, find_proposal
from state.rules.guideline_opening import STAFF
from state.rules.guideline_saving import GuidelineSaving
from state.rules.guidelines import GuidelineEditor
from state.words import counted

_LONGEST = 200


class GuidelineProposal(ActingState, rx.State):
    """What the address proposes: '/carriers/7/guidelines?proposal=<the cuts' reason>'; nothing without it."""

    title: str = ""
    reason: str = ""
    result: str = ""
    sentence: str = ""
    standing: str = ""
    lines: list[CutExample] = []
    is_looking: bool = False

    @rx.event
    @guarded(*STAFF)
    async def load(self) -> AsyncIterator[EventSpec | None]:
        """Look for the rule that the address proposes; an administrator gets it as a draft that is not saved yet."""
        who, reason = require(*STAFF), str(self.router.url.query_parameters.get("proposal", ""))[:_LONGEST]
        self.title, self.reason, self.problem, self.lines = "", reason, "", []
        carrier_id = number_before(self.router.url.path, "guidelines") or 0
        if not reason or not who.has(Role.BILLER, Role.ADMIN):
            self.reason = ""
            return
        self.is_looking = True
        yield None
        found = await self._try(lambda: _find(f"{carrier_id}:{reason}"))
        self.is_looking = False
        if found is None:
            return
        self._show(found)
        page = await self.get_state(GuidelineEditor)
        if not who.has(Role.ADMIN):
            self.standing = "An administrator puts it in force."
            return
        yield await self._fill_in(page, found)

    async def _fill_in(self, page: GuidelineEditor, found: RuleProposal) -> EventSpec | None:
        """Open the rule where it stands in the list already, or put it there as a draft, and begin the note."""
        standing = _standing(page._drafts, found)  # noqa: SLF001 -- the page's own door
        if standing is not None:
            page._open(standing.key)  # noqa: SLF001 -- as above
            self.standing = "This rule stands in the list; it is open beside it."
            return None
        event = page._take(lambda key, names: renamed(draft_of(found.rule, key, None), names))  # noqa: SLF001 -- as above
        saving = await self.get_state(GuidelineSaving)
        saving._offer(page, _note(found))  # noqa: SLF001 -- as above
        self.standing = "It is filled in below as a draft. Nothing is saved yet; change what you like, then save."
        return event

    def _show(self, found: RuleProposal) -> None:
        self.title, self.sentence, self.result = found.title, found.sentence, found.result
        self.lines, self.standing = examples_of(found.repeated), ""


def _standing(drafts: tuple[Draft, ...], found: RuleProposal) -> Draft | None:
    """Return the rule of the list that asks the same already."""
    return next((one for one in drafts if one.read.rule and is_same_rule(found.rule, one.read.rule)), None)


def _find(key: str) -> RuleProposal:
    proposal, _ = find_proposal(key)
    if proposal is None:
        raise NotFoundError("No kind of rule would have met half of these lines. Nothing was filled in.")
    return proposal


def _note(found: RuleProposal) -> str:
    cut = found.repeated
    return f"From cuts: {cut.reason[:120]}, {counted(len(cut.lines), 'line')}"
