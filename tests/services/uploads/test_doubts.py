"""Files in doubt: handed on to a named biller with a deadline, and taken to the administrators when it passes."""

from datetime import UTC, timedelta

import pytest

from core.clock import now
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models.enums import NoticeKind, Role, SubmissionStatus
from services.notices import list_notices
from services.uploads.doubts import escalate_doubts, list_deciders, reassign_doubt
from services.uploads.submissions import confirm_delivered
from tests.builders import actor_for, id_of, make_biller, make_invoice, make_submission, make_user


@pytest.fixture
def biller(session):
    return make_biller(session)


@pytest.fixture
def file(session, biller):
    return make_submission(
        session, make_invoice(session), status=SubmissionStatus.IN_DOUBT, decider_id=biller.user_id,
        decide_by=now() + timedelta(hours=4),
    )  # fmt: skip


def hand_on(session, who, file, to, *, hours=24, version=None):
    key, seen = id_of(file), file.version if version is None else version
    return reassign_doubt(session, who, submission_id=key, expected_version=seen, decider_id=to, hours=hours)


def kinds(session, who):
    return [row.kind for row in list_notices(session, who)]


def test_hand_on_names_the_next_and_tells_them(session, biller, file):
    other = make_user(session, Role.BILLER)
    hand_on(session, biller, file, id_of(other))
    assert (file.decider_id, file.version) == (other.id, 2)
    assert timedelta(hours=23) < file.decide_by.replace(tzinfo=UTC) - now() <= timedelta(hours=24)
    assert kinds(session, actor_for(other)) == [NoticeKind.DOUBT_ASSIGNED]


def test_hand_on_refuses_who_cannot_decide_and_odd_times(session, biller, file):
    attorney, gone = make_user(session, Role.ATTORNEY), make_user(session, Role.BILLER)
    gone.is_active = False
    session.flush()
    for person in (attorney, gone):
        with pytest.raises(InvalidInputError, match="Only a biller who is active"):
            hand_on(session, biller, file, id_of(person))
    for hours in (0, 10_000):
        with pytest.raises(InvalidInputError, match="hours"):
            hand_on(session, biller, file, biller.user_id, hours=hours)
    with pytest.raises(StaleVersionError):
        hand_on(session, biller, file, biller.user_id, version=9)
    with pytest.raises(DeniedError):
        hand_on(session, actor_for(attorney), file, biller.user_id)
    assert attorney.id not in dict(list_deciders(session, biller))


def test_hand_on_refuses_a_file_that_is_decided(session, biller):
    file = make_submission(session, make_invoice(session), status=SubmissionStatus.DELIVERED)
    with pytest.raises(WrongStateError, match="delivered now"):
        hand_on(session, biller, file, biller.user_id)


def test_escalate_a_passed_deadline_to_admins_and_decider_once(session, biller, file):
    admin = actor_for(make_user(session, Role.ADMIN))
    assert escalate_doubts(session) == 0
    file.decide_by = now() - timedelta(minutes=1)
    session.flush()
    assert (escalate_doubts(session), escalate_doubts(session)) == (1, 0)
    assert kinds(session, admin) == kinds(session, biller) == [NoticeKind.DOUBT_OVERDUE]
    hand_on(session, biller, file, biller.user_id)
    file.decide_by = now() - timedelta(minutes=2)
    session.flush()
    assert escalate_doubts(session) == 1


def test_deciding_quiets_the_bell(session, biller, file):
    admin = actor_for(make_user(session, Role.ADMIN))
    file.decide_by = now() - timedelta(minutes=1)
    session.flush()
    escalate_doubts(session)
    confirm_delivered(
        session, biller, submission_id=id_of(file), expected_version=file.version, receipt_number="R-1", note="Seen"
    )
    assert [row.read_at is None for row in list_notices(session, admin)] == [False]
