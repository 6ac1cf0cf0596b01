"""Queueing behind the readiness gate, the board, and what people decide."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, update
from sqlmodel import col

from core.clock import now
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import (
    AccountSecret,
    CarrierProfileVersion,
    Invoice,
    InvoiceRevision,
    MatterPayor,
    Site,
    Submission,
)
from models.enums import DecisionStatus, DocumentStatus, ReceiptSource, Role, SubmissionStatus
from services import lifecycle
from services.uploads import submissions
from services.uploads.readiness import check_readiness
from services.uploads.submission_board import Column, get_submission, list_lanes, list_submissions
from services.uploads.submissions import queue_submissions
from tests.builders import actor, actor_for, id_of, make_biller, make_invoice, make_matter, make_submission, make_user
from tests.pretend_site import LedgerWorld, make_invoice_for, make_ready_carrier

ADMIN, ATTORNEY = actor(Role.ADMIN), actor(Role.ATTORNEY, user_id=999)
SPOILERS = {
    "no_profile": lambda s: s.execute(update(CarrierProfileVersion).values(is_active=False)),
    "automation_not_permitted": lambda s: s.execute(update(Site).values(automation_allowed_by="")),
    "no_login": lambda s: s.execute(AccountSecret.__table__.delete()),
    "no_claim_number": lambda s: s.execute(update(MatterPayor).values(claim_number=" ")),
    "file_altered": lambda s: s.connection().execute(update(InvoiceRevision).values(file_content=b"other")),
    "not_open": lambda s: s.connection().execute(update(Invoice).values(document_status=DocumentStatus.VOIDED)),
}


@pytest.fixture
def world(database: Database, tmp_path: Path) -> LedgerWorld:
    return LedgerWorld(database, tmp_path)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the rings instead of sending them to Redis."""
    rung: list[int] = []
    monkeypatch.setattr(lifecycle, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


def make_invoices(session, count=1):
    carrier = make_ready_carrier(session)
    return [id_of(make_invoice_for(session, carrier)) for _ in range(count)]


def test_queue_puts_ready_invoices_into_the_ledger(session):
    invoices = make_invoices(session, 3)
    result = queue_submissions(session, make_biller(session), invoice_ids=invoices)
    assert (result.queued, result.blocked) == (3, ())
    rows = list_submissions(session, ADMIN)
    assert {row.status for row in rows} == {SubmissionStatus.READY}
    assert sorted(row.invoice_id for row in rows) == invoices


@pytest.mark.parametrize("code", SPOILERS)
def test_queue_names_each_unmet_point(session, code):
    invoices = make_invoices(session)
    session.flush()
    SPOILERS[code](session)
    result = queue_submissions(session, make_biller(session), invoice_ids=invoices)
    [blocked] = result.blocked
    assert result.queued == 0
    assert [blocker.code for blocker in blocked.blockers] == [code]


def test_queue_takes_a_revision_once(session):
    invoices, biller = make_invoices(session), make_biller(session)
    queue_submissions(session, biller, invoice_ids=invoices)
    [blocked] = queue_submissions(session, biller, invoice_ids=invoices).blocked
    assert [blocker.code for blocker in blocked.blockers] == ["already_queued"]


def test_queue_sends_the_ready_ones_when_others_are_blocked(session):
    ready = make_invoices(session)
    blocked = make_invoice(session, matter=make_matter(session))
    result = queue_submissions(session, make_biller(session), invoice_ids=[*ready, id_of(blocked)])
    assert result.queued == 1
    assert [candidate.invoice_id for candidate in result.blocked] == [id_of(blocked)]


def test_queue_is_for_billers(session):
    with pytest.raises(DeniedError):
        queue_submissions(session, ATTORNEY, invoice_ids=make_invoices(session))


def test_queue_takes_as_many_statements_for_many_as_for_few(session):
    biller = make_biller(session)
    few, many = make_invoices(session, 2), make_invoices(session, 30)
    assert statements(session, lambda: queue_submissions(session, biller, invoice_ids=few)) == statements(
        session, lambda: queue_submissions(session, biller, invoice_ids=many)
    )


def test_readiness_leaves_unknown_invoices_out(session):
    assert check_readiness(session, [424242]) == []


def in_state(world, status, **columns):
    with world.database.unit_of_work() as session:
        [submission] = world.queue(session)
        session.execute(
            update(Submission).where(col(Submission.id) == submission).values(status=status, version=1, **columns)
        )
        return submission


def decide(world, verb, submission, *, version=1, actor=None, **arguments):
    with world.database.unit_of_work() as session:
        who = actor or make_biller(session)
        getattr(submissions, verb)(session, who, submission_id=submission, expected_version=version, **arguments)


def test_person_records_a_delivery_with_receipt_and_word(world):
    doubt = {"error_code": "receipt_missing", "error_message": "Look.", "decide_by": now()}
    submission = in_state(world, SubmissionStatus.IN_DOUBT, **doubt)
    decide(world, "confirm_delivered", submission, receipt_number=" HMV-1 ", note="Seen in the list at noon")
    row, invoice = world.row(submission), world.invoice(submission)
    assert (row.status, row.receipt_number) == (SubmissionStatus.DELIVERED, "HMV-1")
    assert row.receipt_source is ReceiptSource.PERSON
    assert (row.error_message, row.decide_by) == ("", None)
    assert invoice.document_status is DocumentStatus.DELIVERED
    assert invoice.decision_status is DecisionStatus.PENDING


def test_person_confirms_absence_and_the_file_goes_once_more(world):
    submission = in_state(world, SubmissionStatus.IN_DOUBT)
    decide(world, "confirm_absent", submission, note="Not in the list, help desk agrees")
    assert world.row(submission).status is SubmissionStatus.READY
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_person_tries_again_what_needed_attention(world, rung):
    submission = in_state(world, SubmissionStatus.NEEDS_ATTENTION, attempt=7, error_code="page_changed")
    decide(world, "retry", submission)
    row = world.row(submission)
    assert (row.status, row.attempt, row.error_code) == (SubmissionStatus.READY, 0, "")
    assert rung == [world.account_id]


def test_decision_of_a_person_wants_a_receipt(world):
    submission = in_state(world, SubmissionStatus.IN_DOUBT)
    with pytest.raises(InvalidInputError, match="receipt number"):
        decide(world, "confirm_delivered", submission, receipt_number=" ", note="I saw it")
    assert world.row(submission).status is SubmissionStatus.IN_DOUBT


def test_decision_of_a_person_wants_a_reason(world):
    submission = in_state(world, SubmissionStatus.IN_DOUBT)
    with pytest.raises(InvalidInputError, match="reason"):
        decide(world, "confirm_absent", submission, note=" ")


def test_decision_on_a_row_that_changed_since_is_refused(world):
    submission = in_state(world, SubmissionStatus.IN_DOUBT)
    with pytest.raises(StaleVersionError):
        decide(world, "confirm_absent", submission, version=9, note="Not there")


def test_decision_in_the_wrong_state_is_refused(world):
    submission = in_state(world, SubmissionStatus.READY)
    with pytest.raises(WrongStateError):
        decide(world, "confirm_absent", submission, note="Not there")


@pytest.mark.parametrize("who", [ADMIN, ATTORNEY])
def test_decision_is_for_billers(world, who):
    submission = in_state(world, SubmissionStatus.IN_DOUBT)
    with pytest.raises(DeniedError):
        decide(world, "confirm_absent", submission, actor=who, note="Not there")


def test_board_counts_by_carrier_and_column(session, world):
    carrier = make_ready_carrier(session)
    states = [SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT, SubmissionStatus.DELIVERED]
    invoices = [make_invoice_for(session, carrier) for _ in states]
    for invoice, status in zip(invoices, states, strict=True):
        make_submission(session, invoice, status=status)
    [lane] = list_lanes(session, ADMIN)
    counts = {column: n for column, n in lane.counts.items() if n}
    assert counts == {Column.READY: 1, Column.RUNNING: 2, Column.DELIVERED: 1}
    assert lane.delivered_amount == invoices[-1].total_amount


def test_board_pages_filters_and_finds(session):
    carrier = make_ready_carrier(session)
    rows = [make_submission(session, make_invoice_for(session, carrier)) for _ in range(5)]
    first = list_submissions(session, ADMIN, limit=3)
    rest = list_submissions(session, ADMIN, limit=3, before_id=first[-1].submission_id)
    assert [row.submission_id for row in first + rest] == [row.id for row in reversed(rows)]
    assert list_submissions(session, ADMIN, column=Column.IN_DOUBT) == []
    assert list_submissions(session, ADMIN, carrier_id=id_of(carrier) + 1) == []
    found = list_submissions(session, ADMIN, search=first[0].invoice_number)
    assert [row.submission_id for row in found] == [first[0].submission_id]


def test_board_marks_a_doubt_whose_deadline_has_passed(session):
    invoice = make_invoice_for(session, make_ready_carrier(session))
    past, decider = now() - timedelta(hours=1), invoice.finalized_by_id
    make_submission(session, invoice, status=SubmissionStatus.IN_DOUBT, decide_by=past, decider_id=decider)
    [row] = list_submissions(session, ADMIN, column=Column.IN_DOUBT)
    assert row.is_overdue
    assert row.decider_name.startswith("Person")


def test_board_is_not_for_attorneys(session):
    with pytest.raises(DeniedError):
        list_lanes(session, ATTORNEY)


def test_detail_shows_proof_history_and_the_open_verbs(world):
    with world.database.unit_of_work() as session:
        [submission] = world.queue(session)
    world.drain()
    with world.database.read_only() as session:
        detail = get_submission(session, ADMIN, submission_id=submission)
    assert [piece.kind for piece in detail.evidence] == ["before", "before", "after", "after"]
    assert [event.tag for event in detail.history][-1] == "submission:deliver"
    assert detail.verbs == []


def test_detail_is_for_the_attorney_of_the_matter_only(session):
    attorney = make_user(session, Role.ATTORNEY)
    carrier = make_ready_carrier(session)
    invoice = make_invoice(session, matter=make_matter(session, carrier=carrier, attorney=attorney))
    row = make_submission(session, invoice)
    shown = get_submission(session, actor_for(attorney), submission_id=id_of(row))
    assert shown.row.invoice_number == invoice.number
    with pytest.raises(NotFoundError):
        get_submission(session, ATTORNEY, submission_id=id_of(row))


def statements(session, work) -> int:
    seen = []
    engine = session.get_bind()

    def note(*arguments):
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
