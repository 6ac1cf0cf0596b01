"""The mail that brings an invoice to its payor: the letter, the invoice as a PDF, the LEDES file where it is wanted."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from sqlmodel import Session

from adapters.typesetting import typeset
from core.ids import sha256_hex
from core.settings import Settings
from models import Carrier, InvoiceRevision, Mailing
from services import lifecycle
from services.documents.invoice_facts import InvoiceFacts, one_invoice
from services.documents.invoice_paper import invoice_paper
from services.documents.invoice_pdf import pdf_name
from services.documents.letter_paper import letter_paper
from services.documents.letter_texts import FilledLetter, fill_letter, letter_in_force
from services.documents.letterhead import DOCUMENT, print_data
from services.invoicing.invoice_documents import verify_file


@dataclass(frozen=True)
class InvoiceMail:
    """What one mail is made of, read in one go."""

    mailing_id: int
    attempt: int
    file_sha256: str
    addresses: str
    facts: InvoiceFacts
    letter: FilledLetter
    has_cover_letter: bool
    ledes_file: tuple[str, bytes] | None

    def message_id(self, settings: Settings) -> str:
        """Return the name of this sending; the same however often a worker tries it.

        It ends in what only the firm can know, the mark of the invoice's own file, so that nobody guesses it and
        reports in its name that the mail came back.
        """
        domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost"
        name = f"invoice-{self.facts.number}-r{self.facts.revision_number}-{self.mailing_id}-{self.attempt}"
        mark = sha256_hex(f"{name} {self.file_sha256}".encode())[:20]
        return f"<{name}-{mark}@{domain}>"


def read_mail(session: Session, mailing: Mailing, settings: Settings) -> InvoiceMail:
    """Read what the mail of an invoice is made of.

    Raises:
        FileAlteredError: the bytes of the LEDES file are not those that were finalised.
        FiguresDifferError: the invoice's lines do not add up.
    """
    revision: InvoiceRevision = verify_file(session, mailing.invoice_revision_id)
    carrier: Carrier = lifecycle.get(session, Carrier, mailing.carrier_id)
    facts = one_invoice(session, mailing.invoice_revision_id)
    return InvoiceMail(
        mailing_id=mailing.id or 0,
        attempt=mailing.attempt,
        file_sha256=revision.file_sha256,
        addresses=mailing.addresses,
        facts=facts,
        letter=fill_letter(letter_in_force(session), facts, settings),
        has_cover_letter=carrier.has_cover_letter,
        ledes_file=(revision.file_name, revision.file_content) if carrier.has_ledes_file else None,
    )


def make_message(mail: InvoiceMail, settings: Settings, *, at: datetime) -> EmailMessage:
    """Return the mail, complete: sender, date and id stand in it, so that what is kept is what was sent.

    Raises:
        TypesettingError: a PDF could not be set.
    """
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, mail.addresses
    message["Subject"] = mail.letter.subject
    if settings.firm_email:
        message["Reply-To"] = settings.firm_email
    message["Date"], message["Message-ID"] = format_datetime(at), mail.message_id(settings)
    message.set_content(mail.letter.body)
    for name, content in _papers(mail, settings):
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    if mail.ledes_file is not None:
        name, content = mail.ledes_file
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    message.set_boundary(f"=_{sha256_hex(mail.message_id(settings).encode())[:40]}")
    return message


def _papers(mail: InvoiceMail, settings: Settings) -> list[tuple[str, bytes]]:
    facts = mail.facts
    bill = print_data(f"Invoice {facts.number}", settings, [invoice_paper(facts, settings)])
    papers = [(pdf_name(facts), typeset(DOCUMENT, bill))]
    if mail.has_cover_letter:
        letter = print_data(mail.letter.subject, settings, [letter_paper(facts, mail.letter, settings)])
        papers.append((f"Letter {pdf_name(facts)}", typeset(DOCUMENT, letter)))
    return papers
