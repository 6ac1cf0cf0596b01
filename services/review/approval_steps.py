"""The steps of a proforma's approval: made by the rules for its amount, asked stage by stage, given, void, passed on.

They follow the proforma: when what it bills changes, an approval given on another edition is void and asked for again.
A firm without rules has no steps, and its attorneys approve alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, WrongStateError
from models import ApprovalRule, Proforma, ProformaApproval
from models.enums import ApprovalStatus, ApproverKind, ProformaStatus, Role, StageMode
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor, system_actor
from services.inserts import every_column
from services.review.approval_rules import REVIEWERS_STAGE, Step, needed_steps, rules_in_force
from services.review.review_notices import ask_approvers, leads_of
from services.review.reviewers import standing_of
from services.row_ids import row_id

_OPEN = frozenset({ApprovalStatus.PENDING, ApprovalStatus.WAITING})
_NOTE = 500


def live_steps(session: Session, proforma_ids: Collection[int]) -> list[ProformaApproval]:
    """Return the steps of these proformas that are not void, by stage."""
    return list(session.scalars(_live(), {"ids": list(proforma_ids)}))


# Asked at every edit, so it is built once.
@cache
def _live() -> Select[ProformaApproval]:
    theirs = col(ProformaApproval.proforma_id).in_(bindparam("ids", expanding=True))
    stands = col(ProformaApproval.status) != ApprovalStatus.VOID
    in_order = col(ProformaApproval.stage), col(ProformaApproval.id)
    return select(ProformaApproval).where(theirs, stands).order_by(*in_order)


def begin_steps(session: Session, proformas: Sequence[Proforma]) -> None:
    """Make the steps of proformas that come to review, in a handful of statements; none for a firm without rules."""
    rules = rules_in_force(session)
    if not rules or not proformas:
        return
    leads = _leads(session, rules, {one.reviewer_id for one in proformas})
    rows = [_new_row(proforma, step) for proforma in proformas for step in _needed(rules, leads, proforma)]
    if rows:
        session.execute(every_column(ProformaApproval), rows)
        made = live_steps(session, [row_id(one) for one in proformas])
        ask_approvers(session, [one for one in made if _is_asked(one)])


def follow(session: Session, proforma: Proforma) -> list[ProformaApproval]:
    """Bring the steps of a proforma in review in line with the rules and with what it bills now; return them."""
    rows, rules = live_steps(session, [row_id(proforma)]), rules_in_force(session)
    if proforma.status is not ProformaStatus.IN_REVIEW or not (rows or rules):
        return rows
    leads = _leads(session, rules, {proforma.reviewer_id})
    needed = {step.key: step for step in _needed(rules, leads, proforma)}
    kept = []
    for row in rows:
        step = needed.get(_key(row))
        if step is None or (row.status is ApprovalStatus.GIVEN and row.edition != proforma.edition):
            _void(session, proforma, row)
            continue
        row.mode, row.rule_id, row.edition = step.mode, step.rule_id, proforma.edition
        kept.append(row)
        del needed[step.key]
    made = [ProformaApproval(**_new_row(proforma, step)) for step in needed.values()]
    session.add_all(made)
    session.flush()
    ask_approvers(session, [one for one in made if _is_asked(one)])
    return sorted([*kept, *made], key=lambda row: (row.stage, row.id or 0))


def give_own(session: Session, actor: Actor, proforma: Proforma, steps: Sequence[ProformaApproval], note: str) -> None:
    """Give the responsible attorney's own step, and ask the next; the proforma has been moved on by the caller."""
    own = next(step for step in steps if step.is_reviewer)
    _give(session, actor, proforma, own, note)
    _advance(session, actor, proforma, steps)


def give_step(session: Session, actor: Actor, proforma: Proforma, *, note: str = "") -> None:
    """Give the step that waits for the actor, or for whom the actor stands in; with the last one it is approved.

    Raises:
        DeniedError: none waits for this person, or he or she has given another step of it.
        WrongStateError: what is billed changed since it was asked for.
    """
    steps = live_steps(session, [row_id(proforma)])
    step = waiting_step(session, actor, steps)
    if step is None:
        raise DeniedError("Your approval of this is not asked for. Nothing was changed; go back to the list.")
    given = next((one for one in steps if one.given_by_id == actor.user_id), None)
    if given is not None:
        message = (
            f"You have given stage {given.stage} of it already, and nobody approves twice. Nothing was changed; "
            "an administrator can ask somebody else."
        )
        raise DeniedError(message, proforma_id=proforma.id)
    if step.edition != proforma.edition:
        raise WrongStateError("It was changed since you were asked. Nothing was approved; look at it again first.")
    who = actor if step.approver_id in (None, actor.user_id) else replace(actor, on_behalf_of_id=step.approver_id)
    _give(session, who, proforma, step, note)
    audit.record(session, who, "proforma:step_given", "proforma", row_id(proforma), note=note, stage=step.stage)
    _advance(session, who, proforma, steps)


def waiting_step(session: Session, actor: Actor, steps: Sequence[ProformaApproval]) -> ProformaApproval | None:
    """Return the step that waits for the actor: the own first, then one in somebody's place."""
    waiting = [step for step in steps if step.status is ApprovalStatus.WAITING and not step.is_reviewer]
    own = [step for step in waiting if step.approver_id is not None and step.approver_id == actor.user_id]
    if own or not waiting:
        return own[0] if own else None
    standing = standing_of(session, actor)
    return next((step for step in waiting if _stands_for(actor, step, standing.steps)), None)


def reopen_steps(session: Session, actor: Actor, proforma: Proforma) -> None:
    """Take the attorney's own step back and what follows from it; what others gave holds while nothing changes."""
    for row in live_steps(session, [row_id(proforma)]):
        if row.is_reviewer or row.status is not ApprovalStatus.GIVEN:
            lifecycle.apply(session, actor, row, "void")
    follow(session, proforma)


def end_steps(session: Session, actor: Actor, proforma_ids: Collection[int]) -> int:
    """Make every step of these proformas void: they leave the review without having been approved. Return how many."""
    where = col(ProformaApproval.proforma_id).in_(proforma_ids)
    return lifecycle.apply_many(session, actor, ProformaApproval, "void", where)


def _needed(rules: Sequence[ApprovalRule], leads: dict[int, int], proforma: Proforma) -> list[Step]:
    return needed_steps(
        rules,
        matter_id=proforma.matter_id,
        amount=proforma.billed_amount,
        reviewer_id=proforma.reviewer_id,
        lead_id=leads.get(proforma.reviewer_id),
    )


def _leads(session: Session, rules: Sequence[ApprovalRule], reviewer_ids: set[int]) -> dict[int, int]:
    is_asked = any(rule.approver_kind is ApproverKind.TEAM_LEAD for rule in rules)
    return leads_of(session, reviewer_ids) if is_asked else {}


def _new_row(proforma: Proforma, step: Step) -> dict[str, Any]:
    is_first = step.stage == REVIEWERS_STAGE
    return {
        "proforma_id": row_id(proforma),
        "rule_id": step.rule_id,
        "stage": step.stage,
        "approver_kind": step.kind,
        "approver_id": step.approver_id,
        "mode": step.mode,
        "is_reviewer": step.is_reviewer,
        "status": ApprovalStatus.WAITING if is_first else ApprovalStatus.PENDING,
        "version": 1,
        "edition": proforma.edition,
        "asked_at": now() if is_first else None,
        "given_at": None,
        "given_by_id": None,
        "note": "",
    }


def _key(row: ProformaApproval) -> tuple[int, ApproverKind, int | None]:
    return row.stage, row.approver_kind, row.approver_id


def _is_asked(row: ProformaApproval) -> bool:
    return row.status is ApprovalStatus.WAITING and not row.is_reviewer


def _stands_for(actor: Actor, step: ProformaApproval, stands_for: Mapping[int, int | None]) -> bool:
    if step.approver_kind is ApproverKind.ADMIN:
        return actor.has(Role.ADMIN)
    return step.approver_id is not None and stands_for.get(step.proforma_id) == step.approver_id


def _void(session: Session, proforma: Proforma, row: ProformaApproval) -> None:
    was_given, by_id = row.status is ApprovalStatus.GIVEN, row.given_by_id
    lifecycle.apply(session, system_actor(), row, "void")
    if was_given:
        subject = ("proforma:step_void", "proforma", row_id(proforma))
        audit.record(session, system_actor(), *subject, stage=row.stage, given_by_id=by_id, edition=row.edition)


def _give(session: Session, actor: Actor, proforma: Proforma, step: ProformaApproval, note: str) -> None:
    lifecycle.apply(session, actor, step, "give", note, stage=step.stage, proforma_id=row_id(proforma))
    step.given_at, step.given_by_id, step.note = now(), person_id(actor), note.strip()[:_NOTE]
    step.edition = proforma.edition
    session.flush()


def _advance(session: Session, actor: Actor, proforma: Proforma, steps: Sequence[ProformaApproval]) -> None:
    """Ask the first stage that is not complete; with none left the proforma is approved."""
    for _, rows in groupby(steps, key=lambda step: step.stage):
        stage = list(rows)
        if not _is_complete(stage):
            _ask(session, actor, [step for step in stage if step.status is ApprovalStatus.PENDING])
            if proforma.status is ProformaStatus.IN_APPROVAL:
                proforma.waiting_since_at = now()
            return
        for step in stage:
            if step.status in _OPEN:
                lifecycle.apply(session, actor, step, "spare")
    if proforma.status is ProformaStatus.IN_APPROVAL:
        lifecycle.apply(session, actor, proforma, "complete")


def _is_complete(stage: Sequence[ProformaApproval]) -> bool:
    given = [step.status is ApprovalStatus.GIVEN for step in stage if step.mode is StageMode.ALL]
    one_of = [step.status is ApprovalStatus.GIVEN for step in stage if step.mode is StageMode.ANY]
    return all(given) and (not one_of or any(one_of))


def _ask(session: Session, actor: Actor, steps: Sequence[ProformaApproval]) -> None:
    for step in steps:
        lifecycle.apply(session, actor, step, "ask")
        step.asked_at = now()
    session.flush()
    ask_approvers(session, steps)
