"""The queue's rows: whose they are, in which order, how they are narrowed, and how many statements that takes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from core.clock import now, today
from core.db import Database
from models import Proforma, User
from models.enums import ApproverKind, FindingAction, ProformaStatus, Role
from services.actor import actor_of
from services.review.queue_filters import Age, Findings, QueueFilter, Scope
from services.review.queue_list import Queue, list_queue
from services.review.reviewers import Part
from tests.builders import (
    id_of,
    make_absence,
    make_approval,
    make_biller,
    make_carrier,
    make_delegation,
    make_finding,
    make_forward,
    make_matter,
    make_proforma,
    make_team,
    make_user,
)
from tests.services.counting import counted


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


def of(session: Session, user: User, **kind: object) -> Proforma:
    proforma = make_proforma(session, matter=make_matter(session, attorney=user), **kind)
    proforma.due_on = today() + timedelta(days=10)
    session.flush()
    return proforma


def ids(queue: Queue) -> list[int]:
    return [item.row.id for item in queue.items]


def queue_of(session: Session, user: User, scope: Scope = Scope.MINE, **more: object) -> Queue:
    return list_queue(session, actor_of(user), wanted=QueueFilter(scope, **more))


def test_list_queue_gathers_what_waits_by_whatever_right(session: Session, ana: User) -> None:
    own, away = of(session, ana), make_user(session, Role.ATTORNEY, name="Ben Cole")
    make_absence(session, user=away, substitute=ana)
    left, sent, foreign = of(session, away), of(session, ana), of(session, make_user(session, Role.ATTORNEY))
    forwarded, asked = (of(session, make_user(session, Role.ATTORNEY)) for _ in range(2))
    asked.status = ProformaStatus.IN_APPROVAL
    make_forward(session, proforma=sent)
    make_forward(session, proforma=forwarded, to=ana)
    make_approval(session, proforma=asked, approver=ana)
    queue = queue_of(session, ana)
    assert ids(queue) == [own.id, left.id, forwarded.id, asked.id]
    assert [item.right.part for item in queue.items] == [
        Part.OWNER, Part.SUBSTITUTE, Part.FORWARDED, Part.APPROVER,
    ]  # fmt: skip
    assert [item.for_name for item in queue.items] == ["", "Ben Cole", "", ""]
    assert [item.can_approve for item in queue.items] == [True, True, False, True]
    assert [item.can_edit for item in queue.items] == [True, True, True, False]
    assert (queue.counts.mine.count, queue.counts.approvals, queue.counts.forwarded) == (4, 1, 2)
    assert queue.counts.team is queue.counts.delegated is None
    assert foreign.id not in ids(queue_of(session, ana, Scope.ALL, statuses=tuple(ProformaStatus)))


def test_list_queue_shows_each_scope_by_itself(session: Session, ana: User) -> None:
    member, principal, partner = (make_user(session, Role.ATTORNEY) for _ in range(3))
    make_team(session, member, lead=ana)
    make_delegation(session, principal=principal, delegate=ana)
    matter = make_matter(session, attorney=partner)
    make_delegation(session, principal=partner, delegate=ana, matter=matter, can_approve=False)
    mine, teams, deputed = of(session, ana), of(session, member), of(session, principal)
    on_matter, beside = make_proforma(session, matter=matter), of(session, partner)
    sent, got = of(session, ana), of(session, partner)
    make_forward(session, proforma=sent)
    make_forward(session, proforma=got, to=ana)
    assert ids(queue_of(session, ana)) == [mine.id, got.id]
    assert ids(queue_of(session, ana, Scope.TEAM)) == [teams.id]
    assert set(ids(queue_of(session, ana, Scope.DELEGATED))) == {deputed.id, on_matter.id}
    assert set(ids(queue_of(session, ana, Scope.FORWARDED))) == {sent.id, got.id}
    assert ids(queue_of(session, ana, Scope.APPROVALS)) == []
    counts = queue_of(session, ana).counts
    assert (counts.team, counts.delegated, counts.forwarded, counts.approvals) == (1, 2, 2, None)
    can = {item.row.id: item.can_approve for item in queue_of(session, ana, Scope.DELEGATED).items}
    assert can == {deputed.id: True, on_matter.id: False}
    assert not any(item.can_approve or item.can_return for item in queue_of(session, ana, Scope.TEAM).items)
    assert beside.id not in ids(queue_of(session, ana, Scope.DELEGATED))


def test_list_queue_puts_the_urgent_on_top_and_counts_them(session: Session, ana: User) -> None:
    later, late, soon = of(session, ana), of(session, ana), of(session, ana)
    soon.due_on, late.due_on = today() + timedelta(days=1), today() - timedelta(days=1)
    later.waiting_since_at = now() - timedelta(days=30)
    session.flush()
    queue = queue_of(session, ana)
    assert ids(queue) == [late.id, later.id, soon.id]
    assert [item.is_urgent for item in queue.items] == [True, True, False]
    assert queue.counts.mine.urgent_count == 2
    assert ids(queue_of(session, ana, Scope.URGENT)) == [late.id, later.id]
    assert ids(list_queue(session, make_biller(session), wanted=QueueFilter(Scope.URGENT))) == [late.id, later.id]
    assert queue.items[1].days_waited > 15


def test_list_queue_narrows_by_words_carrier_findings_age_and_amount(session: Session, ana: User) -> None:
    carrier = make_carrier(session)
    matter = make_matter(session, carrier=carrier, attorney=ana)
    matter.name = "Cedar Lane 5% leak"
    one, two = make_proforma(session, matter=matter), of(session, ana)
    one.due_on, two.billed_amount = today() - timedelta(days=3), Decimal(20_000)
    make_finding(session, one, action=FindingAction.BLOCK)
    session.flush()

    def found(**more: object) -> list[int]:
        return ids(queue_of(session, ana, **more))

    assert found(search="cedar LANE") == found(search=matter.number) == found(search="5%") == [one.id]
    assert found(search="_") == []
    assert found(carrier_id=id_of(carrier)) == [one.id]
    assert found(findings=Findings.CLEAN) == [two.id]
    assert found(findings=Findings.FLAGGED) == found(findings=Findings.BLOCKED) == [one.id]
    assert found(age=Age.OVERDUE) == found(age=Age.URGENT) == found(age=Age.WEEK) == [one.id]
    assert found(from_amount=Decimal(20_000)) == [two.id]
    assert found(statuses=(ProformaStatus.APPROVED,)) == []


def test_list_queue_shows_billing_what_was_returned_and_everything_else_on_request(session: Session, ana: User) -> None:
    biller = make_biller(session)
    returned, waiting = of(session, ana, status=ProformaStatus.RETURNED), of(session, ana)
    queue = list_queue(session, biller)
    assert ids(queue) == [returned.id]
    assert queue.items[0].right is None
    assert queue.counts.mine.count == 1
    assert ids(list_queue(session, biller, wanted=QueueFilter(Scope.ALL, (ProformaStatus.IN_REVIEW,)))) == [waiting.id]


def test_list_queue_shows_an_administrator_steps_that_any_of_them_gives(session: Session, ana: User) -> None:
    proforma = of(session, ana, status=ProformaStatus.IN_APPROVAL)
    step = make_approval(session, proforma=proforma)
    step.approver_kind, step.approver_id = ApproverKind.ADMIN, None
    session.flush()
    admin = make_user(session, Role.ADMIN)
    queue = queue_of(session, admin, Scope.APPROVALS)
    assert ids(queue) == [proforma.id]
    assert queue.items[0].can_approve
    assert ids(queue_of(session, ana, Scope.APPROVALS)) == []


def test_list_queue_takes_as_many_statements_for_two_as_for_fifty(database: Database) -> None:
    counts = []
    for size in (2, 50):
        with database.unit_of_work() as session:
            user = make_user(session, Role.ATTORNEY)
            made = [of(session, user) for _ in range(size)]
            make_forward(session, proforma=of(session, make_user(session, Role.ATTORNEY)), to=user)
            make_finding(session, made[0])
            who = actor_of(user)
        with database.read_only() as session, counted(database) as statements:
            queue = list_queue(session, who, limit=50)
        assert len(queue.items) == min(size + 1, 50)
        assert queue.has_more is (size == 50)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


def test_list_queue_needs_six_statements_where_nobody_acts_for_anybody(database: Database) -> None:
    with database.unit_of_work() as session:
        user = make_user(session, Role.ATTORNEY)
        of(session, user)
        who = actor_of(user)
    with database.read_only() as session, counted(database) as statements:
        assert len(list_queue(session, who).items) == 1
    assert len(statements) == 6


def test_two_people_in_one_read_have_totals_of_their_own(database: Database) -> None:
    with database.unit_of_work() as session:
        people = [make_user(session, Role.ATTORNEY) for _ in range(2)]
        for user, count in zip(people, (1, 3), strict=True):
            for _ in range(count):
                of(session, user)
        actors = [actor_of(user) for user in people]
    with database.read_only() as session:
        assert [list_queue(session, who).total.count for who in actors] == [1, 3]


def test_a_queues_pulse_is_another_when_one_proforma_takes_anothers_place(session: Session, ana: User) -> None:
    ben = make_user(session, Role.ATTORNEY)
    given, taken, newest = of(session, ana), of(session, ben), of(session, ana)
    before = queue_of(session, ana).pulse
    given.reviewer_id, taken.reviewer_id = id_of(ben), id_of(ana)
    session.flush()
    assert ids(queue_of(session, ana)) == [taken.id, newest.id]
    assert queue_of(session, ana).pulse != before
