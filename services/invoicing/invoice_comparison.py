"""An invoice held against its proforma: what was worked, entered, billed, invoiced and accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.money import ZERO, line_amount, total
from models import Invoice, InvoiceLine, InvoiceRevision, Proforma
from models.enums import LineTreatment
from services import lifecycle
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.review.proforma_lines import LineRow, proforma_lines
from services.row_ids import row_id


@dataclass(frozen=True)
class ComparedLine:
    """One line of the proforma and what of it this invoice bills; amounts in dollars, units in hours or a count.

    `invoiced_amount` is None where the invoice has no such line: it was written off, held, went elsewhere, another line
    bills it, or another payor does.
    """

    line: LineRow
    entered_amount: Decimal
    billed_amount: Decimal
    invoiced_amount: Decimal | None
    invoiced_narrative: str

    @property
    def is_same(self) -> bool:
        """Whether the invoice bills the line just as it was entered."""
        is_text = self.invoiced_narrative in {"", self.line.entered_narrative}
        return is_text and self.entered_amount == self.billed_amount == self.invoiced_amount


@dataclass(frozen=True)
class Comparison:
    """The sums of a bill on its way, in dollars, and its lines in the proforma's order.

    `other_payors_amount` is what other invoices of the same proforma bill; `accepted_amount` is None until the carrier
    has answered.
    """

    worked_amount: Decimal
    entered_amount: Decimal
    billed_amount: Decimal
    invoiced_amount: Decimal
    other_payors_amount: Decimal
    accepted_amount: Decimal | None
    lines: tuple[ComparedLine, ...]

    @property
    def changed(self) -> tuple[ComparedLine, ...]:
        """The lines that differ anywhere on the way."""
        return tuple(line for line in self.lines if not line.is_same)


def compare_with_proforma(session: Session, actor: Actor, *, invoice_id: int) -> Comparison:
    """Return an invoice's current revision beside its proforma.

    Raises:
        NotFoundError: there is no such invoice among the actor's.
    """
    invoice = visible_invoice(session, actor, invoice_id)
    proforma: Proforma = lifecycle.get(session, Proforma, invoice.proforma_id)
    rows, _ = proforma_lines(session, actor, row_id(proforma))
    invoiced = _invoiced(session, invoice)
    lines = tuple(_compared(row, invoiced) for row in rows)
    return Comparison(
        worked_amount=proforma.worked_amount,
        entered_amount=total(line.entered_amount for line in lines if line.line.split_from is None),
        billed_amount=proforma.billed_amount,
        invoiced_amount=invoice.total_amount,
        other_payors_amount=_others(session, invoice),
        accepted_amount=invoice.approved_amount,
        lines=lines,
    )


def _compared(row: LineRow, invoiced: Mapping[int, Sequence[InvoiceLine]]) -> ComparedLine:
    mine = invoiced.get(row.id, ())
    return ComparedLine(
        line=row,
        # A combined line and a discount were entered by nobody: they are what the bill made of it.
        entered_amount=line_amount(row.entered_units, row.unit_cost) if row.is_entry else ZERO,
        billed_amount=row.billed_amount if row.treatment is LineTreatment.BILL else ZERO,
        invoiced_amount=total(line.total_amount for line in mine) if mine else None,
        invoiced_narrative=mine[0].narrative if mine else "",
    )


def _invoiced(session: Session, invoice: Invoice) -> dict[int, list[InvoiceLine]]:
    current = (
        col(InvoiceRevision.invoice_id) == invoice.id,
        col(InvoiceRevision.number) == invoice.revision_number,
    )
    statement = (
        select(InvoiceLine)
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        .where(*current)
        .order_by(col(InvoiceLine.line_number))
    )
    found: dict[int, list[InvoiceLine]] = {}
    for line in session.scalars(statement):
        found.setdefault(line.proforma_line_id, []).append(line)
    return found


def _others(session: Session, invoice: Invoice) -> Decimal:
    others = select(func.sum(col(Invoice.total_amount))).where(
        col(Invoice.proforma_id) == invoice.proforma_id,
        col(Invoice.matter_payor_id) != invoice.matter_payor_id,
        col(Invoice.replaces_invoice_id).is_(None),
    )
    return session.scalar(others) or ZERO
