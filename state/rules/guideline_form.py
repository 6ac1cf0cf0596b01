"""The form of the rule that is open: what is typed goes into the draft at once, right or wrong."""

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import InvalidInputError
from models.enums import Role
from services.rules.guideline_drafts import Value, with_value
from state.guard import guarded
from state.rules.guidelines import GuidelineEditor
from state.words import whole_number

_LONGEST = 8000


class RuleForm(rx.State):
    """Handlers only: the draft is the page's."""

    @rx.event
    @guarded(Role.ADMIN)
    async def type_text(self, key: str, name: str, text: str) -> EventSpec | None:
        """Take a text, a figure, a day or a choice."""
        page = await self.get_state(GuidelineEditor)
        return _replace(page, key, name, text[:_LONGEST])

    @rx.event
    @guarded(Role.ADMIN)
    async def switch(self, key: str, name: str, is_on: bool) -> EventSpec | None:  # noqa: FBT001 -- a checkbox's event
        """Turn a switch on or off."""
        page = await self.get_state(GuidelineEditor)
        return _replace(page, key, name, is_on)

    @rx.event
    @guarded(Role.ADMIN)
    async def choose(self, key: str, name: str, choice: str, is_on: bool) -> EventSpec | None:  # noqa: FBT001 -- as above
        """Take one of several choices in, or leave it out."""
        page = await self.get_state(GuidelineEditor)
        chosen = [one for one in _tuple(page, name) if isinstance(one, str) and one != choice]
        return _replace(page, key, name, (*chosen, choice) if is_on else tuple(chosen))

    @rx.event
    @guarded(Role.ADMIN)
    async def type_pair(self, key: str, name: str, place: str, part: str, text: str) -> EventSpec | None:
        """Take the key or the amount of one row of a table of amounts."""
        page = await self.get_state(GuidelineEditor)
        pairs, at = _pairs(page, name), whole_number(place)
        if at >= len(pairs) or part not in {"key", "amount"}:
            return None
        old_key, old_amount = pairs[at]
        pairs[at] = (text, old_amount) if part == "key" else (old_key, text)
        return _replace(page, key, name, tuple(pairs))

    @rx.event
    @guarded(Role.ADMIN)
    async def add_pair(self, key: str, name: str) -> EventSpec | None:
        """Add an empty row to a table of amounts."""
        page = await self.get_state(GuidelineEditor)
        return _replace(page, key, name, (*_pairs(page, name), ("", "")), is_typed=False)

    @rx.event
    @guarded(Role.ADMIN)
    async def remove_pair(self, key: str, name: str, place: str) -> EventSpec | None:
        """Take a row out of a table of amounts."""
        page = await self.get_state(GuidelineEditor)
        pairs, at = _pairs(page, name), whole_number(place)
        return _replace(page, key, name, tuple(pairs[:at] + pairs[at + 1 :]), is_typed=False)


def _replace(page: GuidelineEditor, key: str, name: str, value: Value, *, is_typed: bool = True) -> EventSpec | None:
    if key != page.panel.key:
        # A pause in typing ended after another rule was opened; leaving the field has sent the text before.
        return None
    draft = page._opened()  # noqa: SLF001 -- the page's own form
    changed = with_value(draft, name, value)
    if changed.values == draft.values:
        return None
    drafts = tuple(changed if one.key == key else one for one in page._drafts)  # noqa: SLF001 -- as above
    return page._put(drafts, edit=(key, name) if is_typed else ("", ""))  # noqa: SLF001 -- as above


def _tuple(page: GuidelineEditor, name: str) -> tuple[object, ...]:
    value = page._opened().values.get(name)  # noqa: SLF001 -- as above
    if not isinstance(value, tuple):
        raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload the page.")
    return value


def _pairs(page: GuidelineEditor, name: str) -> list[tuple[str, str]]:
    return [(str(one[0]), str(one[1])) for one in _tuple(page, name) if isinstance(one, tuple)]
