"""A proforma's head: where it stands, what comes next and who has it, and the verbs its viewer may use."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.money import as_dollars
from models.enums import FindingAction, ProformaStatus
from services.review.proformas import ProformaDetail
from state.words import counted, day, due

_NEXT = {
    ProformaStatus.DRAFT: ("Billing", "Billing sends it to its attorney for review."),
    ProformaStatus.IN_REVIEW: ("{reviewer}", "{reviewer} approves it or returns it to billing. {due}."),
    ProformaStatus.IN_APPROVAL: ("Its approvers", "{reviewer} has approved it; others are asked. {due}."),
    ProformaStatus.RETURNED: ("Billing", "Billing corrects it and sends it to review again."),
    ProformaStatus.APPROVED: ("Billing", "Billing makes the numbered invoice from it."),
    ProformaStatus.FINALIZED: ("Billing", "It is an invoice now; its delivery is followed there."),
    ProformaStatus.HELD: ("{reviewer}", "It rests until {reviewer} or billing resumes the review."),
    ProformaStatus.VOIDED: ("Nobody", "Nothing more happens; its entries are free for the next run."),
}
# The likeliest first; a verb that is not named here has no button on the page.
_ORDER = ("approve", "return_to_billing", "send_to_review", "finalize", "resume", "reopen", "hold", "void")


@dataclass(frozen=True)
class VerbView:
    """One button: the verb and the words on it."""

    verb: str
    label: str


@dataclass(frozen=True)
class HeadView:
    """Everything above the lines, as text. `blocking` is '' unless a finding blocks, `waiting` unless a split waits."""

    id: str = ""
    version: str = ""
    matter_number: str = ""
    matter_name: str = ""
    carrier: str = ""
    rules_href: str = ""
    period: str = ""
    reviewer: str = ""
    status: str = ""
    due: str = ""
    is_overdue: bool = False
    who_has_it: str = ""
    next_step: str = ""
    next_href: str = ""
    amount: str = ""
    worked_amount: str = ""
    taken_off: str = ""
    lines: str = ""
    findings: str = ""
    blocking: str = ""
    waiting: str = ""
    return_note: str = ""


def head_view(detail: ProformaDetail) -> HeadView:
    """Return the head of a proforma as text."""
    row = detail.row
    who, step = _NEXT[row.status]
    facts = {"reviewer": row.reviewer_name, "due": due(row.due_on)}
    found = [finding for line in detail.lines for finding in line.findings]
    blocked = len({finding.line_id for finding in found if finding.action is FindingAction.BLOCK})
    waiting = sum(line.waiting_split is not None for line in detail.lines)
    is_open = row.status in {ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW, ProformaStatus.RETURNED}
    return HeadView(
        id=str(row.id),
        version=str(row.version),
        matter_number=row.matter_number,
        matter_name=row.matter_name,
        carrier=row.carrier_name,
        rules_href=f"/carriers/{row.carrier_id}/guidelines" if row.carrier_id is not None else "",
        period=_period(row.period_start, row.period_end),
        reviewer=row.reviewer_name,
        status=row.status.value,
        due=due(row.due_on) if is_open else "",
        is_overdue=row.is_overdue,
        who_has_it=who.format(**facts),
        next_step=_rests(detail) or step.format(**facts),
        next_href=f"/invoices?search={row.matter_number}" if row.status is ProformaStatus.FINALIZED else "",
        amount=as_dollars(row.billed_amount),
        worked_amount=as_dollars(row.worked_amount),
        taken_off=as_dollars(row.worked_amount - row.billed_amount),
        lines=counted(row.line_count, "line"),
        findings=counted(row.finding_count, "finding") if row.finding_count else "No findings",
        blocking=f"{counted(blocked, 'line')} blocked by the carrier's guidelines" if blocked else "",
        waiting=_waits(waiting),
        return_note=row.return_note if row.status is ProformaStatus.RETURNED else "",
    )


def _rests(detail: ProformaDetail) -> str:
    if detail.held_until is None:
        return ""
    why = f" Held: {detail.hold_reason}" if detail.hold_reason else ""
    return f"It is back in review on {day(detail.held_until)}, or when somebody resumes it.{why}"


def _waits(count: int) -> str:
    if not count:
        return ""
    return "A split waits for its timekeeper" if count == 1 else f"{count} splits wait for their timekeepers"


def verb_views(detail: ProformaDetail) -> list[VerbView]:
    """Return the buttons in their order, the likeliest first."""
    known = sorted((pair for pair in detail.verbs if pair[0] in _ORDER), key=lambda pair: _ORDER.index(pair[0]))
    return [VerbView(verb, label) for verb, label in known]


def _period(start: date, end: date) -> str:
    is_month = start.day == 1 and (end + timedelta(days=1)).day == 1 and start.month == end.month
    return f"{end:%B %Y}" if is_month else f"{day(start)} to {day(end)}"
