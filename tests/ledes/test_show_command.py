"""`python -m ledes show`: invoices and lines as people read them."""

import json
from decimal import Decimal

import pytest

from ledes.__main__ import main
from ledes.writer import write_many
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

INVOICE = make_invoice(
    make_fee("1"),
    make_fee("2", units=Decimal(10), timekeeper_id="TK7", timekeeper_name="Lane, Bo"),
    make_expense("3"),
    make_discount("4"),
)
TABLE = """\
Invoice 10001 of 2026-11-02, 36-4412907 to HARBOR
  matter 2024-00017, client's matter HM-0001
  2026-10-01 to 2026-10-31: Professional services, October 2026
  fees                 2 lines  11.50 h  3,277.50
  expenses              1 line             402.00
  adjustments on fees   1 line             -25.00
  total                4 lines           3,654.50
  by timekeeper
    TK012 Reyes, Ana   1.50 h    427.50
    TK7 Lane, Bo      10.00 h  2,850.00
"""
LINES = """\
  line  date        type  code       who    units    rate    adj.  tax     total  description
  1     2026-10-05  F     L310/A103  TK012   1.50  285.00                 427.50  Draft interrogatories, set 1
  2     2026-10-05  F     L310/A103  TK7    10.00  285.00               2,850.00  Draft interrogatories, set 2
  3     2026-10-07  E     E112               1.00  402.00                 402.00  Filing fee, county court
  4     2026-10-31  IF                                     -25.00         -25.00  Courtesy discount
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "invoice.txt"
    path.write_bytes(b"".join(write_many([INVOICE])))
    return path


def test_show_prints_totals(path, capsys):
    assert main(["show", str(path)]) == 0
    assert capsys.readouterr().out == f"{TABLE}\n"


def test_show_prints_lines(path, capsys):
    assert main(["show", str(path), "--lines"]) == 0
    assert capsys.readouterr().out == f"{TABLE}{LINES}\n"


def test_show_prints_one_json_object_an_invoice(tmp_path, capsys):
    path = tmp_path / "two.txt"
    second = make_invoice(make_fee(), invoice_number="10002")
    path.write_bytes(b"".join(write_many([INVOICE, second])))
    assert main(["show", str(path), "--json"]) == 0
    reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [report["invoice"]["INVOICE_NUMBER"] for report in reports] == ["10001", "10002"]
    assert reports[1] == {
        "file": str(path),
        "format": "LEDES1998B",
        "invoice": {
            "INVOICE_DATE": "20261102",
            "INVOICE_NUMBER": "10002",
            "CLIENT_ID": "HARBOR",
            "LAW_FIRM_MATTER_ID": "2024-00017",
            "INVOICE_TOTAL": "427.50",
            "BILLING_START_DATE": "20261001",
            "BILLING_END_DATE": "20261031",
            "INVOICE_DESCRIPTION": "Professional services, October 2026",
            "LAW_FIRM_ID": "36-4412907",
            "CLIENT_MATTER_ID": "HM-0001",
        },
        "lines": 1,
        "totals": {"fees": "427.50"},
        "timekeepers": {"TK012 Reyes, Ana": {"hours": "1.50", "amount": "427.50"}},
    }


def test_show_prints_lines_as_json(path, capsys):
    assert main(["show", str(path), "--json", "--lines"]) == 0
    lines = json.loads(capsys.readouterr().out)["line_items"]
    assert lines[3] == {
        "LINE_ITEM_NUMBER": "4",
        "EXP/FEE/INV_ADJ_TYPE": "IF",
        "LINE_ITEM_ADJUSTMENT_AMOUNT": "-25.00",
        "LINE_ITEM_TOTAL": "-25.00",
        "LINE_ITEM_DATE": "20261031",
        "LINE_ITEM_DESCRIPTION": "Courtesy discount",
    }


def test_show_counts_what_it_cannot_show(path, capsys):
    path.write_bytes(path.read_bytes().replace(b"|20261007|", b"|x|"))
    assert main(["show", str(path)]) == 1
    captured = capsys.readouterr()
    assert "fees" in captured.out
    assert "1 error" in captured.err


def test_show_says_what_is_not_ledes(path, capsys):
    path.write_bytes(b"hello")
    assert main(["show", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "not readable as LEDES" in captured.err
