"""`ledes diff`: where two files say different things, whatever their formats."""

import argparse
from pathlib import Path
from typing import Final

from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES, Attribute
from ledes.carried import CARRIED
from ledes.commands.codes import NOT_VALID, UNREADABLE, VALID
from ledes.commands.inputs import opened
from ledes.commands.outputs import complain, counted, say, say_json
from ledes.diff import DocumentDifference, diff
from ledes.findings import FindingCode, Severity
from ledes.formats import LedesFormat
from ledes.parser import ParseResult, collect

_ABOUT: Final = """\
Compare two files value by value. Invoices are matched by number, lines by number or content; of files in two formats
what both carry is compared. The exit code is 0 when they say the same, 1 when they differ or not all of them could be
read, 2 when one cannot be read as LEDES."""
_AGREEMENT: Final = frozenset(
    {
        FindingCode.LINE_MATH,
        FindingCode.TOTAL_WRONG,
        FindingCode.NEGATIVE_UNITS,
        FindingCode.DATE_OUTSIDE_PERIOD,
        FindingCode.PERIOD_REVERSED,
        FindingCode.TASK_MISSING,
        FindingCode.ACTIVITY_MISSING,
        FindingCode.ACTIVITY_WITHOUT_TASK,
        FindingCode.EXPENSE_CODE_MISSING,
        FindingCode.TIMEKEEPER_MISSING,
        FindingCode.CODE_NOT_ALLOWED,
        FindingCode.BYTE_ORDER_MARK,
        FindingCode.TERMINATOR_MISSING,
        FindingCode.NON_ASCII,
    }
)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    parser = commands.add_parser("diff", help="compare two files value by value", description=_ABOUT)
    parser.add_argument("a", type=Path, metavar="A", help="the old file; - reads standard input")
    parser.add_argument("b", type=Path, metavar="B", help="the new file")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare two files."""
    old, new = _read(options.a), _read(options.b)
    if old.format is None or new.format is None:
        for path, result in ((options.a, old), (options.b, new)):
            if result.format is None:
                complain(f"{path} is not readable as LEDES. Run check to see why.")
        return UNREADABLE
    invoice_attributes, line_attributes = in_both(old.format, new.format)
    found = diff(old.invoices, new.invoices, invoice_attributes=invoice_attributes, line_attributes=line_attributes)
    unread = [path for path, result in ((options.a, old), (options.b, new)) if not is_all_read(result)]
    for path in unread:
        complain(f"{path} holds values that could not be read and were not compared. Run check to see them.")
    _print(options, found, is_complete=not unread)
    return VALID if not found and not unread else NOT_VALID


def in_both(old: LedesFormat, new: LedesFormat) -> tuple[list[Attribute], list[Attribute]]:
    """Return what both formats carry, of an invoice and of a line."""
    of_invoice = set(CARRIED[old].invoice) & set(CARRIED[new].invoice)
    of_line = set(CARRIED[old].line) & set(CARRIED[new].line)
    return (
        [one for one in INVOICE_ATTRIBUTES if one.path in of_invoice],
        [one for one in LINE_ATTRIBUTES if one.path in of_line],
    )


def _read(path: Path) -> ParseResult:
    with opened(path) as source:
        return collect(source)


def is_all_read(result: ParseResult) -> bool:
    """Tell whether every value of a file is in its documents; faults of agreement leave none out."""
    return all(one.severity is Severity.WARNING or one.code in _AGREEMENT for one in result.findings)


def _print(options: argparse.Namespace, found: tuple[DocumentDifference, ...], *, is_complete: bool) -> None:
    if options.json:
        report = {"a": str(options.a), "b": str(options.b), "equal": not found and is_complete}
        say_json({**report, "complete": is_complete, "differences": [one.as_json() for one in found]})
        return
    say(f"{options.a} and {options.b}: {counted(len(found), 'difference')}")
    for one in found:
        line = f", line {one.line_item_number}" if one.line_item_number else ""
        name = f", {one.field}" if one.field else ""
        say(f"  invoice {one.invoice_number}{line}{name}: {one.old!r} -> {one.new!r}")
