"""One house for all journeys, and a browser for each person of a journey."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from sandbox.screenshots.camera import Look
from tests.journeys.house import EMAIL, House, running_house
from tests.journeys.pages import DARK, DESK, PHONE, Tour, tour_of
from tests.journeys.visitor import Visitor, visitor_of

__all__ = ["DARK", "DESK", "PHONE", "Arrive", "TourOf"]
Arrive = Callable[..., Visitor]
TourOf = Callable[[str], Tour]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def arrive(house: House) -> Iterator[Arrive]:
    """Return a function that signs a person in by role, in a browser of its own that ends with the test."""
    with ExitStack() as browsers:

        def signed_in(role: str, look: Look = DESK) -> Visitor:
            visitor = browsers.enter_context(visitor_of(house.url))
            visitor.look_as(look)
            visitor.sign_in(EMAIL[role])
            return visitor

        yield signed_in


@pytest.fixture(scope="session")
def tour(house: House) -> TourOf:
    """Return a function that goes through all pages of a role, once in a session for everybody who asks."""

    @cache
    def gone_through(role: str) -> Tour:
        with visitor_of(house.url) as visitor:
            visitor.look_as(DESK)
            visitor.sign_in(EMAIL[role])
            return tour_of(visitor, role)

    return gone_through
