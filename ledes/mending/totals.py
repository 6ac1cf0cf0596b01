"""The best-known bug of LEDES writers: the line's own total in INVOICE_TOTAL, mended where the lines prove the sum."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from core.money import total
from ledes.mending.judge import adds_up
from ledes.mending.numbers import plain_number
from ledes.pipe.layout import Layout

_INVOICE_TOTAL: Final = "INVOICE_TOTAL"
_LINE_TOTAL: Final = "LINE_ITEM_TOTAL"


def proven_total(rows: Sequence[Sequence[str]], layout: Layout) -> str | None:
    """Return the total to repeat on all rows of an invoice, or None when nothing is wrong or nothing proves it.

    It is proven when the rows disagree, every one says either the exact sum of the lines, or its own line's total, or
    nothing, and all lines add up. Where all rows agree on a total that is not the sum, nobody can tell whether the
    total or a line is wrong.
    """
    of_invoice = [row[layout.names.index(_INVOICE_TOTAL)] for row in rows]
    of_lines = [_amount(row[layout.names.index(_LINE_TOTAL)]) for row in rows]
    amounts = [amount for amount in of_lines if amount is not None]
    if len(set(of_invoice)) == 1 or len(amounts) < len(rows):
        return None
    wanted = total(amounts)
    if not all(text == "" or _amount(text) in {wanted, own} for text, own in zip(of_invoice, amounts, strict=True)):
        return None
    text = f"{wanted:f}"
    return text if adds_up(with_total(rows, text, layout), layout) else None


def with_total(rows: Sequence[Sequence[str]], text: str, layout: Layout) -> list[list[str]]:
    """Return the rows of an invoice with one invoice total on all of them."""
    at = layout.names.index(_INVOICE_TOTAL)
    return [[*row[:at], text, *row[at + 1 :]] for row in rows]


def _amount(text: str) -> Decimal | None:
    plain = plain_number(text)
    return None if plain is None else Decimal(plain)
