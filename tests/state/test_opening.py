"""Parts of a page that are opened together: what may be named so, and that nothing else is run by that door."""

from typing import Any

import pytest

from core.errors import InvalidInputError
from models.enums import Role
from state.opening import Opening, together, watching
from state.review.proforma import ProformaPage
from state.rules.guideline_proposal import GuidelineProposal
from tests.acting import acting_as, fresh_state


@pytest.mark.parametrize("handler", [ProformaPage.choose, GuidelineProposal.load], ids=["takes", "yields"])
def test_refuse_to_name_what_takes_or_yields_something(handler: Any) -> None:
    for name in (together, watching):
        with pytest.raises(TypeError, match="cannot run beside others"):
            name("a page", handler)


async def test_refuse_a_part_that_no_page_has() -> None:
    state = fresh_state(Opening)
    with acting_as(Role.ADMIN):
        with pytest.raises(InvalidInputError, match="There is no such page"):
            async for _ in Opening.event_handlers["open"].fn(state, "no such page"):
                pass
        with pytest.raises(InvalidInputError, match="There is no such page"):
            await Opening.event_handlers["watch"].fn(state, "no such page")
