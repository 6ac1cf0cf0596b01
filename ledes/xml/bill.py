"""Segments as they end: lines gathered to matters, matters to invoices, and invoices handed on as documents."""

from collections.abc import Callable
from typing import Final

from core.money import ZERO
from ledes.findings import FindingCode, Problem
from ledes.xml.adjustments import Adjustment, read_adjustment
from ledes.xml.charges import Charge, read_charge
from ledes.xml.documents import documents_of
from ledes.xml.fields import check_fields, figure_of
from ledes.xml.matters import Matter, check_totals, expect, expect_tax
from ledes.xml.nodes import NOWHERE, Node
from ledes.xml.reading import Reading
from ledes.xml.taxes import TaxTable, check_tax
from ledes.xml.values import fault, shown

_TAXES: Final = ("matter_tax_on_fees", "matter_tax_on_exp")


class Bills:
    """What is open of a file: the lines of a matter, the matters of an invoice, the taxes of a firm."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._taxes = TaxTable()
        self._charges: list[Charge] = []
        self._adjustments: list[Adjustment] = []
        self._unreadable = 0
        self._matters: list[Matter] = []
        self._numbers: set[tuple[str, str]] = set()
        self._has_lines = False
        self._closers: dict[str, Callable[[Node], None]] = {
            "fee": self._charge,
            "expense": self._charge,
            "matter_disc_cred": self._adjustment,
            "matter": self._matter,
            "invoice": self._invoice,
            "tax": self._tax,
            "firm": self._firm,
        }

    def close(self, node: Node) -> None:
        """Take a segment that has ended."""
        closer = self._closers.get(node.spec.name)
        if closer:
            closer(node)
        else:
            check_fields(node, self._reading)

    def finish(self) -> None:
        """Take the end of the file."""
        if not self._has_lines:
            problem = Problem(FindingCode.NO_LINES, "", "The file holds no line item.", "Export the invoice again.")
            self._reading.tell(problem, NOWHERE)

    def _charge(self, node: Node) -> None:
        self._has_lines = True
        charge = read_charge(node, self._taxes, self._reading)
        if charge is None:
            self._unreadable += 1
        else:
            self._charges.append(charge)

    def _adjustment(self, node: Node) -> None:
        self._has_lines = True
        adjustment = read_adjustment(node, self._reading)
        if adjustment is None:
            self._unreadable += 1
        else:
            self._adjustments.append(adjustment)

    def _matter(self, node: Node) -> None:
        check_fields(node, self._reading)
        limits = self._reading.limits
        taxes = [figure_of(node, name, limits) or ZERO for name in _TAXES]
        is_whole = not self._unreadable
        due = figure_of(node, "matter_total_due", limits)
        matter = Matter(node, self._charges, self._adjustments, is_whole, due, sum(taxes, ZERO))
        check_totals(matter, self._reading)
        self._matters.append(matter)
        self._charges, self._adjustments, self._unreadable = [], [], 0

    def _invoice(self, node: Node) -> None:
        check_fields(node, self._reading)
        self._check_number(node)
        matters, self._matters = self._matters, []
        if len(matters) > 1:
            message = f"holds {len(matters)} matters; each is read as an invoice of its own."
            problem = fault(FindingCode.TWO_MATTERS, "invoice", message, "Bill each alone.", is_warning=True)
            self._reading.tell(problem, matters[1].node.place)
        dues = [one.due for one in matters if one.due is not None]
        if len(dues) == len(matters):
            expect(node, "inv_total_net_due", sum(dues, ZERO), self._reading)
        expect_tax(node, "inv_total_tax", sum((one.tax for one in matters), ZERO), 0, self._reading)
        self._reading.outbox += documents_of(node, matters, self._reading)

    def _check_number(self, node: Node) -> None:
        number = node.value("inv_id")
        key = (node.above("firm").value("lf_vendor_id"), number)
        if number and key in self._numbers:
            message = f"is {shown(number)}, used before in this file."
            problem = fault(FindingCode.DUPLICATE_INVOICE, "inv_id", message, "Use a number once.", value=number)
            self._reading.tell(problem, node.place_of("inv_id"))
        self._numbers.add(key)
        if len(self._numbers) == 2 and not self._reading.file_format.allows_many_invoices:  # noqa: PLR2004 -- the second
            message = "is the second invoice of the file; this carrier takes one a file."
            problem = fault(FindingCode.TOO_MANY_INVOICES, "inv_id", message, "Split the file.", value=number)
            self._reading.tell(problem, node.place_of("inv_id"))

    def _tax(self, node: Node) -> None:
        check_fields(node, self._reading)
        check_tax(node, self._reading)
        self._taxes.learn(node)

    def _firm(self, node: Node) -> None:
        check_fields(node, self._reading)
        self._taxes.clear()
