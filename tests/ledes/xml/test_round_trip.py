"""Whatever document the writer takes, the reader gives back, and the bytes do not move."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import line_amount, total
from ledes.document import LedesInvoice, LedesLine, LineType
from ledes.findings import Finding
from ledes.formats import LedesFormat
from ledes.refusal import LedesRefusedError
from ledes.xml.carried import as_carried
from ledes.xml.elements import VERSIONS
from ledes.xml.numbering import renumbered
from ledes.xml.reader import stream
from ledes.xml.sniff import version_of
from ledes.xml.writer import write
from tests.ledes.builders import make_expense
from tests.ledes.xml.builders import CLIENT, CONTACT, FIRM, make_xml_discount, make_xml_fee, make_xml_invoice

START, DAYS = date(2026, 10, 1), 30
fit = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
odd = st.one_of(fit, st.sampled_from("\u201c\u2019\u2014\u00a7\u00e9\u20ac\u00a0&<>\"'|[]\t\n\r\u0085\u2028"))
texts = st.text(odd, min_size=1, max_size=20).filter(
    lambda text: text.strip(" \t\r\n") == text and text.upper() != "NULL"
)
ids = st.text("ABCXYZ0123456789-./", min_size=1, max_size=20)
days = st.integers(0, DAYS).map(lambda count: START + timedelta(days=count))
exact = st.decimals(0, 9999, places=4, allow_nan=False)
cents = st.decimals(-9999, 9999, places=2, allow_nan=False)
people = st.sampled_from(
    [
        {"timekeeper_id": "TK1", "timekeeper_name": "Reyes, Ana", "timekeeper_classification": "PT"},
        {"timekeeper_id": "TK2", "timekeeper_name": "O'Neil", "timekeeper_classification": "ASSOC"},
        {
            "timekeeper_id": "TK3",
            "timekeeper_last_name": "Ng",
            "timekeeper_first_name": "Bo",
            "timekeeper_classification": "",
        },
    ]
)


@st.composite
def fees(draw):
    units, cost, adjustment = draw(exact), draw(exact), draw(cents)
    return draw(people) | {
        "exp_fee_inv_adj_type": LineType.FEE,
        "units": units,
        "unit_cost": cost,
        "adjustment_amount": adjustment,
        "total": line_amount(units, cost, adjustment),
        "task_code": draw(st.sampled_from(["L110", "L310", "B110", "ZZ1"])),
        "activity_code": draw(st.sampled_from(["A101", "A111"])),
    }


@st.composite
def expenses(draw):
    units, cost = draw(exact), draw(exact)
    return draw(st.one_of(st.just({}), people)) | {
        "exp_fee_inv_adj_type": LineType.EXPENSE,
        "units": units,
        "unit_cost": cost,
        "total": line_amount(units, cost),
        "expense_code": draw(st.sampled_from(["E101", "E112"])),
        "task_code": draw(st.sampled_from(["", "L310"])),
    }


@st.composite
def adjustments(draw):
    amount = draw(cents)
    kind = draw(st.sampled_from([LineType.FEE_ADJUSTMENT, LineType.EXPENSE_ADJUSTMENT]))
    return {
        "exp_fee_inv_adj_type": kind,
        "units": None,
        "unit_cost": None,
        "adjustment_amount": amount,
        "total": amount,
    }


@st.composite
def invoices(draw):
    drawn = draw(st.lists(st.one_of(fees(), expenses(), adjustments()), min_size=1, max_size=4))
    numbers = sorted(draw(st.sets(st.integers(1, 99), min_size=len(drawn), max_size=len(drawn))))
    lines = tuple(
        LedesLine(line_item_number=str(number), date=draw(days), description=draw(texts), **values)
        for number, values in zip(numbers, drawn, strict=True)
    )
    return LedesInvoice(
        invoice_date=draw(days),
        invoice_number=draw(ids),
        client_id=draw(ids),
        law_firm_matter_id=draw(ids),
        invoice_total=total(line.total for line in lines),
        billing_start_date=START,
        billing_end_date=START + timedelta(days=DAYS),
        invoice_description=draw(st.one_of(st.just(""), texts)),
        law_firm_id=draw(ids),
        client_matter_id=draw(ids),
        lines=lines,
        po_number=draw(st.sampled_from(["", "PO-77"])),
        client_tax_id=draw(st.sampled_from(["", "04-1234567"])),
        matter_name=draw(st.sampled_from(["", "Hale v. Dockside"])),
        invoice_tax_total=draw(st.sampled_from([None, Decimal("0.00")])),
        invoice_currency=draw(st.sampled_from(["", "USD"])),
        account_type=draw(st.sampled_from(["", "O", "T"])),
        law_firm=draw(st.sampled_from([FIRM, replace(FIRM, name="Söhne & <Partner>", address_2="")])),
        client=draw(st.sampled_from([CLIENT, replace(CLIENT, phone="+1 617 555 0100", postcode="")])),
        vendor_id=draw(st.one_of(st.just(""), ids)),
        billing_contact=draw(st.sampled_from([CONTACT, replace(CONTACT, phone="")])),
        due_date=draw(st.one_of(st.none(), days)),
        payment_terms=draw(st.sampled_from(["", "Net 30"])),
        is_final_bill=draw(st.sampled_from([None, True, False])),
    )


def read(content):
    """Return the invoices of a file, which must have no errors."""
    items = list(stream(BytesIO(content)))
    assert [one for one in items if isinstance(one, Finding) and one.severity == "error"] == []
    return [one for one in items if isinstance(one, LedesInvoice)]


@given(invoices(), st.sampled_from(VERSIONS))
def test_round_trip_gives_the_same_document_and_bytes(invoice, dialect):
    content = write(invoice, dialect)
    assert version_of(content[:200]) is dialect
    (found,) = read(content)
    assert found == as_carried(invoice)
    assert write(found, dialect) == content
    assert as_carried(found) == found


@pytest.mark.parametrize("dialect", VERSIONS)
def test_round_trip_keeps_all_of_a_usual_invoice(dialect):
    invoice = make_xml_invoice(
        vendor_id="V-9", due_date=date(2026, 12, 2), payment_terms="Net 30", is_final_bill=True, po_number="PO 7"
    )
    assert read(write(invoice, dialect)) == [invoice]


def test_round_trip_keeps_the_number_of_a_replaced_invoice():
    invoice = make_xml_invoice(replaces_invoice="9987")
    assert read(write(invoice, LedesFormat.XML_2_2)) == [invoice]


def test_lines_keep_their_numbers_and_the_rest_counts_on_after_them():
    invoice = make_xml_invoice(make_xml_fee("5"), make_expense("7"), make_xml_discount("20"))
    content = write(invoice, LedesFormat.XML_2_2)
    assert [line.line_item_number for line in read(content)[0].lines] == ["5", "7", "20"]
    assert content.count(b"<file_item_nbr>21</file_item_nbr>") == 1


def test_renumbered_gives_numbers_that_can_be_written():
    invoice = make_xml_invoice(make_xml_fee("1A"), make_expense("1B"))
    with pytest.raises(LedesRefusedError):
        write(invoice, LedesFormat.XML_2_1)
    assert [line.line_item_number for line in read(write(renumbered(invoice), LedesFormat.XML_2_1))[0].lines] == [
        "1",
        "2",
    ]


@settings(max_examples=50)
@given(invoices(), st.data())
def test_reader_never_raises_on_a_damaged_file(invoice, data):
    content = bytearray(write(invoice, LedesFormat.XML_2_2))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    items = list(stream(BytesIO(bytes(content))))
    assert all(one.row >= 0 and one.column >= 0 for one in items if isinstance(one, Finding))


@given(st.binary(max_size=300))
def test_reader_never_raises_on_any_bytes(content):
    assert list(stream(BytesIO(content)))


WRONG = ["", "NULL", "-1", "1.234567", "20261005", " padded ", "2026-02-30", "Exp", "Increase", "12", "99999999999999"]


def written(invoice):
    """Return the file, or the findings for which it is refused."""
    try:
        return write(invoice, LedesFormat.XML_2_2), ()
    except LedesRefusedError as error:
        return b"", error.findings


@given(invoices(), st.data())
def test_reader_gives_a_document_that_can_be_written_or_is_refused_with_reasons(invoice, data):
    content = write(invoice, LedesFormat.XML_2_2).decode()
    leaf = data.draw(st.sampled_from(list(re.finditer(r"(?<=>)[^<]*(?=</)", content))))
    damaged = content[: leaf.start()] + data.draw(st.sampled_from(WRONG)) + content[leaf.end() :]
    items = list(stream(BytesIO(damaged.encode())))
    for found in [one for one in items if isinstance(one, LedesInvoice)]:
        again, reasons = written(found)
        assert reasons or read(again) == [as_carried(found)]


def test_as_carried_blanks_what_xml_has_no_place_for():
    fee = make_xml_fee(tax_rate=Decimal(0), tax_total=Decimal("0.00"), tax_type="VAT")
    invoice = replace(make_xml_invoice(fee), invoice_net_total=Decimal("427.50"))
    assert as_carried(invoice) == make_xml_invoice(make_xml_fee())
