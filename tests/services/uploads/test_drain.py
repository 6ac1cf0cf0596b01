"""Every path of a file through a drain, with a pretend site and without a browser."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from carriers.errors import (
    BrowserUnavailableError,
    FileRefusedError,
    HostNotAllowedError,
    LoginRejectedError,
    PageChangedError,
    SiteUnavailableError,
)
from carriers.exchange import DecisionKind, SiteDecision, SiteFinding
from core.db import Database
from core.ids import sha256_hex
from core.money import to_decimal
from models import AccountSecret, AuditEvent, Evidence, Invoice, InvoiceRevision, SiteAccount
from models import SiteFinding as FindingRow
from models.enums import DecisionStatus, DocumentStatus, ReceiptSource, SubmissionStatus
from tests.paper import text_of
from tests.pretend_site import KilledError, LedgerWorld
from tests.services.draining import count, queue, statuses

PENDING = SiteDecision(DecisionKind.PENDING)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> LedgerWorld:
    return LedgerWorld(database, tmp_path)


def test_drain_delivers_every_file_with_one_visit(world):
    ids = queue(world, 5)
    report = world.drain()
    assert statuses(world, ids) == [SubmissionStatus.DELIVERED] * 5
    assert (report.files, world.site.opened, world.site.closed) == (5, 1, 1)
    assert len(world.site.posts) == len(set(world.site.posts)) == 5


def test_drain_delivers_with_receipt_proof_and_the_decision_at_once(world):
    [submission] = queue(world)
    world.drain()
    row, invoice = world.row(submission), world.invoice(submission)
    assert row.receipt_number == f"R-{invoice.number}"
    assert row.receipt_source is ReceiptSource.SITE
    assert row.lease_until_ms is None
    assert invoice.document_status is DocumentStatus.DELIVERED
    assert invoice.decision_status is DecisionStatus.APPROVED
    assert invoice.approved_amount == invoice.total_amount
    assert count(world, Evidence, col(Evidence.submission_id) == submission) == 4
    assert world.account().lease_until_ms is None
    assert world.account().last_login_at is not None


def test_drain_keeps_the_pdf_that_goes_along_with_its_checksum_in_the_ledger(world):
    [submission] = queue(world, sends_pdf=True)
    world.drain()
    with world.database.read_only() as session:
        mine = col(Evidence.submission_id) == submission
        [piece] = session.scalars(select(Evidence).where(mine, col(Evidence.media_type) == "application/pdf"))
        declared = session.scalars(select(AuditEvent).where(col(AuditEvent.tag) == "submission:declare_intent")).one()
    pdf = world.store.get(piece.object_key)
    assert world.row(submission).pdf_sha256 == piece.sha256 == sha256_hex(pdf) == declared.data["pdf_sha256"]
    assert (piece.kind, piece.label.endswith(".pdf")) == ("sent_along", True)
    assert f"Invoice {world.invoice(submission).number}" in text_of(pdf)


def test_drain_of_a_file_without_a_pdf_names_none(world):
    [submission] = queue(world)
    world.drain()
    assert world.row(submission).pdf_sha256 == ""
    assert count(world, Evidence, col(Evidence.media_type) == "application/pdf") == 0


def test_drain_writes_one_audit_event_a_ledger_step(world):
    [submission] = queue(world)
    world.drain()
    with world.database.read_only() as session:
        tags = session.scalars(
            select(col(AuditEvent.tag))
            .where(col(AuditEvent.subject_type) == "submission", col(AuditEvent.subject_id) == submission)
            .order_by(col(AuditEvent.id))
        ).all()
    assert tags == ["submission:claim", "submission:declare_intent", "submission:deliver"]


def test_drain_records_a_file_that_is_already_on_the_site_without_sending_it(world):
    [submission] = queue(world)
    world.site.posts.append(world.invoice(submission).number)
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert len(world.site.posts) == 1


def test_drain_opens_no_visit_when_the_account_is_held(world):
    queue(world)
    with world.database.unit_of_work() as session:
        session.execute(update(SiteAccount).values(lease_until_ms=9_999_999_999_999))
    assert world.drain().ended == "not_free"
    assert world.site.opened == 0


def test_drain_finishes_the_file_in_hand_and_stops_when_asked(world):
    ids = queue(world, 3)
    world.drain(stop=lambda: len(world.site.posts) >= 1)
    assert statuses(world, ids).count(SubmissionStatus.DELIVERED) == 1


def test_drain_ends_at_its_limit_of_files(database, tmp_path):
    world = LedgerWorld(database, tmp_path, drain_max_files=2)
    queue(world, 3)
    assert world.drain().ended == "limit"
    assert len(world.site.posts) == 2


def test_drain_keeps_files_ready_and_waits_when_the_site_is_down(world):
    ids = queue(world, 3)
    world.site.will("find", SiteUnavailableError("Practice site"))
    report = world.drain()
    assert (report.files, report.ended) == (1, "site_says_stop")
    assert set(statuses(world, ids)) == {SubmissionStatus.READY}
    assert world.account().resume_at_ms is not None
    assert "kept" in world.account().paused_reason
    world.forget_delays()
    world.drain()
    assert set(statuses(world, ids)) == {SubmissionStatus.DELIVERED}
    assert world.account().paused_reason == ""


def test_drain_keeps_files_ready_without_a_browser_and_says_so_on_the_account(world):
    [submission] = queue(world)
    world.site.will("find", BrowserUnavailableError("Practice site"))
    world.drain()
    assert world.row(submission).status is SubmissionStatus.READY
    assert "install chromium" in world.row(submission).error_message
    assert "install chromium" in world.account().paused_reason
    assert count(world, AuditEvent, col(AuditEvent.tag) == "site_account:waits") == 1


def test_drain_pauses_the_account_at_once_when_the_log_in_is_rejected(world):
    ids = queue(world, 3)
    world.site.will("find", LoginRejectedError("Practice site"))
    world.drain()
    assert statuses(world, ids) == [SubmissionStatus.NEEDS_ATTENTION, SubmissionStatus.READY, SubmissionStatus.READY]
    assert world.account().paused_at is not None
    assert world.drain().ended == "not_free"
    assert world.site.calls == ["find"]


def test_drain_pauses_the_account_of_a_site_that_leads_elsewhere_and_writes_a_security_event(world):
    [submission] = queue(world)
    world.site.will("upload", HostNotAllowedError("Practice site", host="evil.example"))
    world.drain()
    assert world.row(submission).status is SubmissionStatus.NEEDS_ATTENTION
    assert world.account().paused_at is not None
    assert count(world, AuditEvent, col(AuditEvent.tag) == "security:host_not_allowed") == 1


def test_drain_pauses_the_carrier_after_two_changed_pages(world):
    ids = queue(world, 4)
    changed = [PageChangedError("Practice site", "#btnUpload", "upload") for _ in range(2)]
    world.site.will("upload", *changed)
    world.drain()
    expected = [SubmissionStatus.NEEDS_ATTENTION] * 2 + [SubmissionStatus.READY] * 2
    assert statuses(world, ids) == expected
    assert world.carrier().paused_at is not None
    assert world.account().paused_at is None


def test_drain_records_a_refusal_with_the_findings_of_the_site(world):
    [submission] = queue(world)
    findings = (SiteFinding("2", "LINE_ITEM_TASK_CODE", "Unknown code", to_decimal("10.00")),)
    world.site.will("after_click", FileRefusedError("Practice site", findings))
    world.drain()
    assert world.row(submission).status is SubmissionStatus.REFUSED
    assert world.invoice(submission).document_status is DocumentStatus.OPEN
    with world.database.read_only() as session:
        row = session.scalars(select(FindingRow)).one()
    assert (row.line_number, row.reduction_amount) == (2, to_decimal("10.00"))


def test_drain_stops_a_file_that_was_altered_after_it_was_queued(world):
    [submission] = queue(world)
    with world.database.unit_of_work() as session:
        session.connection().execute(update(InvoiceRevision).values(file_content=b"something else"))
    world.drain()
    row = world.row(submission)
    assert (row.status, row.error_code) == (SubmissionStatus.NEEDS_ATTENTION, "file_altered")
    assert world.site.posts == []


def test_drain_stops_an_account_without_a_log_in(world):
    [submission] = queue(world)
    with world.database.unit_of_work() as session:
        session.execute(AccountSecret.__table__.delete())
    assert world.drain().ended == "login_missing"
    assert world.row(submission).status is SubmissionStatus.READY
    assert "enter it" in world.account().paused_reason


def test_drain_records_a_decision_that_comes_later(world):
    [submission] = queue(world, channel="poll")
    world.drain()
    assert world.invoice(submission).decision_status is DecisionStatus.PENDING
    assert "result" not in world.site.calls
    world.site.will("result", PENDING, SiteDecision(DecisionKind.REDUCED, to_decimal("100.00")))
    for _ in range(2):
        make_decisions_due(world)
        world.drain()
    invoice = world.invoice(submission)
    assert (invoice.decision_status, invoice.approved_amount) == (DecisionStatus.REDUCED, to_decimal("100.00"))
    assert invoice.decision_due_at_ms is None


def test_drain_never_asks_a_site_whose_carrier_decides_by_mail(world):
    [submission] = queue(world, channel="e_mail")
    world.drain()
    invoice = world.invoice(submission)
    assert (invoice.decision_status, invoice.decision_due_at_ms) == (DecisionStatus.PENDING, None)
    assert "result" not in world.site.calls


def test_drain_keeps_looking_after_a_disputed_invoice(world):
    [submission] = queue(world, channel="poll")
    world.site.will("result", SiteDecision(DecisionKind.DISPUTED), SiteDecision(DecisionKind.REJECTED))
    for _ in range(3):
        world.drain()
        make_decisions_due(world)
    assert world.invoice(submission).decision_status is DecisionStatus.REJECTED


def test_drain_postpones_a_decision_the_site_cannot_show(database, tmp_path):
    world = LedgerWorld(database, tmp_path, retry_scale=1)
    [submission] = queue(world)
    world.site.will("result", SiteUnavailableError("Practice site"))
    world.drain()
    assert world.row(submission).status is SubmissionStatus.DELIVERED
    assert world.invoice(submission).decision_status is DecisionStatus.PENDING
    assert world.account().resume_at_ms is not None


def make_decisions_due(world: LedgerWorld) -> None:
    with world.database.unit_of_work() as session:
        waiting = col(Invoice.decision_due_at_ms).is_not(None)
        session.execute(update(Invoice).where(waiting).values(decision_due_at_ms=1))


@pytest.mark.mariadb
def test_drain_delivers_and_recovers_on_mariadb(mariadb_database, tmp_path):
    world = LedgerWorld(mariadb_database, tmp_path)
    ids = queue(world, 4)
    world.site.will("before_click", KilledError())
    world.drain_killed()
    world.bury_workers()
    world.site.will("after_click", KilledError())
    world.drain_killed()
    world.bury_workers()
    world.drain()
    assert statuses(world, ids) == [SubmissionStatus.DELIVERED] * 4
    assert len(world.site.posts) == len(set(world.site.posts)) == 4
    assert {world.invoice(i).decision_status for i in ids} == {DecisionStatus.APPROVED}
