"""`python -m ledes diff`: exit codes, words and JSON, across formats."""

import json

import pytest

from ledes.__main__ import main
from ledes.convert import convert
from ledes.formats import LedesFormat
from ledes.writer import write
from tests.ledes.builders import make_expense, make_fee, make_invoice
from tests.ledes.files import NEEDED

INVOICE = make_invoice(make_fee("1"), make_expense("2"))
GOOD = write(INVOICE)
OTHER = write(make_invoice(make_fee("1", description="Call with adjuster"), make_expense("2")))


@pytest.fixture
def compared(tmp_path):
    def compare(a, b, *options):
        (tmp_path / "a").write_bytes(a)
        (tmp_path / "b").write_bytes(b)
        return main(["diff", str(tmp_path / "a"), str(tmp_path / "b"), *options])

    return compare


@pytest.mark.parametrize(
    ("a", "b", "code"),
    [
        (GOOD, GOOD, 0),
        (GOOD, GOOD.replace(b"\r\n", b"\n"), 0),
        (GOOD, GOOD.replace(b"[]\r\n", b"[]"), 0),
        (GOOD, OTHER, 1),
        (GOOD, b"hello", 2),
        (b"", GOOD, 2),
    ],
)
def test_diff_exits_with(compared, a, b, code):
    assert compared(a, b) == code


def test_diff_prints_words(compared, capsys):
    compared(GOOD, OTHER)
    assert capsys.readouterr().out.splitlines()[1] == (
        "  invoice 10001, line 1, LINE_ITEM_DESCRIPTION: 'Draft interrogatories, set 1' -> 'Call with adjuster'"
    )


def test_diff_prints_json(compared, capsys):
    compared(GOOD, OTHER, "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["equal"], report["complete"]) == (False, True)
    assert report["differences"] == [
        {
            "invoice_number": "10001",
            "line_item_number": "1",
            "field": "LINE_ITEM_DESCRIPTION",
            "old": "Draft interrogatories, set 1",
            "new": "Call with adjuster",
        }
    ]


def test_diff_of_a_wrong_file_with_itself_is_empty(compared):
    wrong = GOOD.replace(b"|829.50|", b"|829.51|")
    assert compared(wrong, wrong) == 0


def test_diff_does_not_call_equal_what_it_could_not_read(compared, capsys):
    unread = GOOD.replace(b"|20261007|", b"|x|")
    assert compared(unread, unread.replace(b"|x|", b"|y|")) == 1
    assert "could not be read" in capsys.readouterr().err


@pytest.mark.parametrize("to", list(LedesFormat))
def test_diff_compares_what_both_formats_carry(compared, to):
    assert compared(GOOD, write(convert(INVOICE, to, NEEDED[to]).invoice, to)) == 0


def test_diff_says_which_file_is_not_there(tmp_path, capsys):
    assert main(["diff", str(tmp_path / "a"), str(tmp_path / "b")]) == 2
    assert "No such file" in capsys.readouterr().err
