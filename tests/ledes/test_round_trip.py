"""Whatever document the writer takes, the parser gives back, and the bytes do not move."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.money import CENT, line_amount, total
from ledes.document import LedesInvoice, LedesLine, LineType
from ledes.parser import parse
from ledes.readback import compare, read_back
from ledes.writer import write

START, DAYS = date(2026, 10, 1), 30
plain = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="|[]")
narratives = st.text(plain, min_size=1, max_size=80).map(str.strip).filter(lambda text: text and text.upper() != "NULL")
ids = st.text("ABCXYZ0123456789-./", min_size=1, max_size=20)
days = st.integers(0, DAYS).map(lambda count: START + timedelta(days=count))
exact = st.decimals(0, 9999, places=4, allow_nan=False)
cents = st.decimals(-9999, 9999, places=2, allow_nan=False)


@st.composite
def fees(draw):
    units, cost, adjustment = draw(exact), draw(exact), draw(cents)
    return {
        "exp_fee_inv_adj_type": LineType.FEE,
        "units": units,
        "unit_cost": cost,
        "adjustment_amount": adjustment,
        "total": line_amount(units, cost, adjustment),
        "task_code": draw(st.sampled_from(["L110", "L310", "B110", "ZZ1"])),
        "activity_code": draw(st.sampled_from(["A101", "A111"])),
        "timekeeper_id": draw(ids),
        "timekeeper_name": draw(st.sampled_from(["", "Reyes, Ana", "O'Neil"])),
        "timekeeper_classification": draw(st.sampled_from(["", "PT", "PARTNR"])),
    }


@st.composite
def expenses(draw):
    units, cost = draw(exact), draw(exact)
    return {
        "exp_fee_inv_adj_type": LineType.EXPENSE,
        "units": units,
        "unit_cost": cost,
        "total": line_amount(units, cost),
        "expense_code": draw(st.sampled_from(["E101", "E112"])),
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
    drawn = draw(st.lists(st.one_of(fees(), expenses(), adjustments()), min_size=1, max_size=6))
    lines = tuple(
        LedesLine(line_item_number=str(number), date=draw(days), description=draw(narratives), **values)
        for number, values in enumerate(drawn, start=1)
    )
    return LedesInvoice(
        invoice_date=draw(days),
        invoice_number=draw(ids),
        client_id=draw(ids),
        law_firm_matter_id=draw(ids),
        invoice_total=total(line.total for line in lines),
        billing_start_date=START,
        billing_end_date=START + timedelta(days=DAYS),
        invoice_description=draw(st.one_of(st.just(""), narratives)),
        law_firm_id=draw(ids),
        client_matter_id=draw(ids),
        lines=lines,
    )


@given(invoices())
def test_round_trip_gives_the_same_document_and_bytes(invoice):
    content = write(invoice)
    result = parse(content)
    assert result.is_valid
    assert result.invoices == (invoice,)
    assert write(result.invoices[0]) == content
    assert compare(invoice, content) == ()
    assert read_back(invoice, content) == invoice


@given(invoices())
def test_round_trip_keeps_every_cent(invoice):
    read = parse(write(invoice)).invoices[0]
    assert read.invoice_total == sum((line.total for line in read.lines), Decimal(0))
    assert all(line.total == line.total.quantize(CENT) for line in read.lines)


@given(invoices(), st.data())
def test_compare_sees_every_changed_byte_of_a_value(invoice, data):
    content = write(invoice)
    start = content.index(b"\r\n", content.index(b"\r\n") + 2) + 2
    at = data.draw(st.integers(start, len(content) - 5))
    if content[at] in b"|[]\r\n":
        return
    changed = content[:at] + (b"8" if content[at : at + 1] != b"8" else b"7") + content[at + 1 :]
    assert compare(invoice, changed) != ()


@given(st.binary(max_size=300))
def test_parse_never_raises_on_any_bytes(content):
    assert parse(content).findings


@given(invoices(), st.data())
def test_parse_never_raises_on_a_damaged_file(invoice, data):
    content = bytearray(write(invoice))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    result = parse(bytes(content))
    assert len(result.invoices) <= len(content)
