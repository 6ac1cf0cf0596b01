"""What a practice site understands of an uploaded file: the bill, its lines and what is wrong with them."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a file. `line` counts from 1, None = the whole file; `field` is a LEDES name or ""."""

    line: int | None
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line item; amounts in US dollars, units are hours on a fee; `total` includes `tax`; 0.21 is 21 %."""

    position: int
    number: str
    kind: str
    units: Decimal
    unit_cost: Decimal
    adjustment: Decimal
    total: Decimal
    worked_on: date
    task: str
    activity: str
    expense: str
    timekeeper: str
    narrative: str
    tax_rate: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice as read from a file.

    Attributes:
        tax_total: sum of the lines' taxes where the file states it, and `net_total` what remains without them.
        tax_on_totals: taxes reckoned on the totals and on no line.
    """

    invoice_number: str
    invoice_on: date
    client_id: str
    matter_id: str
    claim_number: str
    law_firm_id: str
    starts_on: date
    ends_on: date
    total: Decimal
    lines: tuple[BillLine, ...]
    tax_total: Decimal | None = None
    net_total: Decimal | None = None
    tax_on_totals: Decimal = Decimal(0)
    currency: str = ""
    client_tax_id: str = ""


def to_cents(amount: Decimal) -> int:
    """Round half-up to whole cents."""
    return int(amount.quantize(_CENT, rounding=ROUND_HALF_UP) * 100)


def dollars(cents: int) -> str:
    """Write cents as the sites show them, `$1,234.50`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
