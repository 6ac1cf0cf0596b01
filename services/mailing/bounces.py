"""Invoice mails that came back: a report names the Message-ID of ours, and a person is asked; nothing is sent again."""

from sqlalchemy import select
from sqlmodel import Session, col

from models import Invoice, InvoiceRevision, Mailing
from models.enums import DeliveryChannel, DocumentStatus, MailingStatus, NoticeKind
from services import audit
from services.actor import system_actor
from services.lifecycle import apply, get
from services.notices import tell
from services.notifications.delivery_reports import DeliveryReport, RecipientReport, ReportAction
from services.row_ids import row_id

BOUNCED, DELAYED = "mail_bounced", "mail_delayed"
_LONGEST = 1000
_MAY_BOUNCE = (MailingStatus.INTENT, MailingStatus.IN_DOUBT, MailingStatus.SENT)
_TAGS = {ReportAction.DELAYED: "mailing:delayed", ReportAction.DELIVERED: "mailing:arrived"}


def take_mail_report(session: Session, report: DeliveryReport) -> bool:
    """Record what a mail server says of an invoice's mail; False when it is about none, and nothing was changed.

    A failure asks a person and tells who sent the mail. A warning that the mail is late is only shown.
    """
    row = _reported(session, report)
    if row is None:
        return False
    failures = [said for said in report.recipients if said.action is ReportAction.FAILED]
    for said in report.recipients:
        if said.action in _TAGS:
            _note(session, row, _TAGS[said.action], said)
    if failures:
        _record_failures(session, row, failures)
    elif any(said.action is ReportAction.DELAYED for said in report.recipients):
        _show_delay(session, row, report)
    elif row.error_code == DELAYED:
        _show(session, row, "", "")
    return True


def _reported(session: Session, report: DeliveryReport) -> Mailing | None:
    ours = (col(Mailing.channel) == DeliveryChannel.EMAIL) & col(Mailing.message_id).in_(report.message_ids)
    return session.scalars(select(Mailing).where(ours).order_by(col(Mailing.id)).with_for_update()).first()


def _record_failures(session: Session, row: Mailing, failures: list[RecipientReport]) -> None:
    words = " · ".join(_words(said) for said in failures)
    if row.status is MailingStatus.BOUNCED:
        if words not in row.error_message:
            _note(session, row, "mailing:bounced_too", *failures)
            _show(session, row, BOUNCED, f"{row.error_message} · {words}")
        return
    if row.status not in _MAY_BOUNCE or not _stands(session, row):
        # It was sent anew meanwhile, or another revision took its place: there is nothing to ask a person.
        _note(session, row, "mailing:bounced_too", *failures)
        return
    apply(session, system_actor(row.queued_by_id), row, "bounce", words[:_LONGEST], message_id=row.message_id)
    _show(session, row, BOUNCED, words)
    people = [who for who in (row.queued_by_id, row.sent_by_id) if who is not None]
    occasion = f"{row_id(row)}-v{row.version}-bounced"
    tell(session, people, NoticeKind.MAILING_STOPPED, "invoice", row.invoice_id, occasion=occasion)


def _stands(session: Session, row: Mailing) -> bool:
    """Whether the invoice is still the one that was mailed."""
    invoice: Invoice = get(session, Invoice, row.invoice_id)
    revision: InvoiceRevision = get(session, InvoiceRevision, row.invoice_revision_id)
    is_alive = invoice.document_status in (DocumentStatus.OPEN, DocumentStatus.DELIVERED)
    return is_alive and revision.number == invoice.revision_number


def _show_delay(session: Session, row: Mailing, report: DeliveryReport) -> None:
    late = [said for said in report.recipients if said.action is ReportAction.DELAYED]
    if row.status in _MAY_BOUNCE and row.error_code in {"", DELAYED}:
        words = " · ".join(_words(said) for said in late)
        _show(session, row, DELAYED, f"Late, not lost: the mail server still tries. {words}")


def _show(session: Session, row: Mailing, code: str, message: str) -> None:
    row.error_code, row.error_message = code, message[:_LONGEST]
    session.add(row)
    session.flush()


def _note(session: Session, row: Mailing, tag: str, *said: RecipientReport) -> None:
    words = " · ".join(_words(one) for one in said)
    audit.record(session, system_actor(row.queued_by_id), tag, "mailing", row_id(row), note=words[:_LONGEST])


def _words(said: RecipientReport) -> str:
    return f"{said.address}: {said.sentence}" if said.address else said.sentence
