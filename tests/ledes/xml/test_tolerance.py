"""What other programs write and the reader takes: prefixes, wrappers, white space, taxes, flat or foreign habits."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from ledes.document import LedesInvoice
from ledes.file_format import FileFormat
from ledes.findings import Finding
from ledes.findings import FindingCode as Code
from ledes.formats import LedesFormat
from ledes.xml.item_numbers import ItemNumbers
from ledes.xml.reader import stream
from ledes.xml.reading import limits_of
from ledes.xml.sniff import version_of

VALID = (Path(__file__).with_name("golden") / "full_2_1.xml").read_text(encoding="utf-8")


def read(text: str) -> tuple[list[LedesInvoice], list[tuple[Code, int, str]]]:
    """Return the invoices of a file, and code, row and field of its findings."""
    items = list(stream(BytesIO(text.encode()), today=date(2026, 11, 3)))
    findings = [(one.code, one.row, one.field) for one in items if isinstance(one, Finding)]
    return [one for one in items if isinstance(one, LedesInvoice)], findings


EXPECTED, _ = read(VALID)


@pytest.mark.parametrize(
    ("root", "version"),
    [
        ('<ledesxmlebilling2.0 xmlns="urn:x">', LedesFormat.XML_2_0),
        ("<ledesxmlebilling2.1>", LedesFormat.XML_2_1),
        ("<l:ledesxmlebilling2.2 xmlns:l='http://www.ledes.org/LEDES22.xsd'>", LedesFormat.XML_2_2),
        ('<invoices xmlns="http://www.ledes.org/LEDES213.xsd">', LedesFormat.XML_2_1),
        ('<ledesxmlebilling xmlns="http://www.ledes.org/LEDES221">', LedesFormat.XML_2_2),
        ('<ledesxmlebilling version="2.0.4">', LedesFormat.XML_2_0),
        ("<ledesxmlebilling>", None),
        ("<ledesxml>", None),
        ("<html>", None),
        ("LEDES1998B[]", None),
        ("", None),
    ],
)
def test_version_is_told_by_root_namespace_or_attribute(root, version):
    assert version_of(f"<?xml version='1.0'?>\n<!-- made by hand -->\n{root}".encode()) is version


@pytest.mark.parametrize("content", [b"<?xml version='1.0' encoding='nobody'?><a/>", b"\x00\x01", b"<a"])
def test_version_of_foreign_bytes_is_none(content):
    assert version_of(content) is None


def test_version_is_told_in_utf_16():
    assert version_of("<ledesxmlebilling2.2/>".encode("utf-16")) is LedesFormat.XML_2_2


def test_prefixes_and_namespaces_make_no_difference():
    root = 'ledesxmlebilling2.1 xmlns="http://www.ledes.org/LEDES21.xsd"'
    text = VALID.replace(root, 'x:ledesxmlebilling2.1 xmlns:x="http://www.ledes.org/LEDES21.xsd"')
    text = text.replace("</ledesxmlebilling2.1>", "</x:ledesxmlebilling2.1>")
    for name in ("firm", "fee", "charge_date", "matter"):
        text = text.replace(f"<{name}>", f"<x:{name}>").replace(f"</{name}>", f"</x:{name}>")
    assert read(text) == (EXPECTED, [])


def test_address_may_stand_in_a_wrapper():
    text = VALID.replace("<lf_address>", "<lf_address><address_info>")
    text = text.replace("</lf_address>", "</address_info></lf_address>")
    assert read(text) == (EXPECTED, [])


def test_timekeepers_may_be_called_tksum():
    assert read(VALID.replace("tk_sum>", "tksum>")) == (EXPECTED, [])


def test_line_ends_and_byte_order_mark_make_no_difference():
    assert read(f"\ufeff{VALID}".replace("\n", "\r\n")) == (EXPECTED, [])


def test_file_without_line_ends_is_read():
    assert read("".join(line.strip() for line in VALID.splitlines())) == (EXPECTED, [])


def test_blank_element_with_white_space_counts_as_blank():
    text = VALID.replace("<address_2>Floor 9</address_2>", "<address_2>\n  </address_2>")
    invoices, findings = read(text)
    assert findings == []
    assert invoices[0].law_firm.address_2 == ""


def test_expense_figures_may_stand_in_either_order():
    text = VALID.replace(
        """            <total_amount>402.00</total_amount>
            <item_disc_cred_amount>0.00</item_disc_cred_amount>
            <file_item_nbr>3""",
        """            <item_disc_cred_amount>0.00</item_disc_cred_amount>
            <total_amount>402.00</total_amount>
            <file_item_nbr>3""",
    )
    assert text != VALID
    assert read(text) == (EXPECTED, [])


def test_known_elements_without_a_place_in_a_document_are_skipped_in_silence():
    more = "<client_contact><contact_lname>Ito</contact_lname><cl_email>i@h.example</cl_email></client_contact>"
    text = VALID.replace("<cl_tax_id>", f"{more}<cl_tax_id>")
    assert read(text) == (EXPECTED, [])


def test_law_firm_id_comes_from_either_number():
    invoices, findings = read(VALID.replace("<lf_id>36-4412907</lf_id>", ""))
    assert findings == []
    assert (invoices[0].law_firm_id, invoices[0].vendor_id) == ("OH-4410", "")


def test_replaced_invoice_may_be_named_in_the_flag():
    text = VALID.replace(
        "<inv_payment_terms>", "<rejected_inv_replacement>9987</rejected_inv_replacement><inv_payment_terms>"
    )
    assert read(text)[0][0].replaces_invoice == "9987"
    assert read(text.replace(">9987<", ">N<"))[0][0].replaces_invoice == ""


def test_fixed_charge_is_read_like_a_unit_price():
    assert read(VALID.replace("<charge_type>U", "<charge_type>F", 1)) == (EXPECTED, [])


def test_base_amount_may_round_a_half_either_way():
    text = VALID.replace("<units>0.30</units>", "<units>0.5</units>")
    assert read(text.replace("<rate>190.00<", "<rate>114.01<"))[1] == []  # 57.005, a half either way
    assert read(text.replace("<rate>190.00<", "<rate>113.99<"))[1] == []  # 56.995
    assert read(text.replace("<rate>190.00<", "<rate>114.02<"))[1] == [(Code.LINE_MATH, 125, "base_amount")]  # 57.01


def test_percentage_discount_counts_in_the_net_but_not_in_the_credits():
    text = VALID.replace(
        "<disc_cred>MIA</disc_cred>\n            <disc_cred_category>Fee",
        "<disc_cred>MIDB</disc_cred>\n            <disc_cred_category>Fee",
    )
    text = text.replace("fees>-25.00</", "fees>0.00</").replace("total>-15.00</", "total>10.00</")
    invoices, findings = read(text)
    assert findings == []
    assert invoices[0].lines[3].description == "Matter/invoice adjustment (MIDB)"
    assert invoices[0].lines[3].total == Decimal("-25.00")


TAX = """<tax><tx_id>OH1</tx_id><tax_type>VAT</tax_type><tax_rate_percent>0.10</tax_rate_percent>
<file_item_nbr>90</file_item_nbr></tax>"""


def with_tax(text: str) -> str:
    """Return the file with a tax of 10 % on its first fee (420.00), and every total that follows from it."""
    text = text.replace("    <client>\n", f"{TAX}\n    <client>\n", 1)
    item = "<tax_item_fee><tx_id>OH1</tx_id><file_item_nbr>91</file_item_nbr></tax_item_fee>"
    text = text.replace("</fee>", f"{item}</fee>", 1)
    text = text.replace("on_fees>0.00<", "on_fees>42.00<").replace("due>864.00<", "due>906.00<")
    return text.replace("total_tax>0.00<", "total_tax>42.00<")


def test_tax_of_a_line_is_read_into_its_total():
    invoices, findings = read(with_tax(VALID))
    assert findings == []
    first = invoices[0].lines[0]
    assert (first.total, first.tax_total, first.tax_rate, first.tax_type) == (
        Decimal("462.00"),
        Decimal("42.00"),
        Decimal("0.10"),
        "VAT",
    )
    assert (invoices[0].invoice_total, invoices[0].invoice_tax_total) == (Decimal("906.00"), Decimal("42.00"))


def test_two_taxes_of_a_line_are_added():
    second = TAX.replace("OH1", "OH2").replace("VAT", "PST").replace(">90<", ">92<")
    text = with_tax(VALID).replace(TAX, TAX + second)
    text = text.replace(
        "</tax_item_fee>",
        "</tax_item_fee><tax_item_fee><tx_id>OH2</tx_id><file_item_nbr>93</file_item_nbr></tax_item_fee>",
    )
    text = text.replace(">42.00<", ">84.00<").replace(">906.00<", ">948.00<")
    invoices, findings = read(text)
    assert findings == []
    assert (invoices[0].lines[0].tax_total, invoices[0].lines[0].tax_type) == (Decimal("84.00"), "VAT+PST")


def test_tax_that_is_not_defined_is_reported():
    assert (Code.UNKNOWN_TAX, 114, "tx_id") in read(
        with_tax(VALID).replace(TAX, "").replace("\n    <client>", "    <client>")
    )[1]


def test_tax_in_percent_is_reported():
    assert (Code.BAD_TAX_RATE, 27, "tax_rate_percent") in read(with_tax(VALID).replace(">0.10<", ">10<"))[1]


def test_item_numbers_are_each_taken_once_near_and_far():
    numbers = ItemNumbers()
    assert all(numbers.add(number) for number in (0, 1, 8191, 8192, 10**17))
    assert not any(numbers.add(number) for number in (0, 1, 8191, 8192, 10**17))


def test_item_numbers_strewn_widely_keep_memory_flat():
    numbers = ItemNumbers()
    for number in range(10_000):
        numbers.add(number * 100_000)
    assert len(numbers._pages) == 4_096


def test_limits_are_one_object_for_equal_carriers():
    first = limits_of(LedesFormat.XML_2_2, FileFormat(max_length={"MATTER_NAME": 9}))
    assert limits_of(LedesFormat.XML_2_2, FileFormat(max_length={"MATTER_NAME": 9})) is first
    assert limits_of(LedesFormat.XML_2_1, FileFormat(max_length={"MATTER_NAME": 9})) is not first


def test_tax_rate_that_is_no_number_is_reported_and_counts_as_nothing():
    invoices, findings = read(with_tax(VALID).replace(">0.10<", ">ten<"))
    assert (Code.BAD_NUMBER, 27, "tax_rate_percent") in findings
    assert invoices[0].lines[0].tax_total == Decimal("0.00")


def test_tax_taken_off_is_negative():
    text = with_tax(VALID).replace("</tax_type>", "</tax_type><increase_decrease>Decrease</increase_decrease>")
    text = text.replace(">42.00<", ">-42.00<").replace(">906.00<", ">822.00<")
    invoices, findings = read(text)
    assert findings == []
    assert invoices[0].lines[0].total == Decimal("378.00")
