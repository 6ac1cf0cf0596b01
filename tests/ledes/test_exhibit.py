"""The bytes of a finding: the value in its record, in a torn one, in columns out of order, in XML; odd characters."""

import pytest

from ledes.exhibit import Exhibit, exhibit
from ledes.findings import Finding, FindingCode, Problem
from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.pipe.layout import LEDES_1998B
from ledes.writer import write
from tests.ledes.builders import make_fee, make_invoice
from tests.ledes.xml.builders import make_xml_invoice

SOUND = write(make_invoice(make_fee("1"), make_fee("2")))


def found(content: bytes, code: FindingCode) -> Finding:
    return next(one for one in parse(content).findings if one.code is code)


def shown(content: bytes, code: FindingCode) -> Exhibit:
    return exhibit(content, found(content, code))


def marked(content: bytes, one: Exhibit) -> bytes:
    return content[one.first : one.last + 1]


def text(one: Exhibit) -> str:
    return "".join(piece.text for piece in one.pieces)


def cost() -> bytes:
    return f"|{make_fee().unit_cost}|".encode()


def test_exhibit_marks_the_value_in_its_record():
    content = SOUND.replace(cost(), b"|twelve|", 1)
    one = shown(content, FindingCode.BAD_NUMBER)
    assert (one.row, one.column, one.columns, marked(content, one)) == (3, 21, 24, b"twelve")
    assert text(one) == content.splitlines()[2].decode()
    assert [piece.text for piece in one.pieces if piece.is_marked] == ["twelve"]


@pytest.mark.parametrize(("raw", "code_point"), [(b"\xe2\x80\x99", "U+2019"), (b"\x92", "U+2019"), (b"\x07", "U+0007")])
def test_exhibit_names_odd_characters_in_any_encoding(raw: bytes, code_point: str):
    content = SOUND.replace(make_fee().description.encode(), b"Client" + raw + b"s call", 1)
    faults = [one for one in parse(content).findings if one.field == "LINE_ITEM_DESCRIPTION"]
    one = exhibit(content, faults[0])
    assert marked(content, one) == b"Client" + raw + b"s call"
    assert [found for found, _ in one.odd] == [code_point]


def test_exhibit_shows_a_blank_value_where_it_should_stand():
    content = SOUND.replace(b"|" + make_fee().timekeeper_id.encode() + b"|", b"||", 1)
    one = shown(content, FindingCode.TIMEKEEPER_MISSING)
    assert one.last == one.first - 1
    assert content[one.first - 1 : one.first + 1] == b"||"
    assert text(one)[: len("".join(piece.text for piece in one.pieces[: one.before]))].endswith("|")


def test_exhibit_shows_a_torn_record_whole():
    words = make_fee().description.encode()
    content = SOUND.replace(words, words[:4] + b"\r\n" + words[4:], 1)
    one = shown(content, FindingCode.LINE_BREAK)
    assert marked(content, one) == words[:4] + b"\r\n" + words[4:]
    assert {code for code, _ in one.odd} == {"U+000D", "U+000A"}


def test_exhibit_finds_the_record_among_several_on_a_line():
    first, second, *rows = SOUND.splitlines()
    rows[1] = rows[1].replace(cost(), b"|twelve|")
    content = b"\r\n".join([first, second, b"".join(rows)])
    assert marked(content, shown(content, FindingCode.BAD_NUMBER)) == b"twelve"


def test_exhibit_follows_a_header_in_another_order():
    names = list(LEDES_1998B.names)
    order = [*names[1:], names[0]]
    lines = [line.decode().removesuffix("[]").split("|") for line in SOUND.splitlines()[1:]]
    rows = ["|".join([*values[1:], values[0]]) + "[]" for values in lines]
    content = "\r\n".join(["LEDES1998B[]", *rows, ""]).encode().replace(cost(), b"|twelve|", 1)
    one = shown(content, FindingCode.BAD_NUMBER)
    assert (one.column, marked(content, one)) == (order.index("LINE_ITEM_UNIT_COST") + 1, b"twelve")


def test_exhibit_marks_a_record_with_too_few_columns_as_a_whole():
    content = SOUND.replace(cost(), b"|", 1)
    one = shown(content, FindingCode.COLUMN_COUNT)
    assert (one.column, marked(content, one)) == (0, content.splitlines()[2])


def test_exhibit_shows_the_beginning_for_the_file_as_a_whole():
    one = exhibit(b"%PDF-1.7", parse(b"%PDF-1.7").findings[0])
    assert text(one) == "%PDF-1.7"
    nothing = exhibit(b"", parse(b"").findings[0])
    assert (nothing.pieces, nothing.last) == ((), -1)
    whole = exhibit(SOUND, Problem(FindingCode.NO_LINES, "", "The file holds no line item.", "").at(0))
    assert (whole.row, text(whole).startswith("LEDES1998B[]")) == (0, True)


def test_exhibit_cuts_a_long_line_and_says_so():
    content = SOUND.replace(make_fee().description.encode(), b"x" * 5000, 1).replace(cost(), b"|twelve|", 1)
    one = shown(content, FindingCode.BAD_NUMBER)
    assert (one.is_cut_before, one.is_cut_after) == (True, False)
    assert len(text(one)) < 1000


def test_exhibit_marks_an_element_of_xml():
    content = write(make_xml_invoice(), LedesFormat.XML_2_1)
    start = content.index(b"<inv_date>")
    end = content.index(b"</inv_date>") + len(b"</inv_date>")
    faulty = content.replace(content[start:end], b"<inv_date>20261302</inv_date>")
    one = shown(faulty, FindingCode.BAD_DATE)
    assert marked(faulty, one) == b"<inv_date>20261302</inv_date>"
