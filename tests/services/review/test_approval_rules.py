"""Which approvals a bill needs: by amount and matter, one person once, the attorney first; and what rules may be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from core.errors import DeniedError, InvalidInputError, StaleVersionError
from models import ApprovalRule
from models.enums import ApproverKind, Role, StageMode, TermStatus
from services.actor import actor_of
from services.review.approval_rules import add_rule, end_rule, list_rules, needed_steps, rules_in_force
from tests.builders import id_of, make_approval_rule, make_biller, make_matter, make_user

REVIEWER, LEAD, PARTNER, OTHER = 1, 2, 3, 4
PERSON, TEAM_LEAD, ADMIN = ApproverKind.PERSON, ApproverKind.TEAM_LEAD, ApproverKind.ADMIN


def rule(stage: int = 2, amount: str = "0", kind: ApproverKind = PERSON, who: int | None = PARTNER, **more: object):
    values = {"matter_id": None, "mode": StageMode.ALL, "made_by_id": 9, **more}
    return ApprovalRule(
        id=stage * 100 + (who or 0), stage=stage, from_amount=Decimal(amount), approver_kind=kind,
        approver_id=who if kind is PERSON else None, **values,
    )  # fmt: skip


def needed(*rules: ApprovalRule, amount: str = "1000", lead: int | None = LEAD, matter: int = 7):
    found = needed_steps(rules, matter_id=matter, amount=Decimal(amount), reviewer_id=REVIEWER, lead_id=lead)
    return [(step.stage, step.kind, step.approver_id) for step in found]


OWN = (1, PERSON, REVIEWER)


@pytest.mark.parametrize(
    ("rules", "amount", "expected"),
    [
        ([], "1000", []),
        ([rule(amount="1000")], "999.99", []),
        ([rule(amount="1000")], "1000", [OWN, (2, PERSON, PARTNER)]),
        ([rule(3), rule(2, kind=TEAM_LEAD)], "1", [OWN, (2, TEAM_LEAD, LEAD), (3, PERSON, PARTNER)]),
        ([rule(1, who=OTHER)], "1", [OWN, (1, PERSON, OTHER)]),
        ([rule(who=REVIEWER)], "1", []),
        ([rule(2), rule(4)], "1", [OWN, (4, PERSON, PARTNER)]),
        ([rule(matter_id=8)], "1", []),
        ([rule(matter_id=7)], "1", [OWN, (2, PERSON, PARTNER)]),
        ([rule(kind=ADMIN), rule(3, kind=ADMIN)], "1", [OWN, (3, ADMIN, None)]),
    ],
)
def test_needed_steps_go_by_amount_matter_and_person(rules, amount: str, expected) -> None:
    assert needed(*rules, amount=amount) == expected


def test_needed_steps_ask_administrators_where_there_is_no_lead() -> None:
    assert needed(rule(kind=TEAM_LEAD), lead=None) == [OWN, (2, ADMIN, None)]


def test_needed_steps_take_a_leads_own_approval_for_the_leads() -> None:
    assert needed(rule(kind=TEAM_LEAD), lead=REVIEWER) == []


@given(
    rules=st.lists(
        st.builds(
            lambda stage, amount, kind, who: rule(stage, str(amount), kind, who),
            st.integers(1, 9), st.integers(0, 2000), st.sampled_from(ApproverKind), st.integers(1, 5),
        ),
        max_size=12,
    ),
    amount=st.integers(1, 2000),
)  # fmt: skip
def test_needed_steps_ask_everybody_once_and_the_attorney_first(rules, amount: int) -> None:
    found = needed(*rules, amount=str(amount))
    people = [who for _, _, who in found]
    assert len(people) == len(set(people))
    assert (found[:1] == [OWN]) is (len(found) > 1)
    assert [stage for stage, _, _ in found] == sorted(stage for stage, _, _ in found)


def test_add_rule_is_for_administrators(session: Session) -> None:
    with pytest.raises(DeniedError, match="Setting who approves"):
        add_rule(session, make_biller(session), stage=2, from_amount=Decimal(0), kind=ADMIN)
    with pytest.raises(DeniedError):
        list_rules(session, make_biller(session))


@pytest.mark.parametrize(
    ("given_values", "sentence"),
    [
        ({"stage": 0}, "between 1 and 9"),
        ({"stage": 10}, "between 1 and 9"),
        ({"stage": 1, "mode": StageMode.ANY}, "always approves"),
        ({"from_amount": Decimal(-1)}, "amount from which"),
        ({"from_amount": Decimal("0.001")}, "amount from which"),
        ({"kind": PERSON}, "Say who approves"),
        ({"kind": PERSON, "approver_id": 4711}, "can approve"),
        ({"matter_number": "none"}, "no matter none"),
    ],
)
def test_add_rule_refuses_what_cannot_be(session: Session, given_values: dict[str, object], sentence: str) -> None:
    admin = actor_of(make_user(session, Role.ADMIN))
    values = {"stage": 2, "from_amount": Decimal(0), "kind": ADMIN, **given_values}
    with pytest.raises(InvalidInputError, match=sentence):
        add_rule(session, admin, **values)
    assert rules_in_force(session) == []


def test_add_rule_refuses_billers_and_people_who_left(session: Session) -> None:
    admin = actor_of(make_user(session, Role.ADMIN))
    gone = make_user(session, Role.ATTORNEY)
    gone.is_active = False
    for person in (make_user(session, Role.BILLER), gone):
        with pytest.raises(InvalidInputError, match="choose somebody else"):
            add_rule(session, admin, stage=2, from_amount=Decimal(0), kind=PERSON, approver_id=id_of(person))
    assert rules_in_force(session) == []


def test_add_rule_twice_is_refused_and_end_rule_lets_it_be_made_anew(session: Session) -> None:
    admin = actor_of(make_user(session, Role.ADMIN))
    matter = make_matter(session)
    values = {"stage": 2, "from_amount": Decimal(5000), "kind": TEAM_LEAD, "matter_number": matter.number}
    made = add_rule(session, admin, **values)
    with pytest.raises(InvalidInputError, match="such a rule already"):
        add_rule(session, admin, **values)
    (row,) = list_rules(session, admin)
    assert (row.matter_number, row.from_amount, row.kind) == (matter.number, Decimal(5000), TEAM_LEAD)
    with pytest.raises(StaleVersionError):
        end_rule(session, admin, rule_id=id_of(made), expected_version=7)
    end_rule(session, admin, rule_id=id_of(made), expected_version=1)
    assert (made.status, rules_in_force(session)) == (TermStatus.ENDED, [])
    assert add_rule(session, admin, **values).id != made.id


def test_rules_in_force_leaves_ended_ones_out(session: Session) -> None:
    make_approval_rule(session, status=TermStatus.ENDED)
    kept = make_approval_rule(session)
    assert rules_in_force(session) == [kept]
