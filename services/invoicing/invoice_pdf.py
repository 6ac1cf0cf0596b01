"""The PDF that goes to a site beside the LEDES file: what the invoice's revision says, the same bytes every time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.typesetting import typeset
from carriers.exchange import AttachedPdf
from core.money import as_dollars, round_half_up, total
from core.settings import Settings, get_settings
from models import Carrier, Invoice, InvoiceLine, InvoiceRevision, Matter, MatterPayor
from models.enums import EntryKind

_COLUMNS = ("Date", "By", "Code", "Description", "Units", "Rate", "Amount")
_KINDS = {
    EntryKind.FEE: "Fees",
    EntryKind.EXPENSE: "Expenses",
}


def make_invoice_pdf(
    session: Session,
    *,
    invoice: Invoice,
    revision: InvoiceRevision,
    matter: Matter,
    payor: MatterPayor,
    carrier: Carrier,
) -> AttachedPdf:
    """Return the invoice as a PDF, named as its LEDES file.

    Raises:
        TypesettingError: it could not be set.
    """
    facts = {
        "Bill to": carrier.name,
        "Claim": payor.claim_number,
        "Matter": f"{matter.number} {matter.name}",
        "Services": f"{revision.period_start:%B %d, %Y} to {revision.period_end:%B %d, %Y}",
    }
    statement = select(InvoiceLine).where(col(InvoiceLine.invoice_revision_id) == revision.id)
    lines = session.scalars(statement.order_by(col(InvoiceLine.line_number))).all()
    data = printed(invoice, revision, facts, lines)
    return AttachedPdf(f"{PurePath(revision.file_name).stem}.pdf", typeset(_source(), data))


def printed(
    invoice: Invoice, revision: InvoiceRevision, facts: Mapping[str, str], lines: Sequence[InvoiceLine]
) -> dict[str, Any]:
    """Return every text of the PDF; figures are the revision's own, `facts` stand at its head."""
    return {
        **_head(invoice, revision, get_settings()),
        "facts": list(facts.items()),
        "columns": _COLUMNS,
        "lines": [_cells(line) for line in lines],
        "totals": [
            (name, as_dollars(total(line.total_amount for line in lines if line.kind is kind)))
            for kind, name in _KINDS.items()
        ],
        "total": as_dollars(revision.total_amount),
    }


def _head(invoice: Invoice, revision: InvoiceRevision, settings: Settings) -> dict[str, Any]:
    return {
        "title": f"Invoice {invoice.number}",
        "number": invoice.number,
        "dated": f"{revision.invoice_date:%B %d, %Y}",
        "firm": settings.firm_name,
        "firm_id": settings.law_firm_id,
    }


def _cells(line: InvoiceLine) -> list[str]:
    code = " ".join(filter(None, (line.task_code, line.activity_code, line.expense_code)))
    adjusted = f" (adjustment {as_dollars(line.adjustment_amount)})" if line.adjustment_amount else ""
    return [
        f"{line.worked_on:%m/%d/%Y}",
        line.timekeeper_code,
        code,
        line.narrative + adjusted,
        f"{line.units.normalize():f}",
        _rate(line.unit_cost),
        f"{line.total_amount:,.2f}",
    ]


def _rate(amount: Decimal) -> str:
    """Write two decimals, or as many as the amount has."""
    return f"{amount:,.2f}" if amount == round_half_up(amount) else f"{amount.normalize():f}"


@cache
def _source() -> str:
    return Path(__file__).with_suffix(".typ").read_text(encoding="utf-8")
