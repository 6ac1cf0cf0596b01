"""The code that a narrative suggests, as a fix."""

from typing import Final, get_args

import ledes.utbms
from guidelines.bill import Bill
from guidelines.fixes import CodeField, SetCode
from guidelines.lines import GuidelineLine

_KINDS: Final[dict[CodeField, str]] = {field: field.removesuffix("_code") for field in get_args(CodeField)}


def suggested_code(line: GuidelineLine, field: CodeField, bill: Bill) -> SetCode | None:
    """Propose the code that fits the narrative best among those the carrier takes, or nothing where none fits."""
    suggest = getattr(ledes.utbms, "suggest", None)
    if suggest is None:
        return None
    found = suggest(line.narrative, kind=_KINDS[field], allowed=bill.codes_taken.get(field), limit=1)
    return SetCode(field, found[0].code, found[0].reason) if found else None
