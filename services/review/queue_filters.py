"""Which proformas a queue shows: whose, in which state, how old, how large; as kept statements, each built once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, exists, or_, select
from sqlalchemy.sql.elements import BindParameter

from core.clock import today
from core.errors import InvalidInputError
from core.money import to_decimal
from models import Matter, MatterPayor, Proforma, ProformaFinding, User
from models.enums import FindingAction, ProformaStatus, Role
from services.access import sees_all_matters
from services.actor import Actor
from services.asked import as_choice, as_day, as_number
from services.listing import ESCAPE, anywhere
from services.review.proforma_queries import WITH_PEOPLE
from services.review.review_policy import Policy
from services.review.reviewers import Standing
from services.tables import one_of, table_of

_P, _M, _U = table_of(Proforma), table_of(Matter), table_of(User)
_F, _PAYOR = table_of(ProformaFinding), table_of(MatterPayor)
_LONGEST_SEARCH = 100
_WHOSE = frozenset({"me", "reviewers", "sent", "in_review"})


class Scope(StrEnum):
    """Whose proformas a queue shows; `mine` is all that waits for the person, by whatever right."""

    MINE = "mine"
    APPROVALS = "approvals"
    TEAM = "team"
    DELEGATED = "delegated"
    FORWARDED = "forwarded"
    URGENT = "urgent"
    ALL = "all"


class Findings(StrEnum):
    """How a proforma stands with its carrier's guidelines."""

    CLEAN = "clean"
    FLAGGED = "flagged"
    BLOCKED = "blocked"


class Age(StrEnum):
    """How urgent a proforma is."""

    URGENT = "urgent"
    OVERDUE = "overdue"
    WEEK = "week"


@dataclass(frozen=True)
class QueueFilter:
    """What a queue was asked for; no states = those that the scope is about."""

    scope: Scope = Scope.MINE
    statuses: tuple[ProformaStatus, ...] = ()
    period_end: date | None = None
    search: str = ""
    carrier_id: int | None = None
    findings: Findings | None = None
    age: Age | None = None
    from_amount: Decimal | None = None


def own_scope(actor: Actor) -> QueueFilter:
    """Return what a person sees first: what waits for an attorney; for others what was returned to billing."""
    if actor.has(Role.ATTORNEY):
        return QueueFilter()
    return QueueFilter(Scope.ALL, (ProformaStatus.RETURNED,))


def filter_asked(actor: Actor, asked: Mapping[str, str]) -> QueueFilter:
    """Return the filter that an address's values ask for; what is no choice filters nothing.

    Raises:
        InvalidInputError: the period is no day, or the amount no number.
    """
    own, scope = own_scope(actor), asked.get("scope", "")
    statuses: tuple[ProformaStatus, ...] = own.statuses if not scope else ()
    if asked.get("status") == "all":
        statuses = tuple(ProformaStatus)
    elif found := as_choice(ProformaStatus, asked.get("status", "")):
        statuses = (found,)
    return QueueFilter(
        scope=as_choice(Scope, scope) or own.scope,
        statuses=statuses,
        period_end=_period(asked.get("period", "")),
        search=asked.get("search", ""),
        carrier_id=as_number(asked.get("carrier", "")),
        findings=as_choice(Findings, asked.get("findings", "")),
        age=as_choice(Age, asked.get("age", "")),
        from_amount=_amount(asked.get("amount", "")),
    )


def _period(text: str) -> date | None:
    if text and as_day(text) is None:
        raise InvalidInputError("The address names a period that is no date. Open the list from Today.")
    return as_day(text) if text else None


def _amount(text: str) -> Decimal | None:
    plain = text.strip().removeprefix("$").replace(",", "")
    try:
        return to_decimal(plain) if plain else None
    except InvalidInputError as wrong:
        message = f"“{text.strip()}” is no number for the amount. Nothing was changed; give digits, as in 1.5."
        raise InvalidInputError(message) from wrong


def asked_of(actor: Actor, wanted: QueueFilter, standing: Standing, policy: Policy) -> dict[str, Any]:
    """Return the conditions by name with what they are about; what the actor may not see is never asked for."""
    scope, statuses = wanted.scope, wanted.statuses
    if scope is Scope.ALL and not sees_all_matters(actor):
        scope = Scope.MINE
    asked = _of_scope(actor, scope, standing, has_statuses=bool(statuses))
    if statuses:
        asked["statuses"] = list(statuses)
    if scope is Scope.URGENT or wanted.age is Age.URGENT:
        asked["is_urgent"] = True
    more = {
        "period_end": wanted.period_end,
        "text": anywhere(wanted.search.strip()[:_LONGEST_SEARCH]) if wanted.search.strip() else None,
        "carrier_id": wanted.carrier_id,
        "findings": wanted.findings,
        "is_overdue": True if wanted.age is Age.OVERDUE else None,
        "is_of_week": True if wanted.age is Age.WEEK else None,
        "from_amount": wanted.from_amount,
    }
    asked |= {name: value for name, value in more.items() if value is not None}
    days = {"today": today(), "urgent_before": policy.urgent_before(), "week_end": policy.week_end()}
    return asked | days


def conditions(names: frozenset[str]) -> list[ColumnElement[bool]]:
    """Return the conditions of these names; see `keys_of`."""
    known = _conditions()
    whose = names & _WHOSE if "ids" in names else frozenset()
    found = [known[name] for name in sorted((names & known.keys()) - whose)]
    if not whose:
        return found
    others = and_(_P.c.id.in_(_many("ids")), one_of(_P.c.status, WITH_PEOPLE))
    return [or_(and_(*(known[name] for name in sorted(whose))), others), *found]


def keys_of(asked: dict[str, Any]) -> frozenset[str]:
    """Return what a kept statement is told apart by: the names, and the values that stand in it literally."""
    literally = {f"findings:{asked['findings']}"} if "findings" in asked else set()
    return frozenset((asked.keys() - {"findings"}) | literally)


def is_urgent() -> ColumnElement[bool]:
    """Return whether a proforma is past due, or has waited too long, while it is with people who decide."""
    late = or_(_P.c.due_on < _bound("today"), _P.c.waiting_since_at < _bound("urgent_before"))
    return and_(one_of(_P.c.status, WITH_PEOPLE), late)


def urgency() -> ColumnElement[int]:
    """Return what puts the urgent ones first."""
    return case((is_urgent(), 0), else_=1)


def _of_scope(actor: Actor, scope: Scope, standing: Standing, *, has_statuses: bool) -> dict[str, Any]:
    if scope is Scope.MINE or (scope is Scope.URGENT and actor.has(Role.ATTORNEY)):
        return _waiting(actor, standing, has_statuses=has_statuses)
    whose: dict[Scope, dict[str, Any]] = {
        Scope.TEAM: {"reviewers": _listed(standing.led)},
        Scope.DELEGATED: _delegated(standing),
        Scope.APPROVALS: {"only": _listed(standing.steps.keys())},
        Scope.FORWARDED: {"only": _listed({*standing.forwarded, *standing.sent})},
    }
    states = {Scope.TEAM: {"with_people": True}, Scope.DELEGATED: {"in_review": True}}
    return whose.get(scope, {}) | ({} if has_statuses else states.get(scope, {}))


def _delegated(standing: Standing) -> dict[str, Any]:
    everybodys = {attorney for attorney, matter in standing.delegated if matter is None}
    some = [(attorney, matter) for attorney, matter in standing.delegated if matter is not None]
    deputing, matters = {attorney for attorney, _ in some}, {matter for _, matter in some}
    return {"principals": _listed(everybodys), "deputing": _listed(deputing), "matters": _listed(matters)}


def _waiting(actor: Actor, standing: Standing, *, has_statuses: bool) -> dict[str, Any]:
    """All that waits for an attorney: the own, what the absent left, what was forwarded, and steps of approval."""
    own: dict[str, Any] = {"me": actor.user_id}
    if standing.absent:
        own = {"reviewers": _listed({actor.user_id, *standing.absent})}
    if has_statuses:
        return own
    own["in_review"] = True
    if standing.sent:
        own["sent"] = _listed(standing.sent)
    if others := {*standing.forwarded, *standing.steps}:
        own["ids"] = _listed(others)
    return own


def _listed(values: Collection[Any]) -> list[Any]:
    # An empty list is asked for as a number that no record has.
    return sorted(values) or [0]


@cache
def _conditions() -> dict[str, ColumnElement[bool]]:
    payor = and_(
        _PAYOR.c.matter_id == _P.c.matter_id,
        _PAYOR.c.carrier_id == _bound("carrier_id"),
        _PAYOR.c.effective_from <= _P.c.period_end,
        or_(_PAYOR.c.effective_to.is_(None), _PAYOR.c.effective_to >= _P.c.period_end),
    )
    blocks = and_(_F.c.proforma_id == _P.c.id, _F.c.action == FindingAction.BLOCK)
    by_some = and_(_P.c.reviewer_id.in_(_many("deputing")), _P.c.matter_id.in_(_many("matters")))
    return {
        "me": _P.c.reviewer_id == _bound("me"),
        "reviewers": _P.c.reviewer_id.in_(_many("reviewers")),
        "sent": _P.c.id.not_in(_many("sent")),
        "only": and_(_P.c.id.in_(_many("only")), one_of(_P.c.status, WITH_PEOPLE)),
        "matters": or_(_P.c.reviewer_id.in_(_many("principals")), by_some),
        "in_review": _P.c.status == ProformaStatus.IN_REVIEW,
        "with_people": one_of(_P.c.status, WITH_PEOPLE),
        "statuses": _P.c.status.in_(_many("statuses")),
        "is_urgent": is_urgent(),
        "is_overdue": _P.c.due_on < _bound("today"),
        "is_of_week": _P.c.due_on <= _bound("week_end"),
        "period_end": _P.c.period_end == _bound("period_end"),
        "text": _holds_text(),
        "carrier_id": exists(select(_PAYOR.c.id).where(payor)),
        f"findings:{Findings.CLEAN}": _P.c.finding_count == 0,
        f"findings:{Findings.FLAGGED}": _P.c.finding_count > 0,
        f"findings:{Findings.BLOCKED}": exists(select(_F.c.id).where(blocks)),
        "from_amount": _P.c.billed_amount >= _bound("from_amount"),
    }


def _holds_text() -> ColumnElement[bool]:
    text = bindparam("text", type_=String())
    claim = _PAYOR.c.claim_number.ilike(text, escape=ESCAPE)
    named = [column.ilike(text, escape=ESCAPE) for column in (_M.c.number, _M.c.name, _U.c.name)]
    return or_(*named, exists(select(_PAYOR.c.id).where(_PAYOR.c.matter_id == _P.c.matter_id, claim)))


def _bound(name: str) -> BindParameter[Any]:
    return bindparam(name)


def _many(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)
