"""The taxes that lines name: a rate by tx_id, applied to each line's total."""

from decimal import Decimal
from typing import Final, NamedTuple

from core.money import ZERO, round_half_up
from ledes.findings import FindingCode
from ledes.xml.nodes import Node
from ledes.xml.reading import Reading
from ledes.xml.values import fault, read_figure, shown

RATE_DECIMALS: Final = 10
_RATE: Final = "tax_rate_percent"


class LineTax(NamedTuple):
    """What is due on a line besides its total_amount; of several taxes the sums, and the names joined by +."""

    rate: Decimal
    total: Decimal
    type: str


class TaxTable:
    """The taxes of a firm by tx_id, learnt as their segments close."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Decimal, str]] = {}

    def learn(self, segment: Node) -> None:
        """Remember a tax segment; a rate that cannot be read counts as nothing, since it is reported by itself."""
        rate = read_figure(segment.value(_RATE), _RATE, RATE_DECIMALS, False)[0] or Decimal(0)
        is_taken_off = segment.value("increase_decrease").lower() == "decrease"
        name = segment.value("tx_id")
        self._known[name] = (-rate if is_taken_off else rate, segment.value("tax_type") or name)

    def clear(self) -> None:
        """Forget the taxes of a firm that has ended."""
        self._known.clear()

    def on(self, line: Node, amount: Decimal, reading: Reading) -> LineTax | None:
        """Return the taxes on a line of `amount` dollars, or None when it names none that is known.

        Each tax is rounded to the cent by itself. A tax on a tax is taken on the line alone.
        """
        named = line.children.get("tax_item_fee") or line.children.get("tax_item_expense") or ()
        found = [tax for one in named if (tax := self._find(one, reading))]
        if not found:
            return None
        totals = [round_half_up(amount * rate) for rate, _ in found]
        kinds = dict.fromkeys(kind for _, kind in found if kind)
        return LineTax(sum((rate for rate, _ in found), Decimal(0)), sum(totals, ZERO), "+".join(kinds))

    def _find(self, named: Node, reading: Reading) -> tuple[Decimal, str] | None:
        text = named.value("tx_id")
        if text and text not in self._known:
            message = f"is {shown(text)}, which no tax segment of the firm defines."
            problem = fault(FindingCode.UNKNOWN_TAX, "tx_id", message, "Add the tax segment.", value=text)
            reading.tell(problem, named.place_of("tx_id"))
        return self._known.get(text)


def check_tax(segment: Node, reading: Reading) -> None:
    """Report a tax rate that is no number, or not between 0 and 1."""
    text = segment.value(_RATE)
    if not text:
        return
    rate, problems = read_figure(text, _RATE, RATE_DECIMALS, False)
    for problem in problems:
        reading.tell(problem, segment.place_of(_RATE))
    if rate is not None and not 0 <= rate <= 1:
        message = f"is {text}, not between 0 and 1."
        fix = "Write 0.21 for 21 %."
        reading.tell(fault(FindingCode.BAD_TAX_RATE, _RATE, message, fix, value=text), segment.place_of(_RATE))
