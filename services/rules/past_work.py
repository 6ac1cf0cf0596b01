"""The work that a bill's own lines do not show: the same people's other time, and the matter's other expenses.

What counts is what somebody has attested: submitted, released, held and billed time on every matter, as billed where it
is billed and as entered where it is not. Drafts may still change or go, so a bill is never held up by them; only the
person who types an entry is shown their own. What was written off is charged to nobody and does not count.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, or_, select
from sqlmodel import Session

from guidelines.history import History, PastLine
from models import Expense, Invoice, Matter, Proforma, ProformaLine, TimeEntry, Timekeeper
from models.enums import DocumentStatus, EntryKind, EntryStatus, LineTreatment, ProformaStatus
from services.rules.past_references import marker
from services.tables import one_of, table_of

COUNTED = (EntryStatus.SUBMITTED, EntryStatus.RELEASED, EntryStatus.HELD, EntryStatus.BILLED)
_STANDING = (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
_AT_ONCE = 5000
# Above, everybody's days are read of everybody: one bill has few people, a month has hundreds.
_FEW_PEOPLE = 12
_Statement = Select[*tuple[Any, ...]]
_T, _X, _M, _WHO = table_of(TimeEntry), table_of(Expense), table_of(Matter), table_of(Timekeeper)
_L, _P, _I = table_of(ProformaLine), table_of(Proforma), table_of(Invoice)


@dataclass(frozen=True)
class PersonDay:
    """One timekeeper, by code, on one day of work."""

    timekeeper_code: str
    worked_on: date


@dataclass(frozen=True)
class _Billing:
    """What became of an entry on proformas: units billed so far, whether it bills at all, and its invoice."""

    units: Decimal | None
    is_written_off: bool
    is_invoiced: bool


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which past work to read.

    Attributes:
        days: whose time of which days, on any matter.
        matter_ids: matters whose own time and expenses count, from `since` (None = ever) to `until`.
        drafts_of: code of a timekeeper whose drafts count too.
        own: sources of entries that are left out, as those of a bill that is checked alone.
    """

    days: frozenset[PersonDay] = frozenset()
    matter_ids: frozenset[int] = frozenset()
    since: date | None = None
    until: date | None = None
    drafts_of: str = ""
    own: frozenset[str] = frozenset()


def load_past_work(session: Session, wanted: Wanted) -> History:
    """Read it in at most five statements, whatever the number of people, days and matters."""
    return History([*_fees(session, wanted), *_expenses(session, wanted)])


def _fees(session: Session, wanted: Wanted) -> Iterator[PastLine]:
    found: dict[int, Row[Any]] = {}
    also = {"drafts_of": wanted.drafts_of} if wanted.drafts_of else {}
    also |= _besides(wanted, EntryKind.FEE)
    if wanted.days:
        asked = _people_and_days(wanted.days)
        rows = session.execute(_time_of_people(len(asked) // 2, frozenset(also)), asked | also)
        days = {(one.timekeeper_code, one.worked_on) for one in wanted.days}
        found = {row.id: row for row in rows if (row.timekeeper_code, row.day) in days}
    if wanted.matter_ids:
        asked = _matters_and_span(wanted)
        rows = session.execute(_time_of_matters(frozenset(asked), frozenset(also)), asked | also)
        found |= {row.id: row for row in rows}
    billing = _billing(session, "time_entry_id", list(found))
    return (past for row in found.values() if (past := _past_fee(row, billing.get(row.id))))


def _expenses(session: Session, wanted: Wanted) -> Iterator[PastLine]:
    if not wanted.matter_ids:
        return iter(())
    asked = _matters_and_span(wanted) | _besides(wanted, EntryKind.EXPENSE)
    rows = session.execute(_spent_of_matters(frozenset(asked)), asked).all()
    billing = _billing(session, "expense_id", [row.id for row in rows])
    return (past for row in rows if (past := _past_expense(row, billing.get(row.id))))


def _besides(wanted: Wanted, kind: EntryKind) -> dict[str, Any]:
    start = source_of(kind, "")
    ids = [int(source.removeprefix(start)) for source in wanted.own if source.startswith(start)]
    return {"own_ids": ids} if ids else {}


def _people_and_days(wanted: frozenset[PersonDay]) -> dict[str, Any]:
    """Return parameters of a code, or several, and its days: each person's own for a few people, as on one bill."""
    days: dict[str, set[date]] = defaultdict(set)
    for one in wanted:
        days[one.timekeeper_code].add(one.worked_on)
    if len(days) > _FEW_PEOPLE:
        return {"codes_0": list(days), "days_0": list(set().union(*days.values()))}
    found: dict[str, Any] = {}
    for place, code in enumerate(sorted(days)):
        found |= {f"codes_{place}": [code], f"days_{place}": list(days[code])}
    return found


def _matters_and_span(wanted: Wanted) -> dict[str, Any]:
    asked = {"matter_ids": list(wanted.matter_ids), "since": wanted.since, "until": wanted.until}
    return {name: value for name, value in asked.items() if value is not None}


# A month's run and every edit of a line ask these, so each is built once, of plain columns.
@cache
def _time_of_people(people: int, also: frozenset[str]) -> _Statement:
    of_each = (
        and_(_WHO.c.code.in_(_any(f"codes_{place}")), _T.c.worked_on.in_(_any(f"days_{place}")))
        for place in range(people)
    )
    return _time(also).where(or_(*of_each))


@cache
def _time_of_matters(given: frozenset[str], also: frozenset[str]) -> _Statement:
    return _time(also).where(*_of_matters(given, _T.c.matter_id, _T.c.worked_on))


@cache
def _spent_of_matters(given: frozenset[str]) -> _Statement:
    return (
        select(
            _X.c.id,
            _M.c.number.label("matter"),
            _WHO.c.code.label("timekeeper_code"),
            _X.c.incurred_on.label("day"),
            _X.c.units,
            _X.c.unit_cost,
            _X.c.narrative,
            _X.c.expense_code,
        )
        .join(_M, _M.c.id == _X.c.matter_id)
        .outerjoin(_WHO, _WHO.c.id == _X.c.timekeeper_id)
        .where(
            one_of(_X.c.status, COUNTED),
            *_of_matters(given, _X.c.matter_id, _X.c.incurred_on),
            *_not_own(given, _X.c.id),
        )
        .order_by(_X.c.incurred_on, _X.c.id)
    )


def _of_matters(
    given: frozenset[str], matter_id: ColumnElement[Any], day: ColumnElement[Any]
) -> Iterator[ColumnElement[bool]]:
    yield matter_id.in_(_any("matter_ids"))
    if "since" in given:
        yield day >= bindparam("since")
    if "until" in given:
        yield day <= bindparam("until")


def _not_own(given: frozenset[str], entry_id: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    if "own_ids" in given:
        yield entry_id.not_in(_any("own_ids"))


def _time(also: frozenset[str]) -> _Statement:
    counted: ColumnElement[bool] = one_of(_T.c.status, COUNTED)
    if "drafts_of" in also:
        counted = or_(counted, and_(_T.c.status == EntryStatus.DRAFT, _WHO.c.code == bindparam("drafts_of")))
    return (
        select(
            _T.c.id,
            _M.c.number.label("matter"),
            _WHO.c.code.label("timekeeper_code"),
            _T.c.worked_on.label("day"),
            _T.c.entered_hours.label("units"),
            _T.c.entered_narrative.label("narrative"),
            _T.c.task_code,
            _T.c.started_at,
            _T.c.ended_at,
        )
        .join(_M, _M.c.id == _T.c.matter_id)
        .join(_WHO, _WHO.c.id == _T.c.timekeeper_id)
        .where(counted, *_not_own(also, _T.c.id))
        .order_by(_T.c.worked_on, _T.c.id)
    )


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _billing(session: Session, column: str, ids: list[int]) -> dict[int, _Billing]:
    found: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for start in range(0, len(ids), _AT_ONCE):
        for row in session.execute(_billed_by(column), {"ids": ids[start : start + _AT_ONCE]}):
            found[row.entry_id][row.id] = row
    return {entry_id: _settled(list(lines.values())) for entry_id, lines in found.items()}


@cache
def _billed_by(column: str) -> _Statement:
    standing = and_(_I.c.proforma_id == _P.c.id, one_of(_I.c.document_status, _STANDING))
    return (
        select(_L.c[column].label("entry_id"), _L.c.id, _L.c.billed_units, _L.c.treatment, _I.c.id.label("invoice_id"))
        .join(_P, _P.c.id == _L.c.proforma_id)
        .outerjoin(_I, standing)
        .where(_L.c[column].in_(_any("ids")), _P.c.status != ProformaStatus.VOIDED)
    )


# Combined expenses are billed by the line that they were combined into.
_INVOICED = frozenset({LineTreatment.BILL, LineTreatment.COMBINED})


def _settled(lines: list[Row[Any]]) -> _Billing:
    bills = [line for line in lines if line.treatment is LineTreatment.BILL]
    return _Billing(
        units=sum((line.billed_units for line in bills), start=Decimal(0)) if bills else None,
        is_written_off=not bills and any(line.treatment is LineTreatment.WRITE_OFF for line in lines),
        is_invoiced=any(line.invoice_id is not None for line in lines if line.treatment in _INVOICED),
    )


def _past_fee(row: Row[Any], billing: _Billing | None) -> PastLine | None:
    if billing is not None and billing.is_written_off:
        return None
    source = source_of(EntryKind.FEE, row.id)
    return PastLine(
        source=source,
        reference=marker(source),
        matter=row.matter,
        kind="F",
        worked_on=row.day,
        timekeeper_id=row.timekeeper_code,
        units=_units(row, billing),
        narrative=row.narrative,
        is_billed=billing is not None and billing.is_invoiced,
        task_code=row.task_code,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _past_expense(row: Row[Any], billing: _Billing | None) -> PastLine | None:
    if billing is not None and billing.is_written_off:
        return None
    source = source_of(EntryKind.EXPENSE, row.id)
    return PastLine(
        source=source,
        reference=marker(source),
        matter=row.matter,
        kind="E",
        worked_on=row.day,
        timekeeper_id=row.timekeeper_code or "",
        units=_units(row, billing),
        unit_cost=row.unit_cost,
        narrative=row.narrative,
        is_billed=billing is not None and billing.is_invoiced,
        expense_code=row.expense_code,
    )


def _units(row: Row[Any], billing: _Billing | None) -> Decimal:
    units: Decimal = row.units if billing is None or billing.units is None else billing.units
    return units


def source_of(kind: EntryKind, entry_id: int | str) -> str:
    """Return the identity of an entry: 'time:17' or 'expense:4'."""
    return f"{'time' if kind is EntryKind.FEE else 'expense'}:{entry_id}"
