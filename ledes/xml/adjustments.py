"""matter_disc_cred: discounts, credits and bonuses of a whole matter, which documents have as IF and IE lines."""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from core.money import ZERO
from ledes.document import LedesLine, LineType
from ledes.findings import FindingCode
from ledes.xml.fields import check_fields, figure_of
from ledes.xml.nodes import Node
from ledes.xml.reading import Reading
from ledes.xml.values import fault, shown

DESCRIPTION: Final = "Matter/invoice adjustment"
_CATEGORIES: Final = {"fee": LineType.FEE_ADJUSTMENT, "exp": LineType.EXPENSE_ADJUSTMENT}
_DIRECTIONS: Final = frozenset({"increase", "decrease"})
NOT_IN_CREDITS: Final = frozenset({"MISF", "MIDB", "MIFA"})


class Adjustment(NamedTuple):
    """One matter_disc_cred: fees or expenses, dollars with their sign, and the kind (MIA, MIDB, ...)."""

    kind: LineType
    amount: Decimal
    disc_cred: str
    item: str

    def as_line(self, day: date) -> LedesLine:
        """Return the document's line; the segment has neither a day nor a text of its own."""
        named = "" if self.disc_cred in {"MIA", ""} else f" ({self.disc_cred})"
        return LedesLine(
            line_item_number=self.item,
            exp_fee_inv_adj_type=self.kind,
            date=day,
            units=None,
            unit_cost=None,
            total=self.amount,
            adjustment_amount=self.amount,
            description=f"{DESCRIPTION}{named}",
        )


def read_adjustment(node: Node, reading: Reading) -> Adjustment | None:
    """Return the adjustment of a segment, or None when category or amount cannot be read; faults are reported."""
    check_fields(node, reading)
    category, direction = node.value("disc_cred_category"), node.value("increase_decrease")
    kind = _CATEGORIES.get(category.lower())
    if category and kind is None:
        _tell_unknown(node, "disc_cred_category", "Fee or Exp", reading)
    if direction and direction.lower() not in _DIRECTIONS:
        _tell_unknown(node, "increase_decrease", "Increase or Decrease", reading)
    amount = figure_of(node, "disc_cred_amount", reading.limits)
    if kind is None or amount is None:
        return None
    return Adjustment(kind, _signed(node, amount, direction.lower(), reading), node.value("disc_cred"), node.item)


def _signed(node: Node, amount: Decimal, direction: str, reading: Reading) -> Decimal:
    signed = {"increase": abs(amount), "decrease": -abs(amount)}.get(direction, amount)
    if signed != amount:
        message = f"is {amount:f} beside increase_decrease {node.value('increase_decrease')}."
        fix = f"Write {signed:f}, or the other word."
        problem = fault(FindingCode.ADJUSTMENT_SIGN, "disc_cred_amount", message, fix, value=f"{amount:f}")
        reading.tell(problem, node.place_of("disc_cred_amount"))
    return signed or ZERO


def _tell_unknown(node: Node, name: str, words: str, reading: Reading) -> None:
    text = node.value(name)
    problem = fault(FindingCode.UNKNOWN_VALUE, name, f"is {shown(text)}.", f"Write {words}.", value=text)
    reading.tell(problem, node.place_of(name))
