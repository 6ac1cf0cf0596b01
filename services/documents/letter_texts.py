"""The firm's letter that goes with an invoice: its text with placeholders, in versions, edited by administrators."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError, StaleVersionError
from core.money import as_dollars
from core.settings import Settings
from models import InvoiceRevision, LetterText, User
from models.enums import Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.documents.invoice_facts import InvoiceFacts, long_day
from services.row_ids import row_id

COVER_LETTER = "cover_letter"
LONGEST_SUBJECT, LONGEST_BODY = 200, 4000
# What may stand in the subject of a mail, which others than its reader see: numbers, no names of people.
IN_SUBJECTS = ("invoice_number", "claim_number", "matter_number", "firm_name")
PLACEHOLDERS = {
    "payor": "the payor's name",
    "invoice_number": "the invoice's number",
    "invoice_date": "the day of the invoice",
    "due_date": "the day on which it is due",
    "amount": "the amount due",
    "matter_number": "our number of the matter",
    "matter_name": "the name of the matter",
    "claim_number": "the payor's claim number",
    "period": "the days of work that it bills",
    "attorney": "the responsible attorney",
    "firm_name": "our name",
    "firm_phone": "our telephone number",
    "firm_email": "our address for questions",
}
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_DEFAULT_SUBJECT = "Invoice {invoice_number}, claim {claim_number}"
_DEFAULT_BODY = """Dear Sir or Madam:

Enclosed is our invoice {invoice_number} of {invoice_date} for legal services in the matter {matter_name}, your claim \
{claim_number}. It is for our work from {period}.

The amount due is {amount}. Please pay it by {due_date} and name the number of the invoice with your payment.

If you have a question about it, please call {firm_phone} or write to {firm_email}.

Sincerely,
{firm_name}"""


@dataclass(frozen=True)
class LetterTemplate:
    """One version of the letter; number 0 is the one that comes with the portal."""

    number: int
    subject: str
    body: str
    author_name: str = ""
    note: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True)
class FilledLetter:
    """A letter with the facts of one invoice."""

    subject: str
    body: str


DEFAULT = LetterTemplate(0, _DEFAULT_SUBJECT, _DEFAULT_BODY)


def letter_in_force(session: Session) -> LetterTemplate:
    """Return the newest version, or the one that comes with the portal."""
    return next(iter(_versions(session, limit=1)), DEFAULT)


def list_letter_versions(session: Session, actor: Actor) -> list[LetterTemplate]:
    """Return every version, the newest first.

    Raises:
        DeniedError: the actor is no admin.
    """
    require(actor, Role.ADMIN, what="The cover letter")
    return [*_versions(session), DEFAULT]


def save_letter(
    session: Session, actor: Actor, *, subject: str, body: str, expected_number: int, note: str = ""
) -> int:
    """Put a new version in force and return its number; letters that were sent stay as they were.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: a placeholder is unknown or not closed, or a text is missing or too long.
        StaleVersionError: somebody saved another version meanwhile.
    """
    require(actor, Role.ADMIN, what="Changing the cover letter")
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    check_letter(subject, body)
    newest = letter_in_force(session).number
    if newest != expected_number:
        message = "Somebody saved another letter since you opened it. Yours was not saved; look at the new one first."
        raise StaleVersionError(message, expected=expected_number, found=newest)
    row = LetterText(
        name=COVER_LETTER,
        number=newest + 1,
        subject=subject,
        body=body,
        author_id=person_id(actor),
        note=note.strip()[:500],
        created_at=now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "letter_text:saved", "letter_text", row_id(row), note=note, number=row.number)
    return row.number


def check_letter(subject: str, body: str) -> None:
    """Refuse a letter that could not be filled in.

    Raises:
        InvalidInputError: naming every fault.
    """
    faults = [*_faults("subject", subject, LONGEST_SUBJECT, IN_SUBJECTS), *_faults("letter", body, LONGEST_BODY)]
    if faults:
        raise InvalidInputError(f"The letter was not saved. {' '.join(faults)}")


def fill_letter(template: LetterTemplate, facts: InvoiceFacts, settings: Settings) -> FilledLetter:
    """Return the letter of one invoice; every placeholder of a saved text has its value."""
    values = letter_values(facts, settings)
    return FilledLetter(_filled(template.subject, values), _filled(template.body, values))


def letter_values(facts: InvoiceFacts, settings: Settings) -> dict[str, str]:
    """Return what stands in for each placeholder."""
    return {
        "payor": facts.payor_name,
        "invoice_number": facts.number,
        "invoice_date": long_day(facts.invoice_date),
        "due_date": facts.due_text,
        "amount": as_dollars(facts.total_amount),
        "matter_number": facts.matter_number,
        "matter_name": facts.matter_name,
        "claim_number": facts.claim_number,
        "period": facts.period_text,
        "attorney": facts.attorney_name,
        "firm_name": settings.firm_name,
        "firm_phone": settings.firm_phone,
        "firm_email": settings.firm_email,
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; what a value holds is never looked at again."""
    return _BRACES.sub(lambda found: values[found[1]], text)


def _faults(what: str, text: str, longest: int, allowed: tuple[str, ...] = tuple(PLACEHOLDERS)) -> Iterator[str]:
    if not text:
        yield f"The {what} is empty."
    if len(text) > longest:
        yield f"The {what} has {len(text):,} characters; {longest:,} are allowed."
    for found in _BRACES.finditer(text):
        name = found[1]
        if name is None:
            yield f"A brace of the {what} belongs to no placeholder: “{_around(text, found.start())}”."
        elif name not in PLACEHOLDERS:
            yield f"{{{name}}} is no placeholder. There are: {', '.join(PLACEHOLDERS)}."
        elif name not in allowed:
            yield f"{{{name}}} may not stand in the subject of a mail, which strangers may see."


def _around(text: str, at: int) -> str:
    return " ".join(text[max(at - 15, 0) : at + 15].split())


def _versions(session: Session, limit: int | None = None) -> Iterator[LetterTemplate]:
    statement = (
        select(LetterText, col(User.name))
        .join(User, col(User.id) == col(LetterText.author_id))
        .where(col(LetterText.name) == COVER_LETTER)
        .order_by(col(LetterText.number).desc())
    )
    for row, author in session.execute(statement.limit(limit) if limit else statement):
        yield LetterTemplate(row.number, row.subject, row.body, author, row.note, row.created_at)


def sample_invoice(session: Session) -> int | None:
    """Return the newest invoice's revision, to preview a letter with; None while there is none."""
    return session.scalar(select(func.max(col(InvoiceRevision.id))))
