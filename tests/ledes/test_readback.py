"""The comparison that stands between a file and its sending."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ledes.readback import Difference, ReadBackError, compare, read_back
from ledes.writer import write
from tests.ledes.builders import make_expense, make_fee, make_invoice

INVOICE = make_invoice()
CONTENT = write(INVOICE)


def test_compare_is_empty_for_the_invoices_own_file():
    assert compare(INVOICE, CONTENT) == ()


def test_compare_names_line_and_field():
    other = replace(INVOICE, lines=(make_fee(timekeeper_id="TK013"), *INVOICE.lines[1:]))
    assert compare(other, CONTENT) == (Difference("1", "TIMEKEEPER_ID", "TK013", "TK012"),)


def test_compare_names_a_field_of_the_invoice():
    assert compare(replace(INVOICE, client_matter_id="HM-0002"), CONTENT) == (
        Difference("", "CLIENT_MATTER_ID", "HM-0002", "HM-0001"),
    )


def test_compare_sees_a_line_too_few_and_one_too_many():
    longer = make_invoice(*INVOICE.lines, make_expense("4"), invoice_total=INVOICE.invoice_total)
    assert Difference("4", "", "the line", "no such line") in compare(longer, CONTENT)
    shorter = make_invoice(*INVOICE.lines[:2], invoice_total=INVOICE.invoice_total)
    assert compare(shorter, CONTENT) == (Difference("3", "", "no such line", "the line"),)


def test_compare_counts_a_fault_of_the_file_as_a_difference():
    differences = compare(INVOICE, CONTENT.replace(b"Draft", b" Draft"))
    assert [one.field for one in differences] == ["LINE_ITEM_DESCRIPTION", "LINE_ITEM_DESCRIPTION"]


@pytest.mark.parametrize("content", [b"", CONTENT[: len(CONTENT) // 2], CONTENT + CONTENT, b"not a file"])
def test_compare_is_never_empty_for_another_file(content):
    assert compare(INVOICE, content) != ()


def test_read_back_returns_the_invoice():
    assert read_back(INVOICE, CONTENT) == INVOICE


def test_read_back_refuses_an_altered_file():
    altered = CONTENT.replace(b"|427.50|2", b"|427.51|2")
    with pytest.raises(ReadBackError) as refused:
        read_back(INVOICE, altered)
    assert "was not sent" in refused.value.user_message


def test_compare_takes_equal_numbers_written_differently():
    fee = make_fee(units=Decimal("1.5000"))
    assert compare(make_invoice(fee), write(make_invoice(make_fee(units=Decimal("1.5"))))) == ()
