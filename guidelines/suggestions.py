"""The code that a narrative suggests, as a fix."""

from typing import Final

from guidelines.bill import Bill
from guidelines.fixes import CodeField, SetCode
from guidelines.lines import GuidelineLine
from ledes.utbms import CodeKind, suggest

_KINDS: Final[dict[CodeField, CodeKind]] = {
    "task_code": "task",
    "activity_code": "activity",
    "expense_code": "expense",
}


def suggested_code(line: GuidelineLine, field: CodeField, bill: Bill) -> SetCode | None:
    """Propose the code that fits the narrative best among those the carrier takes, or nothing where none fits."""
    found = suggest(line.narrative, kind=_KINDS[field], allowed=bill.codes_taken.get(field), limit=1)
    return SetCode(field, found[0].code, found[0].reason) if found else None
