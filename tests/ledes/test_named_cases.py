"""The faults that carriers' sites are known to refuse a file for, each by name, with what the command must answer.

Rows, columns and codes were counted by hand in the file below; columns are those of the field names in row 2. Two more
cases need what no file holds, the carrier's own list of people and rates: a timekeeper it has not approved and a rate
over the card stand in `tests/guidelines/test_people.py` as `unapproved_timekeeper` and `rate_cap`.
"""

import json
from dataclasses import dataclass, field

import pytest

from ledes.__main__ import main

FILE = """\
LEDES1998B[]
INVOICE_DATE|INVOICE_NUMBER|CLIENT_ID|LAW_FIRM_MATTER_ID|INVOICE_TOTAL|BILLING_START_DATE|BILLING_END_DATE|\
INVOICE_DESCRIPTION|LINE_ITEM_NUMBER|EXP/FEE/INV_ADJ_TYPE|LINE_ITEM_NUMBER_OF_UNITS|LINE_ITEM_ADJUSTMENT_AMOUNT|\
LINE_ITEM_TOTAL|LINE_ITEM_DATE|LINE_ITEM_TASK_CODE|LINE_ITEM_EXPENSE_CODE|LINE_ITEM_ACTIVITY_CODE|TIMEKEEPER_ID|\
LINE_ITEM_DESCRIPTION|LAW_FIRM_ID|LINE_ITEM_UNIT_COST|TIMEKEEPER_NAME|TIMEKEEPER_CLASSIFICATION|CLIENT_MATTER_ID[]
20261102|10001|HARBOR|2024-00017|804.50|20261001|20261031|October|1|F|1.50|0.00|427.50|20261005|L310||A103|TK012|\
Draft interrogatories|36-4412907|285.00|Reyes, Ana|PT|HM-0001[]
20261102|10001|HARBOR|2024-00017|804.50|20261001|20261031|October|2|E|1.00|0.00|402.00|20261007||E112|||\
Filing fee|36-4412907|402.00|||HM-0001[]
20261102|10001|HARBOR|2024-00017|804.50|20261001|20261031|October|3|IF||-25.00|-25.00|20261031|||||\
Courtesy discount|36-4412907||||HM-0001[]
"""
HEAD, NAMES, FEE, COST, DISCOUNT = FILE.splitlines(keepends=True)
AGAIN = FEE.replace("|1|F|", "|4|F|")


@dataclass(frozen=True)
class Case:
    """A file, and the findings to come: code, row, column, field."""

    name: str
    content: str | bytes
    findings: tuple[tuple[str, int, int, str], ...] = ()
    is_valid: bool = False
    exit_code: int = field(default=1)

    @property
    def as_bytes(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode()


def swap(old: str, new: str, count: int = -1) -> str:
    """Return the file with a part replaced; the part must be there."""
    assert old in FILE
    return FILE.replace(old, new, count)


def valid(name: str, content: str | bytes, *findings: tuple[str, int, int, str]) -> Case:
    """Return a case that passes, at most with warnings."""
    return Case(name, content, findings, is_valid=True, exit_code=0)


CASES = [
    Case("wrong first line", swap("LEDES1998B[]", "LEDES98B[]"), (("first_line_wrong", 1, 0, ""),)),
    Case("missing first line", swap(HEAD, ""), (("first_line_missing", 1, 0, ""),)),
    Case("misspelt header", swap("INVOICE_DATE", "INVOCE_DATE", 1), (("header_wrong", 2, 1, "INVOICE_DATE"),)),
    Case(
        "reordered header",
        swap("INVOICE_DATE|INVOICE_NUMBER", "INVOICE_NUMBER|INVOICE_DATE").replace("20261102|10001", "10001|20261102"),
        (("header_order", 2, 0, ""),),
    ),
    Case("23 columns", swap("|PT|", "|"), (("column_count", 3, 0, ""),)),
    Case("25 columns", swap("|PT|", "|PT||"), (("column_count", 3, 0, ""),)),
    Case("no []", swap("|PT|HM-0001[]", "|PT|HM-0001"), (("terminator_missing", 3, 0, ""),)),
    Case("pipe in narrative", swap("Draft inter", "Draft | inter"), (("column_count", 3, 0, ""),)),
    Case(
        "[] in narrative",
        swap("Draft inter", "Draft [] inter"),
        (("forbidden_character", 3, 19, "LINE_ITEM_DESCRIPTION"),) * 2,
    ),
    Case(
        "newline in narrative", swap("Draft inter", "Draft\ninter"), (("line_break", 3, 19, "LINE_ITEM_DESCRIPTION"),)
    ),
    Case("curly quote", swap("Draft inter", "Draft \u201cinter"), (("non_ascii", 3, 19, "LINE_ITEM_DESCRIPTION"),)),
    Case("BOM", b"\xef\xbb\xbf" + FILE.encode(), (("byte_order_mark", 1, 0, ""),)),
    Case("NULL word", swap("|TK012|", "|NULL|"), (("null_word", 3, 18, "TIMEKEEPER_ID"),)),
    Case("$1,200.00", swap("|427.50|", "|$1,200.00|"), (("bad_number", 3, 13, "LINE_ITEM_TOTAL"),)),
    Case("2026-01-15", swap("|20261005|", "|2026-01-15|"), (("bad_date", 3, 14, "LINE_ITEM_DATE"),)),
    Case("20260230", swap("|20261005|", "|20260230|"), (("bad_date", 3, 14, "LINE_ITEM_DATE"),)),
    Case(
        "start > end",
        swap("|20261001|20261031|", "|20261101|20261031|"),
        (("period_reversed", 3, 6, "BILLING_START_DATE"),),
    ),
    Case("line out of period", swap("|20261005|", "|20260930|"), (("date_outside_period", 3, 14, "LINE_ITEM_DATE"),)),
    Case(
        "total differs between rows",
        f"{HEAD}{NAMES}{FEE}{COST.replace('804.50', '804.49')}{DISCOUNT}",
        (("total_varies", 4, 5, "INVOICE_TOTAL"),),
    ),
    Case("sum differs by 0.01", swap("|804.50|", "|804.51|"), (("total_wrong", 3, 5, "INVOICE_TOTAL"),)),
    Case(
        "line math off",
        swap("|427.50|", "|427.51|").replace("|804.50|", "|804.51|"),
        (("line_math", 3, 13, "LINE_ITEM_TOTAL"),),
    ),
    Case(
        "negative units",
        swap("|1.50|0.00|427.50|", "|-1.50|0.00|-427.50|").replace("|804.50|", "|-50.50|"),
        (("negative_units", 3, 11, "LINE_ITEM_NUMBER_OF_UNITS"),),
    ),
    Case(
        "F without task",
        swap("|L310||A103|", "||||"),
        (("task_missing", 3, 15, "LINE_ITEM_TASK_CODE"), ("activity_missing", 3, 17, "LINE_ITEM_ACTIVITY_CODE")),
    ),
    Case(
        "activity without task",
        swap("|L310||A103|", "|||A103|"),
        (("task_missing", 3, 15, "LINE_ITEM_TASK_CODE"), ("activity_without_task", 3, 17, "LINE_ITEM_ACTIVITY_CODE")),
    ),
    Case("E without expense code", swap("|E112|", "||"), (("expense_code_missing", 4, 16, "LINE_ITEM_EXPENSE_CODE"),)),
    Case("E with task code", swap("||E112|", "|L310|E112|"), (("code_not_allowed", 4, 15, "LINE_ITEM_TASK_CODE"),)),
    valid("unknown code", swap("|L310|", "|L311|"), ("unknown_code", 3, 15, "LINE_ITEM_TASK_CODE")),
    valid(
        "duplicate line",
        FILE.replace("804.50", "1232.00") + AGAIN.replace("804.50", "1232.00"),
        ("duplicate_line", 6, 9, "LINE_ITEM_NUMBER"),
    ),
    Case(
        "duplicate invoice number",
        FILE + "".join([FEE.replace("|10001|", "|10002|").replace("804.50", "427.50"), AGAIN]),
        (("duplicate_invoice", 7, 2, "INVOICE_NUMBER"), ("total_wrong", 7, 5, "INVOICE_TOTAL")),
    ),
    Case(
        "two matters in one invoice",
        f"{HEAD}{NAMES}{FEE}{COST.replace('2024-00017', '2024-00018')}{DISCOUNT}",
        (("two_matters", 4, 4, "LAW_FIRM_MATTER_ID"),),
    ),
    Case(
        "21-character matter id",
        swap("2024-00017", "2024-0001700000000000"),
        (("too_long", 3, 4, "LAW_FIRM_MATTER_ID"),),
    ),
    valid("leading-zero matter", swap("2024-00017", "0001")),
    valid("IF row with negative total", FILE),
    Case("empty file", "", (("empty_file", 1, 0, ""),), exit_code=2),
    valid("CRLF", FILE.replace("\n", "\r\n")),
    valid("LF", FILE),
    Case("0 lines", HEAD + NAMES, (("no_lines", 0, 0, ""),)),
    Case("no LEDES at all", b"%PDF-1.7\n\x00\xff", (("not_ledes", 1, 0, ""),), exit_code=2),
    Case("a LEDES that is not read here", "LEDES98BI[]\n", (("unsupported_format", 1, 0, ""),), exit_code=2),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_check_answers_as_json(case, tmp_path, capsys):
    path = tmp_path / "invoice.txt"
    path.write_bytes(case.as_bytes)
    assert main(["check", "--json", str(path)]) == case.exit_code
    report = json.loads(capsys.readouterr().out)
    found = tuple((one["code"], one["row"], one["column"], one["field"]) for one in report["findings"])
    assert found == case.findings
    assert report["valid"] is case.is_valid
    assert {"file", "format", "valid", "invoices", "findings"} == report.keys()
    assert report["format"] == (None if case.exit_code > 1 else "LEDES1998B")
    for one in report["findings"]:
        assert one.keys() >= {"code", "severity", "row", "column", "field", "message", "fix"}
        assert one["message"].endswith(".")
        assert one["fix"].endswith(".")
