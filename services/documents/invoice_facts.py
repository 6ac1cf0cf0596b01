"""What stands on an invoice's paper besides the firm: read from its revision, for one or for hundreds at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.errors import BillingError, NotFoundError
from core.money import as_dollars
from models import Carrier, CarrierProfileVersion, Invoice, InvoiceLine, InvoiceRevision, Matter, MatterPayor, User
from services.documents.figures import Figures, Tax, figures_of

_CHUNK = 200
_MONEY, _TERMS = "money", "payment_terms_days"


class FiguresDifferError(BillingError):
    """The lines of a revision do not add up to its total, so no paper of it is made."""

    code = "figures_differ"
    status_code = 409


@dataclass(frozen=True)
class InvoiceFacts:
    """One revision of an invoice with everything its paper says; `due_on` is None where it is due on receipt."""

    revision_id: int
    invoice_id: int
    number: str
    revision_number: int
    file_name: str
    invoice_date: date
    due_on: date | None
    period_start: date
    period_end: date
    total_amount: Decimal
    payor_name: str
    postal_lines: tuple[str, ...]
    client_code: str
    matter_number: str
    matter_name: str
    claim_number: str
    attorney_name: str
    replaces_number: str
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[Tax, ...] = ()

    @property
    def figures(self) -> Figures:
        """The sums of the lines.

        Raises:
            FiguresDifferError: they are not what the revision says.
        """
        figures = figures_of(self.lines, self.taxes)
        if figures.total_amount != self.total_amount:
            message = (
                f"The lines of invoice {self.number} add up to {as_dollars(figures.total_amount)}, not to its "
                f"{as_dollars(self.total_amount)}. No paper was made and nothing was sent; tell an administrator."
            )
            raise FiguresDifferError(message, revision_id=self.revision_id)
        return figures

    @property
    def due_text(self) -> str:
        """When it is to be paid, in words."""
        return long_day(self.due_on) if self.due_on else "On receipt"

    @property
    def period_text(self) -> str:
        """The days of work that it bills."""
        return f"{long_day(self.period_start)} to {long_day(self.period_end)}"


def load_invoice_facts(session: Session, revision_ids: Collection[int]) -> dict[int, InvoiceFacts]:
    """Return the facts by revision id; two statements for every two hundred."""
    ids = sorted(set(revision_ids))
    found: dict[int, InvoiceFacts] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        lines = _lines(session, chunk)
        heads = session.execute(_heads().where(col(InvoiceRevision.id).in_(chunk)))
        found |= {head.revision_id: _facts(head, lines[head.revision_id]) for head in heads}
    return found


def one_invoice(session: Session, revision_id: int) -> InvoiceFacts:
    """Return the facts of one revision.

    Raises:
        NotFoundError: there is none.
    """
    found = load_invoice_facts(session, [revision_id]).get(revision_id)
    if found is None:
        raise NotFoundError("There is no such invoice any more. Nothing was changed; go back to the list.")
    return found


def long_day(day: date) -> str:
    """Return a day as it stands on paper: 'November 2, 2026'."""
    return f"{day:%B} {day.day}, {day.year}"


def _heads() -> Any:  # noqa: ANN401 -- a select of many columns
    replaced = aliased(Invoice)
    return (
        select(
            col(InvoiceRevision.id).label("revision_id"),
            col(InvoiceRevision.number).label("revision_number"),
            col(InvoiceRevision.file_name),
            col(InvoiceRevision.invoice_date),
            col(InvoiceRevision.period_start),
            col(InvoiceRevision.period_end),
            col(InvoiceRevision.total_amount),
            col(Invoice.id).label("invoice_id"),
            col(Invoice.number),
            col(Carrier.name).label("payor_name"),
            col(Carrier.client_code),
            col(Carrier.postal_address),
            col(Matter.number).label("matter_number"),
            col(Matter.name).label("matter_name"),
            col(MatterPayor.claim_number),
            col(User.name).label("attorney_name"),
            col(replaced.number).label("replaces_number"),
            col(CarrierProfileVersion.document),
        )
        .join(Invoice, col(Invoice.id) == col(InvoiceRevision.invoice_id))
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(MatterPayor, col(MatterPayor.id) == col(Invoice.matter_payor_id))
        .join(User, col(User.id) == col(Matter.responsible_attorney_id))
        .join(CarrierProfileVersion, col(CarrierProfileVersion.id) == col(InvoiceRevision.carrier_profile_version_id))
        .outerjoin(replaced, col(replaced.id) == col(Invoice.replaces_invoice_id))
    )


def _lines(session: Session, ids: Sequence[int]) -> dict[int, list[InvoiceLine]]:
    statement = select(InvoiceLine).where(col(InvoiceLine.invoice_revision_id).in_(ids))
    ordered = statement.order_by(col(InvoiceLine.invoice_revision_id), col(InvoiceLine.line_number))
    found: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in session.scalars(ordered):
        found[line.invoice_revision_id].append(line)
    return found


def _facts(head: Row[Any], lines: Iterable[InvoiceLine]) -> InvoiceFacts:
    terms = _terms_days(head.document)
    return InvoiceFacts(
        revision_id=head.revision_id,
        invoice_id=head.invoice_id,
        number=head.number,
        revision_number=head.revision_number,
        file_name=head.file_name,
        invoice_date=head.invoice_date,
        due_on=head.invoice_date + timedelta(days=terms) if terms else None,
        period_start=head.period_start,
        period_end=head.period_end,
        total_amount=head.total_amount,
        payor_name=head.payor_name,
        postal_lines=postal_lines(head.postal_address),
        client_code=head.client_code,
        matter_number=head.matter_number,
        matter_name=head.matter_name,
        claim_number=head.claim_number,
        attorney_name=head.attorney_name,
        replaces_number=head.replaces_number or "",
        lines=tuple(lines),
    )


def postal_lines(address: str) -> tuple[str, ...]:
    """Return an address line by line."""
    return tuple(line for line in map(str.strip, address.splitlines()) if line)


def _terms_days(document: dict[str, Any]) -> int:
    """Return the days within which the profile that the revision was made by says that the payor pays."""
    return int(document.get(_MONEY, {}).get(_TERMS, 0))
