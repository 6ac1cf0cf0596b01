"""Who reviews besides the responsible attorney: teams, absences, delegations, rules and steps, forwarded proformas."""

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from core.clock import now, today
from models import (
    Absence,
    ApprovalRule,
    Delegation,
    Matter,
    Proforma,
    ProformaApproval,
    ProformaForward,
    Team,
    TeamMember,
    User,
)
from models.enums import ApprovalStatus, ApproverKind, ForwardStatus, Role, StageMode, TermStatus
from tests.builders.base import NOW, NUMBERS, add, id_of
from tests.builders.people import make_user
from tests.builders.proformas import make_proforma


def make_team(session: Session, *members: User, lead: User | None = None, name: str = "") -> Team:
    """Make a team of attorneys with a lead."""
    lead = lead or make_user(session, Role.ATTORNEY)
    team = add(session, Team(name=name or f"Team {next(NUMBERS)}", lead_id=id_of(lead), created_at=NOW))
    for member in members:
        add(session, TeamMember(user_id=id_of(member), team_id=id_of(team)))
    return team


def make_absence(
    session: Session,
    *,
    user: User | None = None,
    substitute: User | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    status: TermStatus = TermStatus.IN_FORCE,
) -> Absence:
    """Let an attorney be away, from today for a week unless told otherwise."""
    user, substitute = user or make_user(session, Role.ATTORNEY), substitute or make_user(session, Role.ATTORNEY)
    return add(
        session,
        Absence(
            user_id=id_of(user),
            substitute_id=id_of(substitute),
            from_on=from_on or today(),
            until_on=until_on or today() + timedelta(days=7),
            status=status,
            set_by_id=id_of(user),
            set_at=now(),
        ),
    )


def make_delegation(
    session: Session,
    *,
    principal: User | None = None,
    delegate: User | None = None,
    matter: Matter | None = None,
    can_approve: bool = True,
    until_on: date | None = None,
    status: TermStatus = TermStatus.IN_FORCE,
) -> Delegation:
    """Let somebody act for an attorney who is there."""
    principal, delegate = principal or make_user(session, Role.ATTORNEY), delegate or make_user(session, Role.ATTORNEY)
    return add(
        session,
        Delegation(
            principal_id=id_of(principal),
            delegate_id=id_of(delegate),
            matter_id=id_of(matter) if matter else None,
            can_approve=can_approve,
            until_on=until_on,
            status=status,
            granted_by_id=id_of(principal),
            granted_at=now(),
        ),
    )


def make_approval_rule(
    session: Session,
    *,
    approver: User | None = None,
    kind: ApproverKind = ApproverKind.PERSON,
    stage: int = 2,
    from_amount: str = "0",
    mode: StageMode = StageMode.ALL,
    matter: Matter | None = None,
    status: TermStatus = TermStatus.IN_FORCE,
) -> ApprovalRule:
    """Ask for one more approval of every bill, unless told otherwise."""
    if kind is ApproverKind.PERSON:
        approver = approver or make_user(session, Role.ATTORNEY)
    return add(
        session,
        ApprovalRule(
            matter_id=id_of(matter) if matter else None,
            from_amount=Decimal(from_amount),
            stage=stage,
            approver_kind=kind,
            approver_id=id_of(approver) if approver else None,
            mode=mode,
            status=status,
            made_by_id=id_of(make_user(session, Role.ADMIN)),
            made_at=now(),
        ),
    )


def make_approval(
    session: Session,
    *,
    proforma: Proforma | None = None,
    approver: User | None = None,
    stage: int = 2,
    status: ApprovalStatus = ApprovalStatus.WAITING,
) -> ProformaApproval:
    """Ask somebody for a step of a proforma's approval."""
    proforma, approver = proforma or make_proforma(session), approver or make_user(session, Role.ATTORNEY)
    return add(
        session,
        ProformaApproval(
            proforma_id=id_of(proforma),
            stage=stage,
            approver_kind=ApproverKind.PERSON,
            approver_id=id_of(approver),
            status=status,
            edition=proforma.edition,
            asked_at=now(),
        ),
    )


def make_forward(
    session: Session,
    *,
    proforma: Proforma | None = None,
    to: User | None = None,
    can_approve: bool = False,
    status: ForwardStatus = ForwardStatus.OPEN,
) -> ProformaForward:
    """Put a proforma into another attorney's hands."""
    proforma, to = proforma or make_proforma(session), to or make_user(session, Role.ATTORNEY)
    return add(
        session,
        ProformaForward(
            proforma_id=id_of(proforma),
            owner_id=proforma.reviewer_id,
            from_id=proforma.reviewer_id,
            to_id=id_of(to),
            can_approve=can_approve,
            note="Please look at line 2",
            status=status,
            forwarded_at=now(),
        ),
    )
