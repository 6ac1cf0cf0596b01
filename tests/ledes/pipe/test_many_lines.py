"""An invoice with more lines than are held at a time is checked in parts, said so once, and not given."""

import pytest

from ledes.findings import FindingCode as Code
from ledes.parser import parse
from ledes.pipe import reader
from ledes.writer import write, write_many
from tests.ledes.builders import make_fee, make_invoice


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_LINES", 3)


def _torn_apart(content: bytes) -> bytes:
    """Have the rows read one by one, as where something stands behind their ends."""
    return content.replace(b"[]\r\n", b"[] \n")


def test_parse_checks_rows_in_parts_and_gives_no_invoice():
    content = _torn_apart(write(make_invoice(*(make_fee(str(number)) for number in range(1, 9)))))
    broken = content.replace(b"|5|F|", b"|5|X|")
    result = parse(broken)
    assert result.invoices == ()
    assert [(one.code, one.row) for one in result.findings] == [(Code.TOO_MANY_LINES, 3), (Code.BAD_LINE_TYPE, 7)]


def test_parse_goes_on_with_the_next_invoice():
    many = make_invoice(*(make_fee(str(number)) for number in range(1, 6)))
    few = make_invoice(make_fee("1"), invoice_number="10002")
    result = parse(_torn_apart(b"".join(write_many([many, few]))))
    assert [invoice.invoice_number for invoice in result.invoices] == ["10002"]
    assert [one.code for one in result.findings] == [Code.TOO_MANY_LINES]


def test_parse_still_finds_a_number_used_again():
    invoices = [make_invoice(make_fee("1")), make_invoice(make_fee("1"), invoice_number="10002")]
    rows = _torn_apart(b"".join(write_many(invoices)))
    again = rows + rows.split(b"\n")[2] + b"\n"
    assert Code.DUPLICATE_INVOICE in [one.code for one in parse(again).findings]
