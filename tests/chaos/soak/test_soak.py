"""How a soak is reckoned up."""

from collections import Counter

import pytest

from models.enums import SubmissionStatus
from tests.chaos.soak import __main__ as soak
from tests.chaos.soak.reckoning import Reckoning, by_quarter, hold_against, table

pytestmark = pytest.mark.slow

DELIVERED, IN_DOUBT, READY = SubmissionStatus.DELIVERED, SubmissionStatus.IN_DOUBT, SubmissionStatus.READY


def test_hold_ledger_against_the_sites():
    ledger = {"A": DELIVERED, "B": DELIVERED, "C": IN_DOUBT, "D": READY, "E": DELIVERED}
    assert hold_against(ledger, Counter({"A": 1, "B": 2, "C": 1})) == {"doubled": ["B"], "lost": ["D"], "false": ["E"]}


def test_reckoning_is_kept_only_when_nothing_is_named():
    kept = Reckoning(2, {"delivered": 2}, {"freeze": 3}, [], [], [], {}, 4.5, 1.0, [300, 300, 301, 299])
    assert kept.is_kept
    assert "| faults that struck | 3 |" in table(kept)
    for broken in ("doubled", "lost", "false", "orphans"):
        assert not Reckoning(**{**vars(kept), broken: ["A"]}).is_kept


def test_memory_is_told_by_quarter():
    assert by_quarter([1, 1, 2, 2, 3, 3, 4, 4]) == [1, 2, 3, 4]
    assert by_quarter([1.0, 2.0]) == []


def test_share_files_evenly_over_all_carriers():
    shares = soak._shares(2000)
    assert sum(shares.values()) == 2000
    assert len(shares) == 24
    assert max(shares.values()) - min(shares.values()) <= 1
