"""The whole transition table: every verb in every state by every role, through each of the three executors."""

from enum import StrEnum
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.db import db_now_ms
from core.errors import (
    BillingError,
    DeniedError,
    FencedError,
    InvalidInputError,
    NotFoundError,
    StaleVersionError,
    WrongStateError,
)
from models import (
    Absence,
    Appeal,
    ApprovalRule,
    AuditEvent,
    CutAcceptance,
    Delegation,
    Expense,
    Invoice,
    LineProposal,
    Mailing,
    Matter,
    NotificationDelivery,
    Proforma,
    ProformaApproval,
    ProformaForward,
    ResultMail,
    SplitProposal,
    TimeEntry,
)
from models.enums import ProformaStatus, Role, SubmissionStatus
from services import lifecycle, lifecycle_doc
from services.lifecycle import Subject
from services.transitions import MACHINES, Lease, Machine, Transition, find
from tests.builders import (
    actor,
    id_of,
    make_absence,
    make_appeal,
    make_approval,
    make_approval_rule,
    make_cut_acceptance,
    make_delegation,
    make_delivery,
    make_expense,
    make_forward,
    make_invoice,
    make_mailing,
    make_matter,
    make_proforma,
    make_result_mail,
    make_split,
    make_submission,
    make_time_entry,
)
from tests.builders.proformas import make_line_proposal

CASES = [
    pytest.param(machine, transition, id=f"{machine.name}.{transition.verb}")
    for machine in MACHINES
    for transition in machine.transitions.values()
]
PLAIN = [case for case in CASES if case.values[1].guard is None]
FENCED = [case for case in CASES if case.values[1].lease is not Lease.NONE]
MINUTE_MS = 60_000


MAKERS: dict[Any, Any] = {
    TimeEntry: make_time_entry,
    Expense: make_expense,
    Proforma: make_proforma,
    SplitProposal: make_split,
    ResultMail: make_result_mail,
    Appeal: make_appeal,
    CutAcceptance: make_cut_acceptance,
    NotificationDelivery: make_delivery,
    Mailing: make_mailing,
    Matter: make_matter,
    LineProposal: make_line_proposal,
    ProformaApproval: make_approval,
    ProformaForward: make_forward,
    Absence: make_absence,
    Delegation: make_delegation,
    ApprovalRule: make_approval_rule,
}


def make(session: Session, machine: Machine, state: StrEnum) -> Any:
    if machine.model is Invoice:
        return make_invoice(session, **{machine.column: state})
    if make_one := MAKERS.get(machine.model):
        return make_one(session, status=state)
    return make_submission(session, make_invoice(session), status=state)


def put(session: Session, machine: Machine, row: Any, state: StrEnum) -> None:
    """Put a row into a state directly, as no product code may."""
    table = machine.model.__table__
    session.connection().execute(table.update().where(table.c.id == row.id).values({machine.column: state}))
    session.expire(row)


def may(transition: Transition, role: Role, reviewer_id: int | None) -> bool:
    """Whether the role alone decides yes; the actor below is always the record's own reviewer."""
    return role in transition.roles and (transition.guard is None or reviewer_id is not None)


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(lifecycle, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


@pytest.mark.parametrize(("machine", "transition"), CASES)
def test_apply_allows_exactly_the_table(session: Session, machine: Machine, transition: Transition) -> None:
    row = make(session, machine, next(iter(transition.sources)))
    reviewer_id = getattr(row, "reviewer_id", None)
    for state in machine.vocabulary:
        for role in Role:
            put(session, machine, row, state)
            version = row.version
            who = actor(role, user_id=reviewer_id)
            is_allowed = state in transition.sources and may(transition, role, reviewer_id)
            if is_allowed:
                lifecycle.apply(session, who, row, transition.verb, "because", expected_version=version)
                assert getattr(row, machine.column) == transition.target
                assert row.version == version + 1
                continue
            with pytest.raises((DeniedError, WrongStateError)):
                lifecycle.apply(session, who, row, transition.verb, "because")
            session.refresh(row)
            assert (getattr(row, machine.column), row.version) == (state, version)


@pytest.mark.parametrize(("machine", "transition"), PLAIN)
def test_apply_many_moves_exactly_what_the_table_allows(
    session: Session, machine: Machine, transition: Transition
) -> None:
    rows = {state: make(session, machine, state) for state in machine.vocabulary}
    mine = col(machine.model.id).in_([row.id for row in rows.values()])
    for role in set(Role) - transition.roles:
        with pytest.raises(DeniedError):
            lifecycle.apply_many(session, actor(role), machine.model, transition.verb, mine, "because")
    role = next(iter(transition.roles))
    moved = lifecycle.apply_many(session, actor(role), machine.model, transition.verb, mine, "because")
    session.expire_all()
    assert moved == len(transition.sources)
    for state, row in rows.items():
        expected = transition.target if state in transition.sources else state
        assert getattr(row, machine.column) == expected
        assert row.version == (2 if state in transition.sources else 1)
    told = session.exec(select(AuditEvent).where(AuditEvent.tag == machine.tag(transition))).all()
    assert {event.subject_id for event in told} == {
        row.id for state, row in rows.items() if state in transition.sources
    }


@pytest.mark.parametrize(("machine", "transition"), FENCED)
@pytest.mark.parametrize("role", Role)
def test_apply_fenced_allows_exactly_the_table(
    session: Session, machine: Machine, transition: Transition, role: Role
) -> None:
    takes = transition.lease is Lease.TAKE
    now_ms = session.scalar(select(db_now_ms()))
    assert now_ms is not None
    lease = None if takes else now_ms + MINUTE_MS
    for state in SubmissionStatus:
        row = make_submission(session, make_invoice(session), status=state, fence=7, lease_until_ms=lease)
        is_allowed = role in transition.roles and state in transition.sources
        try:
            fence = lifecycle.apply_fenced(
                session, actor(role), id_of(row), transition.verb, fence=7, note="because", lease_ms=MINUTE_MS
            )
        except (DeniedError, FencedError):
            assert not is_allowed
            continue
        session.refresh(row)
        assert is_allowed
        assert (row.status, row.fence, fence) == (transition.target, 8 if takes else 7, 8 if takes else 7)
        assert (row.lease_until_ms is None) is (transition.lease is Lease.DROP)


@pytest.mark.parametrize(
    ("verb", "fence", "lease_ms"), [("deliver", 6, MINUTE_MS), ("deliver", 7, -1), ("claim", 7, 9)]
)
def test_apply_fenced_refuses_a_wrong_fence_or_lease(session: Session, verb: str, fence: int, lease_ms: int) -> None:
    now_ms = session.scalar(select(db_now_ms()))
    assert now_ms is not None
    until = now_ms + (MINUTE_MS if verb == "claim" else lease_ms)
    state = SubmissionStatus.CLAIMED
    row = make_submission(session, make_invoice(session), status=state, fence=7, lease_until_ms=until)
    with pytest.raises(FencedError, match="wrote nothing"):
        lifecycle.apply_fenced(session, actor(Role.SYSTEM), id_of(row), verb, fence=fence)
    assert not session.exec(select(AuditEvent)).all()


def test_apply_refuses_a_stale_version(session: Session) -> None:
    proforma = make_proforma(session, status=ProformaStatus.DRAFT)
    with pytest.raises(StaleVersionError, match="Somebody changed this"):
        lifecycle.apply(session, actor(Role.BILLER), proforma, "send_to_review", expected_version=2)


@pytest.mark.parametrize(("machine", "transition"), [case for case in CASES if case.values[1].needs_note])
def test_apply_wants_a_reason(session: Session, machine: Machine, transition: Transition) -> None:
    row = make(session, machine, next(iter(transition.sources)))
    who = actor(next(iter(transition.roles)), user_id=getattr(row, "reviewer_id", None))
    with pytest.raises(InvalidInputError, match="needs a reason"):
        lifecycle.apply(session, who, row, transition.verb, "  ")


@pytest.mark.parametrize("verb", ["approve", "return_to_billing", "hold", "reopen", "resume"])
def test_apply_keeps_other_attorneys_out(session: Session, verb: str) -> None:
    _, transition = find(Proforma, verb)
    proforma = make_proforma(session, status=next(iter(transition.sources)))
    with pytest.raises(DeniedError, match="responsible attorney"):
        lifecycle.apply(session, actor(Role.ATTORNEY, user_id=-1), proforma, verb, "because")


def test_apply_many_refuses_a_guarded_verb(session: Session) -> None:
    with pytest.raises(LookupError, match="has a guard"):
        lifecycle.apply_many(session, actor(Role.ATTORNEY), Proforma, "approve", col(Proforma.id) > 0)


def test_apply_many_can_tell_of_a_set_in_one_event(session: Session) -> None:
    for _ in range(3):
        make_time_entry(session)
    count = lifecycle.apply_many(
        session, actor(Role.BILLER), TimeEntry, "bill", col(TimeEntry.id) > 0, subject=Subject("billing_run", 5)
    )
    event = session.exec(select(AuditEvent)).one()
    assert (count, event.subject_type, event.subject_id, event.data) == (3, "billing_run", 5, {"count": 3})


def test_apply_records_who_and_from_where(session: Session) -> None:
    proforma = make_proforma(session)
    reviewer = actor(Role.ATTORNEY, user_id=proforma.reviewer_id)
    lifecycle.apply(session, reviewer, proforma, "return_to_billing", "Wrong code on line 2")
    event = session.exec(select(AuditEvent)).one()
    assert (event.tag, event.actor_id, event.note) == (
        "proforma:return_to_billing",
        proforma.reviewer_id,
        "Wrong code on line 2",
    )
    assert event.data == {"was": "in_review"}


def test_retry_rings_the_account_once(session: Session, silent_bell: list[int]) -> None:
    rows = [make_submission(session, make_invoice(session), status=SubmissionStatus.NEEDS_ATTENTION) for _ in range(2)]
    account_id = rows[0].site_account_id
    lifecycle.apply(session, actor(Role.BILLER), rows[0], "retry")
    lifecycle.ring_account(session, account_id)
    assert silent_bell == []
    for callback in session.info.pop("billing_on_commit"):
        callback()
    assert silent_bell == [account_id]


@pytest.mark.parametrize(("machine", "transition"), CASES)
def test_available_offers_what_apply_carries_out(session: Session, machine: Machine, transition: Transition) -> None:
    row = make(session, machine, next(iter(transition.sources)))
    reviewer_id = getattr(row, "reviewer_id", None)
    for role in Role:
        offered = transition in lifecycle.available(actor(role, user_id=reviewer_id), row)
        assert offered is may(transition, role, reviewer_id)


def test_get_refuses_an_unknown_record(session: Session) -> None:
    with pytest.raises(NotFoundError, match="There is no proforma"):
        lifecycle.get(session, Proforma, 4711)


def test_every_refusal_is_a_sentence() -> None:
    assert all(issubclass(error, BillingError) for error in (DeniedError, WrongStateError, FencedError))
    assert all(t.label and t.sources and t.roles for m in MACHINES for t in m.transitions.values())


def test_lifecycle_page_is_the_table(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    assert lifecycle_doc.main(["--check"]) == 0
    page = lifecycle_doc.render()
    assert all(f"| {t.verb} |" in page for m in MACHINES for t in m.transitions.values())
    monkeypatch.setattr(lifecycle_doc, "PATH", tmp_path / "lifecycle.md")
    assert lifecycle_doc.main(["--check"]) == 1
    assert lifecycle_doc.main([]) == 0
    assert lifecycle_doc.main(["--check"]) == 0
