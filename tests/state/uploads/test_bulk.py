"""Many files of the board at once, as the page drives it: ticks, the question, the answer, and what was left alone."""

import pytest

from core.db import Database
from core.errors import InvalidInputError
from models import Carrier, Submission
from models.enums import SubmissionStatus
from services import lifecycle
from state.uploads.bulk import BulkWork
from state.uploads.submissions import Submissions
from tests.acting import call, fresh_state
from tests.state.billing_desk import BillingDesk, make_billing_desk

S = SubmissionStatus


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(lifecycle, "ring", lambda *_bell: True)
    return make_billing_desk(database)


async def ticked(*ids: int) -> BulkWork:
    """Return the page's bulk work with these files ticked as the list shows them."""
    board = fresh_state(Submissions, "/submissions")
    await call(board, "load")
    work = fresh_state(BulkWork)
    for row in board.rows:
        if int(row.id) in ids:
            await call(work, "tick", row.key)
    return work


async def test_say_what_it_will_do_then_do_it(desk: BillingDesk):
    ids = [desk.send(invoice, S.NEEDS_ATTENTION) for invoice in desk.invoice()[:2]]
    with desk.biller():
        work = await ticked(*ids)
        await call(work, "ask", "send_again")
        assert (work.title, work.summary) == ("Send again", "This sends 2 files.")
        assert [line.name.split()[0] for line in work.will] == ["Invoice", "Invoice"]
        await call(work, "carry_out", {"note": "The site is back"})
    assert (work.ticked, work.verb) == ([], "")
    assert {desk.submission(one).status for one in ids} == {S.READY}


async def test_name_what_changed_while_the_question_was_open(desk: BillingDesk):
    ids = [desk.send(invoice, S.NEEDS_ATTENTION) for invoice in desk.invoice()[:2]]
    with desk.biller():
        work = await ticked(*ids)
        await call(work, "ask", "send_again")
        with desk.database.unit_of_work() as session:
            session.get_one(Submission, ids[0]).version += 1
        await call(work, "carry_out", {})
    assert (work.verb, work.is_over, work.summary) == ("send_again", True, "Done for 1 file.")
    assert [line.reason for line in work.will_not] == ["changed since you saw it: look at it first"]
    assert desk.submission(ids[0]).status is S.NEEDS_ATTENTION


async def test_a_pause_without_a_reason_stays_open(desk: BillingDesk):
    submission_id = desk.send(desk.invoice()[0], S.NEEDS_ATTENTION)
    with desk.biller():
        work = await ticked(submission_id)
        await call(work, "ask", "pause_carriers")
        await call(work, "carry_out", {"note": " "})
        assert "needs a reason" in work.problem
        assert (work.verb, len(work.ticked)) == ("pause_carriers", 1)
        await call(work, "carry_out", {"note": "New site"})
    with desk.database.read_only() as session:
        assert session.get_one(Carrier, desk.carrier_id).paused_reason == "New site"


async def test_tick_and_clear(desk: BillingDesk):
    submission_id = desk.send(desk.invoice()[0], S.NEEDS_ATTENTION)
    with desk.biller():
        work = await ticked(submission_id)
        [key] = work.ticked
        await call(work, "tick", key)
        assert work.ticked == []
        await call(work, "tick", key)
        await call(work, "clear")
    assert work.ticked == []


@pytest.mark.parametrize("key", ["", "x.1", "1", "1.2.3", "-1.1"])
async def test_refuse_a_key_that_no_page_sends(desk: BillingDesk, key: str):
    with desk.biller():
        work = fresh_state(BulkWork)
        with pytest.raises(InvalidInputError):
            await call(work, "tick", key)
    assert work.ticked == []


async def test_refuse_a_verb_that_no_page_sends(desk: BillingDesk):
    with desk.biller(), pytest.raises(InvalidInputError):
        await call(fresh_state(BulkWork), "ask", "delete")


async def test_an_empty_question_is_refused_in_words(desk: BillingDesk):
    with desk.biller():
        work = fresh_state(BulkWork)
        await call(work, "ask", "send_again")
    assert "No file is selected" in work.problem
    assert work.verb == ""
