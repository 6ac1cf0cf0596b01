"""What is read again on a proforma's page when something has changed: the parts that it concerns, and no others."""

import pytest

from services.changes import COMMENTS_OF
from state.live import Watched
from state.review.proforma_watch import ProformaWatch
from tests.acting import fresh_state

_BILL, _SAID = ("proforma", 7), (COMMENTS_OF, 7)


@pytest.mark.parametrize(
    ("news", "read"),
    [
        ({_BILL}, ["ProformaPage._current", "ProformaBudget._refresh", "ProformaPeople._refresh"]),
        ({"proforma_approval"}, ["ProformaPeople._refresh"]),
        ({"proforma_forward"}, ["ProformaPeople._refresh"]),
        ({_SAID}, ["Comments._refresh"]),
        (
            {_BILL, _SAID, "proforma_approval"},
            [
                "ProformaPage._current",
                "ProformaBudget._refresh",
                "ProformaPeople._refresh",
                "Comments._refresh",
            ],
        ),
        (set(), []),
    ],
)
async def test_read_the_parts_that_something_concerns(news: set[Watched], read: list[str]) -> None:
    state = fresh_state(ProformaWatch, "/proforma/7")
    parts = [part async for part in state._concerned(_BILL, _SAID, frozenset(news))]
    names = [part.__qualname__ for part in parts]
    for part in parts:
        part.close()
    assert names == read
