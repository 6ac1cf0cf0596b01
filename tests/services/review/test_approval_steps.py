"""Approval in several steps: in their order, side by side, void after a change, passed on; and none without rules."""

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import AuditEvent, Notice, Proforma, ProformaApproval, ProformaLine, User
from models.enums import ApprovalStatus, ApproverKind, NoticeKind, ProformaStatus, Role, StageMode
from services.actor import actor_of
from services.billing import billing_runs
from services.review import proforma_edits, proformas
from services.review.approval_desk import pass_on_step, steps_of, waiting_steps
from services.review.approval_steps import live_steps
from tests.builders import (
    id_of,
    make_absence,
    make_approval_rule,
    make_biller,
    make_billing_run,
    make_matter,
    make_proforma,
    make_team,
    make_user,
)
from tests.services.counting import counted

GIVEN, WAITING, PENDING, NOT_NEEDED = (
    ApprovalStatus.GIVEN, ApprovalStatus.WAITING, ApprovalStatus.PENDING, ApprovalStatus.NOT_NEEDED,
)  # fmt: skip


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


def sent(session: Session, user: User, **kind: object) -> Proforma:
    """Send a draft to review, as billing does."""
    matter = make_matter(session, attorney=user)
    proforma = make_proforma(session, matter=matter, status=ProformaStatus.DRAFT, **kind)
    proformas.send_to_review(session, make_biller(session), proforma_id=id_of(proforma), expected_version=1)
    return proforma


def approve(session: Session, user: User, proforma: Proforma, note: str = "") -> None:
    version = proforma.version
    proformas.approve_proforma(
        session, actor_of(user), proforma_id=id_of(proforma), expected_version=version, note=note
    )


def stands(proforma: Proforma) -> ProformaStatus:
    return proforma.status


def standing(session: Session, proforma: Proforma) -> list[tuple[int, ApprovalStatus]]:
    return [(step.stage, step.status) for step in live_steps(session, [id_of(proforma)])]


def told(session: Session, kind: NoticeKind) -> list[int]:
    unread = select(Notice).where(Notice.kind == kind, Notice.read_at == None).order_by(Notice.id)  # noqa: E711
    return [notice.user_id for notice in session.exec(unread)]


def test_approve_without_rules_is_as_ever(session: Session, ana: User) -> None:
    proforma = sent(session, ana)
    approve(session, ana, proforma)
    assert (proforma.status, standing(session, proforma)) == (ProformaStatus.APPROVED, [])
    tags = {event.tag for event in session.exec(select(AuditEvent))}
    assert tags == {"proforma:send_to_review", "proforma:approve"}


def test_approve_goes_stage_by_stage_and_ends_with_the_last(session: Session, ana: User) -> None:
    lead, partner = make_user(session, Role.ATTORNEY), make_user(session, Role.ATTORNEY, name="Pia Stone")
    make_team(session, ana, lead=lead)
    make_approval_rule(session, kind=ApproverKind.TEAM_LEAD, stage=2)
    make_approval_rule(session, approver=partner, stage=3)
    proforma = sent(session, ana)
    assert standing(session, proforma) == [(1, WAITING), (2, PENDING), (3, PENDING)]
    with pytest.raises(DeniedError, match="not asked for"):
        approve(session, partner, proforma)
    approve(session, ana, proforma)
    assert stands(proforma) is ProformaStatus.IN_APPROVAL
    assert standing(session, proforma) == [(1, GIVEN), (2, WAITING), (3, PENDING)]
    assert told(session, NoticeKind.APPROVAL_WAITS) == [lead.id]
    approve(session, lead, proforma)
    assert told(session, NoticeKind.APPROVAL_WAITS) == [partner.id]
    approve(session, partner, proforma, note="As agreed")
    assert proforma.status is ProformaStatus.APPROVED
    assert told(session, NoticeKind.APPROVAL_WAITS) == []
    history = proformas.get_proforma(session, actor_of(partner), proforma_id=id_of(proforma)).history
    assert [(event.tag, event.actor_name) for event in history][:2] == [
        ("proforma:complete", "Pia Stone"), ("proforma:step_given", "Pia Stone"),
    ]  # fmt: skip


@pytest.mark.parametrize("mode", StageMode)
def test_approve_side_by_side_wants_all_or_one(session: Session, ana: User, mode: StageMode) -> None:
    people = [make_user(session, Role.ATTORNEY) for _ in range(2)]
    for person in people:
        make_approval_rule(session, approver=person, mode=mode)
    proforma = sent(session, ana)
    approve(session, ana, proforma)
    assert standing(session, proforma) == [(1, GIVEN), (2, WAITING), (2, WAITING)]
    approve(session, people[1], proforma)
    if mode is StageMode.ANY:
        assert standing(session, proforma) == [(1, GIVEN), (2, NOT_NEEDED), (2, GIVEN)]
    else:
        assert proforma.status is ProformaStatus.IN_APPROVAL
        approve(session, people[0], proforma)
    assert proforma.status is ProformaStatus.APPROVED


def test_approve_beside_the_attorney_may_come_first(session: Session, ana: User) -> None:
    other = make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=other, stage=1)
    proforma = sent(session, ana)
    assert told(session, NoticeKind.APPROVAL_WAITS) == [other.id]
    approve(session, other, proforma)
    assert (proforma.status, standing(session, proforma)) == (ProformaStatus.IN_REVIEW, [(1, WAITING), (1, GIVEN)])
    approve(session, ana, proforma)
    assert proforma.status is ProformaStatus.APPROVED


def test_change_after_an_approval_makes_it_void_and_asks_again(session: Session, ana: User) -> None:
    other = make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=other, stage=1)
    proforma = sent(session, ana)
    approve(session, other, proforma)
    line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).first()
    proforma_edits.edit_line(
        session, actor_of(ana), line_id=id_of(line), expected_version=proforma.version, task_code="L120"
    )
    assert standing(session, proforma) == [(1, WAITING), (1, WAITING)]
    void = session.exec(select(ProformaApproval).where(ProformaApproval.status == ApprovalStatus.VOID)).one()
    assert (void.given_by_id, void.edition) == (other.id, 1)
    tags = [event.tag for event in session.exec(select(AuditEvent).where(AuditEvent.subject_type == "proforma"))]
    assert "proforma:step_void" in tags
    approve(session, ana, proforma)
    assert proforma.status is ProformaStatus.IN_APPROVAL


def test_amount_below_the_rule_needs_nobody_else_any_more(session: Session, ana: User) -> None:
    make_approval_rule(session, from_amount="500")
    proforma = sent(session, ana)
    assert len(standing(session, proforma)) == 2
    line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).first()
    proforma_edits.write_off(
        session, actor_of(ana), line_id=id_of(line), expected_version=proforma.version, note="Courtesy"
    )
    assert standing(session, proforma) == []
    approve(session, ana, proforma)
    assert proforma.status is ProformaStatus.APPROVED


def test_reopen_keeps_what_others_approved_while_nothing_changes(session: Session, ana: User) -> None:
    first, last = make_user(session, Role.ATTORNEY), make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=first, stage=2)
    make_approval_rule(session, approver=last, stage=3)
    proforma = sent(session, ana)
    approve(session, ana, proforma)
    approve(session, first, proforma)
    proformas.reopen_proforma(session, actor_of(ana), proforma_id=id_of(proforma), expected_version=proforma.version)
    assert (proforma.status, standing(session, proforma)) == (
        ProformaStatus.IN_REVIEW, [(1, WAITING), (2, GIVEN), (3, PENDING)],
    )  # fmt: skip
    approve(session, ana, proforma)
    assert standing(session, proforma) == [(1, GIVEN), (2, GIVEN), (3, WAITING)]


def test_approver_returns_it_and_every_approval_is_void(session: Session, ana: User) -> None:
    partner = make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=partner)
    proforma = sent(session, ana)
    approve(session, ana, proforma)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        proformas.return_proforma(
            session, actor_of(partner), proforma_id=id_of(proforma), expected_version=proforma.version, note=""
        )
    proformas.return_proforma(
        session, actor_of(partner), proforma_id=id_of(proforma), expected_version=proforma.version, note="Too much"
    )
    assert (proforma.status, standing(session, proforma)) == (ProformaStatus.RETURNED, [])
    proformas.send_to_review(
        session, make_biller(session), proforma_id=id_of(proforma), expected_version=proforma.version
    )
    assert standing(session, proforma) == [(1, WAITING), (2, PENDING)]


def test_nobody_approves_twice_even_in_anothers_place(session: Session, ana: User) -> None:
    partner = make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=partner)
    make_absence(session, user=ana, substitute=partner)
    proforma = sent(session, ana)
    approve(session, partner, proforma)
    assert stands(proforma) is ProformaStatus.IN_APPROVAL
    with pytest.raises(DeniedError, match="nobody approves twice"):
        approve(session, partner, proforma)
    admin = make_user(session, Role.ADMIN)
    [waiting] = waiting_steps(session, actor_of(admin))
    assert (waiting.proforma_id, waiting.approver_name) == (proforma.id, partner.name)
    step = live_steps(session, [id_of(proforma)])[1]
    with pytest.raises(WrongStateError, match="approves it already"):
        pass_on_step(session, actor_of(admin), step_id=id_of(step), expected_version=step.version,
                     to_id=id_of(partner), note="")  # fmt: skip
    pass_on_step(session, actor_of(admin), step_id=id_of(step), expected_version=step.version,
                 to_id=id_of(admin), note="He has approved it already")  # fmt: skip
    approve(session, admin, proforma)
    assert proforma.status is ProformaStatus.APPROVED
    assert [(row.stage, row.given_by) for row in steps_of(session, id_of(proforma))] == [
        (1, partner.name), (2, admin.name),
    ]  # fmt: skip
    with pytest.raises(DeniedError):
        waiting_steps(session, actor_of(partner))


def test_substitute_of_an_approver_is_asked_and_gives_it_in_that_name(session: Session, ana: User) -> None:
    partner = make_user(session, Role.ATTORNEY, name="Pia Stone")
    ben = make_user(session, Role.ATTORNEY, name="Ben Cole")
    make_approval_rule(session, approver=partner)
    make_absence(session, user=partner, substitute=ben)
    proforma = sent(session, ana)
    approve(session, ana, proforma)
    assert told(session, NoticeKind.APPROVAL_WAITS) == [ben.id]
    approve(session, ben, proforma)
    history = proformas.get_proforma(session, actor_of(ana), proforma_id=id_of(proforma)).history
    assert history[0].actor_name == "Ben Cole for Pia Stone"
    assert proforma.status is ProformaStatus.APPROVED


def test_approver_sees_verbs_only_while_asked(session: Session, ana: User) -> None:
    partner = make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=partner)
    proforma = sent(session, ana)

    def verbs(user: User) -> list[str]:
        found = proformas.get_proforma(session, actor_of(user), proforma_id=id_of(proforma))
        return [verb for verb, _ in found.verbs]

    assert (verbs(ana), verbs(partner)) == (["return_to_billing", "approve", "hold"], [])
    approve(session, ana, proforma)
    assert (verbs(ana), verbs(partner)) == (["reopen"], ["return_to_billing", "approve"])
    approve(session, partner, proforma)
    assert verbs(partner) == []
    with pytest.raises(StaleVersionError):
        proformas.approve_proforma(session, actor_of(partner), proforma_id=id_of(proforma), expected_version=2)


def test_lines_stand_still_while_others_approve(session: Session, ana: User) -> None:
    make_approval_rule(session)
    proforma = sent(session, ana)
    approve(session, ana, proforma)
    line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).first()
    with pytest.raises(WrongStateError, match="in approval"):
        proforma_edits.edit_line(
            session, actor_of(ana), line_id=id_of(line), expected_version=proforma.version, task_code="L120"
        )
    assert proforma.edition == 1


def test_approve_clean_gives_steps_and_says_what_goes_on(session: Session, ana: User) -> None:
    partner = make_user(session, Role.ATTORNEY)
    make_approval_rule(session, approver=partner, from_amount="500")
    large, small = sent(session, ana), sent(session, ana, lines=1)
    seen = {id_of(one): one.version for one in (large, small)}
    result = proformas.approve_clean(session, actor_of(ana), seen=seen, cap_amount=large.billed_amount * 2)
    assert (set(result.approved), result.go_on) == (set(seen), (large.id,))
    seen = {id_of(one): one.version for one in (large, small)}
    result = proformas.approve_clean(session, actor_of(partner), seen=seen, cap_amount=large.billed_amount * 2)
    assert (result.approved, result.go_on) == ((large.id,), ())
    assert [(one.proforma_id, one.reason) for one in result.skipped] == [(small.id, "It is not yours to approve.")]
    assert {large.status, small.status} == {ProformaStatus.APPROVED}


def test_hold_and_void_end_the_steps(session: Session, ana: User) -> None:
    make_approval_rule(session, stage=1)
    proforma = sent(session, ana)
    proformas.hold_proforma(session, actor_of(ana), proforma_id=id_of(proforma), expected_version=proforma.version)
    assert (standing(session, proforma), told(session, NoticeKind.APPROVAL_WAITS)) == ([], [])
    proformas.resume_proforma(session, actor_of(ana), proforma_id=id_of(proforma), expected_version=proforma.version)
    assert standing(session, proforma) == [(1, WAITING), (1, WAITING)]
    proformas.void_proforma(
        session, make_biller(session), proforma_id=id_of(proforma), expected_version=proforma.version
    )
    assert standing(session, proforma) == []


def test_run_sent_to_review_takes_as_many_statements_for_two_as_for_twenty(database: Database) -> None:
    counts = []
    for size in (2, 20):
        with database.unit_of_work() as session:
            biller, run = make_biller(session), make_billing_run(session)
            ana = make_user(session, Role.ATTORNEY)
            make_approval_rule(session, from_amount="100")
            made = [
                id_of(make_proforma(session, matter=make_matter(session, attorney=ana), run=run,
                                    status=ProformaStatus.DRAFT))
                for _ in range(size)
            ]  # fmt: skip
            run_id = id_of(run)
        with database.unit_of_work() as session, counted(database) as statements:
            assert billing_runs.send_run_to_review(session, biller, run_id=run_id) == size
        with database.read_only() as session:
            assert len(live_steps(session, made)) >= 2 * size
            assert {session.get_one(Proforma, key).waiting_since_at is None for key in made} == {False}
            waits = session.exec(select(Notice.subject_id).where(Notice.kind == NoticeKind.PROFORMA_WAITS)).all()
            assert set(made) <= set(waits)
        counts.append(len(statements))
    assert counts[0] == counts[1]
