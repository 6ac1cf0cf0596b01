"""Who may review what in whose place: substitutes, delegates, leads, whom it was forwarded to; and what stays own."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.clock import today
from core.errors import DeniedError, NotFoundError
from models import AuditEvent, Proforma, ProformaLine, User
from models.enums import ProformaStatus, Role, TermStatus
from services.actor import actor_of
from services.billing.budgets import list_budgets
from services.review import proforma_edits, proformas, splits
from services.review.reviewers import (
    Part,
    acting,
    may_decide_on_matter,
    may_review,
    may_see_matter,
    reviewing_for,
    right_of,
)
from services.rules.guideline_exceptions import may_grant
from tests.builders import (
    actor,
    id_of,
    make_absence,
    make_biller,
    make_delegation,
    make_forward,
    make_matter,
    make_proforma,
    make_split,
    make_team,
    make_user,
)


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


@pytest.fixture
def ben(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ben Cole")


@pytest.fixture
def proforma(session: Session, ana: User) -> Proforma:
    return make_proforma(session, matter=make_matter(session, attorney=ana))


def first_line(session: Session, proforma: Proforma) -> ProformaLine:
    return session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id).limit(1)).one()


def part_of(session: Session, user: User, proforma: Proforma) -> Part | None:
    right = right_of(session, actor_of(user), proforma)
    return right.part if right else None


def test_substitute_sees_edits_and_approves_in_the_absent_ones_place(session, ana, ben, proforma) -> None:
    make_absence(session, user=ana, substitute=ben)
    who = actor_of(ben)
    line = first_line(session, proforma)
    proforma_edits.edit_line(session, who, line_id=id_of(line), expected_version=1, task_code="L120")
    proformas.approve_proforma(session, who, proforma_id=id_of(proforma), expected_version=proforma.version)
    assert proforma.status is ProformaStatus.APPROVED
    history = proformas.get_proforma(session, who, proforma_id=id_of(proforma)).history
    assert {(event.tag, event.actor_name) for event in history} == {
        ("proforma:approve", "Ben Cole for Ana Reyes"), ("proforma:line_edited", "Ben Cole for Ana Reyes"),
    }  # fmt: skip
    assert {event.data["on_behalf_of_id"] for event in session.exec(select(AuditEvent))} == {id_of(ana)}


@pytest.mark.parametrize(
    ("first", "last", "status", "expected"),
    [
        (0, 0, TermStatus.IN_FORCE, Part.SUBSTITUTE),
        (-5, 0, TermStatus.IN_FORCE, Part.SUBSTITUTE),
        (1, 5, TermStatus.IN_FORCE, None),
        (-5, -1, TermStatus.IN_FORCE, None),
        (-5, 5, TermStatus.ENDED, None),
    ],
)
def test_substitute_acts_from_the_first_to_the_last_day(
    session, ana, ben, proforma, first: int, last: int, status: TermStatus, expected: Part | None
) -> None:
    days = {"from_on": today() + timedelta(days=first), "until_on": today() + timedelta(days=last)}
    make_absence(session, user=ana, substitute=ben, status=status, **days)
    assert part_of(session, ben, proforma) == expected
    assert may_review(session, actor_of(ben), proforma) is (expected is not None)


def test_nobody_acts_for_one_who_only_acts_for_another(session, ana, ben, proforma) -> None:
    make_absence(session, user=ana, substitute=ben)
    third = make_user(session, Role.ATTORNEY)
    make_delegation(session, principal=ben, delegate=third)
    assert part_of(session, third, proforma) is None
    with pytest.raises(NotFoundError, match="among yours"):
        proformas.get_proforma(session, actor_of(third), proforma_id=id_of(proforma))


def test_substitute_who_is_no_attorney_any_more_sees_nothing(session, ana, ben, proforma) -> None:
    make_absence(session, user=ana, substitute=ben)
    ben.roles = [Role.ADMIN.value]
    session.flush()
    assert part_of(session, ben, proforma) is None


def test_delegate_prepares_or_decides_as_far_as_was_granted(session, ana, ben, proforma) -> None:
    grant = make_delegation(session, principal=ana, delegate=ben, can_approve=False)
    who = actor_of(ben)
    detail = proformas.get_proforma(session, who, proforma_id=id_of(proforma))
    assert (detail.may_edit, detail.verbs) == (True, ())
    assert (reviewing_for(session, who, proforma), acting(session, who, proforma)) == (None, who)
    with pytest.raises(DeniedError, match="You may prepare it, Ana Reyes approves it"):
        proformas.approve_proforma(session, who, proforma_id=id_of(proforma), expected_version=1)
    with pytest.raises(DeniedError, match="Ana Reyes returns it to billing"):
        proformas.return_proforma(session, who, proforma_id=id_of(proforma), expected_version=1, note="Vague")
    with pytest.raises(DeniedError):
        proformas.hold_proforma(session, who, proforma_id=id_of(proforma), expected_version=1)
    grant.can_approve = True
    session.flush()
    assert reviewing_for(session, who, proforma) == ana.id
    proformas.approve_proforma(session, who, proforma_id=id_of(proforma), expected_version=1)
    assert proforma.status is ProformaStatus.APPROVED


def test_delegate_of_one_matter_has_no_other(session, ana, ben, proforma) -> None:
    other = make_matter(session, attorney=ana)
    make_delegation(session, principal=ana, delegate=ben, matter=other)
    assert part_of(session, ben, proforma) is None
    assert part_of(session, ben, make_proforma(session, matter=other)) is Part.DELEGATE
    assert may_decide_on_matter(session, actor_of(ben), other)
    assert not may_see_matter(session, actor_of(ben), session.get_one(type(other), proforma.matter_id))


@pytest.mark.parametrize(("days", "expected"), [(-1, None), (0, Part.DELEGATE), (3, Part.DELEGATE)])
def test_delegation_runs_out_by_itself(session, ana, ben, proforma, days: int, expected: Part | None) -> None:
    make_delegation(session, principal=ana, delegate=ben, until_on=today() + timedelta(days=days))
    assert part_of(session, ben, proforma) == expected


def test_wider_of_two_delegations_holds(session, ana, ben, proforma) -> None:
    matter = session.get_one(type(make_matter(session)), proforma.matter_id)
    make_delegation(session, principal=ana, delegate=ben, can_approve=False)
    make_delegation(session, principal=ana, delegate=ben, matter=matter)
    right = right_of(session, actor_of(ben), proforma)
    assert right is not None
    assert right.may_decide


def test_forwarded_one_looks_at_it_and_decides_with_authority_alone(session, ana, ben, proforma) -> None:
    forward = make_forward(session, proforma=proforma, to=ben)
    who = actor_of(ben)
    line_id = id_of(first_line(session, proforma))
    proforma_edits.edit_line(session, who, line_id=line_id, expected_version=1, task_code="L120")
    with pytest.raises(DeniedError, match="give it back"):
        proformas.approve_proforma(session, who, proforma_id=id_of(proforma), expected_version=2)
    forward.can_approve = True
    session.flush()
    proformas.approve_proforma(session, who, proforma_id=id_of(proforma), expected_version=2)
    history = proformas.get_proforma(session, actor_of(ana), proforma_id=id_of(proforma)).history
    assert [event.actor_name for event in history] == ["Ben Cole for Ana Reyes", "Ben Cole"]


def test_lead_reads_and_changes_nothing(session, ana, ben, proforma) -> None:
    make_team(session, ana, lead=ben)
    detail = proformas.get_proforma(session, actor_of(ben), proforma_id=id_of(proforma))
    assert (detail.verbs, detail.may_edit, detail.may_edit_codes, detail.may_allow) == ((), False, False, False)
    line_id = id_of(first_line(session, proforma))
    with pytest.raises(DeniedError):
        proforma_edits.edit_line(session, actor_of(ben), line_id=line_id, expected_version=1, task_code="L120")
    with pytest.raises(DeniedError):
        proformas.approve_proforma(session, actor_of(ben), proforma_id=id_of(proforma), expected_version=1)
    assert proforma.status is ProformaStatus.IN_REVIEW


def test_what_a_timekeeper_attests_is_nobody_elses(session, ana, ben) -> None:
    proforma = make_proforma(session, matter=make_matter(session, attorney=ana))
    proposal = make_split(session, line=first_line(session, proforma))
    make_absence(session, user=ana, substitute=ben)
    ana.timekeeper_id = proposal.timekeeper_id
    session.flush()
    with pytest.raises((DeniedError, NotFoundError)):
        splits.decline_split(session, actor_of(ben), proposal_id=id_of(proposal), expected_version=1, reason="No")
    assert proposal.version == 1


def test_matter_stands_open_to_who_acts_on_it(session, ana, ben, proforma) -> None:
    who, matter_id = actor_of(ben), proforma.matter_id
    with pytest.raises(NotFoundError):
        list_budgets(session, who, matter_id=matter_id)
    assert not may_grant(session, who, matter_id)
    make_forward(session, proforma=proforma, to=ben)
    assert list_budgets(session, who, matter_id=matter_id) == []
    assert not may_grant(session, who, matter_id)
    make_absence(session, user=ana, substitute=ben)
    assert may_grant(session, who, matter_id)
    assert may_grant(session, make_biller(session), matter_id)


def test_biller_and_machine_stand_in_for_nobody(session, ana, proforma) -> None:
    biller = make_biller(session)
    assert right_of(session, biller, proforma) is None
    assert right_of(session, actor(Role.ATTORNEY), proforma) is None
    assert acting(session, biller, proforma) == biller
