"""The LEDES file of an invoice: built by the carrier's profile, written, read back and compared before it is kept."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from carriers.profile import CarrierProfile
from core.errors import BillingError, NotFoundError
from core.ids import sha256_hex
from core.money import ZERO, total
from core.settings import get_settings
from ledes.characters import character_name
from ledes.document import ADJUSTMENTS, LedesInvoice, LedesLine, LineType, Party
from ledes.file_format import FileFormat
from ledes.for_carrier import for_carrier
from ledes.readback import read_back
from ledes.texts import TextChange, with_ascii_texts
from ledes.writer import write
from models import Invoice, InvoiceRevision, Matter
from models.enums import EntryKind
from services import lifecycle
from services.access import sees_all_matters
from services.actor import Actor

_CURRENCY = "USD"
_OWN_ACCOUNT = "O"
_NO_CHANGES: tuple[TextChange, ...] = ()


class FileAlteredError(BillingError):
    """The stored bytes are not those that were finalised."""

    code = "file_altered"
    status_code = 409


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One line of an invoice to be, under the names of `InvoiceLine`'s columns."""

    line_number: int
    proforma_line_id: int
    kind: EntryKind
    worked_on: date
    timekeeper_code: str
    timekeeper_name: str
    timekeeper_classification: str
    units: Decimal
    unit_cost: Decimal
    adjustment_amount: Decimal
    total_amount: Decimal
    task_code: str
    activity_code: str
    expense_code: str
    narrative: str
    is_printed: bool = True


@dataclass(frozen=True)
class Paper:
    """All that a file says of one invoice; ids as the firm keeps them, before the profile's format.

    `client_name` is the carrier that pays, `replaces_number` the rejected invoice that this one stands for.
    """

    number: str
    invoice_date: date
    client_code: str
    matter_number: str
    claim_number: str
    law_firm_id: str
    period_start: date
    period_end: date
    lines: tuple[BilledLine, ...]
    matter_name: str = ""
    client_name: str = ""
    replaces_number: str = ""

    @property
    def total_amount(self) -> Decimal:
        """Dollars and cents of the invoice."""
        return total(line.total_amount for line in self.lines)


@dataclass(frozen=True)
class LedesFile:
    """A file that was read back and found equal; `lines` carry the texts as they were written."""

    name: str
    content: bytes
    sha256: str
    lines: tuple[BilledLine, ...]
    changes: tuple[TextChange, ...]

    def changes_for_audit(self) -> list[dict[str, str]]:
        """Return the replaced characters by their names; never the text around them."""
        return [
            {
                "line": change.line_item_number,
                "field": change.field,
                "character": character_name(change.change.original[0]),
                "written": change.change.replacement,
            }
            for change in self.changes
        ]


def make_file(paper: Paper, profile: CarrierProfile) -> LedesFile:
    """Return the invoice's file in the profile's format and dialect; XML carries every character as it is.

    Raises:
        CarrierFormatError: the profile's constants or remaps do not fit the dialect.
        NoAsciiTwinError: a text holds a character that LEDES cannot carry.
        LedesRefusedError: a value is missing, too long or does not add up; names invoice, line and field.
        ReadBackError: the file does not say what the invoice says.
    """
    file_format, changes = profile.format, _NO_CHANGES
    document = for_carrier(_document(paper), file_format)
    if not file_format.dialect.is_xml:
        document, changes = with_ascii_texts(document)
    content = write(document, file_format.dialect, file_format)
    read_back(document, content, file_format)
    lines = tuple(map(_as_written, paper.lines, document.lines))
    return LedesFile(file_name(paper, profile.format), content, sha256_hex(content), lines, changes)


def file_name(paper: Paper, file_format: FileFormat) -> str:
    """Return the file's name by the profile's pattern, with the extension of its dialect."""
    pattern = file_format.file_name.removesuffix(".txt").removesuffix(".xml")
    named = pattern.format(invoice_number=paper.number, client_code=paper.client_code, matter=paper.matter_number)
    return f"{named}{file_format.dialect.extension}"


def verify_file(session: Session, revision_id: int) -> InvoiceRevision:
    """Return a revision whose bytes are those that were finalised.

    Raises:
        FileAlteredError: they are not; it must never be sent.
    """
    revision: InvoiceRevision = lifecycle.get(session, InvoiceRevision, revision_id)
    if sha256_hex(revision.file_content) != revision.file_sha256:
        message = (
            f"The file {revision.file_name} was altered after finalising, so it was not used. "
            "The invoice was kept; tell an administrator, who can restore it from a backup."
        )
        raise FileAlteredError(message, revision_id=revision_id)
    return revision


def read_ledes_file(session: Session, actor: Actor, *, revision_id: int) -> tuple[str, bytes]:
    """Return name and bytes of a revision's file, checked, for preview and download.

    Raises:
        NotFoundError: there is none, or it is of another attorney's matter.
        FileAlteredError: the bytes are not those that were finalised.
    """
    revision = verify_file(session, revision_id)
    visible_invoice(session, actor, revision.invoice_id)
    return revision.file_name, revision.file_content


def visible_invoice(session: Session, actor: Actor, invoice_id: int) -> Invoice:
    """Return an invoice that the actor may see.

    Raises:
        NotFoundError: there is none, or it is of another attorney's matter.
    """
    invoice: Invoice = lifecycle.get(session, Invoice, invoice_id)
    matter: Matter = lifecycle.get(session, Matter, invoice.matter_id)
    if not sees_all_matters(actor) and matter.responsible_attorney_id != actor.user_id:
        raise NotFoundError("There is no such invoice among yours. Nothing was changed; go back to the list.")
    return invoice


def _document(paper: Paper) -> LedesInvoice:
    """Return everything the firm knows of the invoice; a dialect carries its part of that. The firm bills no tax."""
    return LedesInvoice(
        invoice_date=paper.invoice_date,
        invoice_number=paper.number,
        client_id=paper.client_code,
        law_firm_matter_id=paper.matter_number,
        invoice_total=paper.total_amount,
        billing_start_date=paper.period_start,
        billing_end_date=paper.period_end,
        invoice_description=f"Legal services {paper.period_start:%B %d, %Y} to {paper.period_end:%B %d, %Y}",
        law_firm_id=paper.law_firm_id,
        client_matter_id=paper.claim_number,
        lines=tuple(map(_line, paper.lines)),
        matter_name=paper.matter_name,
        invoice_currency=_CURRENCY,
        account_type=_OWN_ACCOUNT,
        law_firm=Party(name=get_settings().firm_name),
        client=Party(name=paper.client_name),
        replaces_invoice=paper.replaces_number,
    )


def _line(line: BilledLine) -> LedesLine:
    kind = LineType(line.kind.value)
    is_discount = kind in ADJUSTMENTS
    return LedesLine(
        line_item_number=str(line.line_number),
        exp_fee_inv_adj_type=kind,
        units=None if is_discount else line.units,
        adjustment_amount=line.adjustment_amount,
        total=line.total_amount,
        date=line.worked_on,
        task_code=line.task_code,
        expense_code=line.expense_code,
        activity_code=line.activity_code,
        timekeeper_id=line.timekeeper_code,
        description=line.narrative.strip(),
        unit_cost=None if is_discount else line.unit_cost,
        timekeeper_name=line.timekeeper_name,
        timekeeper_classification=line.timekeeper_classification,
        tax_total=ZERO,
    )


def _as_written(line: BilledLine, written: LedesLine) -> BilledLine:
    """Return the line with the texts of the file; the same one where nothing was replaced."""
    if (line.narrative, line.timekeeper_name) == (written.description, written.timekeeper_name):
        return line
    return replace(line, narrative=written.description, timekeeper_name=written.timekeeper_name)


def columns_of(line: BilledLine) -> dict[str, Any]:
    """Return a line as the columns of an `InvoiceLine`."""
    return {name: getattr(line, name) for name in BilledLine.__slots__}
