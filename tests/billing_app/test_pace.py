"""One session's events are slowed down, others' are not."""

import pytest

from billing_app import pace
from billing_app.pace import Pace


def test_allow_burst_then_steady_rate(monkeypatch: pytest.MonkeyPatch):
    clock = [0.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: clock[0])
    bucket = Pace(per_second=2, burst=5)
    assert [bucket.allows("a") for _ in range(6)] == [True] * 5 + [False]
    assert bucket.allows("b")
    clock[0] = 1.0
    assert [bucket.allows("a") for _ in range(3)] == [True, True, False]


def test_forget_longest_unused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pace, "_MOST_KEYS", 2)
    bucket = Pace(per_second=0.001, burst=1)
    assert all(bucket.allows(key) for key in "abc")
    assert bucket.allows("a")
    assert not bucket.allows("c")
