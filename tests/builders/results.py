"""Result mails: as they lie in a mailbox, and as rows of the inbox."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from sqlmodel import Session

from adapters.mailbox import MailCursor, NewMail
from core.ids import sha256_hex
from models import ResultMail
from models.enums import ResultMailStatus
from tests.builders.base import NUMBERS, add

RESULT_SENDER = "results@carrier.example"
RESULT_DOMAIN = "carrier.example"
OWN_SERVER = "mx.hwr.example"


def result_mail(
    text: str = "",
    *,
    html: str = "",
    subject: str = "Result",
    sender: str = RESULT_SENDER,
    message_id: str = "",
    verdict: str = f"{OWN_SERVER}; dkim=pass header.d={RESULT_DOMAIN}",
) -> EmailMessage:
    """Return a mail as our own server delivers it; `verdict` is what it found of the signature, '' for nothing."""
    message = EmailMessage(policy=SMTP)
    if verdict:
        message["Authentication-Results"] = verdict
    message["From"] = f"Carrier Results <{sender}>"
    message["Subject"] = subject
    message["Message-ID"] = message_id or f"<{next(NUMBERS)}@{RESULT_DOMAIN}>"
    if text or not html:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html") if text else message.set_content(html, subtype="html")
    return message


def new_mail(message: EmailMessage | bytes, *, uid: int = 0, uid_validity: int = 7) -> NewMail:
    """Return a mail as a mailbox hands it over, received now."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    cursor = MailCursor(uid_validity, uid or next(NUMBERS))
    return NewMail(cursor, datetime.now(UTC), len(raw), raw)


def make_result_mail(session: Session, *, status: ResultMailStatus = ResultMailStatus.UNMATCHED) -> ResultMail:
    """Make the row of a kept mail, without bytes in a store."""
    mark = sha256_hex(str(next(NUMBERS)).encode())
    return add(
        session,
        ResultMail(
            fingerprint=mark,
            message_id=f"<{mark[:8]}@{RESULT_DOMAIN}>",
            uid_validity=7,
            uid=next(NUMBERS),
            sender=RESULT_SENDER,
            subject="Result",
            received_at=datetime.now(UTC),
            size_bytes=100,
            is_trusted=status is not ResultMailStatus.NOT_TRUSTED,
            sha256=mark,
            object_key=f"results/mail/{mark}",
            status=status,
        ),
    )
