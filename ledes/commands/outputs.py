"""What a command prints: findings, counts, tables and JSON, safe for any terminal."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ledes.commands.field_names import ledes_name
from ledes.findings import Finding, Severity


def say(text: str) -> None:
    """Print a line; what a terminal would obey or cannot show is spelt out."""
    sys.stdout.write(f"{printable(text)}\n")


def say_json(value: Mapping[str, object]) -> None:
    """Print a value as one line of JSON."""
    sys.stdout.write(f"{json.dumps(value)}\n")


def remark(text: str) -> None:
    """Print a line for people beside the output."""
    sys.stderr.write(f"{printable(text)}\n")


def complain(text: str) -> None:
    """Print what went wrong, beside the output."""
    remark(f"ledes: {text}")


def printable(text: str) -> str:
    """Return a text with control characters and the like spelt out by number."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def counted(number: int, noun: str) -> str:
    """Return '1 line', '2 lines'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def finding_json(finding: Finding) -> dict[str, str | int]:
    """Return a finding as the commands print it: the field by its LEDES name in capitals."""
    return {**finding.as_json(), "field": ledes_name(finding.field), "value": finding.value}


def finding_lines(finding: Finding) -> Iterator[str]:
    """Yield a finding in words: where and what, why, and what to do."""
    place = f"row {finding.row}" if finding.row else "whole file"
    column = f", column {finding.column}" if finding.column else ""
    yield f"  {place}{column}: {finding.severity} {finding.code}"
    yield f"    {finding.message}"
    yield f"    {finding.fix}"


def error_count(findings: Iterable[Finding]) -> int:
    """Count the findings that make a file invalid."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset(), indent: str = "  ") -> Iterator[str]:
    """Yield rows with their columns aligned; those in `right` (from 0) on their right edge, as money is."""
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = [
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"{indent}{'  '.join(cells)}".rstrip()
