"""The cover letter of an invoice as a paper, and a letter shown before it is saved."""

from typing import Any

from sqlmodel import Session

from adapters.typesetting import typeset_pictures
from core.clock import today
from core.errors import NotFoundError
from core.settings import Settings, get_settings
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.documents.invoice_facts import InvoiceFacts, long_day, one_invoice
from services.documents.letter_texts import FilledLetter, LetterTemplate, check_letter, fill_letter, sample_invoice
from services.documents.letterhead import DOCUMENT, firm_facts, print_data


def letter_paper(facts: InvoiceFacts, letter: FilledLetter, settings: Settings) -> dict[str, Any]:
    """Return the paper of one letter; it bears the invoice's day, so that it is the same whenever it is made."""
    return {
        "kind": "letter",
        "key": f"end-of-letter-{facts.revision_id}",
        "firm": firm_facts(settings),
        "date": long_day(facts.invoice_date),
        "payor": facts.payor_name,
        "payor_lines": list(facts.postal_lines),
        "subject": letter.subject,
        "paragraphs": [part.split("\n") for part in letter.body.split("\n\n") if part.strip()],
    }


def preview_letter(session: Session, actor: Actor, *, subject: str, body: str) -> bytes:
    """Return a picture of the letter as it would go with the newest invoice; nothing is saved.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: a placeholder is unknown or not closed, or a text is missing or too long.
        NotFoundError: there is no invoice yet.
    """
    require(actor, Role.ADMIN, what="The cover letter")
    check_letter(subject, body)
    if (revision_id := sample_invoice(session)) is None:
        raise NotFoundError("There is no invoice yet to show the letter with. Nothing was changed.")
    settings, facts = get_settings(), one_invoice(session, revision_id)
    paper = letter_paper(facts, fill_letter(LetterTemplate(0, subject, body), facts, settings), settings)
    return typeset_pictures(DOCUMENT, print_data(f"Letter, {today()}", settings, [paper]))[0]
