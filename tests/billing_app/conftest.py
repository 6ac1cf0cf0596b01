"""One running portal for all tests of the room that need it."""

from collections.abc import Iterator

import pytest

from tests.billing_app.portal import Portal, running_portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Serve the portal once a session; tests asking for it carry the mark `slow`."""
    with running_portal(tmp_path_factory.mktemp("portal")) as served:
        yield served
