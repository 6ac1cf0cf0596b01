"""A proforma's lines as they are read: three values each, the findings beside them, splits that wait or were made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

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
from services.actor import Actor
from services.review.own_work import timekeeper_of
from services.row_ids import row_id
from services.rules.finding_fixes import ReadyFix, ready_fix
from services.rules.past_references import references, with_names


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
    statement = (
        select(
            ProformaLine,
            col(TimeEntry.worked_hours),
            col(TimeEntry.worked_narrative),
            # What was entered, by whichever record there is.
            func.coalesce(col(SplitPart.narrative), col(TimeEntry.entered_narrative), col(Expense.narrative)),
            Timekeeper,
            col(Matter.number),
        )
        .outerjoin(TimeEntry, col(TimeEntry.id) == col(ProformaLine.time_entry_id))
        .outerjoin(Expense, col(Expense.id) == col(ProformaLine.expense_id))
        .outerjoin(Timekeeper, col(Timekeeper.id) == col(ProformaLine.timekeeper_id))
        .outerjoin(SplitPart, col(SplitPart.proforma_line_id) == col(ProformaLine.id))
        .outerjoin(Matter, col(Matter.id) == col(ProformaLine.transfer_matter_id))
        .where(col(ProformaLine.proforma_id) == proforma_id)
        .order_by(col(ProformaLine.line_number))
    )
    found = session.execute(statement).all()
    around = _Around(
        findings=_findings(session, actor, proforma_id),
        numbers={row_id(line): line.line_number for line, *_ in found},
        parts=_by_line((line.split_from_id, line.line_number) for line, *_ in found),
        combined=_by_line((line.combined_into_id, line.line_number) for line, *_ in found),
        waiting=_waiting(session, proforma_id),
        changes=_waiting_changes(session, proforma_id),
        reader=timekeeper_of(session, actor),
    )
    rows = [around.line(*one) for one in found]
    in_order = sorted(rows, key=lambda row: (row.split_from or row.line_number, row.line_number))
    return tuple(in_order), around.findings.get(None, ())


def _findings(session: Session, actor: Actor, proforma_id: int) -> dict[int | None, tuple[FindingRow, ...]]:
    statement = select(ProformaFinding).where(col(ProformaFinding.proforma_id) == proforma_id)
    stored = list(session.scalars(statement.order_by(col(ProformaFinding.id))))
    names = references(session, actor, [found.message for found in stored])
    rows: dict[int | None, list[FindingRow]] = defaultdict(list)
    for found in stored:
        rows[found.proforma_line_id].append(_finding(found, names))
    return {line_id: tuple(beside) for line_id, beside in rows.items()}


def _finding(found: ProformaFinding, names: Mapping[str, str]) -> FindingRow:
    here = (key.removeprefix("line:") for key in found.related if key.startswith("line:"))
    return FindingRow(
        id=row_id(found),
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
    statement = (
        select(col(SplitProposal.proforma_line_id), col(SplitProposal.id), func.count(col(SplitPart.id)))
        .join(SplitPart, col(SplitPart.split_proposal_id) == col(SplitProposal.id))
        .where(col(SplitProposal.proforma_id) == proforma_id, col(SplitProposal.status) == ProposalStatus.PROPOSED)
        .group_by(col(SplitProposal.proforma_line_id), col(SplitProposal.id))
    )
    return {line_id: WaitingSplit(key, parts) for line_id, key, parts in session.execute(statement)}


def _waiting_changes(session: Session, proforma_id: int) -> dict[int, tuple[WaitingChange, ...]]:
    statement = (
        select(LineProposal, Timekeeper)
        .join(Timekeeper, col(Timekeeper.id) == col(LineProposal.timekeeper_id))
        .where(col(LineProposal.proforma_id) == proforma_id, col(LineProposal.status) == ProposalStatus.PROPOSED)
        .order_by(col(LineProposal.id))
    )
    found: dict[int, tuple[WaitingChange, ...]] = {}
    for one, who in session.execute(statement):
        values = (one.narrative, one.hours, one.worked_on)
        waiting = WaitingChange(row_id(one), one.kind, *values, one.reason, who.ledes_name)
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

    def line(
        self,
        line: ProformaLine,
        worked_hours: Decimal | None,
        worked_narrative: str | None,
        entered_narrative: str | None,
        who: Timekeeper | None,
        transferred_to: str | None,
    ) -> LineRow:
        key, is_part = row_id(line), line.split_from_id is not None
        entered = line.billed_narrative if entered_narrative is None else entered_narrative
        is_worked = worked_hours is not None and not is_part
        return LineRow(
            id=key,
            line_number=line.line_number,
            kind=line.kind,
            worked_on=line.worked_on,
            timekeeper_id=line.timekeeper_id,
            timekeeper_code=who.code if who else "",
            timekeeper_name=who.ledes_name if who else "",
            worked_units=worked_hours if worked_hours is not None and is_worked else line.entered_units,
            worked_narrative=worked_narrative if worked_narrative is not None and is_worked else entered,
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
            transferred_to=transferred_to or "",
            is_own=self.reader is not None and line.timekeeper_id == self.reader,
            is_free=line.is_free,
            is_printed=line.is_printed,
            is_entry=line.time_entry_id is not None or line.expense_id is not None,
        )
