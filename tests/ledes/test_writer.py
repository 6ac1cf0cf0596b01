"""What the writer refuses, and how it says so."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.money import line_amount
from ledes.findings import FindingCode as Code
from ledes.parser import parse
from ledes.pipe.rendering import number_text
from ledes.writer import LedesRefusedError, write
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

REFUSALS = [
    (make_invoice(make_fee(description="Draft \u201cfirst\u201d set")), "LINE_ITEM_DESCRIPTION", Code.NON_ASCII),
    (make_invoice(make_fee(description="Draft | revise")), "LINE_ITEM_DESCRIPTION", Code.FORBIDDEN_CHARACTER),
    (make_invoice(make_fee(description="Draft []")), "LINE_ITEM_DESCRIPTION", Code.FORBIDDEN_CHARACTER),
    (make_invoice(make_fee(description="Draft\nrevise")), "LINE_ITEM_DESCRIPTION", Code.FORBIDDEN_CHARACTER),
    (make_invoice(make_fee(description="")), "LINE_ITEM_DESCRIPTION", Code.REQUIRED_MISSING),
    (make_invoice(make_fee(description="x" * 15361)), "LINE_ITEM_DESCRIPTION", Code.TOO_LONG),
    (make_invoice(make_fee(description=" Draft")), "LINE_ITEM_DESCRIPTION", Code.PADDED_VALUE),
    (make_invoice(client_matter_id=""), "CLIENT_MATTER_ID", Code.REQUIRED_MISSING),
    (make_invoice(invoice_number="1" * 21), "INVOICE_NUMBER", Code.TOO_LONG),
    (make_invoice(law_firm_id="NULL"), "LAW_FIRM_ID", Code.NULL_WORD),
    (make_invoice(invoice_total=Decimal("804.51")), "INVOICE_TOTAL", Code.TOTAL_WRONG),
    (make_invoice(billing_end_date=date(2026, 9, 1)), "BILLING_START_DATE", Code.PERIOD_REVERSED),
    (make_invoice(make_fee(date=date(2026, 11, 1))), "LINE_ITEM_DATE", Code.DATE_OUTSIDE_PERIOD),
    (make_invoice(make_fee(total=Decimal("427.51"))), "LINE_ITEM_TOTAL", Code.LINE_MATH),
    (make_invoice(make_fee(units=Decimal(-1))), "LINE_ITEM_NUMBER_OF_UNITS", Code.NEGATIVE_UNITS),
    (make_invoice(make_fee(units=Decimal("1.00001"))), "LINE_ITEM_NUMBER_OF_UNITS", Code.TOO_MANY_DECIMALS),
    (make_invoice(make_fee(units=None, total=Decimal(1))), "LINE_ITEM_NUMBER_OF_UNITS", Code.REQUIRED_MISSING),
    (make_invoice(make_fee(task_code="")), "LINE_ITEM_TASK_CODE", Code.TASK_MISSING),
    (make_invoice(make_fee(activity_code="")), "LINE_ITEM_ACTIVITY_CODE", Code.ACTIVITY_MISSING),
    (make_invoice(make_fee(timekeeper_id="")), "TIMEKEEPER_ID", Code.TIMEKEEPER_MISSING),
    (make_invoice(make_expense(expense_code="")), "LINE_ITEM_EXPENSE_CODE", Code.EXPENSE_CODE_MISSING),
    (make_invoice(make_expense(task_code="L110")), "LINE_ITEM_TASK_CODE", Code.CODE_NOT_ALLOWED),
    (make_invoice(make_discount("1", total=Decimal(-5))), "LINE_ITEM_TOTAL", Code.LINE_MATH),
    (make_invoice(make_fee("1"), make_expense("1")), "LINE_ITEM_NUMBER", Code.DUPLICATE_LINE_NUMBER),
]


@pytest.mark.parametrize(("invoice", "field", "code"), REFUSALS, ids=[f"{case[1]} {case[2]}" for case in REFUSALS])
def test_write_refuses_and_names_the_field(invoice, field, code):
    with pytest.raises(LedesRefusedError) as refused:
        write(invoice)
    assert (refused.value.facts["field"], refused.value.facts["fault"]) == (field, code)
    assert (
        f"Invoice {invoice.invoice_number}, line {invoice.lines[0].line_item_number}: {field} "
        in refused.value.user_message
    )


def test_write_names_the_line_and_counts_the_rest():
    invoice = make_invoice(make_fee("1"), make_fee("2", task_code="", timekeeper_id=""))
    with pytest.raises(LedesRefusedError) as refused:
        write(invoice)
    assert refused.value.user_message == (
        "Invoice 10001, line 2: LINE_ITEM_TASK_CODE is blank on a fee. The LEDES file was not written; the invoice "
        "was kept. Give it; no code is ever filled in by default. (2 more)"
    )
    assert len(refused.value.findings) == 3
    assert isinstance(refused.value, InvalidInputError)


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity"])
def test_write_refuses_what_is_no_number(number):
    with pytest.raises(LedesRefusedError) as refused:
        write(make_invoice(make_fee(unit_cost=Decimal(number), total=Decimal(1))))
    assert refused.value.facts["fault"] == Code.BAD_NUMBER


def test_write_refuses_a_fraction_of_a_cent():
    fee = make_fee(units=Decimal("0.001"), unit_cost=Decimal(1), total=Decimal("0.001"))
    with pytest.raises(LedesRefusedError) as refused:
        write(make_invoice(fee))
    assert {(one.field, one.code) for one in refused.value.findings} == {
        ("INVOICE_TOTAL", Code.FRACTION_OF_CENT),
        ("LINE_ITEM_TOTAL", Code.FRACTION_OF_CENT),
    }


def test_write_refuses_an_invoice_without_lines():
    invoice = make_invoice()
    object.__setattr__(invoice, "lines", ())
    with pytest.raises(LedesRefusedError, match="has no lines"):
        write(invoice)


def test_write_takes_codes_of_the_carriers_own():
    content = write(make_invoice(make_fee(task_code="HMX01")))
    assert [one.code for one in parse(content).findings] == [Code.UNKNOWN_CODE]


def test_write_ends_every_record_with_terminator_and_cr_lf():
    records = write(make_invoice()).split(b"[]\r\n")
    assert len(records) == 6
    assert records[-1] == b""
    assert all(record.count(b"|") == 23 for record in records[1:-1])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1250", "1250.00"),
        ("0.7", "0.70"),
        ("0.0833", "0.0833"),
        ("1.5000", "1.50"),
        ("-0.00", "0.00"),
        ("1E+3", "1000.00"),
    ],
)
def test_number_text_is_plain_and_exact(number, text):
    assert number_text(Decimal(number)) == text


@given(st.decimals(-(10**10), 10**10, places=4))
def test_number_text_reads_back_as_the_same_number(number):
    assert Decimal(number_text(number)) == number


@given(st.decimals(0, 10**5, places=4), st.decimals(0, 10**4, places=4), st.decimals(-999, 999, places=2))
def test_write_takes_every_line_rounded_half_up_and_no_other_cent(units, cost, adjustment):
    exact = units * cost + adjustment
    amount = line_amount(units, cost, adjustment)
    assert abs(amount - exact) <= Decimal("0.005")
    fee = make_fee(units=units, unit_cost=cost, adjustment_amount=adjustment)
    assert parse(write(make_invoice(fee))).invoices[0].lines[0].total == amount
    with pytest.raises(LedesRefusedError):
        write(
            make_invoice(
                make_fee(units=units, unit_cost=cost, adjustment_amount=adjustment, total=amount + Decimal("0.01"))
            )
        )
