"""What tests of the jobs share: the mailbox's bell is rung where there is a Redis, and nowhere else."""

import pytest

from services.responses import mailbox_reading


@pytest.fixture(autouse=True)
def mailbox_bell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the schedule of the mailbox from looking for a Redis in tests that open no socket."""
    if request.node.get_closest_marker("redis") is None:
        monkeypatch.setattr(mailbox_reading, "ring", lambda _bell, _row_id, _fence: True)
