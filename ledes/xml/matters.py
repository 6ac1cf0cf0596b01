"""A matter as read, and the arithmetic of its totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.money import ZERO, as_text
from ledes.document import LineType
from ledes.findings import FindingCode
from ledes.xml.adjustments import NOT_IN_CREDITS, Adjustment
from ledes.xml.charges import Charge
from ledes.xml.fields import figure_of
from ledes.xml.nodes import Node
from ledes.xml.reading import Reading
from ledes.xml.values import fault

_FEES: Final = LineType.FEE
_FEE_CREDITS: Final = LineType.FEE_ADJUSTMENT


@dataclass(slots=True)
class Matter:
    """A matter that has ended.

    Attributes:
        is_whole: every line and adjustment could be read, so that sums prove something.
        due: matter_total_due in dollars.
        tax: matter_tax_on_fees and _exp together.
    """

    node: Node
    charges: Sequence[Charge]
    adjustments: Sequence[Adjustment]
    is_whole: bool
    due: Decimal | None
    tax: Decimal


@dataclass(frozen=True, slots=True)
class _Made:
    """What the lines of a matter make, for fees or for expenses, in dollars."""

    detail: Decimal
    credits: Decimal
    adjusted: Decimal
    tax: Decimal
    taxed_lines: int


def check_totals(matter: Matter, reading: Reading) -> None:
    """Report each total of a matter that its lines do not make."""
    if not matter.is_whole:
        return
    fees, expenses = _made(matter, is_fees=True), _made(matter, is_fees=False)
    for made, detail, credit, net, tax in (
        (fees, "matter_total_detail_fees", "matter_disc_credit_fees", "matter_net_fees", "matter_tax_on_fees"),
        (expenses, "matter_total_detail_exp", "matter_disc_credit_exp", "matter_net_exp", "matter_tax_on_exp"),
    ):
        expect(matter.node, detail, made.detail, reading)
        expect(matter.node, credit, made.credits, reading)
        expect(matter.node, net, made.detail + made.adjusted, reading)
        expect_tax(matter.node, tax, made.tax, made.taxed_lines, reading)
    expect(matter.node, "matter_disc_cred_total", fees.credits + expenses.credits, reading)
    expect(matter.node, "matter_total_due", _due(matter.node, fees, expenses, reading), reading)


def _made(matter: Matter, *, is_fees: bool) -> _Made:
    lines = [one.line for one in matter.charges if (one.line.exp_fee_inv_adj_type is _FEES) is is_fees]
    given = [one for one in matter.adjustments if (one.kind is _FEE_CREDITS) is is_fees]
    taxes = [line.tax_total for line in lines if line.tax_total is not None]
    tax = sum(taxes, ZERO)
    return _Made(
        detail=sum((line.total for line in lines), ZERO) - tax,
        credits=sum((one.amount for one in given if one.disc_cred not in NOT_IN_CREDITS), ZERO),
        adjusted=sum((one.amount for one in given), ZERO),
        tax=tax,
        taxed_lines=len(taxes),
    )


def _due(node: Node, fees: _Made, expenses: _Made, reading: Reading) -> Decimal:
    """Return net fees and expenses with the taxes as the matter gives them, which may round their sum once."""
    net = fees.detail + fees.adjusted + expenses.detail + expenses.adjusted
    given = (figure_of(node, name, reading.limits) for name in ("matter_tax_on_fees", "matter_tax_on_exp"))
    made = (fees.tax, expenses.tax)
    return net + sum((mine if theirs is None else theirs for theirs, mine in zip(given, made, strict=True)), ZERO)


def expect(node: Node, name: str, made: Decimal, reading: Reading) -> None:
    """Report a total that is given, readable, and not what the lines make."""
    given = figure_of(node, name, reading.limits)
    if given is not None and given != made:
        message = f"is {given:f}, but the lines make {as_text(made)}."
        problem = fault(FindingCode.TOTAL_WRONG, name, message, f"Write {as_text(made)}.", value=f"{given:f}")
        reading.tell(problem, node.place_of(name))


def expect_tax(node: Node, name: str, made: Decimal, taxed_lines: int, reading: Reading) -> None:
    """Report a tax that misses the lines' taxes by more than a cent a line, since either sum may be the rounded one."""
    given = figure_of(node, name, reading.limits)
    if given is not None and abs(given - made) > Decimal("0.01") * taxed_lines:
        message = f"is {given:f}, but the taxes of the lines make {as_text(made)}."
        fix = f"Write {as_text(made)}, or correct the taxes of the lines."
        problem = fault(FindingCode.TAX_TOTAL_WRONG, name, message, fix, value=f"{given:f}")
        reading.tell(problem, node.place_of(name))
