"""How a soak is reckoned up."""

from collections import Counter
from types import SimpleNamespace

import pytest

from models import SiteAccount, Submission
from models.enums import SubmissionStatus
from tests.builders import NOW, make_carrier, make_invoice, make_matter, make_submission
from tests.chaos.soak import __main__ as soak
from tests.chaos.soak.desk import see_to_it
from tests.chaos.soak.reckoning import Reckoning, by_quarter, hold_against, table

pytestmark = pytest.mark.slow

DELIVERED, IN_DOUBT, READY = SubmissionStatus.DELIVERED, SubmissionStatus.IN_DOUBT, SubmissionStatus.READY
NEEDS = SubmissionStatus.NEEDS_ATTENTION


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


@pytest.mark.parametrize("stopped_code", ["", "login_unanswered"])
def test_desk_lets_go_what_waits_and_retries_what_asks_for_attention(database, stopped_code):
    with database.unit_of_work() as session:
        carrier = make_carrier(session)
        row = make_submission(
            session, make_invoice(session, matter=make_matter(session, carrier=carrier)), status=NEEDS, error_code="x"
        )
        account = session.get_one(SiteAccount, carrier.site_account_id)
        account.paused_at, account.paused_reason, account_id, row_id = NOW, "Away.", account.id, row.id
        account.stopped_code = stopped_code
    asked = see_to_it(SimpleNamespace(stage=SimpleNamespace(database=database)))
    assert asked == {"account: Away.": 1, "file: x": 1}
    with database.read_only() as session:
        assert session.get_one(SiteAccount, account_id).paused_at is None
        assert session.get_one(Submission, row_id).status is READY
