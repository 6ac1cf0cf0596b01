"""docs/ledes.md explains every code that the reader can report."""

import re
from pathlib import Path

from ledes.findings import WARNINGS, FindingCode

TEXT = (Path(__file__).parents[2] / "docs" / "ledes.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", TEXT, re.MULTILINE))


def test_document_explains_every_finding_code():
    assert set(ROWS) == {code.value for code in FindingCode}


def test_document_gives_each_code_its_severity():
    only_warnings = {code for code, severity in ROWS.items() if severity == "warning"}
    assert only_warnings == {code.value for code in WARNINGS}
