"""Parts of a page that are opened together: what may be named so, and that nothing else is run by that door."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from reflex_base.event.context import EventContext
from reflex_base.event.processor.base_state_processor import process_event

from core.errors import InvalidInputError
from models.enums import Role
from state import opening
from state.opening import Opening, together, watching
from state.review.proforma import ProformaPage
from state.rules.guideline_proposal import GuidelineProposal
from state.today import Today
from tests.acting import acting_as, fresh_state, part_of, tab_at


@pytest.mark.parametrize("handler", [ProformaPage.choose, GuidelineProposal.load], ids=["takes", "yields"])
def test_refuse_to_name_what_takes_or_yields_something(handler: Any) -> None:
    for name in (together, watching):
        with pytest.raises(TypeError, match="cannot run beside others"):
            name("a page", handler)


async def test_refuse_a_part_that_no_page_has() -> None:
    state = fresh_state(Opening)
    with acting_as(Role.ADMIN):
        with pytest.raises(InvalidInputError, match="There is no such page"):
            await Opening.event_handlers["open"].fn(state, "no such page")
        with pytest.raises(InvalidInputError, match="There is no such page"):
            await Opening.event_handlers["watch"].fn(state, "no such page")


async def test_what_a_late_part_writes_while_the_first_ones_are_sent_is_sent_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_sending, sent = asyncio.Event(), []

    async def early(state: ProformaPage) -> None:
        state.show = "flagged"

    async def late(state: Today) -> None:
        await is_sending.wait()
        state.is_loading = False

    async def send(token: str, delta: Any) -> None:
        sent.append({name for changed in delta.values() for name in changed})
        is_sending.set()
        for _ in range(5):
            await asyncio.sleep(0)

    handlers = (replace(ProformaPage.load, fn=early), replace(Today.load, fn=late))  # type: ignore[type-var]
    monkeypatch.setitem(opening._parts, "a slow page", handlers)
    tab, nothing = tab_at(), None
    tab._clean()
    event: Any = EventContext(token="tab", state_manager=nothing, enqueue_impl=nothing, emit_delta_impl=send)
    with acting_as(Role.ADMIN), event:
        payload = {"part": "a slow page"}
        door = Opening.event_handlers["open"]
        await process_event(handler=door, payload=payload, state=part_of(tab, Opening), root_state=tab)
    first, *later = sent
    assert any("show" in name for name in first)
    assert not any("is_loading" in name for name in first)
    assert any("is_loading" in name for names in later for name in names)
