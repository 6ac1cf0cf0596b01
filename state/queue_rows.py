"""Proformas and their flagged lines as the lists show them: frozen rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.money import as_dollars
from models.enums import EntryKind, ProformaStatus
from services.billing.proformas import ProformaRow
from services.billing.review_queue import FlaggedLine
from state.fix_words import fix_words
from state.words import counted, day, due, units

_SHOWN_FINDINGS = 4
_DONE = frozenset({ProformaStatus.APPROVED, ProformaStatus.FINALIZED, ProformaStatus.VOIDED})


@dataclass(frozen=True)
class FlagRow:
    """One finding with the line it speaks of; `fix` says what one click would do, '' where none mends it."""

    id: str
    line: str
    detail: str
    amount: str
    narrative: str
    action: str
    message: str
    fix: str


@dataclass(frozen=True)
class QueueRow:
    """One proforma in a list. `is_clean` has no finding; `is_mine` waits for the viewer's own decision."""

    id: str
    version: str
    href: str
    matter_number: str
    matter_name: str
    carrier: str
    reviewer: str
    status: str
    period: str
    due: str
    due_on: str
    is_overdue: bool
    lines: str
    findings: str
    amount: str
    written_down: str
    is_clean: bool
    is_mine: bool
    note: str
    flags: list[FlagRow] = field(default_factory=list)
    more_flags: str = ""


def queue_row(row: ProformaRow, flags: Sequence[FlaggedLine] = (), *, is_mine: bool = False) -> QueueRow:
    """Return a proforma as text; of its findings the most urgent few are shown and the rest counted."""
    hidden = len(flags) - _SHOWN_FINDINGS
    return QueueRow(
        id=str(row.id),
        version=str(row.version),
        href=f"/proforma/{row.id}",
        matter_number=row.matter_number,
        matter_name=row.matter_name,
        carrier=row.carrier_name,
        reviewer=row.reviewer_name,
        status=row.status.value,
        period=f"{row.period_end:%B %Y}",
        due="" if row.status in _DONE else due(row.due_on),
        due_on=day(row.due_on),
        is_overdue=row.is_overdue,
        lines=counted(row.line_count, "line"),
        findings=counted(row.finding_count, "finding") if row.finding_count else "",
        amount=as_dollars(row.billed_amount),
        written_down=(
            f"{as_dollars(row.worked_amount - row.billed_amount)} off" if row.billed_amount < row.worked_amount else ""
        ),
        is_clean=row.finding_count == 0,
        is_mine=is_mine,
        note=row.return_note,
        flags=[_flag(flag) for flag in flags[:_SHOWN_FINDINGS]],
        more_flags=f"{counted(hidden, 'more finding')} inside" if hidden > 0 else "",
    )


def _fix(flag: FlaggedLine) -> str:
    """Return the words of a fix that one click carries out; a split is proposed on the proforma's own page."""
    if flag.fix is None or not flag.fix.is_one_click:
        return ""
    return fix_words(flag.fix, kind=flag.kind, whole_amount=flag.amount - flag.adjustment_amount)


def _flag(flag: FlaggedLine) -> FlagRow:
    unit = "" if flag.kind is EntryKind.EXPENSE else " h"
    about = f"{day(flag.worked_on)} · {units(flag.units)}{unit}" if flag.worked_on else ""
    return FlagRow(
        id=str(flag.finding_id),
        line=f"Line {flag.line_number}" if flag.line_number else "Whole bill",
        detail=about,
        amount=as_dollars(flag.amount) if flag.line_id else "",
        narrative=flag.narrative,
        action=flag.action.value,
        message=flag.message,
        fix=_fix(flag),
    )
