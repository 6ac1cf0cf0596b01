"""The reader as judge of a repair: what it would still find wrong with rows that are rewritten one way or another."""

from collections.abc import Sequence
from typing import Final

from ledes.findings import Finding, FindingCode, Severity
from ledes.parser import parse
from ledes.pipe.layout import LINE_END, TERMINATOR, Layout

ARITHMETIC: Final = frozenset(
    {
        FindingCode.BAD_NUMBER,
        FindingCode.LINE_MATH,
        FindingCode.TAX_MATH,
        FindingCode.BAD_TAX_RATE,
        FindingCode.TAX_TOTAL_WRONG,
        FindingCode.NET_TOTAL_WRONG,
        FindingCode.TOTAL_VARIES,
        FindingCode.TOTAL_WRONG,
        FindingCode.NEGATIVE_UNITS,
        FindingCode.TOO_MANY_DECIMALS,
        FindingCode.FRACTION_OF_CENT,
        FindingCode.TOO_LONG,
    }
)


def findings_of(rows: Sequence[Sequence[str]], layout: Layout) -> frozenset[FindingCode]:
    """Return what is found in rows of one invoice, read on their own under an exact heading; warnings too."""
    return frozenset(finding.code for finding in _findings(rows, layout))


def errors_of(rows: Sequence[Sequence[str]], layout: Layout) -> frozenset[FindingCode]:
    """Return what is wrong with rows of one invoice, read on their own under an exact heading."""
    return frozenset(finding.code for finding in _findings(rows, layout) if finding.severity is Severity.ERROR)


def adds_up(rows: Sequence[Sequence[str]], layout: Layout) -> bool:
    """Tell whether all figures of an invoice can be read and agree with each other, in whole cents."""
    return ARITHMETIC.isdisjoint(finding.code for finding in _findings(rows, layout))


def _findings(rows: Sequence[Sequence[str]], layout: Layout) -> tuple[Finding, ...]:
    body = "".join(f"{'|'.join(row)}{TERMINATOR}{LINE_END}" for row in rows)
    return parse(f"{layout.heading}{body}".encode()).findings
