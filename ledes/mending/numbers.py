"""Amounts written for people made into LEDES numbers, where only one reading is possible."""

import re
from typing import Final

_SIGNS: Final = str.maketrans("\u2212\u2013\u2014\u00a0\u202f", "---  ")
_AMOUNT: Final = re.compile(
    r"""
    (?P<before>[+-]?) \s* (?P<currency>\$?) \s* (?P<inside>[+-]?) \s*
    (?P<digits> [0-9]+ | [1-9][0-9]{0,2}(?:,[0-9]{3})+ | (?=\.[0-9]) )
    (?P<fraction>\.[0-9]*)? \s*
    (?P<after>-?)
    """,
    re.ASCII | re.VERBOSE,
)


def plain_number(text: str) -> str | None:
    """Return the same amount in LEDES digits: '$1,250.00' -> '1250.00', '25.00-' -> '-25.00'.

    None when it cannot be read in one way only: '1,250' may be 1250 or 1.25, '(12.50)' may be less than nothing or a
    remark, '12,50' may be a slip for 12.50 or 1250.
    """
    found = _AMOUNT.fullmatch(text.translate(_SIGNS).strip())
    if found is None:
        return None
    signs = found["before"] + found["inside"] + found["after"]
    groups = found["digits"].count(",")
    if len(signs) > 1 or (groups == 1 and not found["fraction"]):
        return None
    return f"{signs.replace('+', '')}{found['digits'].replace(',', '')}{found['fraction'] or ''}"
