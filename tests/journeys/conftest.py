"""One house for all journeys, and a browser for each person of a journey."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sandbox.screenshots.camera import LOOKS, Look
from tests.journeys.house import EMAIL, House, running_house
from tests.journeys.visitor import Visitor, visitor_of

DESK, DARK, PHONE = LOOKS
Arrive = Callable[..., Visitor]


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
