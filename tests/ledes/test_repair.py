"""Repairs lose nothing, say what they did, and have nothing left to do the second time."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledes.convert import convert
from ledes.findings import FindingCode
from ledes.formats import LedesFormat
from ledes.mending.days import plain_day
from ledes.mending.numbers import plain_number
from ledes.parser import parse
from ledes.repair import repair
from ledes.writer import write
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice
from tests.ledes.files import NEEDED

GOOD = write(make_invoice())
LINES = GOOD.split(b"\r\n")
TITLE, HEADER, ROWS = LINES[0], LINES[1], LINES[2:-1]


def joined(*lines, end=b"\r\n"):
    return end.join(lines) + end


def with_columns(order, *, heading_only=False):
    records = [line.removesuffix(b"[]").split(b"|") for line in (HEADER, *ROWS)]
    moved = [
        record if heading_only and at else [record[column] for column in order] for at, record in enumerate(records)
    ]
    return joined(TITLE, *(b"|".join(record) + b"[]" for record in moved))


MOVED = [*range(3), 23, *range(4, 10), 11, 10, *range(12, 23), 3]

MENDED = {
    "byte_order_mark": b"\xef\xbb\xbf" + GOOD,
    "two_byte_order_marks": b"\xef\xbb\xbf" * 2 + GOOD,
    "utf_16": GOOD.decode().encode("utf-16"),
    "bare_cr": GOOD.replace(b"\r\n", b"\r"),
    "mixed_line_ends": GOOD.replace(b"\r\n", b"\n", 2),
    "no_line_ends": GOOD.replace(b"\r\n", b""),
    "blank_lines": GOOD.replace(b"\r\n", b"\r\n\r\n"),
    "spaces_after_records": GOOD.replace(b"[]", b"[]  "),
    "no_terminators": GOOD.replace(b"[]", b""),
    "title_in_small_letters": GOOD.replace(b"LEDES1998B", b"ledes 1998b", 1),
    "no_title": joined(HEADER, *ROWS),
    "no_header": joined(TITLE, *ROWS),
    "header_misspelt": GOOD.replace(b"LINE_ITEM_TASK_CODE", b"Line Item TaskCode"),
    "columns_moved": with_columns(MOVED),
    "padded_values": GOOD.replace(b"|HARBOR|", b"| HARBOR |").replace(b"|427.50|", b"| 427.50|"),
    "null_words": GOOD.replace(b"|E112|||", b"|E112|NULL|null|"),
    "type_in_small_letters": GOOD.replace(b"|F|", b"|f|"),
    "dollars": GOOD.replace(b"|804.50|", b"|$804.50|"),
    "minus_behind": GOOD.replace(b"|-25.00|", b"|25.00-|"),
    "brackets": GOOD.replace(b"|-25.00|", b"|(25.00)|"),
    "iso_dates": GOOD.replace(b"|20261005|", b"|2026-10-05|").replace(b"20261001", b"1 Oct 2026"),
    "line_break": GOOD.replace(b"interrogatories, set", b"interrogatories,\r\nset"),
    "line_totals_as_invoice_total": joined(
        TITLE,
        HEADER,
        ROWS[0].replace(b"|804.50|", b"|427.50|", 1),
        ROWS[1].replace(b"|804.50|", b"|402.00|", 1),
        ROWS[2].replace(b"|804.50|", b"|-25.00|", 1),
    ),
}

REFUSED = {
    "empty": b"",
    "not_ledes": b"hello",
    "total_off_by_a_cent": GOOD.replace(b"804.50", b"804.51"),
    "american_date": GOOD.replace(b"|20261005|", b"|10/05/2026|"),
    "impossible_date": GOOD.replace(b"|20261005|", b"|2026-02-30|"),
    "lone_comma_without_proof": GOOD.replace(b"|1.50|", b"|1,500|").replace(b"|285.00|", b"|x|"),
    "id_with_a_dash": GOOD.replace(b"HM-0001", "HM\u20130001".encode()),
    "id_with_a_dash_in_ansi": GOOD.replace(b"HM-0001", b"HM\x960001"),
    "no_twin": GOOD.replace(b"Courtesy", "\u4e2d\u201c".encode()),
    "value_too_many": GOOD.replace(b"|HM-0001[]", b"||HM-0001[]", 1),
    "ids_swapped_and_misspelt": GOOD.replace(b"LAW_FIRM_MATTER_ID", b"CLIENT_MATER_ID", 1).replace(
        b"CLIENT_MATTER_ID", b"LAW_FIRM_MATER_ID", 1
    ),
    "pipe_or_empty_value": GOOD.replace(b"Filing fee", b"Filing|fee"),
    "header_moved_but_not_the_rows": with_columns([5, *range(1, 4), 7, 0, 6, 4, *range(8, 24)], heading_only=True),
    "record_too_long": GOOD + b"20261102|10001|" + b"x" * 70_000 + b"[]\r\n",
    "agreed_total_of_equal_lines": write(make_invoice(make_fee("1"), make_fee("2"))).replace(b"|855.00|", b"|427.50|"),
}


@pytest.mark.parametrize("content", MENDED.values(), ids=MENDED.keys())
def test_repair_gives_the_file_as_it_should_have_been(content):
    mended = repair(content)
    assert mended.content == GOOD
    assert mended.changes
    assert all(change.reason for change in mended.changes)
    assert mended.remaining == ()
    assert mended.is_valid


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_repair_leaves_alone_what_is_in_doubt(content):
    mended = repair(content)
    assert mended.content == content
    assert mended.changes == ()
    assert mended.remaining == parse(content).findings
    assert not mended.is_valid


@pytest.mark.parametrize("content", [*MENDED.values(), *REFUSED.values()], ids=[*MENDED, *REFUSED])
def test_repair_finds_nothing_to_do_the_second_time(content):
    once = repair(content)
    again = repair(once.content)
    assert again.content == once.content
    assert again.changes == ()


def test_repair_lists_each_value():
    changes = repair(GOOD.replace(b"|20261005|", b"|2026-10-05|")).changes
    assert [(one.row, one.field, one.before, one.after) for one in changes] == [
        (3, "LINE_ITEM_DATE", "2026-10-05", "20261005")
    ]


def test_repair_replaces_characters_of_texts_only():
    content = GOOD.replace(b"set 1", "\u00a7\u00a05 \u201cset\u201d".encode()).replace(
        b"HARBOR", "HARB\u00d6R".encode()
    )
    mended = repair(content)
    assert b'|Draft interrogatories, Sec. 5 "set"|' in mended.content
    assert "HARB\u00d6R".encode() in mended.content
    assert {finding.field for finding in mended.remaining} == {"CLIENT_ID"}


def test_repair_keeps_an_encoding_it_may_not_change():
    content = GOOD.replace(b"HM-0001", b"HM\x960001").replace(b"|402.00|", b"| 402.00|")
    mended = repair(content)
    assert mended.content == GOOD.replace(b"HM-0001", b"HM\x960001")


def test_repair_keeps_plain_line_feeds():
    content = GOOD.replace(b"\r\n", b"\n")
    assert repair(content).content == content
    assert repair(content.replace(b"|F|", b"|f|")).content == content


def test_repair_does_not_end_a_file_that_had_no_end():
    assert repair(GOOD.removesuffix(b"\r\n").replace(b"|F|", b"|f|")).content == GOOD.removesuffix(b"\r\n")


def test_repair_puts_a_pipe_back_where_the_row_holds_true():
    mended = repair(
        GOOD.replace(b"interrogatories, set", b"interrogatories | set").replace(b"Courtesy d", b"Courtesy|d")
    )
    assert b"|Draft interrogatories / set 1|" in mended.content
    assert b"|Courtesy/discount|" in mended.content
    assert mended.is_valid


def test_repair_reads_a_lone_comma_as_the_figures_prove():
    invoice = make_invoice(make_fee(units=Decimal(10)))
    mended = repair(write(invoice).replace(b"|2850.00|", b"|2,850|"))
    assert mended.is_valid
    assert parse(mended.content).invoices == (invoice,)


def test_repair_leaves_a_person_called_null():
    content = GOOD.replace(b"Reyes, Ana", b"Null")
    mended = repair(content)
    assert mended.content == content
    assert FindingCode.NULL_WORD in {finding.code for finding in mended.remaining}


def test_repair_does_not_prove_a_total_by_an_invoice_with_a_broken_row():
    torn = ROWS[2].replace(b"|IF|", b"|")
    content = joined(TITLE, HEADER, ROWS[0].replace(b"|804.50|", b"|427.50|", 1), ROWS[1], torn)
    mended = repair(content)
    assert mended.content == content
    assert FindingCode.TOTAL_VARIES in {finding.code for finding in mended.remaining}


@pytest.mark.parametrize("dialect", [LedesFormat.XML_2_0, LedesFormat.XML_2_1, LedesFormat.XML_2_2])
def test_repair_of_xml_takes_the_byte_order_mark_only(dialect):
    content = write(convert(make_invoice(make_fee()), dialect, NEEDED[dialect]).invoice, dialect)
    mended = repair(b"\xef\xbb\xbf" + content)
    assert (mended.content, len(mended.changes), mended.is_valid) == (content, 1, True)
    assert repair(content).changes == ()
    padded = content.replace(b"TK012", b" TK012 ")
    assert repair(padded).content == padded


def test_repair_does_not_recode_xml():
    content = "\ufeff<?xml version='1.0' encoding='UTF-16'?><ledesxmlebilling2.2/>".encode("utf-16-le")
    assert repair(content).content == content


@pytest.mark.parametrize("separator", [b"| ", b" |"])
def test_repair_mends_98bi_too(separator):
    layout = LedesFormat.LEDES_98BI_V2
    content = write(convert(make_invoice(), layout, NEEDED[layout]).invoice, layout)
    padded = content.replace(b"|2026", separator + b"2026").replace(b"LEDES98BI V2", b"LEDES98BI v2")
    mended = repair(padded.replace(b"Harbor v. Lane", b"Harbor | Lane"))
    assert mended.content == content.replace(b"Harbor v. Lane", b"Harbor / Lane")
    assert mended.is_valid


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$1,250.00", "1250.00"),
        ("1,250,000", "1250000"),
        ("+12.5", "12.5"),
        ("12.50-", "-12.50"),
        ("-$12.50", "-12.50"),
        ("$ -12.50", "-12.50"),
        ("\u221212.50", "-12.50"),
        (".5", ".5"),
        ("$.50", ".50"),
        ("1,250", None),
        ("$1,250", None),
        ("12,50", None),
        ("1.250,00", None),
        ("12,5000.00", None),
        ("(12.50)", None),
        ("--12.50", None),
        ("-12.50-", None),
        ("1250 USD", None),
        ("\u20ac12.50", None),
        ("1 250.00", None),
        ("12.5.0", None),
        ("", None),
        ("-", None),
        ("\u0661\u0662", None),
    ],
)
def test_plain_number_reads_what_can_mean_one_thing(text, plain):
    assert plain_number(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2026-10-05", "20261005"),
        ("2026/1/5", "20260105"),
        ("2026.10.05", "20261005"),
        ("2026-10-05T00:00:00", "20261005"),
        ("2026-10-05 00:00:00.000", "20261005"),
        ("5-Oct-2026", "20261005"),
        ("05 October 2026", "20261005"),
        ("Oct 5, 2026", "20261005"),
        ("Sept. 5, 2026", "20260905"),
        ("2026-10-05T09:30:00", None),
        ("2026-10/05", None),
        ("10/05/2026", None),
        ("25/10/2026", None),
        ("05.10.2026", None),
        ("5-Oct-26", None),
        ("5 Ju 2026", None),
        ("5 Foo 2026", None),
        ("2026-02-30", None),
        ("20261005", None),
        ("0000-10-05", None),
        ("", None),
    ],
)
def test_plain_day_reads_what_can_mean_one_day(text, plain):
    assert plain_day(text) == plain


MESSES = [
    (b"|", b"| "),
    (b"\r\n", b"\n"),
    (b"\r\n", b"\r"),
    (b"[]\r\n", b"[]"),
    (b"[]", b""),
    (b"202610", b"2026-10-"),
    (b".50|", b".50-|"),
    (b"427.50", b"$427.50"),
    (b"402.00", b"(402.00)"),
    (b"804.50", b"402.00"),
    (b"set", "s\u00e9t \u2014".encode()),
    (b"set", b"s\x93t"),
    (b"fee", b"f|ee"),
    (b"fee", b"f\nee"),
    (b"Courtesy", b"NULL"),
    (b"LEDES1998B", b"LEDES1998 b"),
    (b"_", b" "),
    (b"INVOICE_DATE|", b""),
]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(MESSES), st.integers(1, 6)), max_size=5), st.booleans())
def test_repair_is_done_after_one_pass_over_any_mess(messes, has_mark):
    content = GOOD
    for (old, new), count in messes:
        content = content.replace(old, new, count)
    once = repair(b"\xef\xbb\xbf" * has_mark + content)
    again = repair(once.content)
    assert (again.content, again.changes) == (once.content, ())
    assert again.remaining == once.remaining


@settings(max_examples=60)
@given(st.data())
def test_repair_is_done_after_one_pass_over_any_damage(data):
    content = bytearray(GOOD)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    once = repair(bytes(content))
    again = repair(once.content)
    assert (again.content, again.changes) == (once.content, ())


@given(st.binary(max_size=300))
def test_repair_takes_any_bytes(content):
    assert repair(content).content == content


@given(st.lists(st.sampled_from([make_fee(), make_expense(), make_discount()]), min_size=1, max_size=5), st.data())
def test_repair_never_changes_a_value_of_a_valid_file(drawn, data):
    lines = [line._replace(line_item_number=str(number)) for number, line in enumerate(drawn, start=1)]
    content = write(make_invoice(*lines))
    end = data.draw(st.sampled_from([b"\n", b"\r", b"\r\n"]))
    assert parse(repair(content.replace(b"\r\n", end)).content).invoices == parse(content).invoices
