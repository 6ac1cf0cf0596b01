"""What the review queue shows beside its rows: how much is in each state, and the flagged lines themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from core.money import ZERO
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import EntryKind, FindingAction, ProformaStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.row_ids import row_id

_MOST_PROFORMAS = 500


@dataclass(frozen=True)
class StateTotal:
    """How many proformas are in a state and their dollars; the clean ones, without any finding, apart."""

    count: int = 0
    amount: Decimal = ZERO
    clean_count: int = 0
    clean_amount: Decimal = ZERO


@dataclass(frozen=True)
class FlaggedLine:
    """One line with one finding; `has_fix` when one click mends it. Units are hours or a count."""

    finding_id: int
    line_id: int | None
    line_number: int | None
    kind: EntryKind | None
    worked_on: date | None
    narrative: str
    units: Decimal
    amount: Decimal
    rule: str
    action: FindingAction
    message: str
    has_fix: bool


def review_totals(
    session: Session, actor: Actor, *, reviewer_id: int | None = None, period_end: date | None = None
) -> dict[ProformaStatus, StateTotal]:
    """Return the totals by state of the proformas that the actor may see; states without any are absent."""
    amount, is_clean = col(Proforma.billed_amount), col(Proforma.finding_count) == 0
    statement = (
        select(
            col(Proforma.status),
            func.count(),
            func.sum(amount),
            func.sum(case((is_clean, 1), else_=0)),
            func.sum(case((is_clean, amount), else_=None)),
        )
        .where(*_visible(actor))
        .group_by(col(Proforma.status))
    )
    if reviewer_id is not None:
        statement = statement.where(col(Proforma.reviewer_id) == reviewer_id)
    if period_end is not None:
        statement = statement.where(col(Proforma.period_end) == period_end)
    return {
        status: StateTotal(count, total or ZERO, int(clean or 0), clean_total or ZERO)
        for status, count, total, clean, clean_total in session.execute(statement)
    }


def flagged_lines(
    session: Session, actor: Actor, *, proforma_ids: Collection[int]
) -> dict[int, tuple[FlaggedLine, ...]]:
    """Return the findings of each of the proformas with the line they speak of, what blocks first.

    A proforma without findings, or one that is not the actor's to see, is absent.
    """
    statement = (
        select(ProformaFinding, ProformaLine)
        .join(Proforma, col(Proforma.id) == col(ProformaFinding.proforma_id))
        .outerjoin(ProformaLine, col(ProformaLine.id) == col(ProformaFinding.proforma_line_id))
        .where(col(Proforma.id).in_(list(proforma_ids)[:_MOST_PROFORMAS]), *_visible(actor))
        .order_by(col(ProformaFinding.proforma_id), col(ProformaLine.line_number), col(ProformaFinding.id))
    )
    found: dict[int, list[FlaggedLine]] = {}
    for finding, line in session.execute(statement):
        found.setdefault(finding.proforma_id, []).append(_flagged(finding, line))
    return {proforma_id: tuple(sorted(lines, key=_urgency)) for proforma_id, lines in found.items()}


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    return [] if sees_all_matters(actor) else [col(Proforma.reviewer_id) == actor.user_id]


def _urgency(line: FlaggedLine) -> int:
    return list(FindingAction).index(line.action)


def _flagged(finding: ProformaFinding, line: ProformaLine | None) -> FlaggedLine:
    return FlaggedLine(
        finding_id=row_id(finding),
        line_id=finding.proforma_line_id,
        line_number=line.line_number if line else None,
        kind=line.kind if line else None,
        worked_on=line.worked_on if line else None,
        narrative=line.billed_narrative if line else "",
        units=line.billed_units if line else ZERO,
        amount=line.billed_amount if line else ZERO,
        rule=finding.rule,
        action=finding.action,
        message=finding.message,
        has_fix=finding.action is FindingAction.REDUCE,
    )
