"""`python -m ledes check FILE... [--json]`: say whether files are valid, and if not, where and why."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ledes.findings import Finding, Severity
from ledes.parser import ParseResult, collect

VALID, NOT_VALID, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 all valid, 1 some not valid, 2 some unreadable as LEDES."""
    options = _parser().parse_args(arguments)
    return max(_check(path, as_json=options.json) for path in options.files)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ledes", description="LEDES 1998B files.")
    check = parser.add_subparsers(required=True, metavar="COMMAND").add_parser("check", help="validate files")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="one JSON object a file, each on a line")
    return parser


def _check(path: Path, *, as_json: bool) -> int:
    try:
        with path.open("rb") as source:
            result = collect(source)
    except OSError as error:
        print(f"ledes: {path}: {error.strerror}. Give the path of a LEDES file.", file=sys.stderr)
        return UNREADABLE
    print(json.dumps(_report(path, result)) if as_json else _text(path, result))
    if result.format is None:
        return UNREADABLE
    return VALID if result.is_valid else NOT_VALID


def _report(path: Path, result: ParseResult) -> dict[str, object]:
    return {
        "file": str(path),
        "format": result.format,
        "valid": result.is_valid,
        "invoices": len(result.invoices),
        "findings": [finding.as_json() for finding in result.findings],
    }


def _text(path: Path, result: ParseResult) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    warnings = len(result.findings) - errors
    counts = [_count(len(result.invoices), "invoice"), _count(errors, "error"), _count(warnings, "warning")]
    verdict = "valid" if result.is_valid else "not valid" if result.format else "not readable as LEDES"
    head = f"{path}: {verdict} ({', '.join(counts)})"
    return "\n".join([head, *map(_finding, result.findings)])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _finding(finding: Finding) -> str:
    place = f"row {finding.row}" if finding.row else "whole file"
    column = f", column {finding.column}" if finding.column else ""
    return f"  {place}{column}: {finding.severity} {finding.code}\n    {finding.message}\n    {finding.fix}"


if __name__ == "__main__":
    sys.exit(main())
