"""What tests of mailings share: bells that ring in a list."""

import pytest

from services.mailing import mailings


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the rings instead of sending them to Redis."""
    rung: list[int] = []
    monkeypatch.setattr(mailings, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung
