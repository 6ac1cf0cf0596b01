"""Which approvals a proforma needs besides its responsible attorney's: the firm's rules by matter and by amount.

Rules add up. One person is asked once, at the latest stage that names the person; a rule that names the responsible
attorney is met by that attorney's own approval. Where there is no lead, any administrator approves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sqlalchemy import Select, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError
from core.money import as_text, round_half_up
from models import ApprovalRule, Matter, User
from models.enums import ApproverKind, Role, StageMode, TermStatus
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.review.people import check_person
from services.row_ids import row_id

REVIEWERS_STAGE, LAST_STAGE = 1, 9
_HIGHEST = Decimal(100_000_000)


@dataclass(frozen=True)
class Step:
    """One approval that is needed; `is_reviewer` is the responsible attorney's own."""

    stage: int
    kind: ApproverKind
    approver_id: int | None
    mode: StageMode = StageMode.ALL
    rule_id: int | None = None
    is_reviewer: bool = False

    @property
    def key(self) -> tuple[int, ApproverKind, int | None]:
        """What makes it the same step as one that was made before."""
        return self.stage, self.kind, self.approver_id


@dataclass(frozen=True)
class RuleRow:
    """One rule as an administrator sees it."""

    id: int
    version: int
    matter_number: str
    from_amount: Decimal
    stage: int
    kind: ApproverKind
    approver_name: str
    mode: StageMode


def needed_steps(
    rules: Iterable[ApprovalRule], *, matter_id: int, amount: Decimal, reviewer_id: int, lead_id: int | None
) -> list[Step]:
    """Return the approvals that a proforma needs, the responsible attorney's first; none where that one suffices."""
    found: dict[object, Step] = {}
    for rule in sorted(rules, key=lambda rule: (rule.stage, rule.id or 0)):
        if rule.matter_id not in (None, matter_id) or amount < rule.from_amount:
            continue
        kind, person = _approver(rule, lead_id)
        if person == reviewer_id:
            continue
        who = person if person is not None else ApproverKind.ADMIN
        found[who] = Step(rule.stage, kind, person, rule.mode, rule.id)
    if not found:
        return []
    own = Step(REVIEWERS_STAGE, ApproverKind.PERSON, reviewer_id, is_reviewer=True)
    return [own, *sorted(found.values(), key=lambda step: (step.stage, step.rule_id or 0))]


def rules_in_force(session: Session) -> list[ApprovalRule]:
    """Return the rules that new steps are made by."""
    return list(session.scalars(_in_force()))


# Asked at every edit, so it is built once.
@cache
def _in_force() -> Select[ApprovalRule]:
    statement = select(ApprovalRule).where(col(ApprovalRule.status) == TermStatus.IN_FORCE)
    return statement.order_by(col(ApprovalRule.stage), col(ApprovalRule.id))


def add_rule(
    session: Session,
    actor: Actor,
    *,
    stage: int,
    from_amount: Decimal,
    kind: ApproverKind,
    approver_id: int | None = None,
    mode: StageMode = StageMode.ALL,
    matter_number: str = "",
) -> ApprovalRule:
    """Ask for one more approval from an amount on; of what waits already it holds once the attorney approves it.

    Raises:
        DeniedError: only administrators.
        InvalidInputError: the stage, the amount, the person or the matter cannot be.
    """
    require(actor, Role.ADMIN, what="Setting who approves")
    _check(stage, from_amount, mode)
    person = _checked_person(session, kind, approver_id)
    matter = _matter(session, matter_number)
    rule = ApprovalRule(
        matter_id=row_id(matter) if matter else None,
        from_amount=from_amount,
        stage=stage,
        approver_kind=kind,
        approver_id=person,
        mode=mode,
        made_by_id=person_id(actor),
        made_at=now(),
    )
    _check_new(session, rule)
    session.add(rule)
    session.flush()
    audit.record(
        session, actor, "approval_rule:made", "approval_rule", row_id(rule), stage=stage, kind=kind.value,
        approver_id=person, matter=matter.number if matter else "", from_amount=as_text(from_amount), mode=mode.value,
    )  # fmt: skip
    return rule


def end_rule(session: Session, actor: Actor, *, rule_id: int, expected_version: int) -> ApprovalRule:
    """Ask for an approval no longer; steps that were made from it stay until the proforma changes.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    rule: ApprovalRule = lifecycle.get(session, ApprovalRule, rule_id)
    lifecycle.apply(session, actor, rule, "end", expected_version=expected_version)
    return rule


def list_rules(session: Session, actor: Actor) -> list[RuleRow]:
    """Return the rules in force by stage and amount."""
    require(actor, Role.ADMIN, what="Listing who approves")
    statement = (
        select(ApprovalRule, col(Matter.number), col(User.name))
        .outerjoin(Matter, col(Matter.id) == col(ApprovalRule.matter_id))
        .outerjoin(User, col(User.id) == col(ApprovalRule.approver_id))
        .where(col(ApprovalRule.status) == TermStatus.IN_FORCE)
        .order_by(col(ApprovalRule.stage), col(ApprovalRule.from_amount), col(ApprovalRule.id))
    )
    return [
        RuleRow(
            row_id(rule), rule.version, number or "", rule.from_amount, rule.stage, rule.approver_kind, name or "",
            rule.mode,
        )
        for rule, number, name in session.execute(statement)
    ]  # fmt: skip


def _approver(rule: ApprovalRule, lead_id: int | None) -> tuple[ApproverKind, int | None]:
    if rule.approver_kind is ApproverKind.TEAM_LEAD:
        return (ApproverKind.TEAM_LEAD, lead_id) if lead_id is not None else (ApproverKind.ADMIN, None)
    return rule.approver_kind, rule.approver_id if rule.approver_kind is ApproverKind.PERSON else None


def _check(stage: int, from_amount: Decimal, mode: StageMode) -> None:
    if not REVIEWERS_STAGE <= stage <= LAST_STAGE:
        message = (
            f"Give a stage between {REVIEWERS_STAGE} and {LAST_STAGE}; the attorney is stage 1. Nothing was saved."
        )
        raise InvalidInputError(message)
    if stage == REVIEWERS_STAGE and mode is StageMode.ANY:
        message = "At stage 1 the responsible attorney always approves, so one of several cannot suffice there."
        raise InvalidInputError(f"{message} Nothing was saved; choose a later stage.")
    if not 0 <= from_amount <= _HIGHEST or from_amount != round_half_up(from_amount):
        raise InvalidInputError("Give the amount from which it holds, 0 for every bill. Nothing was saved.")


def _checked_person(session: Session, kind: ApproverKind, approver_id: int | None) -> int | None:
    if kind is not ApproverKind.PERSON:
        return None
    if approver_id is None:
        raise InvalidInputError("Say who approves. Nothing was saved; choose a person.")
    return check_person(session, approver_id, Role.ATTORNEY, Role.ADMIN, as_what="approve")


def _matter(session: Session, number: str) -> Matter | None:
    if not number.strip():
        return None
    found = session.scalars(select(Matter).where(col(Matter.number) == number.strip())).first()
    if found is None:
        raise InvalidInputError(f"There is no matter {number.strip()}. Nothing was saved; leave it empty for all.")
    return found


def _check_new(session: Session, rule: ApprovalRule) -> None:
    names = ("matter_id", "from_amount", "stage", "approver_kind", "approver_id")
    alike = [known for known in rules_in_force(session) if _values(known, names) == _values(rule, names)]
    if alike:
        raise InvalidInputError("There is such a rule already. Nothing was saved; end it first to change it.")


def _values(rule: ApprovalRule, names: Sequence[str]) -> list[object]:
    return [getattr(rule, name) for name in names]
