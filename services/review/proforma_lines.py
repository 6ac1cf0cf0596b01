"""A proforma's lines as they are read: three values each, the findings beside them, splits that wait or were made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlmodel import Session

from core.money import ZERO
from models import (
    Expense,
    LineProposal,
    Matter,
    ProformaFinding,
    ProformaLine,
    SplitPart,
    SplitProposal,
    TimeEntry,
    Timekeeper,
)
from models.enums import EntryKind, FindingAction, LineTreatment, ProposalKind, ProposalStatus
from models.person import ledes_name
from services.actor import Actor
from services.review.own_work import timekeeper_of
from services.rules.finding_fixes import ReadyFix, ready_fix
from services.rules.past_references import references, with_names
from services.tables import table_of

_Rows = Select[*tuple[Any, ...]]
_L, _T, _X, _M = table_of(ProformaLine), table_of(TimeEntry), table_of(Expense), table_of(Matter)
_WHO, _PART, _F = table_of(Timekeeper), table_of(SplitPart), table_of(ProformaFinding)
_SPLIT, _ASKED = table_of(SplitProposal), table_of(LineProposal)
_FINDINGS: _Rows = (
    select(
        _F.c.id,
        _F.c.proforma_line_id,
        _F.c.rule,
        _F.c.rule_id,
        _F.c.action,
        _F.c.message,
        _F.c.fix,
        _F.c.related,
        _F.c.exception_id,
    )
    .where(_F.c.proforma_id == bindparam("key"))
    .order_by(_F.c.id)
)
_SPLITS: _Rows = (
    select(_SPLIT.c.proforma_line_id, _SPLIT.c.id, func.count(_PART.c.id))
    .join(_PART, _PART.c.split_proposal_id == _SPLIT.c.id)
    .where(_SPLIT.c.proforma_id == bindparam("key"), _SPLIT.c.status == ProposalStatus.PROPOSED)
    .group_by(_SPLIT.c.proforma_line_id, _SPLIT.c.id)
)
_CHANGES: _Rows = (
    select(
        _ASKED.c.id,
        _ASKED.c.proforma_line_id,
        _ASKED.c.kind,
        _ASKED.c.narrative,
        _ASKED.c.hours,
        _ASKED.c.worked_on,
        _ASKED.c.reason,
        _WHO.c.first_name,
        _WHO.c.last_name,
    )
    .join(_WHO, _WHO.c.id == _ASKED.c.timekeeper_id)
    .where(_ASKED.c.proforma_id == bindparam("key"), _ASKED.c.status == ProposalStatus.PROPOSED)
    .order_by(_ASKED.c.id)
)


@dataclass(frozen=True)
class FindingRow:
    """A carrier's finding beside a line, as its reader may see it.

    `fix` is what one click would do; `related` are the numbers of the other lines of this proforma that it speaks of;
    `exception_id` names the permission that an allowed one quotes.
    """

    id: int
    line_id: int | None
    rule: str
    rule_id: str
    action: FindingAction
    message: str
    fix: ReadyFix | None
    related: tuple[int, ...] = ()
    exception_id: int | None = None


@dataclass(frozen=True)
class WaitingSplit:
    """A proposed split that waits for the line's timekeeper."""

    id: int
    parts: int


@dataclass(frozen=True)
class WaitingChange:
    """A question about a line that waits for the timekeeper `asked`; the value asked for, if any, is not None."""

    id: int
    kind: ProposalKind
    narrative: str | None
    hours: Decimal | None
    worked_on: date | None
    reason: str
    asked: str


@dataclass(frozen=True)
class LineRow:
    """One line with its three values: as worked, as entered, as billed. Units are hours or counts.

    `split_from` is the number of the line that a part came from, `split_into` the numbers of a split line's parts;
    `combined_from` and `combined_into` are the same of combined expenses. `is_own` when the reader did the work.
    `transferred_to` is the number of the matter that it went to, whole or in part; `is_entry` when somebody entered it.
    """

    id: int
    line_number: int
    kind: EntryKind
    worked_on: date
    timekeeper_id: int | None
    timekeeper_code: str
    timekeeper_name: str
    worked_units: Decimal
    worked_narrative: str
    entered_units: Decimal
    entered_narrative: str
    billed_units: Decimal
    billed_narrative: str
    unit_cost: Decimal
    adjustment_amount: Decimal
    billed_amount: Decimal
    task_code: str
    activity_code: str
    expense_code: str
    treatment: LineTreatment
    note: str
    findings: tuple[FindingRow, ...]
    split_from: int | None = None
    split_into: tuple[int, ...] = ()
    waiting_split: WaitingSplit | None = None
    waiting_changes: tuple[WaitingChange, ...] = ()
    write_down_amount: Decimal = ZERO
    discount_amount: Decimal = ZERO
    discount_percent: Decimal | None = None
    combined_from: tuple[int, ...] = ()
    combined_into: int | None = None
    transferred_to: str = ""
    is_own: bool = False
    is_entry: bool = True
    is_free: bool = False
    is_printed: bool = True
    held_until: date | None = None

    @property
    def is_narrative_changed(self) -> bool:
        """Whether the text to be billed is not the one its timekeeper entered."""
        return self.billed_narrative != self.entered_narrative


def proforma_lines(
    session: Session, actor: Actor, proforma_id: int
) -> tuple[tuple[LineRow, ...], tuple[FindingRow, ...]]:
    """Return a proforma's lines in order, parts right behind the line they came from, and what is about no line."""
    found = session.execute(_lines(), {"key": proforma_id}).all()
    around = _Around(
        findings=_findings(session, actor, proforma_id),
        numbers={line.id: line.line_number for line in found},
        parts=_by_line((line.split_from_id, line.line_number) for line in found),
        combined=_by_line((line.combined_into_id, line.line_number) for line in found),
        waiting=_waiting(session, proforma_id),
        changes=_waiting_changes(session, proforma_id),
        reader=timekeeper_of(session, actor),
    )
    rows = [around.line(one) for one in found]
    in_order = sorted(rows, key=lambda row: (row.split_from or row.line_number, row.line_number))
    return tuple(in_order), around.findings.get(None, ())


# Read whenever a page opens or somebody edits: built once, and of plain columns.
@cache
def _lines() -> _Rows:
    left_out = {"worked_amount", "entered_amount", "proforma_id"}
    return (
        select(
            *(column for column in _L.c if column.name not in left_out),
            _T.c.worked_hours,
            _T.c.worked_narrative,
            # What was entered, by whichever record there is.
            func.coalesce(_PART.c.narrative, _T.c.entered_narrative, _X.c.narrative).label("entered_narrative"),
            _WHO.c.code.label("timekeeper_code"),
            _WHO.c.last_name,
            _WHO.c.first_name,
            _M.c.number.label("transferred_to"),
        )
        .outerjoin(_T, _T.c.id == _L.c.time_entry_id)
        .outerjoin(_X, _X.c.id == _L.c.expense_id)
        .outerjoin(_WHO, _WHO.c.id == _L.c.timekeeper_id)
        .outerjoin(_PART, _PART.c.proforma_line_id == _L.c.id)
        .outerjoin(_M, _M.c.id == _L.c.transfer_matter_id)
        .where(_L.c.proforma_id == bindparam("key"))
        .order_by(_L.c.line_number)
    )


def _findings(session: Session, actor: Actor, proforma_id: int) -> dict[int | None, tuple[FindingRow, ...]]:
    stored = session.execute(_FINDINGS, {"key": proforma_id}).all()
    names = references(session, actor, [found.message for found in stored])
    rows: dict[int | None, list[FindingRow]] = defaultdict(list)
    for found in stored:
        rows[found.proforma_line_id].append(_finding(found, names))
    return {line_id: tuple(beside) for line_id, beside in rows.items()}


def _finding(found: Row[*tuple[Any, ...]], names: Mapping[str, str]) -> FindingRow:
    here = (key.removeprefix("line:") for key in found.related if key.startswith("line:"))
    return FindingRow(
        id=found.id,
        line_id=found.proforma_line_id,
        rule=found.rule,
        rule_id=found.rule_id,
        action=found.action,
        message=with_names(found.message, names),
        fix=ready_fix(found.fix),
        related=tuple(map(int, here)),
        exception_id=found.exception_id,
    )


def _by_line(named: Iterable[tuple[int | None, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for line_id, number in named:
        if line_id is not None:
            found[line_id] = (*found.get(line_id, ()), number)
    return found


def _waiting(session: Session, proforma_id: int) -> dict[int, WaitingSplit]:
    rows = session.execute(_SPLITS, {"key": proforma_id})
    return {line_id: WaitingSplit(key, parts) for line_id, key, parts in rows}


def _waiting_changes(session: Session, proforma_id: int) -> dict[int, tuple[WaitingChange, ...]]:
    found: dict[int, tuple[WaitingChange, ...]] = {}
    for one in session.execute(_CHANGES, {"key": proforma_id}):
        values = (one.narrative, one.hours, one.worked_on)
        asked = ledes_name(one.first_name, one.last_name)
        waiting = WaitingChange(one.id, one.kind, *values, one.reason, asked)
        if one.proforma_line_id is not None:
            found[one.proforma_line_id] = (*found.get(one.proforma_line_id, ()), waiting)
    return found


@dataclass(frozen=True)
class _Around:
    """What stands around the lines of one proforma."""

    findings: Mapping[int | None, tuple[FindingRow, ...]]
    numbers: Mapping[int, int]
    parts: Mapping[int, tuple[int, ...]]
    combined: Mapping[int, tuple[int, ...]]
    waiting: Mapping[int, WaitingSplit]
    changes: Mapping[int, tuple[WaitingChange, ...]]
    reader: int | None

    def line(self, line: Row[*tuple[Any, ...]]) -> LineRow:
        key, is_part, worked_hours = line.id, line.split_from_id is not None, line.worked_hours
        entered = line.billed_narrative if line.entered_narrative is None else line.entered_narrative
        is_worked = worked_hours is not None and not is_part
        return LineRow(
            id=key,
            line_number=line.line_number,
            kind=line.kind,
            worked_on=line.worked_on,
            timekeeper_id=line.timekeeper_id,
            timekeeper_code=line.timekeeper_code or "",
            timekeeper_name=ledes_name(line.first_name, line.last_name) if line.timekeeper_code else "",
            worked_units=worked_hours if is_worked else line.entered_units,
            worked_narrative=line.worked_narrative if line.worked_narrative is not None and is_worked else entered,
            entered_units=line.entered_units,
            entered_narrative=entered,
            billed_units=line.billed_units,
            billed_narrative=line.billed_narrative,
            unit_cost=line.unit_cost,
            adjustment_amount=line.adjustment_amount,
            billed_amount=line.billed_amount,
            task_code=line.task_code,
            activity_code=line.activity_code,
            expense_code=line.expense_code,
            treatment=line.treatment,
            note=line.note,
            held_until=line.held_until,
            findings=self.findings.get(key, ()),
            split_from=self.numbers.get(line.split_from_id or 0),
            split_into=self.parts.get(key, ()),
            waiting_split=self.waiting.get(key),
            waiting_changes=self.changes.get(key, ()),
            write_down_amount=line.write_down_amount,
            discount_amount=line.discount_amount,
            discount_percent=line.discount_percent,
            combined_from=self.combined.get(key, ()),
            combined_into=self.numbers.get(line.combined_into_id or 0),
            transferred_to=line.transferred_to or "",
            is_own=self.reader is not None and line.timekeeper_id == self.reader,
            is_free=line.is_free,
            is_printed=line.is_printed,
            is_entry=line.time_entry_id is not None or line.expense_id is not None,
        )
