"""What a carrier's handler allowed, recorded beside a finding of a proforma, which is checked again at once."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from core.errors import InvalidInputError
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import FindingAction
from services import audit, lifecycle
from services.actor import Actor
from services.review.line_edits import check_open, settle
from services.review.proforma_findings import leading_carrier, lines_of
from services.review.proforma_queries import visible_proforma
from services.review.reviewers import acting
from services.row_ids import row_id
from services.rules.findings import CHARACTERS, CODE_NOT_TAKEN
from services.rules.guideline_exceptions import grant_exception, revoke_exception

# The file itself, or the site, refuses these whatever a handler says.
NOT_TO_ALLOW = frozenset({CHARACTERS, CODE_NOT_TAKEN})


@dataclass(frozen=True, kw_only=True)
class Permission:
    """What was allowed: by whom, on which day, where it is written, for how much of the work, until which day of it."""

    handler: str
    granted_on: date
    reference: str = ""
    note: str = ""
    all_matters: bool = False
    everybody: bool = False
    work_to: date | None = None


def allow_finding(
    session: Session, actor: Actor, *, finding_id: int, expected_version: int, permission: Permission
) -> Proforma:
    """Record the permission for the finding's rule and check the proforma again; others see it at their next check.

    Raises:
        InvalidInputError: nobody can allow it, or a fact is missing.
        DeniedError: the actor may not record it for so much work.
        StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    finding, proforma = _open(session, actor, finding_id, expected_version)
    if finding.rule in NOT_TO_ALLOW or finding.action is FindingAction.ALLOWED:
        raise InvalidInputError("No permission lifts this. Nothing was saved; correct the line.")
    line = session.get(ProformaLine, finding.proforma_line_id) if finding.proforma_line_id is not None else None
    payor, _ = leading_carrier(session, proforma)
    rule = finding.rule_id or finding.rule
    granted = grant_exception(
        session,
        actor,
        carrier_id=payor.carrier_id,
        rule=rule,
        handler=permission.handler,
        granted_on=permission.granted_on,
        matter_id=None if permission.all_matters else proforma.matter_id,
        timekeeper_id=None if permission.everybody or line is None else line.timekeeper_id,
        work_to=permission.work_to,
        reference=permission.reference,
        note=permission.note,
    )
    _check_again(session, actor, proforma, "proforma:allowed", row_id(granted), rule)
    return proforma


def take_back(session: Session, actor: Actor, *, finding_id: int, expected_version: int) -> Proforma:
    """Revoke the permission that an allowed finding quotes, and check the proforma again."""
    finding, proforma = _open(session, actor, finding_id, expected_version)
    if finding.exception_id is None:
        raise InvalidInputError("This finding quotes no permission. Nothing was changed.")
    revoked = revoke_exception(session, actor, exception_id=finding.exception_id)
    _check_again(session, actor, proforma, "proforma:permission_taken_back", row_id(revoked), revoked.rule)
    return proforma


def _open(session: Session, actor: Actor, finding_id: int, expected_version: int) -> tuple[ProformaFinding, Proforma]:
    finding: ProformaFinding = lifecycle.get(session, ProformaFinding, finding_id)
    proforma = visible_proforma(session, actor, finding.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_open(proforma, expected_version)
    return finding, proforma


def _check_again(session: Session, actor: Actor, proforma: Proforma, tag: str, exception_id: int, rule: str) -> None:
    proforma_id = row_id(proforma)
    settle(session, proforma, lines_of(session, proforma_id))
    who = acting(session, actor, proforma)
    audit.record(session, who, tag, "proforma", proforma_id, rule=rule, exception_id=exception_id)
