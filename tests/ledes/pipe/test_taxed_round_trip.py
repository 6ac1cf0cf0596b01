"""LEDES 98BI V2, and several invoices in a file: whatever the writer takes, the parser gives back."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.money import line_amount, round_half_up, total
from ledes.document import LineType, Party
from ledes.file_format import FileFormat
from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.readback import compare
from ledes.writer import write, write_many
from tests.ledes.test_round_trip import ids, invoices, narratives

BI = LedesFormat.LEDES_98BI_V2
texts = st.one_of(st.just(""), narratives.map(lambda text: text[:20].strip()).filter(bool))
rates = st.one_of(st.none(), st.decimals(0, 1, places=10, allow_nan=False))
countries = st.sampled_from(["", "US", "NLD"])


@st.composite
def parties(draw):
    return Party(name=draw(texts), address_1=draw(texts), city=draw(texts), postcode=draw(texts),
                 state_or_region=draw(texts), country=draw(countries))  # fmt: skip


@st.composite
def taxed_lines(draw, line):
    rate = draw(rates)
    if line.exp_fee_inv_adj_type in {LineType.FEE, LineType.EXPENSE}:
        net, rounded = line.units * line.unit_cost + line.adjustment_amount, line.total
        assert rounded == line_amount(line.units, line.unit_cost, line.adjustment_amount)
    else:
        net = rounded = line.total
    tax = round_half_up(net * rate) if rate is not None else draw(st.decimals(-99, 99, places=2, allow_nan=False))
    names = ("Reyes", "Ana") if line.exp_fee_inv_adj_type is LineType.FEE else ("", "")
    return line._replace(
        tax_rate=rate,
        tax_total=tax,
        tax_type=draw(st.sampled_from(["", "VAT", "GST"])),
        total=rounded + tax,
        timekeeper_last_name=names[0],
        timekeeper_first_name=names[1],
    )


@st.composite
def taxed_invoices(draw):
    plain = draw(invoices())
    lines = tuple(draw(taxed_lines(line)) for line in plain.lines)
    tax, whole = total(line.tax_total for line in lines), total(line.total for line in lines)
    return replace(
        plain,
        lines=lines,
        invoice_total=whole,
        invoice_tax_total=draw(st.sampled_from([None, tax])),
        invoice_net_total=whole - tax,
        client_tax_id=draw(ids),
        matter_name=draw(narratives),
        invoice_currency="CAD",
        account_type=draw(st.sampled_from("OT")),
        law_firm=draw(parties()),
        client=draw(parties()),
        invoice_reported_tax_total=draw(st.sampled_from([None, Decimal("12.30")])),
        invoice_tax_currency=draw(st.sampled_from(["", "USD"])),
    )


@given(taxed_invoices())
def test_round_trip_of_98bi_gives_the_same_document_and_bytes(invoice):
    content = write(invoice, BI)
    result = parse(content)
    assert result.is_valid
    assert result.invoices == (invoice,)
    assert write(result.invoices[0], BI) == content
    assert compare(invoice, content, FileFormat(dialect=BI)) == ()


@given(taxed_invoices(), st.data())
def test_compare_sees_every_changed_byte_of_a_value_of_98bi(invoice, data):
    content = write(invoice, BI)
    start = content.index(b"\r\n", content.index(b"\r\n") + 2) + 2
    at = data.draw(st.integers(start, len(content) - 5))
    if content[at] in b"|[]\r\n":
        return
    changed = content[:at] + (b"8" if content[at : at + 1] != b"8" else b"7") + content[at + 1 :]
    assert compare(invoice, changed, FileFormat(dialect=BI)) != ()


@given(st.lists(invoices(), min_size=1, max_size=4, unique_by=lambda invoice: invoice.invoice_number))
def test_round_trip_of_several_invoices_gives_the_same_documents_and_bytes(several):
    content = b"".join(write_many(several))
    result = parse(content)
    assert result.is_valid
    assert result.invoices == tuple(several)
    assert b"".join(write_many(result.invoices)) == content


@given(st.lists(invoices(), min_size=1, max_size=3, unique_by=lambda invoice: invoice.invoice_number), st.data())
def test_parse_reads_rows_one_by_one_as_it_reads_them_together(several, data):
    """Whatever breaks a block out of the quick lane must change nothing but be read with more care."""
    content = b"".join(write_many(several))
    spaced = content.replace(b"[]\r\n", b"[] \r\n")
    assert parse(spaced).invoices == tuple(several)
    assert parse(content.replace(b"\r\n", b"\n")).invoices == tuple(several)
    rows = content.split(b"\r\n")
    mixed = b"".join(row + data.draw(st.sampled_from([b"\r\n", b"\n", b"\r\n\r\n"])) for row in rows[:-1])
    assert parse(mixed).invoices == tuple(several)
