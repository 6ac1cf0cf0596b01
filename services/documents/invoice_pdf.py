"""The PDF of an invoice, for its reader and for the site or mailbox it goes to: the same bytes every time."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlmodel import Session

from adapters.typesetting import typeset, typeset_many
from carriers.exchange import AttachedPdf
from core.settings import get_settings
from models import InvoiceRevision
from services import lifecycle
from services.actor import Actor
from services.documents.invoice_facts import InvoiceFacts, load_invoice_facts, one_invoice
from services.documents.invoice_paper import invoice_paper
from services.documents.letterhead import DOCUMENT, print_data
from services.invoicing.invoice_documents import visible_invoice

_AT_ONCE = 50


@dataclass(frozen=True)
class NamedPdf:
    """A PDF under its file name."""

    name: str
    content: bytes


def make_invoice_pdf(session: Session, *, revision_id: int) -> AttachedPdf:
    """Return the invoice as a PDF, named as its LEDES file.

    Raises:
        NotFoundError: there is no such revision.
        FiguresDifferError: its lines do not add up to its total.
        TypesettingError: it could not be set.
    """
    facts = one_invoice(session, revision_id)
    return AttachedPdf(pdf_name(facts), typeset(DOCUMENT, _data(facts)))


def make_invoice_pdfs(session: Session, revision_ids: Sequence[int]) -> Iterator[NamedPdf]:
    """Yield the PDFs of many, in the order asked for, made on every core; a revision that is not there is left out.

    Raises:
        FiguresDifferError, TypesettingError: at the first that cannot be made.
    """
    names: deque[str] = deque()

    def papers() -> Iterator[dict[str, object]]:
        for start in range(0, len(revision_ids), _AT_ONCE):
            some = revision_ids[start : start + _AT_ONCE]
            facts = load_invoice_facts(session, some)
            for found in filter(None, map(facts.get, some)):
                names.append(pdf_name(found))
                yield _data(found)

    for content in typeset_many(DOCUMENT, papers()):
        yield NamedPdf(names.popleft(), content)


def read_invoice_pdf(session: Session, actor: Actor, *, revision_id: int) -> NamedPdf:
    """Return the PDF of a revision to who may see the invoice.

    Raises:
        NotFoundError: there is none, or it is of another attorney's matter.
    """
    revision: InvoiceRevision = lifecycle.get(session, InvoiceRevision, revision_id)
    visible_invoice(session, actor, revision.invoice_id)
    made = make_invoice_pdf(session, revision_id=revision_id)
    return NamedPdf(made.file_name, made.content)


def pdf_name(facts: InvoiceFacts) -> str:
    """Return the file's name."""
    return f"{PurePath(facts.file_name).stem}.pdf"


def _data(facts: InvoiceFacts) -> dict[str, object]:
    settings = get_settings()
    return print_data(f"Invoice {facts.number}", settings, [invoice_paper(facts, settings)])
