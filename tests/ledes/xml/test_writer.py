"""What the writer refuses, each for its reason, and the shape of what it writes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ledes.document import NO_CONTACT, NOBODY, LineType
from ledes.file_format import FileFormat
from ledes.findings import FindingCode as Code
from ledes.formats import LedesFormat
from ledes.refusal import LedesRefusedError
from ledes.xml.writer import write
from tests.ledes.builders import make_expense
from tests.ledes.xml.builders import CLIENT, CONTACT, FIRM, make_xml_discount, make_xml_fee, make_xml_invoice

NAN = Decimal("NaN")
REFUSED = [
    ("no firm", make_xml_invoice(law_firm=NOBODY), Code.REQUIRED_MISSING, "lf_name"),
    ("no city", make_xml_invoice(law_firm=replace(FIRM, city="")), Code.REQUIRED_MISSING, "city"),
    ("no client", make_xml_invoice(client=NOBODY), Code.REQUIRED_MISSING, "cl_name"),
    ("no contact", make_xml_invoice(billing_contact=NO_CONTACT), Code.REQUIRED_MISSING, "contact_lname"),
    ("no number", make_xml_invoice(invoice_number=""), Code.REQUIRED_MISSING, "inv_id"),
    ("no matter", make_xml_invoice(law_firm_matter_id=""), Code.REQUIRED_MISSING, "lf_matter_id"),
    ("no claim", make_xml_invoice(client_matter_id=""), Code.REQUIRED_MISSING, "cl_matter_id"),
    ("no firm id", make_xml_invoice(law_firm_id=""), Code.REQUIRED_MISSING, "lf_vendor_id"),
    ("no narrative", make_xml_invoice(make_xml_fee(description="")), Code.REQUIRED_MISSING, "charge_desc"),
    ("no task", make_xml_invoice(make_xml_fee(task_code="")), Code.TASK_MISSING, "task_code"),
    ("no activity", make_xml_invoice(make_xml_fee(activity_code="")), Code.ACTIVITY_MISSING, "task_activity"),
    ("no expense code", make_xml_invoice(make_expense(expense_code="")), Code.EXPENSE_CODE_MISSING, "expense_code"),
    ("no timekeeper", make_xml_invoice(make_xml_fee(timekeeper_id="")), Code.TIMEKEEPER_MISSING, "tk_id"),
    ("total off", make_xml_invoice(invoice_total=Decimal("804.51")), Code.TOTAL_WRONG, "inv_total_net_due"),
    ("line off", make_xml_invoice(make_xml_fee(total=Decimal("427.51"))), Code.LINE_MATH, "base_amount"),
    ("no number at all", make_xml_invoice(invoice_total=NAN), Code.BAD_NUMBER, "inv_total_net_due"),
    ("endless number", make_xml_invoice(invoice_total=Decimal("1E+999999999")), Code.BAD_NUMBER, "inv_total_net_due"),
    (
        "signalling",
        replace(make_xml_invoice(), lines=(make_xml_fee(total=Decimal("sNaN")),)),
        Code.BAD_NUMBER,
        "total_amount",
    ),
    ("vanishing", make_xml_invoice(invoice_total=Decimal("1E-999999999")), Code.BAD_NUMBER, "inv_total_net_due"),
    ("infinite", make_xml_invoice(make_xml_fee(unit_cost=Decimal("Infinity"), total=NAN)), Code.BAD_NUMBER, "rate"),
    ("negative units", make_xml_invoice(make_xml_fee(units=Decimal(-1))), Code.NEGATIVE_UNITS, "units"),
    ("five decimals", make_xml_invoice(make_xml_fee(units=Decimal("0.00001"))), Code.TOO_MANY_DECIMALS, "units"),
    ("padded", make_xml_invoice(matter_name=" Hale "), Code.PADDED_VALUE, "matter_name"),
    ("control character", make_xml_invoice(matter_name="Ha\x07le"), Code.FORBIDDEN_CHARACTER, "matter_name"),
    ("half a surrogate", make_xml_invoice(matter_name="Ha\ud800le"), Code.FORBIDDEN_CHARACTER, "matter_name"),
    ("code too long", make_xml_invoice(make_xml_fee(task_code="L1234567890")), Code.TOO_LONG, "task_code"),
    ("name too long in 2.0", make_xml_invoice(law_firm=replace(FIRM, name="W" * 61)), Code.TOO_LONG, "lf_name"),
    ("account type", make_xml_invoice(account_type="X"), Code.BAD_ACCOUNT_TYPE, "account_type"),
    ("line numbers in words", make_xml_invoice(make_xml_fee("1A")), Code.BAD_NUMBER, "file_item_nbr"),
    ("line number 0", make_xml_invoice(make_xml_fee("0")), Code.BAD_NUMBER, "file_item_nbr"),
    ("same number", make_xml_invoice(make_xml_fee("1"), make_expense("1")), Code.BAD_NUMBER, "file_item_nbr"),
    ("descending", make_xml_invoice(make_xml_fee("2"), make_expense("1")), Code.BAD_NUMBER, "file_item_nbr"),
    ("no lines", replace(make_xml_invoice(), lines=()), Code.NO_LINES, "matter"),
    ("tax of a line", make_xml_invoice(make_xml_fee(tax_total=Decimal("1.00"))), Code.NOT_CARRIED, "tax"),
    ("tax rate", make_xml_invoice(make_xml_fee(tax_rate=Decimal("0.1"))), Code.NOT_CARRIED, "tax"),
    ("tax total", make_xml_invoice(invoice_tax_total=Decimal("1.00")), Code.NOT_CARRIED, "tax"),
    ("tax currency", make_xml_invoice(invoice_tax_currency="EUR"), Code.NOT_CARRIED, "invoice_tax_currency"),
    ("replaced in 2.0", make_xml_invoice(replaces_invoice="9"), Code.NOT_CARRIED, "inv_reference"),
    ("net total off", make_xml_invoice(invoice_net_total=Decimal(1)), Code.NET_TOTAL_WRONG, "invoice_net_total"),
    (
        "activity on an expense",
        make_xml_invoice(make_expense("1", activity_code="A101")),
        Code.NOT_CARRIED,
        "activity_code of line 1",
    ),
    (
        "timekeeper on a discount",
        make_xml_invoice(make_xml_fee(), make_xml_discount(timekeeper_id="TK1")),
        Code.NOT_CARRIED,
        "timekeeper_id of line 3",
    ),
    (
        "two names of one timekeeper",
        make_xml_invoice(make_xml_fee("1"), make_xml_fee("2", timekeeper_first_name="Anna", units=Decimal(1))),
        Code.NOT_CARRIED,
        "timekeeper_name of line 2",
    ),
]


@pytest.mark.parametrize(("invoice", "code", "field"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_write_refuses_each_fault_by_name(invoice, code, field):
    with pytest.raises(LedesRefusedError) as refused:
        write(invoice, LedesFormat.XML_2_0)
    assert (code, field) in [(one.code, one.field) for one in refused.value.findings]
    assert "was not written; the invoice was kept" in refused.value.user_message


def test_write_refuses_what_a_carrier_does_not_take():
    carrier = FileFormat(max_length={"MATTER_NAME": 10})
    with pytest.raises(LedesRefusedError) as refused:
        write(make_xml_invoice(), LedesFormat.XML_2_2, carrier)
    assert [(one.code, one.field, one.row) for one in refused.value.findings] == [(Code.TOO_LONG, "matter_name", 50)]


def test_write_names_row_and_place_of_the_file_that_was_not_written():
    with pytest.raises(LedesRefusedError) as refused:
        write(make_xml_invoice(law_firm=replace(FIRM, name="A\x00B")), LedesFormat.XML_2_2)
    assert [(one.row, one.column) for one in refused.value.findings] == [(5, 5)]


def test_longer_names_fit_later_versions():
    invoice = make_xml_invoice(law_firm=replace(FIRM, name="W" * 61))
    assert b"W" * 61 in write(invoice, LedesFormat.XML_2_1)


def test_unknown_code_and_repeated_line_are_written():
    twin = make_xml_fee("2", task_code="ZZ1", description=make_xml_fee("1").description)
    invoice = make_xml_invoice(make_xml_fee("1", task_code="ZZ1"), twin)
    assert write(invoice, LedesFormat.XML_2_2).count(b"<fee>") == 2


def test_bytes_are_utf_8_with_lf_and_no_byte_order_mark():
    content = write(make_xml_invoice(matter_name="S\u00f8r\u2019s"), LedesFormat.XML_2_2)
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert content.endswith(b"</ledesxmlebilling2.2>\n")
    assert b"\r" not in content
    assert "S\u00f8r\u2019s".encode() in content


def test_item_number_is_last_of_a_segments_own_elements_and_unique():
    content = write(make_xml_invoice(), LedesFormat.XML_2_2).decode()
    numbers = [line.strip() for line in content.splitlines() if "file_item_nbr" in line]
    assert len(numbers) == len(set(numbers)) == 11
    lines = [line.strip() for line in content.splitlines()]
    followers = {lines[at + 1] for at, line in enumerate(lines) if "file_item_nbr" in line}
    assert all(line.startswith(("</", "<client>", "<invoice>", "<matter>", "<matter_disc_cred>")) for line in followers)


def test_adjustment_of_expenses_is_an_increase_when_it_adds():
    line = make_xml_discount("2", "40.00", exp_fee_inv_adj_type=LineType.EXPENSE_ADJUSTMENT)
    content = write(make_xml_invoice(make_xml_fee(), line), LedesFormat.XML_2_2)
    assert b"<disc_cred_category>Exp</disc_cred_category>" in content
    assert b"<increase_decrease>Increase</increase_decrease>" in content
    assert b"<matter_disc_credit_exp>40.00</matter_disc_credit_exp>" in content


def test_timekeeper_at_two_rates_is_summed_up_twice():
    cheaper = make_xml_fee("2", unit_cost=Decimal("100.00"))
    content = write(make_xml_invoice(make_xml_fee("1"), cheaper), LedesFormat.XML_2_2)
    assert content.count(b"<tk_sum>") == 2


def test_timekeeper_of_fees_and_expenses_is_summed_up_once():
    who = {
        "timekeeper_id": "TK012",
        "timekeeper_name": "Reyes, Ana",
        "timekeeper_last_name": "Reyes",
        "timekeeper_first_name": "Ana",
        "timekeeper_classification": "PT",
    }
    content = write(make_xml_invoice(make_xml_fee("1"), make_expense("2", **who)), LedesFormat.XML_2_2)
    assert content.count(b"<tk_sum>") == 1


def test_contact_without_a_phone_is_enough():
    invoice = make_xml_invoice(billing_contact=replace(CONTACT, phone=""), client=replace(CLIENT, state_or_region=""))
    assert b"contact_phone" not in write(invoice, LedesFormat.XML_2_2)
