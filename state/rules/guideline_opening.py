"""Which rule of an edited list is open beside it, with a field for every value."""

import reflex as rx

from core.errors import InvalidInputError
from models.enums import Role
from services.rules.guideline_drafts import Draft, name_problems
from state.guard import guarded
from state.rules.guideline_rows import FieldView, RulePanel, field_views
from state.rules.guideline_trying import RuleTrials

STAFF = frozenset({Role.ADMIN, Role.BILLER, Role.ATTORNEY})


class RuleOpening(RuleTrials, mixin=True):
    """The open rule; nothing is open while its key is ''."""

    fields: list[FieldView] = []

    _rounds: int = 0

    @rx.event
    @guarded(*STAFF)
    async def open_rule(self, key: str) -> None:
        """Open a rule beside the list."""
        self._open(key)
        await self._show_examples()

    @rx.event
    @guarded(*STAFF)
    async def close_rule(self) -> None:
        """Close the rule; what was typed into it is kept."""
        self._close()

    def _open_named(self, name: str) -> None:
        found = next((one for one in self._drafts if name in {one.name, one.kind}), None)
        if found is not None:
            self._open(found.key)

    def _open_number(self, number: str) -> None:
        """Open the rule at a place, as after a save, when the same rules stand under other keys."""
        at = int(number or 0)
        if 0 < at <= len(self._drafts):
            self._open(self._drafts[at - 1].key)

    def _open(self, key: str) -> None:
        at = next((at for at, one in enumerate(self._drafts) if one.key == key), None)
        if at is None:
            self._close()
            return
        draft = self._drafts[at]
        self.panel = RulePanel(
            key=key,
            number=str(at + 1),
            title=draft.title,
            description=draft.description,
            problem=draft.read.problems.get("", "") or name_problems(self._drafts).get(key, ""),
            is_first=at == 0,
            is_last=at == len(self._drafts) - 1,
        )
        self.fields = field_views(draft, self._rounds)

    def _close(self) -> None:
        self.panel, self.fields, self.examples = RulePanel(), [], []

    def _opened(self) -> Draft:
        return self._drafts[self._place(self.panel.key)]

    def _place(self, key: str) -> int:
        found = next((at for at, one in enumerate(self._drafts) if one.key == key), None)
        if found is None:
            raise InvalidInputError("This rule is not in the list any more. Nothing was changed.")
        return found
