"""Printing: invoices for the post as one PDF with their letters, by payor or by attorney.

The PDF is made before anything is written down, because that takes seconds; then the batch takes its invoices, all or
none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from adapters.typesetting import typeset
from core.clock import now, today
from core.errors import InvalidInputError, StaleVersionError
from core.ids import new_correlation_id, sha256_hex
from core.money import ZERO, as_dollars, total
from core.settings import Settings, get_settings
from models import Carrier, Invoice, Mailing, Matter, PrintBatch, User
from models.enums import DeliveryChannel, MailingStatus, PrintGrouping, Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.documents.invoice_facts import InvoiceFacts, load_invoice_facts, long_day
from services.documents.invoice_paper import invoice_paper, signed
from services.documents.letter_paper import letter_paper
from services.documents.letter_texts import fill_letter, letter_in_force
from services.documents.letterhead import DOCUMENT, firm_facts, print_data
from services.lifecycle import apply_many
from services.row_ids import row_id

MOST_AT_ONCE = 150
_WHAT = "Printing invoices"


@dataclass(frozen=True)
class PrintGroup:
    """Invoices that wait for the printer, of one payor or one attorney; `key` is that one's id."""

    grouping: PrintGrouping
    key: int
    name: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class PrintPlan:
    """What a batch prints: everything that was read, ready to be set without the database."""

    grouping: PrintGrouping
    label: str
    mailing_ids: tuple[int, ...]
    data: dict[str, Any]


def list_print_groups(session: Session, actor: Actor, *, grouping: PrintGrouping) -> list[PrintGroup]:
    """Return what waits for the printer by payor or by responsible attorney, by name.

    Raises:
        DeniedError: the actor is no biller.
    """
    require(actor, Role.BILLER, what=_WHAT)
    key, name = _group_columns(grouping)
    statement = (
        select(key, name, func.count(), func.sum(col(Invoice.total_amount)))
        .select_from(Mailing)
        .join(Invoice, col(Invoice.id) == col(Mailing.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(Carrier, col(Carrier.id) == col(Mailing.carrier_id))
        .join(User, col(User.id) == col(Matter.responsible_attorney_id))
        .where(_waits())
        .group_by(key, name)
        .order_by(name)
    )
    return [
        PrintGroup(grouping, one, who, count, amount or ZERO) for one, who, count, amount in session.execute(statement)
    ]


def plan_batch(
    session: Session, actor: Actor, *, grouping: PrintGrouping, key: int | None = None, mailing_ids: Sequence[int] = ()
) -> PrintPlan:
    """Read what one batch prints: those of a payor or attorney that wait, or those chosen; `MOST_AT_ONCE` at most.

    Raises:
        DeniedError: the actor is no biller.
        InvalidInputError: nothing waits.
        FiguresDifferError: the lines of one do not add up.
    """
    require(actor, Role.BILLER, what=_WHAT)
    rows = _waiting(session, grouping, key, mailing_ids)
    if not rows:
        raise InvalidInputError("Nothing of this waits for the printer. Nothing was printed; look at the list again.")
    label = {PrintGrouping.PAYOR: rows[0].payor, PrintGrouping.ATTORNEY: rows[0].attorney}.get(grouping, "Chosen")
    facts = load_invoice_facts(session, [row.invoice_revision_id for row in rows])
    found = [(facts[row.invoice_revision_id], row.has_cover_letter) for row in rows]
    settings = get_settings()
    data = print_data(f"Print batch: {label}", settings, _papers(session, label, found, settings))
    return PrintPlan(grouping, label, tuple(row.id for row in rows), data)


def set_batch(plan: PrintPlan) -> bytes:
    """Return the batch as one PDF.

    Raises:
        TypesettingError: it could not be set.
    """
    return typeset(DOCUMENT, plan.data)


def record_batch(
    session: Session, actor: Actor, *, plan: PrintPlan, pdf: bytes, store: ObjectStore | None = None
) -> int:
    """Keep the PDF and mark its invoices as printed; return the batch's id.

    Raises:
        DeniedError: the actor is no biller.
        StaleVersionError: one of them was withdrawn or printed meanwhile; nothing was recorded.
        UnavailableError: the store cannot be reached.
    """
    require(actor, Role.BILLER, what=_WHAT)
    moved = apply_many(session, actor, Mailing, "print", col(Mailing.id).in_(plan.mailing_ids))
    if moved != len(plan.mailing_ids):
        raise StaleVersionError("Some of these were printed or withdrawn meanwhile. Nothing was recorded; print again.")
    key = f"print-batches/{new_correlation_id()}.pdf"
    (store or object_store(get_settings())).put(key, pdf, "application/pdf")
    batch = PrintBatch(
        grouping=plan.grouping,
        label=plan.label[:160],
        invoice_count=len(plan.mailing_ids),
        object_key=key,
        sha256=sha256_hex(pdf),
        made_by_id=person_id(actor),
        made_at=now(),
    )
    session.add(batch)
    session.flush()
    for row in session.scalars(select(Mailing).where(col(Mailing.id).in_(plan.mailing_ids))):
        row.print_batch_id = row_id(batch)
        session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "print_batch:made",
        "print_batch",
        row_id(batch),
        invoices=batch.invoice_count,
        grouping=plan.grouping.value,
        sha256=batch.sha256,
    )
    return row_id(batch)


def _waiting(session: Session, grouping: PrintGrouping, key: int | None, mailing_ids: Sequence[int]) -> list[Any]:
    statement: Any = (
        select(
            col(Mailing.id),
            col(Mailing.invoice_revision_id),
            col(Carrier.name).label("payor"),
            col(Carrier.has_cover_letter),
            col(User.name).label("attorney"),
        )
        .join(Invoice, col(Invoice.id) == col(Mailing.invoice_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(Carrier, col(Carrier.id) == col(Mailing.carrier_id))
        .join(User, col(User.id) == col(Matter.responsible_attorney_id))
        .where(_waits(), _chosen(grouping, key, mailing_ids))
        .order_by(col(Carrier.name), col(Invoice.number))
        .limit(MOST_AT_ONCE)
    )
    return list(session.execute(statement))


def _chosen(grouping: PrintGrouping, key: int | None, mailing_ids: Sequence[int]) -> ColumnElement[bool]:
    if grouping is PrintGrouping.CHOSEN:
        return col(Mailing.id).in_(mailing_ids)
    found: ColumnElement[bool] = _group_columns(grouping)[0] == key
    return found


def _group_columns(grouping: PrintGrouping) -> tuple[Any, Any]:
    by_attorney = grouping is PrintGrouping.ATTORNEY
    return (col(User.id), col(User.name)) if by_attorney else (col(Carrier.id), col(Carrier.name))


def _waits() -> ColumnElement[bool]:
    return (col(Mailing.channel) == DeliveryChannel.PAPER) & (col(Mailing.status) == MailingStatus.READY)


def _papers(
    session: Session, label: str, found: Sequence[tuple[InvoiceFacts, bool]], settings: Settings
) -> list[dict[str, Any]]:
    text = letter_in_force(session)
    papers = [_batch_list(label, [facts for facts, _ in found], settings)]
    for facts, has_letter in found:
        if has_letter:
            papers.append(letter_paper(facts, fill_letter(text, facts, settings), settings))
        papers.append(invoice_paper(facts, settings))
    return papers


def _batch_list(label: str, found: Sequence[InvoiceFacts], settings: Settings) -> dict[str, Any]:
    amount = total(facts.total_amount for facts in found)
    return {
        "kind": "batch",
        "key": "end-of-batch-list",
        "firm": firm_facts(settings),
        "title": "Print batch",
        "date": long_day(today()),
        "facts": [("For", label), ("Printed", long_day(today())), ("Invoices", f"{len(found):,}")],
        "rows": [
            {
                "invoice": facts.number,
                "payor": facts.payor_name,
                "lines": list(facts.postal_lines),
                "amount": signed(facts.total_amount),
            }
            for facts in found
        ],
        "sums": {"name": f"{len(found):,} invoices", "amount": as_dollars(amount)},
    }
