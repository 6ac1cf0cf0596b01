"""The writer against a file checked by hand, byte for byte."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from ledes.parser import parse
from ledes.writer import write
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

GOLDEN = Path(__file__).parent / "golden" / "invoice_10001.txt"


def golden_invoice():
    return make_invoice(
        make_fee("1", adjustment_amount=Decimal("-10.00")),
        make_expense(
            "2",
            units=Decimal(15),
            unit_cost=Decimal("0.015"),
            expense_code="E101",
            description="Copies of the medical record",
        ),
        make_expense("3"),
        make_discount("4"),
        law_firm_matter_id="0017",
    )


def test_write_gives_the_golden_bytes():
    assert write(golden_invoice()) == GOLDEN.read_bytes()


def test_parse_reads_the_golden_file_without_findings():
    result = parse(GOLDEN.read_bytes())
    assert result.findings == ()
    assert result.invoices == (golden_invoice(),)


def test_parse_keeps_exact_values_of_the_golden_file():
    invoice = parse(GOLDEN.read_bytes()).invoices[0]
    assert invoice.invoice_total == Decimal("794.73")
    assert invoice.invoice_date == date(2026, 11, 2)
    assert invoice.law_firm_matter_id == "0017"
    assert [line.total for line in invoice.lines] == [Decimal(text) for text in ("417.50", "0.23", "402.00", "-25.00")]
    assert invoice.lines[3].units is None
