"""docs/ledes.md tells the truth: every finding code, what each format carries, and examples that run."""

import doctest
import re
from pathlib import Path

from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES
from ledes.carried import CARRIED
from ledes.findings import WARNINGS, FindingCode
from ledes.formats import LedesFormat

PATH = Path(__file__).parents[2] / "docs" / "ledes.md"
TEXT = PATH.read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|", TEXT, re.MULTILINE))
CELLS = re.compile(r"^\| (`[A-Z][^|]+`) \|((?: (?:yes|-) \|){5})$", re.MULTILINE)


def test_document_explains_every_finding_code():
    assert set(ROWS) == {code.value for code in FindingCode}


def test_document_gives_each_code_its_severity():
    only_warnings = {code for code, severity in ROWS.items() if severity == "warning"}
    assert only_warnings == {code.value for code in WARNINGS}


def test_document_tells_what_each_format_carries():
    told = {
        (name, layout)
        for names, marks in CELLS.findall(TEXT)
        for name in re.findall(r"`([^`]+)`", names)
        for layout, mark in zip(LedesFormat, re.findall(r"yes|-", marks), strict=True)
        if mark == "yes"
    }
    of_invoice = {(one.name, to) for one in INVOICE_ATTRIBUTES for to in LedesFormat if one.path in CARRIED[to].invoice}
    of_lines = {(one.name, to) for one in LINE_ATTRIBUTES for to in LedesFormat if one.path in CARRIED[to].line}
    assert told == of_invoice | of_lines


def test_document_examples_run():
    examples = doctest.DocTestParser().get_doctest(TEXT, {}, PATH.name, str(PATH), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(examples)
    assert runner.tries > 30
    assert runner.failures == 0
