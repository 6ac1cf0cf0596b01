"""Uploading by hand: set aside first, a proof, then the receipt; never while a machine has the file."""

from pathlib import Path

import pytest

from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import Submission
from models.enums import DocumentStatus, ReceiptSource, Role, SubmissionStatus
from services import lifecycle
from services.uploads.evidence import read_evidence
from services.uploads.hand_uploads import LARGEST_PROOF, attach_proof, set_aside
from services.uploads.submissions import record_by_hand, retry
from tests.builders import actor, make_biller
from tests.pretend_site import LedgerWorld

PICTURE = b"\x89PNG\r\n\x1a\n a screenshot"
HELD = [SubmissionStatus.CLAIMED, SubmissionStatus.INTENT, SubmissionStatus.IN_DOUBT, SubmissionStatus.DELIVERED]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> LedgerWorld:
    return LedgerWorld(database, tmp_path)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(lifecycle, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


def queued(world, status=SubmissionStatus.READY):
    with world.database.unit_of_work() as session:
        [submission] = world.queue(session)
        session.connection().execute(Submission.__table__.update().values(status=status))
    return submission


def world_row(session, submission):
    return session.get_one(Submission, submission)


def do(world, verb, submission, *, version=None, who=None, **given):
    with world.database.unit_of_work() as session:
        seen = version if version is not None else world_row(session, submission).version
        return verb(session, who or make_biller(session), submission_id=submission, expected_version=seen, **given)


def attach(world, submission, content=PICTURE, **given):
    return do(world, attach_proof, submission, name="site.png", content=content, store=world.store, **given)


def record(world, submission, **given):
    return do(world, record_by_hand, submission, receipt_number="HMV-7", note="At 14:05", **given)


def test_a_file_set_aside_is_sent_by_no_machine_until_it_is_let_go(world, rung):
    submission = queued(world)
    do(world, set_aside, submission)
    assert world.drain().files == 0
    assert "Set aside" in world.row(submission).error_message
    do(world, retry, submission)
    assert world.drain().files == 1
    assert world.row(submission).status is SubmissionStatus.DELIVERED


@pytest.mark.parametrize("status", HELD)
def test_a_file_that_a_machine_may_hold_is_not_set_aside(world, status):
    submission = queued(world, status)
    with pytest.raises(WrongStateError):
        do(world, set_aside, submission)
    with pytest.raises(WrongStateError, match="proof was not kept"):
        attach(world, submission)
    with pytest.raises(WrongStateError):
        record(world, submission)
    assert world.row(submission).status is status


def test_a_file_that_still_waits_for_a_machine_is_not_recorded_by_hand(world):
    submission = queued(world)
    with pytest.raises(WrongStateError):
        record(world, submission)


def test_record_by_hand_with_its_proof_delivers_on_a_persons_word(world):
    submission = queued(world)
    do(world, set_aside, submission)
    evidence = attach(world, submission)
    record(world, submission)
    row, invoice = world.row(submission), world.invoice(submission)
    assert (row.status, row.receipt_number) == (SubmissionStatus.DELIVERED, "HMV-7")
    assert (row.receipt_source, row.error_code) == (ReceiptSource.PERSON, "")
    assert invoice.document_status is DocumentStatus.DELIVERED
    with world.database.read_only() as session:
        found = read_evidence(session, actor(Role.BILLER), evidence_id=evidence, store=world.store)
    assert found == ("image/png", PICTURE)


def test_record_by_hand_wants_a_proof_and_keeps_the_file_where_it_was(world):
    submission = queued(world)
    do(world, set_aside, submission)
    with pytest.raises(InvalidInputError, match="proof is missing"):
        record(world, submission)
    row = world.row(submission)
    assert (row.status, row.receipt_number) == (SubmissionStatus.NEEDS_ATTENTION, "")
    assert world.invoice(submission).document_status is DocumentStatus.OPEN


def test_a_proof_from_before_a_machine_had_the_file_does_not_count(world):
    submission = queued(world)
    do(world, set_aside, submission)
    attach(world, submission)
    with world.database.unit_of_work() as session:
        row = world_row(session, submission)
        row.fence += 1
    with pytest.raises(InvalidInputError, match="proof is missing"):
        record(world, submission)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>a page</html>", "PNG, JPEG or PDF"),
        (b"", "PNG, JPEG or PDF"),
        (PICTURE + b"x" * LARGEST_PROOF, "larger than 10 MB"),
    ],
)
def test_attach_refuses_what_is_no_proof(world, content, said):
    submission = queued(world)
    do(world, set_aside, submission)
    with pytest.raises(InvalidInputError, match=said):
        attach(world, submission, content=content)


def test_attach_and_record_refuse_a_version_that_is_no_longer_shown(world):
    submission = queued(world)
    do(world, set_aside, submission)
    with pytest.raises(StaleVersionError, match="not kept"):
        attach(world, submission, version=1)
    attach(world, submission)
    with pytest.raises(StaleVersionError):
        record(world, submission, version=1)


@pytest.mark.parametrize("role", [Role.ATTORNEY, Role.ADMIN])
def test_only_a_biller_uploads_by_hand(world, role):
    submission = queued(world)
    with pytest.raises(DeniedError):
        do(world, set_aside, submission, who=actor(role, user_id=1))
    with pytest.raises(DeniedError):
        attach(world, submission, who=actor(role, user_id=1))
