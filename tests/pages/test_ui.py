"""The house's components: every state has a badge, every page in the navigation exists."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
import reflex as rx

from billing_app.routes import PAGES
from pages.ui.callout import error_callout, notice
from pages.ui.confirm import confirm
from pages.ui.evidence_strip import evidence_strip
from pages.ui.money import money
from pages.ui.navigation import NAVIGATION
from pages.ui.progress import progress
from pages.ui.stat import stat, stats
from pages.ui.status_badge import LOOKS, status_badge

TONES = {"grey", "blue", "amber", "green", "red"}


@pytest.mark.parametrize("vocabulary", LOOKS)
def test_show_every_state_with_word_icon_and_tone(vocabulary: type[StrEnum]):
    looks = LOOKS[vocabulary]
    assert set(looks) == set(vocabulary)
    assert all(look.word and look.icon and look.tone in TONES for look in looks.values())
    for member, look in looks.items():
        drawn = str(status_badge(vocabulary, member).render())
        assert look.word in drawn
        assert f"badge-{look.tone}" in drawn


def test_give_states_of_one_vocabulary_words_of_their_own():
    assert all(len({look.word for look in looks.values()}) == len(looks) for looks in LOOKS.values())


def test_lead_only_to_pages_that_exist():
    routes = {page.route for page in PAGES}
    assert {item.href for item in NAVIGATION} <= routes
    assert sum(item.is_primary for item in NAVIGATION) <= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_draw_every_page_with_heading_and_landmarks(page):
    drawn = str(page.content().render())
    # A page may draw one heading a branch; the browser shows one of them.
    assert '"h1"' in drawn
    assert "skip-link" in drawn
    assert drawn.count('"main"') == 1


CONTROLS = {'"button"', '"a"', '"summary"', "ReactRouterLink", "RadixThemesButton", "RadixThemesIconButton"}


def clicked(drawn: Any) -> Iterator[str]:
    """Yield the name of every element that does something when it is clicked."""
    if isinstance(drawn, dict):
        if any(str(prop).startswith("onClick:") for prop in drawn.get("props", ())):
            yield str(drawn["name"])
        for part in drawn.values():
            yield from clicked(part)
    elif isinstance(drawn, list | tuple):
        for part in drawn:
            yield from clicked(part)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.route)
def test_offer_clicks_to_the_keyboard_too(page):
    found = set(clicked(page.content().render()))
    assert found
    assert found <= CONTROLS


def test_draw_every_component():
    rows: rx.Var = rx.Var.create([{"id": "1", "label": "Receipt", "taken_at": "now", "is_picture": True}])
    done, total = rx.Var.create(3), rx.Var.create(9)
    drawn = [
        money("$1.00"), stats(stat("Due", "7", href="/audit"), stat("Late", "0")), error_callout("No"), notice("So"),
        progress("Sending", done=done, total=total, time_left="2 min"),
        confirm(rx.button("Void"), title="Void?", consequence="It stays.", action="Void", on_confirm=rx.toast("x")),
    ]  # fmt: skip
    assert all(component.render() for component in drawn)
    assert "/files/evidence/" in str(evidence_strip(rows.to(list[dict[str, str]])).render())
