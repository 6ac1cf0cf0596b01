"""No finding code is a promise alone: a file, a refused document or a missing path here brings each of them out."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from ledes.__main__ import main
from ledes.file_format import FileFormat
from ledes.findings import Finding, FindingCode
from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.pipe import reader
from ledes.pipe.blocks import LONGEST_RECORD
from ledes.writer import LedesRefusedError, write, write_many
from ledes.xml.reader import stream
from tests.ledes import test_invalid_files as of_1998b
from tests.ledes.builders import make_fee, make_invoice
from tests.ledes.pipe import test_98bi as of_98bi
from tests.ledes.xml import test_invalid_files as of_xml
from tests.ledes.xml.builders import make_xml_fee, make_xml_invoice

EARLY = date(2026, 10, 6)
MOST_LINES = 3
TWICE = make_fee(description="Draft motion"), make_fee("2", description="Draft motion")
MANY = make_invoice(*(make_fee(str(number)) for number in range(1, 9)))
OTHER = make_invoice(invoice_number="10002")
ODD_CENT = write(make_invoice(make_fee(units=Decimal("0.5"), unit_cost=Decimal("0.25"))))
BETWEEN_PIPES: tuple[tuple[bytes, FileFormat], ...] = (
    *((case[1], FileFormat()) for case in (*of_1998b.CASES, *of_1998b.WARNING_CASES, *of_98bi.CASES)),
    (b"", FileFormat()),
    (of_1998b.VALID.replace(b"Draft inter", b"x" * 2 * LONGEST_RECORD), FileFormat()),
    (write(make_invoice(*TWICE)), FileFormat()),
    (ODD_CENT.replace(b"|0.13|", b"|0.125|"), FileFormat()),
    (write(MANY).replace(b"[]\r\n", b"[] \n"), FileFormat()),
    (
        b"".join(write_many([make_invoice(), OTHER, make_invoice(invoice_number="10003")])).replace(b"10003", b"10001"),
        FileFormat(),
    ),
    (b"".join(write_many([make_invoice(), OTHER])), FileFormat(allows_many_invoices=False)),
    (of_1998b.VALID, FileFormat(max_bytes=10, future_dates="error", classifications="2014")),
)


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_LINES", MOST_LINES)


def of_pipes() -> Iterator[FindingCode]:
    for content, file_format in BETWEEN_PIPES:
        yield from (one.code for one in parse(content, file_format, today=EARLY).findings)


def of_xml_files() -> Iterator[FindingCode]:
    taxed = of_xml.after(113, "<tax_item_fee><tx_id>none</tx_id><tax_item_amount>1.00</tax_item_amount></tax_item_fee>")
    for content in (taxed, *(case[1] for case in of_xml.CASES)):
        yield from (one.code for one in stream(BytesIO(content)) if isinstance(one, Finding))


def of_refused_documents() -> list[FindingCode]:
    with pytest.raises(LedesRefusedError) as refused:
        write(make_xml_invoice(make_xml_fee(tax_total=Decimal("1.00"))), LedesFormat.XML_2_0)
    return [one.code for one in refused.value.findings]


def of_missing_paths(capsys: pytest.CaptureFixture[str]) -> list[str]:
    main(["check", "--json", "no-such-file.txt"])
    return [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]


def test_every_code_is_brought_out_by_some_case(capsys):
    found: Iterable[str] = (*of_pipes(), *of_xml_files(), *of_refused_documents(), *of_missing_paths(capsys))
    assert set(found) == {code.value for code in FindingCode}
