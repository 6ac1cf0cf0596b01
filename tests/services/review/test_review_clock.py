"""Reminders and escalation: in business days, within hours, once each, to the substitute of who is away."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import Notice, Proforma, User
from models.enums import ApproverKind, NoticeKind, ProformaStatus, Role
from services.actor import actor_of
from services.review import review_clock
from services.review.review_clock import is_business_hour, remind_now, remind_of_reviews
from services.review.review_policy import Policy, Rules, set_policy
from tests.builders import (
    id_of,
    make_absence,
    make_approval,
    make_biller,
    make_forward,
    make_matter,
    make_proforma,
    make_team,
    make_user,
)

# A Wednesday, ten in the morning in New York.
WEDNESDAY = datetime(2026, 11, 18, 15, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Let the test say what time it is."""
    at = [WEDNESDAY]

    def day() -> date:
        return at[0].date()

    for module in ("services.review.review_clock", "services.review.review_policy", "services.review.reviewers"):
        monkeypatch.setattr(f"{module}.today", day)
    for module in ("services.review.review_clock", "services.review.review_policy"):
        monkeypatch.setattr(f"{module}.now", lambda: at[0])
    return at


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


def waiting(session: Session, user: User, since: datetime = WEDNESDAY, **kind: object) -> Proforma:
    proforma = make_proforma(session, matter=make_matter(session, attorney=user), **kind)
    proforma.waiting_since_at = since
    session.flush()
    return proforma


def told(session: Session, kind: NoticeKind) -> list[int]:
    return list(session.exec(select(Notice.user_id).where(Notice.kind == kind).order_by(Notice.id)))


REMINDER, ESCALATED = NoticeKind.PROFORMA_REMINDER, NoticeKind.PROFORMA_ESCALATED


def test_remind_first_then_every_so_often_then_escalate(session, ana, clock) -> None:
    lead = make_user(session, Role.ATTORNEY)
    make_team(session, ana, lead=lead)
    waiting(session, ana)
    heard = []
    for days in range(16):
        clock[0] = WEDNESDAY + timedelta(days=days)
        remind_of_reviews(session)
        heard.append((len(told(session, REMINDER)), len(told(session, ESCALATED))))
    # Three business days after a Wednesday is Monday; then every two; Thanksgiving and weekends do not count.
    assert heard == [
        (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 0), (1, 0), (2, 0), (2, 0), (2, 0), (2, 0), (2, 0), (3, 1), (3, 1),
        (4, 1), (4, 1),
    ]  # fmt: skip
    assert (set(told(session, REMINDER)), told(session, ESCALATED)) == ({ana.id}, [lead.id])


def test_remind_once_however_often_the_clock_strikes(session, ana, clock) -> None:
    waiting(session, ana)
    clock[0] += timedelta(days=5)
    assert [remind_of_reviews(session) for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("at", "is_good"),
    [
        (datetime(2026, 11, 18, 12, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 18, 13, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 18, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 18, 23, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 26, 15, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 15, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 3, tzinfo=UTC), False),
    ],
)
def test_remind_within_hours_of_business_days_by_the_firms_clock(at: datetime, is_good: bool) -> None:
    assert is_business_hour(Policy(), at) is is_good


def test_remind_keeps_quiet_at_night_and_where_it_is_switched_off(session, ana, clock) -> None:
    waiting(session, ana)
    clock[0] = WEDNESDAY + timedelta(days=9, hours=10)
    assert remind_of_reviews(session) == 0
    admin = actor_of(make_user(session, Role.ADMIN))
    set_policy(session, admin, expected_version=1, rules=Rules(is_reminding=False))
    clock[0] = WEDNESDAY + timedelta(days=9)
    assert remind_of_reviews(session) == 0
    assert told(session, REMINDER) == []


def test_remind_never_tells_an_absent_one(session, ana, clock) -> None:
    ben, lead, deputy = (make_user(session, Role.ATTORNEY) for _ in range(3))
    make_team(session, ana, lead=lead)
    clock[0] = WEDNESDAY + timedelta(days=14)
    days = {"from_on": clock[0].date(), "until_on": clock[0].date()}
    make_absence(session, user=ana, substitute=ben, **days)
    make_absence(session, user=lead, substitute=deputy, **days)
    waiting(session, ana)
    remind_of_reviews(session)
    assert (told(session, REMINDER), told(session, ESCALATED)) == ([ben.id], [deputy.id])


def test_escalate_to_administrators_where_the_lead_has_it_or_there_is_none(session, ana, clock) -> None:
    admin = make_user(session, Role.ADMIN)
    leader = make_user(session, Role.ATTORNEY)
    make_team(session, leader, lead=leader)
    first, second = waiting(session, ana), waiting(session, leader)
    clock[0] = WEDNESDAY + timedelta(days=14)
    remind_of_reviews(session)
    assert told(session, ESCALATED) == [admin.id, admin.id]
    assert {first.status, second.status} == {ProformaStatus.IN_REVIEW}


def test_remind_whom_it_waits_for_now(session, ana, clock) -> None:
    ben, partner, admin = (
        make_user(session, Role.ATTORNEY),
        make_user(session, Role.ATTORNEY),
        make_user(session, Role.ADMIN),
    )
    handed, asked, everybodys = waiting(session, ana), waiting(session, ana), waiting(session, ana)
    make_forward(session, proforma=handed, to=ben).forwarded_at = WEDNESDAY
    asked.status = everybodys.status = ProformaStatus.IN_APPROVAL
    make_approval(session, proforma=asked, approver=partner).asked_at = WEDNESDAY
    step = make_approval(session, proforma=everybodys)
    step.approver_kind, step.approver_id, step.asked_at = ApproverKind.ADMIN, None, WEDNESDAY
    session.flush()
    clock[0] = WEDNESDAY + timedelta(days=5)
    remind_of_reviews(session)
    assert set(told(session, REMINDER)) == {ben.id, partner.id, admin.id}


def test_remind_counts_from_when_it_was_sent_again(session, ana, clock) -> None:
    proforma = waiting(session, ana)
    clock[0] = WEDNESDAY + timedelta(days=5)
    assert remind_of_reviews(session) == 1
    proforma.waiting_since_at = clock[0]
    session.flush()
    assert remind_of_reviews(session) == 0
    clock[0] += timedelta(days=3)
    assert remind_of_reviews(session) == 0
    clock[0] += timedelta(days=4)
    assert remind_of_reviews(session) == 1


def test_remind_by_hand_is_for_the_lead_and_billing_once_a_day(session, ana, clock) -> None:
    lead = make_user(session, Role.ATTORNEY)
    make_team(session, ana, lead=lead)
    proforma = waiting(session, ana)
    key = id_of(proforma)
    assert remind_now(session, actor_of(lead), proforma_id=key, note="Before Friday, please") == 1
    with pytest.raises(InvalidInputError, match="reminded today already"):
        remind_now(session, make_biller(session), proforma_id=key)
    clock[0] += timedelta(days=1)
    assert remind_now(session, make_biller(session), proforma_id=key) == 1
    assert told(session, REMINDER) == [ana.id, ana.id]
    ben = make_user(session, Role.ATTORNEY)
    make_forward(session, proforma=proforma, to=ben)
    with pytest.raises(DeniedError, match="Nobody was reminded"):
        remind_now(session, actor_of(ben), proforma_id=key)
    assert review_clock.held_now(session, [key])[0].waiting.person_id == ben.id


def test_remind_by_hand_of_what_waits_for_nobody_is_refused(session, ana, clock) -> None:
    proforma = waiting(session, ana, status=ProformaStatus.APPROVED)
    with pytest.raises(WrongStateError, match="waits for no attorney"):
        remind_now(session, make_biller(session), proforma_id=id_of(proforma))
