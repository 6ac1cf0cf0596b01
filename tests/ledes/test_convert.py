"""Documents made ready for another format: losses told, needs asked for, nothing invented."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ledes.convert import Loss, convert
from ledes.document import Party
from ledes.formats import LedesFormat
from ledes.given import GivenValueError
from ledes.names import joined_name, split_name, with_names
from ledes.parser import parse
from ledes.writer import LedesRefusedError, write
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

B98, BI = LedesFormat.LEDES_1998B, LedesFormat.LEDES_98BI_V2
XMLS = (LedesFormat.XML_2_0, LedesFormat.XML_2_1, LedesFormat.XML_2_2)
GIVEN = {
    "CLIENT_TAX_ID": "12-3456789",
    "MATTER_NAME": "Harbor v. Lane",
    "INVOICE_CURRENCY": "USD",
    "ACCOUNT_TYPE": "O",
}
SOURCE = make_invoice()


def taxed():
    fee = make_fee(
        total=Decimal("508.73"), tax_rate=Decimal("0.19"), tax_total=Decimal("81.23"), tax_type="VAT"
    )  # 427.50 x 0.19 = 81.225
    return replace(convert(make_invoice(fee), BI, GIVEN).invoice, invoice_tax_total=Decimal("81.23"))


def test_convert_to_98bi_fills_in_what_follows():
    invoice = convert(SOURCE, BI, GIVEN).invoice
    assert [line.tax_total for line in invoice.lines] == [Decimal(0)] * 3
    assert (invoice.invoice_tax_total, invoice.invoice_net_total) == (Decimal(0), Decimal("804.50"))
    assert (invoice.lines[0].timekeeper_last_name, invoice.lines[0].timekeeper_first_name) == ("Reyes", "Ana")
    assert parse(write(invoice, BI)).invoices == (invoice,)


def test_convert_to_98bi_invents_nothing():
    conversion = convert(SOURCE, BI)
    assert conversion.losses == ()
    with pytest.raises(LedesRefusedError) as refused:
        write(conversion.invoice, BI)
    assert {finding.field for finding in refused.value.findings} == set(GIVEN)


def test_convert_to_98bi_and_back_gives_the_same_document():
    there = convert(SOURCE, BI, GIVEN)
    back = convert(there.invoice, B98)
    assert back.invoice == SOURCE
    assert [(loss.field, loss.value, loss.changes_money) for loss in back.losses] == [
        ("CLIENT_TAX_ID", "12-3456789", False),
        ("MATTER_NAME", "Harbor v. Lane", False),
        ("ACCOUNT_TYPE", "O", False),
    ]


def test_convert_tells_a_tax_that_1998b_cannot_carry():
    conversion = convert(taxed(), B98)
    assert conversion.changes_money
    money = [loss for loss in conversion.losses if loss.changes_money]
    assert money == [
        Loss("10001", "", "INVOICE_TAX_TOTAL", "81.23", changes_money=True),
        Loss("10001", "1", "LINE_ITEM_TAX_TOTAL", "81.23", changes_money=True),
    ]
    assert ("LINE_ITEM_TAX_TYPE", "VAT") in [(loss.field, loss.value) for loss in conversion.losses]


def test_convert_tells_a_currency_that_1998b_cannot_carry():
    euros = replace(SOURCE, invoice_currency="EUR")
    assert convert(euros, B98).losses == (Loss("10001", "", "INVOICE_CURRENCY", "EUR", changes_money=True),)
    assert convert(replace(SOURCE, invoice_currency="USD"), B98).losses == ()


def test_convert_tells_each_value_of_a_party():
    conversion = convert(replace(SOURCE, client=Party(name="Harbor", phone="555")), BI)
    assert [(loss.field, loss.value) for loss in conversion.losses] == [("CLIENT_PHONE", "555")]
    assert conversion.invoice.client == Party(name="Harbor")


def test_convert_tells_names_that_cannot_be_joined():
    fee = make_fee(timekeeper_name="Ana Reyes", timekeeper_last_name="Reyes", timekeeper_first_name="Ana")
    fields = [(loss.line_item_number, loss.field) for loss in convert(make_invoice(fee), B98).losses]
    assert fields == [("1", "TIMEKEEPER_LAST_NAME"), ("1", "TIMEKEEPER_FIRST_NAME")]


def test_convert_joins_names_for_1998b():
    fee = make_fee(timekeeper_name="", timekeeper_last_name="Reyes", timekeeper_first_name="Ana")
    conversion = convert(make_invoice(fee), B98)
    assert conversion.losses == ()
    assert conversion.invoice.lines[0].timekeeper_name == "Reyes, Ana"


def test_convert_replaces_characters_for_the_pipe_formats():
    odd = replace(make_invoice(make_fee(description="Caf\u00e9 \u2013 site")), matter_name="\u201cHarbor\u201d")
    conversion = convert(odd, BI)
    assert conversion.invoice.lines[0].description == "Cafe - site"
    assert conversion.invoice.matter_name == '"Harbor"'
    assert [(one.line_item_number, one.field) for one in conversion.text_changes] == [
        ("", "MATTER_NAME"),
        ("", "MATTER_NAME"),
        ("1", "LINE_ITEM_DESCRIPTION"),
        ("1", "LINE_ITEM_DESCRIPTION"),
    ]


@pytest.mark.parametrize("to", XMLS)
def test_convert_to_xml_keeps_characters(to):
    odd = make_invoice(make_fee(description="Caf\u00e9 \u2013 site"))
    assert convert(odd, to).invoice.lines[0].description == "Caf\u00e9 \u2013 site"


@pytest.mark.parametrize("to", XMLS)
def test_convert_to_xml_tells_what_an_adjustment_loses(to):
    invoice = make_invoice(make_fee(), make_discount("2", date=date(2026, 10, 15)))
    assert [(loss.line_item_number, loss.field, loss.value) for loss in convert(invoice, to).losses] == [
        ("2", "LINE_ITEM_DATE", "20261015"),
        ("2", "LINE_ITEM_DESCRIPTION", "Courtesy discount"),
    ]


@pytest.mark.parametrize("to", XMLS)
def test_convert_to_xml_and_back_gives_the_same_document(to):
    source = make_invoice(make_fee("1"), make_expense("2"))
    there = convert(source, to)
    assert there.losses == ()
    assert convert(there.invoice, B98).invoice == source


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"NO_SUCH": "1"}, "no field of a whole invoice"),
        ({"LINE_ITEM_TOTAL": "1"}, "no field of a whole invoice"),
        ({"INVOICE_TOTAL": "1"}, "follows from the lines"),
        ({"INV_DUE_DATE": "20261201"}, "has no place for INV_DUE_DATE"),
        ({"CLIENT_ID": "OTHER"}, "is 'HARBOR' already"),
        ({"INVOICE_DATE": "soon"}, "a day as YYYYMMDD"),
        ({"INVOICE_REPORTED_TAX_TOTAL": "1,0"}, "plain digits"),
    ],
)
def test_convert_refuses_a_given_value(given, says):
    with pytest.raises(GivenValueError) as refused:
        convert(SOURCE, BI, given)
    assert says in refused.value.user_message


def test_convert_takes_given_values_in_any_capitals():
    conversion = convert(SOURCE, BI, {"client_stateorregion": "NV", "client_id": "HARBOR"})
    assert conversion.invoice.client.state_or_region == "NV"


def test_convert_takes_a_given_day_and_flag_for_xml():
    invoice = convert(SOURCE, LedesFormat.XML_2_1, {"INV_DUE_DATE": "20261201", "MATTER_FINAL_BILL": "n"}).invoice
    assert (invoice.due_date, invoice.is_final_bill) == (date(2026, 12, 1), False)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Reyes, Ana", ("Reyes", "Ana")),
        ("Reyes, Ana M.", ("Reyes", "Ana M.")),
        ("Smith, Jr., John", None),
        ("Ana Reyes", None),
        ("Reyes,Ana", None),
        (", Ana", None),
        ("Reyes, ", None),
        ("", None),
    ],
)
def test_split_name_splits_what_can_be_joined_again(name, parts):
    assert split_name(name) == parts
    assert parts is None or joined_name(*parts) == name


def test_joined_name_refuses_parts_that_could_not_be_told_apart():
    assert joined_name("Smith, Jr.", "John") == ""


def test_with_names_never_replaces_a_name():
    line = make_fee(timekeeper_name="Ana Reyes", timekeeper_last_name="Reyes", timekeeper_first_name="Ana")
    assert with_names(line) == line
