"""LEDES files for a workbench: a sound one, a faulty one, and one of any size."""

from datetime import date
from decimal import Decimal

from sqlmodel import Session

from adapters.object_store import ObjectStore, object_store
from core.settings import get_settings
from ledes.document import LedesInvoice, LedesLine, LineType
from ledes.writer import write_many
from services.actor import Actor
from services.ledes_desk.ledes_files import KeptFile, keep_file

_DAYS = 28


def ledes_invoice(number: str = "10001", lines: int = 3) -> LedesInvoice:
    """Return an invoice of October 2026 whose lines bill 1.5 hours each."""
    return LedesInvoice(
        invoice_number=number,
        invoice_date=date(2026, 11, 2),
        invoice_total=Decimal("427.50") * lines,
        billing_start_date=date(2026, 10, 1),
        billing_end_date=date(2026, 10, 31),
        invoice_description="October 2026",
        client_id="HARBOR",
        law_firm_matter_id="2024-00017",
        client_matter_id="HM-0001",
        law_firm_id="36-4412907",
        lines=tuple(_line(number) for number in range(1, lines + 1)),
    )


def _line(number: int) -> LedesLine:
    return LedesLine(
        line_item_number=str(number),
        exp_fee_inv_adj_type=LineType.FEE,
        date=date(2026, 10, 1 + number % _DAYS),
        units=Decimal("1.5"),
        unit_cost=Decimal("285.00"),
        total=Decimal("427.50"),
        task_code="L330",
        activity_code="A109",
        description=f"Attend deposition of Dr. Hale, part {number}",
        timekeeper_id="TK012",
        timekeeper_name="Reyes, Ana",
        timekeeper_classification="PT",
    )


def sound_file(invoices: int = 1, lines: int = 3) -> bytes:
    """Return a valid LEDES 1998B file."""
    return b"".join(write_many([ledes_invoice(str(10_001 + place), lines) for place in range(invoices)]))


def faulty_file() -> bytes:
    """Return a file with a curly quote, a dollar sign and a day written for people; all can be mended."""
    content = sound_file().replace(b"Hale, part 1", "Hale\u2019s, part 1".encode())
    content = content.replace(b"|285.00|", b"|$285.00|", 1)
    return content.replace(b"|20261004|", b"|2026-10-04|", 1)


def make_ledes_file(
    session: Session, actor: Actor, content: bytes, *, name: str = "october.txt", store: ObjectStore | None = None
) -> KeptFile:
    """Put a file on the actor's workbench, its bytes at once."""
    kept = keep_file(session, actor, name=name, content=content, store=store)
    (store or object_store(get_settings())).put(kept.object_key, content, "text/plain")
    return kept
