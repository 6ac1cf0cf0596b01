"""Row, byte and value of a finding, however the file is framed."""

import pytest

from ledes.findings import Finding
from ledes.findings import FindingCode as Code
from ledes.parser import parse, stream
from ledes.writer import write, write_many
from tests.ledes.builders import make_fee, make_invoice

MANY = make_invoice(*(make_fee(str(number)) for number in range(1, 901)))
FILE = write(MANY)
FAULTY = FILE.replace(b"|TK012|Draft interrogatories, set 700|", b"|TK012| Draft interrogatories, set 700|")
DAMAGED = FAULTY.replace(b"set 300|", b"set \xe9300|")
LF = FAULTY.replace(b"\r\n", b"\n")
TWO = (
    b"".join(write_many([MANY, make_invoice(invoice_number="2", invoice_description=" padded")][:1]))
    + write(make_invoice(make_fee("9", task_code="HMX1"), invoice_number="2")).split(b"\r\n", 2)[2]
)


@pytest.mark.parametrize(
    "content", [FAULTY, DAMAGED, LF, b"\xef\xbb\xbf" + FAULTY, FAULTY.replace(b"[]\r\n", b"[]\r\n\r\n")]
)
def test_finding_has_the_byte_its_row_begins_with(content):
    (finding,) = (one for one in parse(content).findings if one.code is Code.PADDED_VALUE)
    row = content[finding.offset : content.index(b"\n", finding.offset)]
    assert row.startswith(b"20261102|10001|")
    assert b" Draft interrogatories, set 700|" in row
    assert content.split(b"\n")[finding.row - 1].startswith(row)


def test_finding_of_a_second_invoice_has_its_byte():
    (finding,) = parse(TWO).findings
    assert (finding.code, finding.row, finding.value) == (Code.UNKNOWN_CODE, 903, "HMX1")
    assert TWO[finding.offset :].startswith(b"20261102|2|")


def test_finding_of_a_torn_record_has_the_byte_of_its_first_line():
    content = FILE.replace(b"Draft interrogatories, set 5|", b"Draft\r\ninterrogatories, set 5|")
    (finding,) = parse(content).findings
    assert (finding.code, finding.row, finding.column, finding.field) == (
        Code.LINE_BREAK,
        7,
        19,
        "LINE_ITEM_DESCRIPTION",
    )
    assert content[finding.offset :].split(b"|", 9)[8] == b"5"


def test_finding_shortens_a_long_value():
    content = FILE.replace(b"Draft interrogatories, set 5|", b"x" * 15361 + b"|")
    (finding,) = parse(content).findings
    assert (finding.code, finding.value) == (Code.TOO_LONG, "x" * 77 + "...")


def test_json_of_a_finding_has_the_promised_names_first():
    report = parse(FAULTY).findings[0].as_json()
    assert list(report)[:7] == ["code", "severity", "row", "column", "field", "message", "fix"]
    assert (report["code"], report["row"], report["column"]) == ("padded_value", 702, 19)


def test_stream_gives_the_findings_of_an_invoice_in_the_order_of_the_file():
    lines = FAULTY.split(b"\r\n")
    lines[11] = lines[11].replace(b"|PT|", b"|")
    lines[5] = lines[5].replace(b"|L310|", b"||")
    with_faults = b"\r\n".join(lines)

    class Slow:
        """A source that gives little at a time."""

        at = 0

        def read(self, size: int = -1) -> bytes:
            found = with_faults[self.at : self.at + min(size, 1000)]
            self.at += len(found)
            return found

    findings = [item for item in stream(Slow()) if isinstance(item, Finding)]
    assert [(one.row, one.code) for one in findings] == [
        (6, Code.TASK_MISSING),
        (6, Code.ACTIVITY_WITHOUT_TASK),
        (12, Code.COLUMN_COUNT),
        (702, Code.PADDED_VALUE),
    ]
