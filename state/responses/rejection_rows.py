"""One rejection's parts as rows of text: cuts, appeals with lines and documents, and accepted cuts."""

from dataclasses import dataclass

from core.clock import today
from core.money import as_dollars, as_text
from models import AppealLine, CutAcceptance
from models.enums import AcceptanceStatus, AppealStatus
from services.responses.cut_acceptances import limit
from services.responses.cuts import Cut
from services.responses.rejection_cases import AcceptanceCase, AppealCase, RejectionCase
from state.words import day, due

_KILO = 1024
# How the invoice as a whole is named where a line's number stands.
WHOLE = "all"


@dataclass(frozen=True)
class CutItem:
    """One cut; `settled` says what became of a part of it, `can_choose` whether anything is left."""

    key: str
    place: str
    code: str
    message: str
    cut: str
    left: str
    settled: str
    can_choose: bool
    is_chosen: bool
    suggestion: str


@dataclass(frozen=True)
class SaidItem:
    """What the site said when it refused the file, at its line; `narrative` and `amount` are the line's own."""

    place: str
    code: str
    message: str
    narrative: str
    amount: str


@dataclass(frozen=True)
class OwnerItem:
    """Somebody who can see to the case."""

    id: str
    name: str


@dataclass(frozen=True)
class AskedItem:
    """One line of an appeal."""

    key: str
    place: str
    reason: str
    asked: str
    asked_plain: str
    granted: str


@dataclass(frozen=True)
class DocumentItem:
    """One document of an appeal."""

    id: str
    name: str
    hint: str
    href: str


@dataclass(frozen=True)
class AppealItem:
    """One appeal."""

    id: str
    version: str
    title: str
    status: str
    due: str
    is_late: bool
    asked: str
    granted: str
    facts: str
    answer: str
    letter: str
    can_change: bool
    can_send: bool
    can_answer: bool
    lines: list[AskedItem]
    documents: list[DocumentItem]


@dataclass(frozen=True)
class AcceptanceItem:
    """One proposal to give a cut up."""

    id: str
    version: str
    amount: str
    reason: str
    facts: str
    status: str
    can_approve: bool
    can_withdraw: bool
    needs_two: bool


def key_of(number: int | None) -> str:
    """Return how a cut is named in a form: '3', or 'all'."""
    return WHOLE if number is None else str(number)


def cut_items(case: RejectionCase) -> list[CutItem]:
    """Return the cuts."""
    return [
        CutItem(
            key=key_of(cut.line_number),
            place="No line named" if cut.line_number is None else f"Line {cut.line_number}",
            code=cut.code,
            message=cut.message,
            cut=as_dollars(cut.cut_amount),
            left=as_dollars(cut.left_amount),
            settled=_settled(cut),
            can_choose=cut.left_amount > 0,
            is_chosen=False,
            suggestion=case.suggested[cut.line_number].text if cut.line_number in case.suggested else "",
        )
        for cut in case.cuts
    ]


def said_items(case: RejectionCase) -> list[SaidItem]:
    """Return what the site said of a file that it refused; what was cut is told by the cuts."""
    if case.cuts:
        return []
    return [
        SaidItem(
            place="The invoice" if said.line_number is None else f"Line {said.line_number}",
            code=said.code,
            message=said.message,
            narrative=line.narrative if (line := case.lines.get(said.line_number or 0)) else "",
            amount=as_dollars(line.total_amount) if line else "",
        )
        for said in case.findings
    ]


def appeal_item(case: AppealCase, *, may_write: bool, may_send: bool) -> AppealItem:
    """Return one appeal; who may write and send is the page's to say."""
    appeal = case.appeal
    is_draft, is_sent = appeal.status is AppealStatus.DRAFTED, appeal.status is AppealStatus.SENT
    sent = f"Sent {day(appeal.sent_on)}, {appeal.reference}" if appeal.sent_on else f"Drafted by {case.drafted_by}"
    answered = f" · answered {day(appeal.answered_on)}" if appeal.answered_on else ""
    return AppealItem(
        id=str(appeal.id),
        version=str(appeal.version),
        title=f"Appeal {appeal.number}",
        status=appeal.status.value,
        due=f"Last day {day(appeal.due_on)}. {due(appeal.due_on)}." if is_draft else "",
        is_late=appeal.due_on < today(),
        asked=as_dollars(appeal.asked_amount),
        granted=as_dollars(appeal.granted_amount) if appeal.granted_amount is not None else "",
        facts=f"{sent}{answered}",
        answer=appeal.answer,
        letter=appeal.letter,
        can_change=is_draft and may_write,
        can_send=is_draft and may_send,
        can_answer=is_sent and may_send,
        lines=[_asked(line) for line in case.lines],
        documents=[
            DocumentItem(
                str(one.id), one.name, f"{one.byte_count / _KILO:,.0f} KB, {one.added_by}", f"/files/appeal/{one.id}"
            )
            for one in case.documents
        ],
    )


def acceptance_item(case: AcceptanceCase, user_id: int | None) -> AcceptanceItem:
    """Return one proposal."""
    row = case.acceptance
    is_open = row.status is AcceptanceStatus.PROPOSED
    return AcceptanceItem(
        id=str(row.id),
        version=str(row.version),
        amount=as_dollars(row.total_amount),
        reason=row.reason,
        facts=f"Proposed by {case.proposed_by}, {day(row.proposed_at.date())}{_decided(row)}",
        status=row.status.value,
        can_approve=is_open and case.can_approve,
        can_withdraw=is_open and row.proposed_by_id == user_id,
        needs_two=row.total_amount > limit(),
    )


def _asked(line: AppealLine) -> AskedItem:
    return AskedItem(
        key=key_of(line.line_number),
        place="The invoice" if line.line_number is None else f"Line {line.line_number}",
        reason=line.reason,
        asked=as_dollars(line.asked_amount),
        asked_plain=as_text(line.asked_amount),
        granted=as_dollars(line.granted_amount) if line.granted_amount is not None else "",
    )


def _settled(cut: Cut) -> str:
    parts = [f"{as_dollars(cut.restored_amount)} restored"] if cut.restored_amount else []
    parts += [f"{as_dollars(cut.accepted_amount)} accepted"] if cut.accepted_amount else []
    return ", ".join(parts)


def _decided(row: CutAcceptance) -> str:
    return f" · {row.status.value} {day(row.decided_at.date())}" if row.decided_at else ""
