"""Discounts on a whole bill: a percent of its fees or expenses follows every change of them."""

from collections.abc import Sequence
from decimal import Decimal

from core.errors import InvalidInputError
from core.money import ZERO, as_dollars, round_half_up, total
from models import ProformaLine
from models.enums import EntryKind, LineTreatment

OF_KIND = {EntryKind.FEE_DISCOUNT: EntryKind.FEE, EntryKind.EXPENSE_DISCOUNT: EntryKind.EXPENSE}
_WORDS = {EntryKind.FEE: "fees", EntryKind.EXPENSE: "expenses"}
_WHOLE = Decimal(100)


def take_discounts(lines: Sequence[ProformaLine]) -> None:
    """Make the amount of every discount on the whole bill right.

    Raises:
        InvalidInputError: one is more than there is to take it off.
    """
    for line in lines:
        if line.kind not in OF_KIND or line.treatment is not LineTreatment.BILL:
            continue
        base = discounted_amount(lines, line.kind)
        if line.discount_percent is not None:
            line.discount_amount = round_half_up(base * line.discount_percent / _WHOLE)
        if line.discount_amount > base:
            word = _WORDS[OF_KIND[line.kind]]
            message = (
                f"The discount of {as_dollars(line.discount_amount)} is more than the {as_dollars(base)} of {word} "
                "that are left. Nothing was changed; make it smaller first."
            )
            raise InvalidInputError(message)
        line.adjustment_amount = line.billed_amount = -line.discount_amount


def discounted_amount(lines: Sequence[ProformaLine], kind: EntryKind) -> Decimal:
    """Return the dollars that a discount of this kind is taken off."""
    of = OF_KIND[kind]
    return (
        total(line.billed_amount for line in lines if line.kind is of and line.treatment is LineTreatment.BILL) or ZERO
    )
