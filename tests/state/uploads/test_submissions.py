"""The submissions' board and one of them: counts, decisions in doubt, retries, pausing, and what is refused."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import reflex as rx

from core.clock import now
from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import AuditEvent, Carrier, Evidence, Invoice, SiteAccount
from models.enums import DecisionStatus, DocumentStatus, ReceiptSource, Role, SubmissionStatus
from services import audit, lifecycle
from services.actor import Actor, system_actor
from services.sites.carriers import pause_carrier
from state.invoicing.invoices import Invoices
from state.uploads.submission import SubmissionPage
from state.uploads.submissions import Submissions
from state.uploads.traffic import Traffic
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_user
from tests.state.billing_desk import BillingDesk, make_billing_desk

S = SubmissionStatus


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(lifecycle, "ring", lambda *_bell: True)
    return make_billing_desk(database)


async def board(address: str = "/submissions") -> Submissions:
    state = fresh_state(Submissions, address)
    await call(state, "load")
    return state


async def opened(submission_id: int) -> SubmissionPage:
    state = fresh_state(SubmissionPage, f"/submissions/{submission_id}")
    await call(state, "load")
    return state


def in_doubt(desk: BillingDesk, invoice_id: int, **columns: object) -> int:
    asked = {"decider_id": desk.biller_id, "decide_by": now() + timedelta(hours=5), **columns}
    return desk.send(invoice_id, S.IN_DOUBT, error_message="No receipt was seen.", **asked)


async def test_open_on_what_waits_for_a_person_most_urgent_first(desk: BillingDesk):
    ids = desk.invoice()
    refused, doubtful = desk.send(ids[0], S.REFUSED), in_doubt(desk, ids[1])
    desk.send(ids[2], S.READY)
    with desk.biller():
        state = await board()
    assert [row.id for row in state.rows] == [str(doubtful), str(refused)]
    assert [row.next_who for row in state.rows] == ["Dana Brooks", "Billing"]
    assert {cell.column: cell.count for cell in state.totals} == {
        "ready": "1", "running": "0", "delivered": "0", "refused": "1", "needs_attention": "0", "in_doubt": "1"
    }  # fmt: skip
    assert state.title == "Waiting for you"


async def test_drop_a_refusal_that_was_corrected(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    desk.send(invoice_id, S.REFUSED)
    with desk.database.unit_of_work() as session:
        session.get_one(Invoice, invoice_id).revision_number = 2
    with desk.biller():
        assert (await board()).rows == []
        assert len((await board("/submissions?column=refused")).rows) == 1


async def test_follow_a_count_of_the_board(desk: BillingDesk):
    ids = desk.invoice()
    ready = [desk.send(key, S.READY) for key in ids[:2]]
    desk.send(ids[2], S.CLAIMED)
    with desk.biller():
        state = await board()
        [lane] = state.lanes
        cell = next(cell for cell in lane.cells if cell.column == "ready")
        assert (cell.count, cell.href) == ("2", f"/submissions?column=ready&carrier={desk.carrier_id}")
        state = await board(cell.href)
        assert {row.id for row in state.rows} == {str(key) for key in ready}
        assert state.title == "Ready · Harbor Mutual"
        assert (await board("/submissions?column=nonsense&carrier=x")).rows == []


async def test_count_how_far_todays_sending_is(desk: BillingDesk):
    ids = desk.invoice()
    desk.send(ids[0], S.DELIVERED, created_at=now())
    desk.send(ids[1], S.READY, created_at=now())
    with desk.biller():
        state = await board()
    assert (state.sent_done, state.sent_total, state.sent_left) == (1, 2, "")


async def test_mark_a_deadline_that_has_passed(desk: BillingDesk):
    in_doubt(desk, desk.invoice()[0], decide_by=now() - timedelta(hours=1))
    with desk.biller():
        [row] = (await board()).rows
    assert row.is_overdue
    assert row.deadline.startswith("by ")


async def test_record_that_a_person_saw_the_file(desk: BillingDesk):
    invoice_id = desk.invoice()[0]
    submission_id = in_doubt(desk, invoice_id)
    with desk.biller():
        page = await opened(submission_id)
        assert set(page.verbs) == {"confirm_delivered", "confirm_absent", "look_again"}
        await call(page, "confirm_delivered", {"receipt_number": "R-7", "note": "In the list, same total"})
    row = desk.submission(submission_id)
    assert (row.status, row.receipt_number, row.receipt_source) == (S.DELIVERED, "R-7", ReceiptSource.PERSON)
    assert (page.receipt_source, page.vouched_by) == ("person", "Dana Brooks")
    assert desk.all_of(Invoice)[0].document_status is DocumentStatus.DELIVERED


async def test_send_again_what_a_person_did_not_find(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with desk.biller():
        await call(await opened(submission_id), "confirm_absent", {"note": "Searched by number and by date"})
    assert desk.submission(submission_id).status is S.READY


async def test_keep_what_was_typed_when_somebody_decided_meanwhile(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with desk.biller():
        first, second = await opened(submission_id), await opened(submission_id)
        await call(first, "confirm_absent", {"note": "Not there"})
        await call(second, "confirm_delivered", {"receipt_number": "R-7", "note": "It is there"})
    assert desk.submission(submission_id).status is S.READY
    assert "Somebody changed this" in second.problem
    assert second.kept_text == "R-7 · It is there"
    assert second.verbs == ["set_aside"]


@pytest.mark.parametrize("form", [{"receipt_number": "R-7", "note": " "}, {"receipt_number": "", "note": "Seen"}, {}])
async def test_ask_for_receipt_and_note(desk: BillingDesk, form: dict[str, str]):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with desk.biller():
        page = await opened(submission_id)
        await call(page, "confirm_delivered", form)
    assert desk.submission(submission_id).status is S.IN_DOUBT
    assert "Nothing was changed" in page.problem


async def test_retry_what_needs_attention(desk: BillingDesk):
    stopped = desk.send(desk.invoice()[0], S.NEEDS_ATTENTION)
    with desk.biller():
        await call(await opened(stopped), "retry", {"note": "Password renewed"})
    assert desk.submission(stopped).status is S.READY


async def test_upload_by_hand_sets_aside_takes_the_proof_and_records(desk: BillingDesk):
    submission_id = desk.send(desk.invoice()[0], S.READY)
    with desk.biller():
        page = await opened(submission_id)
        await call(page, "set_aside")
        assert (page.is_set_aside, page.whole_sha256) == (True, desk.submission(submission_id).file_sha256)
        await call(page, "record_by_hand", {"receipt_number": "H-1", "note": "Uploaded at 14:05"})
        assert "proof is missing" in page.problem
        await call(page, "attach_proof", [upload("notes.txt", b"no picture")])
        assert "PNG, JPEG or PDF" in page.problem
        await call(page, "attach_proof", [upload("seen.png", b"\x89PNG\r\n\x1a\n")])
        assert [proof.label for proof in page.proofs] == ["Proof: seen.png"]
        await call(page, "record_by_hand", {"receipt_number": "H-1", "note": "Uploaded at 14:05"})
    assert (page.problem, page.verbs) == ("", [])
    assert desk.submission(submission_id).receipt_source is ReceiptSource.PERSON
    assert page.vouched_by == "Dana Brooks"


async def test_a_proof_that_is_too_large_is_refused_in_the_page(desk: BillingDesk):
    submission_id = desk.send(desk.invoice()[0], S.NEEDS_ATTENTION)
    with desk.biller():
        page = await opened(submission_id)
        await call(page, "refuse_proof")
    assert "at most 10 MB" in page.problem


def upload(name: str, content: bytes) -> rx.UploadFile:
    return rx.UploadFile(file=BytesIO(content), path=Path(name), size=len(content))


async def test_say_that_there_is_no_such_submission(desk: BillingDesk):
    with desk.biller():
        page = await opened(4711)
    assert (page.item_id, page.is_loading) == ("", False)
    assert "no such submission" in page.problem


async def test_pause_and_resume_carrier_and_account_with_a_reason(desk: BillingDesk):
    desk.send(desk.invoice()[0], S.READY)
    with desk.biller():
        state = fresh_state(Traffic)
        for kind, target in (("carrier", desk.carrier_id), ("account", desk.site_account_id)):
            await call(state, "ask", kind, str(target), "Harbor Mutual", False)
            await call(state, "carry_out", {"note": "Site is down"})
            assert (state.kind, state.problem) == ("", "")
        [lane] = (await board()).lanes
        assert (lane.is_carrier_paused, lane.is_account_paused, lane.stopped) == (True, True, "Site is down")
        for kind, target in (("carrier", desk.carrier_id), ("account", desk.site_account_id)):
            await call(state, "ask", kind, str(target), "Harbor Mutual", True)
            await call(state, "carry_out", {"note": ""})
    assert desk.all_of(Carrier)[0].paused_at is None
    assert desk.all_of(SiteAccount)[0].paused_at is None
    told = [event.tag for event in desk.all_of(AuditEvent) if "pause" in event.tag or "resume" in event.tag]
    assert told == ["carrier:paused", "site_account:paused", "carrier:resumed", "site_account:resumed"]


async def test_keep_the_dialog_open_when_pausing_is_refused(desk: BillingDesk):
    with desk.biller():
        state = fresh_state(Traffic)
        await call(state, "ask", "carrier", str(desk.carrier_id), "Harbor Mutual", False)
        await call(state, "carry_out", {"note": " "})
        assert "needs a reason" in state.problem
        assert state.kind == "carrier"
        with pytest.raises(InvalidInputError):
            await call(state, "ask", "universe", "1", "x", False)
        with pytest.raises(InvalidInputError):
            await call(state, "ask", "carrier", "-1", "x", False)


async def test_keep_attorneys_from_the_board_and_admins_from_deciding(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id), pytest.raises(DeniedError):
        await board()
    with desk.admin():
        page = await opened(submission_id)
        assert page.verbs == []
        with pytest.raises(DeniedError):
            await call(page, "confirm_absent", {"note": "x"})


async def test_hand_a_doubt_on_by_name(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with desk.database.unit_of_work() as session:
        other = id_of(make_user(session, Role.BILLER, name="Lee Park"))
    with desk.admin():
        page = await opened(submission_id)
        assert [one.name for one in page.deciders] == ["Dana Brooks", "Lee Park"]
        assert [(one.title, one.href, one.label) for one in page.sights] == [
            ("Before the click", "", "No picture was taken"),
            ("After it", "", "No picture was taken"),
            ("The site's list, read last", "", "It was not read since the file left us"),
        ]
        assert not page.has_listing
        assert page.timings == ["Not looked for again yet"]
        await call(page, "reassign", {"decider": str(other), "hours": "48"})
        assert page.item.next_who == "Lee Park"
        await call(page, "reassign", {"decider": str(desk.attorney_id), "hours": "48"})
        assert "Only a biller" in page.problem
        with pytest.raises(InvalidInputError):
            await call(page, "reassign", {"decider": "x", "hours": "1"})
    assert desk.submission(submission_id).decider_id == other


async def test_ask_for_another_look_that_sends_nothing(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with desk.biller():
        page = await opened(submission_id)
        await call(page, "look_again")
        assert (page.problem, page.item.status, page.item.is_looked_for) == ("", "intent", True)
        assert (page.item.next_step, page.item.next_who) == ("Is looked for on the site now", "The portal")
        await call(page, "look_again")
        assert "is not possible: it is with a worker now" in page.problem
    assert desk.submission(submission_id).decider_id == desk.biller_id


async def test_show_the_newest_picture_of_the_sites_list(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    taken = datetime(2026, 11, 2, 9, 30, 5, tzinfo=UTC)
    with desk.database.unit_of_work() as session:
        for kind, hours in (("before", 0), ("listing", 1), ("listing", 2), ("proof", 3)):
            at = taken + timedelta(hours=hours)
            values = {"media_type": "image/png", "object_key": "k", "sha256": "0" * 64, "fence": 1, "label": kind}
            session.add(Evidence(submission_id=submission_id, kind=kind, taken_at=at, **values))
    with desk.biller():
        page = await opened(submission_id)
    listing = page.sights[2]
    assert (listing.taken_at, page.has_listing) == ("2 Nov, 11:30:05 UTC", True)
    assert listing.href == f"/files/evidence/{page.pictures[2].id}"
    assert page.sights[1].href == ""


async def test_tell_the_history_in_words(desk: BillingDesk):
    submission_id = in_doubt(desk, desk.invoice()[0])
    with desk.database.unit_of_work() as session:
        who = system_actor(desk.biller_id)
        for tag, facts in (
            ("deliver", {"receipt_number": "R-7", "verified": False, "fence": 3}),
            ("deliver", {"receipt_number": "R-7", "verified": True}),
            ("doubt", {"error_code": "receipt_missing", "decider_id": desk.biller_id}),
            ("release", {"delay_ms": 300_000, "error_code": ""}),
        ):
            audit.record(session, who, f"submission:{tag}", "submission", submission_id, **facts)
    with desk.biller():
        page = await opened(submission_id)
    assert [event.facts for event in page.history[:4]] == [
        "again in 5 minutes",
        "reason: receipt missing · for Dana Brooks",
        "receipt R-7 · found when it was looked for",
        "receipt R-7",
    ]


async def test_say_who_paused_why_and_what_was_accepted(desk: BillingDesk):
    ids = desk.invoice()
    desk.send(ids[0], S.DELIVERED)
    with desk.database.unit_of_work() as session:
        for key, decision in ((ids[0], DecisionStatus.APPROVED), (ids[1], DecisionStatus.REDUCED)):
            invoice = session.get_one(Invoice, key)
            invoice.decision_status, invoice.decided_at = decision, now()
        session.get_one(SiteAccount, desk.site_account_id).last_login_at = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
        who = Actor(desk.admin_id, "Omar Haddad", frozenset({Role.ADMIN}))
        pause_carrier(session, who, carrier_id=desk.carrier_id, reason="New site")
    with desk.biller():
        [lane] = (await board()).lanes
    assert (lane.stopped, lane.last_login) == ("New site", "2 Nov 2026, 09:30")
    assert lane.stopped_by.startswith("Paused by ")
    assert (lane.acceptance.percent, lane.acceptance.answered) == ("50%", "2 answered")
    with desk.biller():
        state = fresh_state(Invoices, lane.acceptance.answered_href)
        await call(state, "load")
        assert {row.id for row in state.rows} == {str(ids[0]), str(ids[1])}
        assert state.narrowed == "answered within 30 days"
        state = fresh_state(Invoices, lane.acceptance.accepted_href)
        await call(state, "load")
    assert [row.id for row in state.rows] == [str(ids[0])]
