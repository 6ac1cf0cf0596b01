"""What the review queue shows beside its rows: how much is in each state, and the flagged lines themselves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, select
from sqlmodel import Session

from core.money import ZERO
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import EntryKind, FindingAction, ProformaStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.review.reviewers import visible_among
from services.rules.finding_fixes import ReadyFix, ready_fix
from services.rules.past_references import references, with_names
from services.tables import table_of

_MOST_PROFORMAS = 500
_P, _F, _L = table_of(Proforma), table_of(ProformaFinding), table_of(ProformaLine)
_Rows = Select[*tuple[Any, ...]]
_URGENCY = {action: place for place, action in enumerate(FindingAction)}


@dataclass(frozen=True)
class StateTotal:
    """How many proformas are in a state and their dollars; clean ones, without any finding, and urgent ones apart."""

    count: int = 0
    amount: Decimal = ZERO
    clean_count: int = 0
    clean_amount: Decimal = ZERO
    urgent_count: int = 0


@dataclass(frozen=True)
class FlaggedLine:
    """One line with one finding that asks for something; `fix` is what one click does. Units are hours or a count."""

    finding_id: int
    line_id: int | None
    line_number: int | None
    kind: EntryKind | None
    worked_on: date | None
    narrative: str
    units: Decimal
    amount: Decimal
    adjustment_amount: Decimal
    rule: str
    action: FindingAction
    message: str
    fix: ReadyFix | None


def review_totals(
    session: Session, actor: Actor, *, reviewer_id: int | None = None, period_end: date | None = None
) -> dict[ProformaStatus, StateTotal]:
    """Return the totals by state of the proformas that the actor may see; states without any are absent."""
    values = {"reviewer_id": reviewer_id, "period_end": period_end}
    asked = _own(actor) | {name: value for name, value in values.items() if value is not None}
    return {
        status: StateTotal(count, total or ZERO, int(clean or 0), clean_total or ZERO)
        for status, count, total, clean, clean_total in session.execute(_totals(frozenset(asked)), asked)
    }


def flagged_lines(
    session: Session, actor: Actor, *, proforma_ids: Collection[int]
) -> dict[int, tuple[FlaggedLine, ...]]:
    """Return the findings of each of the proformas with the line they speak of, what blocks first.

    A proforma without findings, or one that is not the actor's to see, is absent.
    """
    wanted = visible_among(session, actor, list(proforma_ids)[:_MOST_PROFORMAS])
    if not wanted:
        return {}
    rows = session.execute(_findings(), {"proforma_ids": wanted}).all()
    names = references(session, actor, [row.message for row in rows])
    found: dict[int, list[FlaggedLine]] = {}
    for row in rows:
        found.setdefault(row.proforma_id, []).append(_flagged(row, names))
    return {proforma_id: tuple(sorted(lines, key=_urgency)) for proforma_id, lines in found.items()}


def _own(actor: Actor) -> dict[str, Any]:
    return {} if sees_all_matters(actor) else {"me": actor.user_id}


@cache
def _totals(given: frozenset[str]) -> _Rows:
    amount, is_clean = _P.c.billed_amount, _P.c.finding_count == 0
    conditions = {
        "me": _P.c.reviewer_id == bindparam("me"),
        "reviewer_id": _P.c.reviewer_id == bindparam("reviewer_id"),
        "period_end": _P.c.period_end == bindparam("period_end"),
    }
    return (
        select(
            _P.c.status,
            func.count(),
            func.sum(amount),
            func.sum(case((is_clean, 1), else_=0)),
            func.sum(case((is_clean, amount), else_=None)),
        )
        .where(*(condition for name, condition in conditions.items() if name in given))
        .group_by(_P.c.status)
    )


@cache
def _findings() -> _Rows:
    return (
        select(
            _F.c.proforma_id,
            _F.c.id,
            _F.c.proforma_line_id,
            _F.c.rule,
            _F.c.action,
            _F.c.message,
            _F.c.fix,
            _L.c.line_number,
            _L.c.kind,
            _L.c.worked_on,
            _L.c.billed_narrative,
            _L.c.billed_units,
            _L.c.billed_amount,
            _L.c.adjustment_amount,
        )
        .join(_P, _P.c.id == _F.c.proforma_id)
        .outerjoin(_L, _L.c.id == _F.c.proforma_line_id)
        .where(_P.c.id.in_(bindparam("proforma_ids", expanding=True)), _F.c.action != FindingAction.ALLOWED)
        .order_by(_F.c.proforma_id, _L.c.line_number, _F.c.id)
    )


def _urgency(line: FlaggedLine) -> int:
    return _URGENCY[line.action]


def _flagged(found: Row[*tuple[Any, ...]], names: Mapping[str, str]) -> FlaggedLine:
    # Without a line it is a finding about the whole proforma.
    return FlaggedLine(
        finding_id=found.id,
        line_id=found.proforma_line_id,
        line_number=found.line_number,
        kind=found.kind,
        worked_on=found.worked_on,
        narrative=found.billed_narrative or "",
        units=ZERO if found.billed_units is None else found.billed_units,
        amount=ZERO if found.billed_amount is None else found.billed_amount,
        adjustment_amount=ZERO if found.adjustment_amount is None else found.adjustment_amount,
        rule=found.rule,
        action=found.action,
        message=with_names(found.message, names),
        fix=ready_fix(found.fix),
    )
