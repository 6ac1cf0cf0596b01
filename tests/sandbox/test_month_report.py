"""The month's verdict: a double, a loss or a cent is seen, and nothing else is called one."""

import json

import pytest

from models.enums import SubmissionStatus
from sandbox.month.foresight import Foresight
from sandbox.month.report import CarrierLine, reckon

_DELIVERED, _REFUSED, _DOUBT = SubmissionStatus.DELIVERED, SubmissionStatus.REFUSED, SubmissionStatus.IN_DOUBT

SEEN = Foresight.of({("time:1", "travel_time"), ("time:1", "clerical_work")}, {("time:1", "travel_time")})

pytestmark = pytest.mark.usefixtures("database")


def a_line(*, delivered=("1", "2"), refused=(), doubt=(), unsent=(), cents=150_00):
    statuses = {_DELIVERED: len(delivered), _REFUSED: len(refused), _DOUBT: len(doubt)}
    amounts = dict.fromkeys((*delivered, *refused, *doubt, *unsent), cents)
    return CarrierLine(
        "harbor", "Harbor", len(amounts), statuses, amounts, frozenset(delivered), frozenset((*refused, *doubt))
    )


def totals(*, accepted=2, numbers=("1", "2"), cents=300_00, refused=0):
    held = {"accepted": accepted, "invoice_numbers": list(numbers), "cents": cents}
    return {"overall": {"cents": cents, "refused": refused}, "carriers": {"harbor": held}}


def reckoned(line, on_sites):
    return reckon([line], on_sites, line_count=80, phases={"send": 60.0}, peak_bytes=120_000_000, seen=SEEN)


def test_agree_when_the_sites_hold_what_was_delivered():
    month = reckoned(a_line(), totals())
    assert month.is_right
    assert (month.delivered, month.site_duplicates, month.site_missing) == (2, 0, 0)
    assert (month.cents_billed, month.cents_on_sites) == (300_00, 300_00)
    assert (month.uploads_per_minute, month.peak_mb) == (2.0, 120)


def test_count_a_post_twice_as_a_duplicate():
    month = reckoned(a_line(), totals(accepted=3, cents=450_00))
    assert month.site_duplicates == 1
    assert not month.is_right


def test_count_a_delivered_number_the_site_does_not_hold_as_missing():
    month = reckoned(a_line(), totals(accepted=1, numbers=("1",), cents=150_00))
    assert month.site_missing == 1
    assert not month.is_right


def test_count_an_invoice_that_was_never_sent_as_missing():
    month = reckoned(a_line(unsent=("3",)), totals())
    assert month.site_missing == 1
    assert not month.is_right


def test_count_a_cent_of_difference():
    assert not reckoned(a_line(cents=150_01), totals()).is_right


def test_leave_refused_and_doubtful_ones_to_people():
    month = reckoned(a_line(refused=("3",), doubt=("4",)), totals())
    assert month.is_right
    assert (month.refused, month.in_doubt) == (1, 1)


def test_expect_the_cents_of_a_doubtful_one_that_did_arrive():
    month = reckoned(a_line(doubt=("4",)), totals(accepted=3, numbers=("1", "2", "4"), cents=450_00))
    assert month.is_right
    assert month.cents_billed == 450_00


def test_count_the_files_that_sites_refused():
    month = reckoned(a_line(refused=("3",)), totals(refused=1))
    assert month.site_refusals == 1


def test_state_recall_and_precision_of_what_was_planted():
    month = reckoned(a_line(), totals())
    assert (month.planted_lines, month.recall, month.precision) == (1, 0.5, 1.0)


def test_write_the_figures_as_json(tmp_path):
    target = tmp_path / "month.json"
    reckoned(a_line(), totals()).write(target)
    written = json.loads(target.read_text())
    wanted = "invoices lines submitted delivered refused in_doubt decisions site_duplicates site_missing cents_billed"
    assert set(wanted.split()) <= set(written)
    assert {"cents_on_sites", "phase_seconds", "uploads_per_minute", "peak_mb"} <= set(written)
