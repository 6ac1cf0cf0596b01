"""Invoices as rows of text, each with what happens next and who has it."""

from dataclasses import dataclass

from core.money import as_dollars
from models.enums import CashStatus, DecisionStatus, DeliveryChannel, DocumentStatus, MailingStatus, SubmissionStatus
from services.invoicing.invoice_queries import InvoiceRow
from services.invoicing.invoice_views import FileState
from services.mailing.mailing_list import MailState
from services.responses.decisions import OPEN_DECISIONS

_FILE_STEPS = {
    SubmissionStatus.READY: ("Waits in the queue", "The portal"),
    SubmissionStatus.CLAIMED: ("Is being sent", "The portal"),
    SubmissionStatus.INTENT: ("Is being sent", "The portal"),
    SubmissionStatus.DELIVERED: ("Is being recorded", "The portal"),
    SubmissionStatus.REFUSED: ("Correct and resend", "Billing"),
    SubmissionStatus.NEEDS_ATTENTION: ("Mend and retry", "Billing"),
    SubmissionStatus.IN_DOUBT: ("Decide: is it there?", "Billing"),
}
_MAIL_STEPS = {
    MailingStatus.READY: ("Waits to be mailed", "The portal"),
    MailingStatus.INTENT: ("Is being mailed", "The portal"),
    MailingStatus.PRINTED: ("Post it", "Billing"),
    MailingStatus.SENT: ("Is being recorded", "The portal"),
    MailingStatus.BOUNCED: ("Mend the address and send again", "Billing"),
    MailingStatus.NEEDS_ATTENTION: ("Mend and send again", "Billing"),
    MailingStatus.IN_DOUBT: ("Decide: did it leave?", "Billing"),
}
_CLOSED_STEPS = {
    DocumentStatus.VOIDED: "Nothing: it is voided",
    DocumentStatus.SUPERSEDED: "Nothing: another invoice replaces it",
}
_DECISION_STEPS = {
    DecisionStatus.REJECTED: "Correct and resend",
    DecisionStatus.DISPUTED: "Answer the carrier",
}
_CASH_STEPS = {
    CashStatus.PAID: "Nothing: it is paid",
    CashStatus.WRITTEN_OFF: "Nothing: the rest is written off",
}


@dataclass(frozen=True)
class InvoiceItem:
    """One invoice in the list. `file_status` is '' while nobody queued it to be uploaded, `mail_status` mailed."""

    id: str
    number: str
    href: str
    matter_number: str
    matter_name: str
    carrier: str
    claim_number: str
    document_status: str
    file_status: str
    submission_href: str
    decision_status: str
    cash_status: str
    amount: str
    approved_amount: str
    revision: str
    age: str
    next_step: str
    next_who: str
    mail_status: str
    mail_href: str


def invoice_item(
    row: InvoiceRow, file: FileState | None, query: str = "", mail: MailState | None = None
) -> InvoiceItem:
    """Return the row; `query` keeps the list's filters in the address of the detail."""
    step, who = next_step(row, file, mail)
    differs = row.approved_amount is not None and row.approved_amount != row.total_amount
    return InvoiceItem(
        id=str(row.id),
        number=row.number,
        href=f"/invoices/{row.id}{query}",
        matter_number=row.matter_number,
        matter_name=row.matter_name,
        carrier=row.carrier_name,
        claim_number=row.claim_number,
        document_status=row.document_status.value,
        file_status=file.status.value if file else "",
        submission_href=f"/submissions/{file.submission_id}" if file else "",
        decision_status=row.decision_status.value,
        cash_status=row.cash_status.value,
        amount=as_dollars(row.total_amount),
        approved_amount=as_dollars(row.approved_amount) if differs and row.approved_amount is not None else "",
        revision=f"rev. {row.revision_number}" if row.revision_number > 1 else "",
        age=f"{row.age_days} d",
        next_step=step,
        next_who=who,
        mail_status=mail.status.value if mail else "",
        mail_href=f"/mail/{mail.mailing_id}" if mail else "",
    )


def next_step(row: InvoiceRow, file: FileState | None, mail: MailState | None = None) -> tuple[str, str]:
    """Return what happens next with an invoice, and who has it."""
    if row.document_status is DocumentStatus.OPEN:
        return _mail_step(mail) if mail else _file_step(file)
    if mail and mail.status is MailingStatus.BOUNCED and row.decision_status in OPEN_DECISIONS:
        return _mail_step(mail)
    if row.document_status in _CLOSED_STEPS:
        return _CLOSED_STEPS[row.document_status], ""
    if row.decision_status in _DECISION_STEPS:
        return _DECISION_STEPS[row.decision_status], "Billing"
    if row.cash_status in _CASH_STEPS:
        return _CASH_STEPS[row.cash_status], ""
    is_decided = row.decision_status in {DecisionStatus.APPROVED, DecisionStatus.REDUCED}
    return "Pay the invoice" if is_decided else "Decide on the invoice", row.carrier_name


def _file_step(file: FileState | None) -> tuple[str, str]:
    if file is None:
        return "Queue it", "Billing"
    step, who = _FILE_STEPS[file.status]
    return step, file.decider_name or who


def _mail_step(mail: MailState) -> tuple[str, str]:
    is_paper = mail.channel is DeliveryChannel.PAPER
    return ("Print it", "Billing") if is_paper and mail.status is MailingStatus.READY else _MAIL_STEPS[mail.status]
