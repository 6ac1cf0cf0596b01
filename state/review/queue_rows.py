"""Proformas and their flagged lines as the lists show them: frozen rows of text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.money import as_dollars
from models.enums import EntryKind, FindingAction, ProformaStatus
from services.review.queue_list import QueueItem
from services.review.review_queue import FlaggedLine
from services.review.reviewers import Part
from state.fix_words import fix_words
from state.review.return_words import mended_words, returned_words
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
    """One proforma in a list. `is_clean` has no finding; `is_mine` waits for something that the viewer may do.

    `part` says by which right, '' for the own; `hands` with whom it is or from whom it came. `swipe` is what a thumb
    may do: 'both', 'menu' or 'none'.
    """

    id: str
    version: str
    href: str
    edit_href: str
    matter_number: str
    matter_name: str
    carrier: str
    reviewer: str
    status: str
    period: str
    due: str
    due_on: str
    waits: str
    is_overdue: bool
    is_urgent: bool
    lines: str
    findings: str
    amount: str
    written_down: str
    is_clean: bool
    is_blocked: bool
    is_mine: bool
    can_approve: bool
    can_return: bool
    can_edit: bool
    can_send: bool
    part: str
    hands: str
    hands_note: str
    note: str
    mended: str
    swipe: str
    flags: list[FlagRow] = field(default_factory=list)
    more_flags: str = ""


def queue_row(item: QueueItem, flags: Sequence[FlaggedLine] = (), *, can_send: bool = False) -> QueueRow:
    """Return a proforma as text; of its findings the most urgent few are shown and the rest counted."""
    row = item.row
    hidden = len(flags) - _SHOWN_FINDINGS
    is_clean = row.finding_count == 0
    is_mine = item.can_approve or item.can_return or item.can_edit
    line_id = next((flag.line_id for flag in flags if flag.line_id is not None), None)
    return QueueRow(
        id=str(row.id),
        version=str(row.version),
        href=f"/proforma/{row.id}",
        edit_href=f"/proforma/{row.id}" + (f"?line={line_id}" if line_id is not None else ""),
        matter_number=row.matter_number,
        matter_name=row.matter_name,
        carrier=row.carrier_name,
        reviewer=row.reviewer_name,
        status=row.status.value,
        period=f"{row.period_end:%B %Y}",
        due="" if row.status in _DONE else due(row.due_on),
        due_on=day(row.due_on),
        waits=_waits(item),
        is_overdue=row.is_overdue,
        is_urgent=item.is_urgent,
        lines=counted(row.line_count, "line"),
        findings=counted(row.finding_count, "finding"),
        amount=as_dollars(row.billed_amount),
        written_down=(
            f"{as_dollars(row.worked_amount - row.billed_amount)} off" if row.billed_amount < row.worked_amount else ""
        ),
        is_clean=is_clean,
        is_blocked=any(flag.action is FindingAction.BLOCK for flag in flags),
        is_mine=is_mine,
        can_approve=item.can_approve,
        can_return=item.can_return,
        can_edit=item.can_edit,
        can_send=can_send and row.status is ProformaStatus.RETURNED,
        part=_part(item),
        hands=_hands(item),
        hands_note=item.forward.note if item.forward else "",
        note=_note(item),
        mended=mended_words(item.returned) if item.returned and row.status is not ProformaStatus.RETURNED else "",
        swipe="both" if item.can_approve and is_clean else "menu" if is_mine else "none",
        flags=[_flag(flag, can_fix=item.can_edit) for flag in flags[:_SHOWN_FINDINGS]],
        more_flags=f"{counted(hidden, 'more finding')} inside" if hidden > 0 else "",
    )


def _waits(item: QueueItem) -> str:
    return f"Waits {counted(item.days_waited, 'business day')}" if item.days_waited else ""


def _part(item: QueueItem) -> str:
    if item.right is None or item.right.part in {Part.OWNER, Part.TEAM_LEAD}:
        # A lead's row names its attorney anyway.
        return ""
    if item.right.part is Part.APPROVER:
        return f"Your approval is asked for{f', in place of {item.for_name}' if item.for_name else ''}"
    if item.right.part is Part.FORWARDED:
        return "Forwarded to you, with the approval" if item.right.may_decide else "Forwarded to you for a look"
    does = "You stand in for" if item.right.part is Part.SUBSTITUTE else "You act for"
    return f"{does} {item.row.reviewer_name}"


def _hands(item: QueueItem) -> str:
    if item.forward is None:
        return ""
    if item.right is not None and item.right.part is Part.FORWARDED:
        return f"From {item.forward.from_name}"
    return f"With {item.forward.to_name}"


def _note(item: QueueItem) -> str:
    if item.returned is not None:
        return returned_words(item.returned)
    return item.row.return_note


def _fix(flag: FlaggedLine) -> str:
    """Return the words of a fix that one click carries out; a split is proposed on the proforma's own page."""
    if flag.fix is None or not flag.fix.is_one_click:
        return ""
    return fix_words(flag.fix, kind=flag.kind, whole_amount=flag.amount - flag.adjustment_amount)


def _flag(flag: FlaggedLine, *, can_fix: bool) -> FlagRow:
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
        fix=_fix(flag) if can_fix else "",
    )
