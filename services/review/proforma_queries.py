"""Reading proformas: lists in keyset pages, and one with every value as worked, as entered and as billed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select
from sqlmodel import Session, col

from core.clock import today
from core.db import once
from core.errors import NotFoundError
from models import AuditEvent, Matter, Proforma, User
from models.enums import ProformaStatus, Role
from services import lifecycle
from services.access import sees_all_matters
from services.actor import Actor
from services.billing.payors import NamedPayor, in_force, load_payors
from services.review.edit_steps import StepRow, steps_of
from services.review.proforma_lines import FindingRow, LineRow, proforma_lines
from services.review.reviewers import may_review, may_see
from services.review.verbs import verbs_of
from services.tables import table_of

_Rows = Select[*tuple[Any, ...]]
_P, _M, _U, _E = table_of(Proforma), table_of(Matter), table_of(User), table_of(AuditEvent)
_COLUMNS = tuple(Proforma.model_fields)
# What every page and every part of one asks is built once.
_OF_RECORD = _E.c.subject_type == bindparam("kind"), _E.c.subject_id == bindparam("key")
_EVENTS = select(func.count()).where(*_OF_RECORD).scalar_subquery()
_PULSE = select(_P.c.version, _EVENTS).where(_P.c.id == bindparam("key"))
_HISTORY = (
    select(_E.c.id, _E.c.at, _E.c.tag, _E.c.note, _E.c.data, _U.c.name)
    .outerjoin(_U, _U.c.id == _E.c.actor_id)
    .where(*_OF_RECORD)
    .order_by(_E.c.id.desc())
)
WITH_BILLING = (ProformaStatus.DRAFT, ProformaStatus.RETURNED)
WITH_ATTORNEY = (ProformaStatus.IN_REVIEW,)
WITH_PEOPLE = (ProformaStatus.IN_REVIEW, ProformaStatus.IN_APPROVAL)


@dataclass(frozen=True)
class ProformaFilter:
    """Which proformas to list; empty = all that the actor may see."""

    statuses: Collection[ProformaStatus] = ()
    run_id: int | None = None
    reviewer_id: int | None = None
    matter_id: int | None = None
    period_end: date | None = None


@dataclass(frozen=True)
class SeenProforma:
    """A proforma that somebody may see, as far as the parts of its page need it."""

    id: int
    reviewer_id: int
    matter_id: int
    status: ProformaStatus
    period_end: date


_SEEN = tuple(SeenProforma.__dataclass_fields__)


@dataclass(frozen=True)
class ProformaRow:
    """One proforma in a list; its carrier is the leading one, whose rules apply. Amounts in dollars."""

    id: int
    version: int
    matter_id: int
    matter_number: str
    matter_name: str
    carrier_id: int | None
    carrier_name: str
    reviewer_id: int
    reviewer_name: str
    status: ProformaStatus
    period_start: date
    period_end: date
    due_on: date
    is_overdue: bool
    line_count: int
    finding_count: int
    worked_amount: Decimal
    billed_amount: Decimal
    return_note: str
    waiting_since_at: datetime | None = None


@dataclass(frozen=True)
class HistoryRow:
    """One event of a record's history."""

    at: datetime
    tag: str
    actor_name: str
    note: str
    data: dict[str, Any]


@dataclass(frozen=True)
class ProformaDetail:
    """One proforma; `verbs` are (verb, label) pairs that this actor may carry out now.

    `findings` are about the bill as a whole. Who may edit codes may propose a split too; who `may_allow` records what
    the carrier allowed. `steps` are the latest steps of editing. `pulse` is another after each change, see `pulse_of`.
    """

    row: ProformaRow
    lines: tuple[LineRow, ...]
    findings: tuple[FindingRow, ...]
    history: tuple[HistoryRow, ...]
    verbs: tuple[tuple[str, str], ...]
    may_edit: bool
    may_edit_codes: bool
    may_allow: bool
    steps: tuple[StepRow, ...] = ()
    held_until: date | None = None
    hold_reason: str = ""
    pulse: tuple[int, int] = (0, 0)


def list_proformas(
    session: Session,
    actor: Actor,
    *,
    wanted: ProformaFilter | None = None,
    limit: int = 50,
    after: tuple[date, int] | None = None,
) -> list[ProformaRow]:
    """Return proformas by due day; an attorney sees those he or she reviews."""
    asked = _asked(actor, wanted or ProformaFilter())
    if after is not None:
        asked |= {"after_due_on": after[0], "after_id": after[1]}
    rows = session.execute(_listed(frozenset(asked)), {**asked, "limit": limit}).all()
    return proforma_rows(session, rows)


def proforma_rows(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> list[ProformaRow]:
    """Return what `headers` found as rows, each with the carriers in force for its period."""
    payors = load_payors(session, {row.matter_id for row in found})
    return [_row(row, payors) for row in found]


def get_proforma(session: Session, actor: Actor, *, proforma_id: int) -> ProformaDetail:
    """Return one proforma with lines, findings, history and what may be done.

    Raises:
        NotFoundError: there is none, or it is another attorney's.
    """
    # Read first and with the pulse: what is read below is at least as new.
    header = header_of(session, proforma_id)
    # A copy that belongs to no session: it is asked about and never changed.
    proforma = None if header is None else Proforma(**{name: getattr(header, name) for name in _COLUMNS})
    if header is None or proforma is None or not may_see(session, actor, proforma):
        raise _none_of_yours(proforma_id)
    is_open = proforma.status in {ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW, ProformaStatus.RETURNED}
    is_reviewer = may_review(session, actor, proforma)
    lines, findings = proforma_lines(session, actor, proforma_id)
    return ProformaDetail(
        row=_row(header, load_payors(session, [proforma.matter_id])),
        lines=lines,
        findings=findings,
        history=history_of(session, "proforma", proforma_id),
        verbs=verbs_of(session, actor, proforma),
        may_edit=is_open and is_reviewer,
        may_edit_codes=is_open and (is_reviewer or actor.has(Role.BILLER)),
        may_allow=is_open and (is_reviewer or actor.has(Role.BILLER, Role.ADMIN)),
        steps=tuple(steps_of(session, proforma_id)),
        held_until=proforma.held_until,
        hold_reason=proforma.hold_reason,
        pulse=(header.version, header.event_count),
    )


def pulse_of(session: Session, proforma_id: int) -> tuple[int, int]:
    """Return a proforma's version and the number of its events: the same as before when nothing was done to it."""
    found = session.execute(_PULSE, {"kind": "proforma", "key": proforma_id}).one_or_none()
    return (0, 0) if found is None else (found[0], found[1])


def visible_proforma(session: Session, actor: Actor, proforma_id: int, *, is_locked: bool = False) -> Proforma:
    """Return a proforma that the actor may see, locked as by `lifecycle.get`.

    Raises:
        NotFoundError: there is none, or it is another attorney's for whom the actor does not act.
    """
    proforma: Proforma = lifecycle.get(session, Proforma, proforma_id, is_locked=is_locked)
    if not may_see(session, actor, proforma):
        raise _none_of_yours(proforma_id)
    return proforma


def seen_proforma(session: Session, actor: Actor, proforma_id: int) -> SeenProforma:
    """Return what parts of a page need of a proforma that the actor may see.

    Raises:
        NotFoundError: as `visible_proforma`.
    """
    found = header_of(session, proforma_id)
    seen = None if found is None else SeenProforma(*(getattr(found, name) for name in _SEEN))
    if seen is None or not may_see(session, actor, seen):
        raise _none_of_yours(proforma_id)
    return seen


def _none_of_yours(proforma_id: int) -> NotFoundError:
    message = "There is no such proforma among yours. Nothing was changed; go back to the list."
    return NotFoundError(message, proforma_id=proforma_id)


def history_of(session: Session, subject_type: str, subject_id: int) -> tuple[HistoryRow, ...]:
    """Return what happened to a record, the newest first."""
    events = session.execute(_HISTORY, {"kind": subject_type, "key": subject_id}).all()
    others = _in_whose_place(session, [event for event in events if event.name])
    return tuple(
        HistoryRow(
            event.at, event.tag, f"{event.name or 'The portal'}{others.get(event.id, '')}", event.note, event.data
        )
        for event in events
    )


def _in_whose_place(session: Session, events: list[Row[*tuple[Any, ...]]]) -> dict[int | None, str]:
    """Return ' for Ana Reyes' of each event that a person did in another's place, by the event."""
    ids = {event.id: event.data["on_behalf_of_id"] for event in events if event.data.get("on_behalf_of_id")}
    if not ids:
        return {}
    people = select(col(User.id), col(User.name)).where(col(User.id).in_(set(ids.values())))
    names = dict(session.execute(people).all())
    return {event_id: f" for {names[user_id]}" for event_id, user_id in ids.items() if user_id in names}


def header_of(session: Session, proforma_id: int) -> Row[*tuple[Any, ...]] | None:
    """Return a proforma's columns with the names that a list shows and the number of its events, asked once a read."""
    asked = {"kind": "proforma", "key": proforma_id}
    return once(session, ("proforma", proforma_id), lambda: session.execute(_with_pulse(), asked).one_or_none())


def headers() -> _Rows:
    """Return the statement of proformas with the names that a list shows."""
    return (
        select(
            _P,
            _M.c.number.label("matter_number"),
            _M.c.name.label("matter_name"),
            _U.c.name.label("reviewer_name"),
        )
        .join(_M, _M.c.id == _P.c.matter_id)
        .join(_U, _U.c.id == _P.c.reviewer_id)
    )


@cache
def _with_pulse() -> _Rows:
    return headers().add_columns(_EVENTS.label("event_count")).where(_P.c.id == bindparam("key"))


@cache
def _listed(given: frozenset[str]) -> _Rows:
    """Return the list's statement for the filters given, each by its name; built once for every set of them."""
    conditions = {
        "me": _P.c.reviewer_id == bindparam("me"),
        "status": _P.c.status == bindparam("status"),
        "statuses": _P.c.status.in_(bindparam("statuses", expanding=True)),
        "run_id": _P.c.billing_run_id == bindparam("run_id"),
        "reviewer_id": _P.c.reviewer_id == bindparam("reviewer_id"),
        "matter_id": _P.c.matter_id == bindparam("matter_id"),
        "period_end": _P.c.period_end == bindparam("period_end"),
        "after_id": or_(
            _P.c.due_on > bindparam("after_due_on"),
            and_(_P.c.due_on == bindparam("after_due_on"), _P.c.id > bindparam("after_id")),
        ),
    }
    wanted = [condition for name, condition in conditions.items() if name in given]
    return headers().where(*wanted).order_by(_P.c.due_on, _P.c.id).limit(bindparam("limit"))


def _asked(actor: Actor, wanted: ProformaFilter) -> dict[str, Any]:
    statuses = list(wanted.statuses)
    values = {
        "status": statuses[0] if len(statuses) == 1 else None,
        "statuses": statuses if len(statuses) > 1 else None,
        "run_id": wanted.run_id,
        "reviewer_id": wanted.reviewer_id,
        "matter_id": wanted.matter_id,
        "period_end": wanted.period_end,
    }
    asked = {name: value for name, value in values.items() if value is not None}
    return asked if sees_all_matters(actor) else {**asked, "me": actor.user_id}


def _row(found: Row[*tuple[Any, ...]], of_matters: dict[int, list[NamedPayor]]) -> ProformaRow:
    payors = in_force(of_matters.get(found.matter_id, []), found.period_end)
    return ProformaRow(
        id=found.id,
        version=found.version,
        matter_id=found.matter_id,
        matter_number=found.matter_number,
        matter_name=found.matter_name,
        carrier_id=payors[0].carrier_id if payors else None,
        carrier_name=" + ".join(payor.carrier_name for payor in payors),
        reviewer_id=found.reviewer_id,
        reviewer_name=found.reviewer_name,
        status=found.status,
        period_start=found.period_start,
        period_end=found.period_end,
        due_on=found.due_on,
        is_overdue=found.status in {*WITH_BILLING, *WITH_PEOPLE} and found.due_on < today(),
        line_count=found.line_count,
        finding_count=found.finding_count,
        worked_amount=found.worked_amount,
        billed_amount=found.billed_amount,
        return_note=found.return_note,
        waiting_since_at=found.waiting_since_at,
    )
