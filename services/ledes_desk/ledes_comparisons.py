"""Two files of a workbench compared value by value, whatever their formats."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from ledes.commands.diff import in_both, is_all_read
from ledes.diff import DocumentDifference, diff
from ledes.file_format import STANDARD, FileFormat
from ledes.parser import ParseResult, collect
from services.ledes_desk.ledes_bench import Bench

_MOST_LISTED: Final = 2_000


@dataclass(frozen=True)
class Comparison:
    """Where two files say different things.

    Attributes:
        differences: at most 2,000 of `total`.
        unreadable: names of the files that are not LEDES; nothing was compared then.
        incomplete: names of those that hold values that could not be read and were not compared.
    """

    differences: tuple[DocumentDifference, ...] = ()
    total: int = 0
    unreadable: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


def compare_files(old: Bench, new: Bench) -> Comparison:
    """Compare the file `new` with the file `old`."""
    key = (new.file.sha256, old.file.name, new.file.name)
    return old.worked_out(compared, new.content, old.file.name, new.file.name, key=key)


def compared(content: bytes, _file_format: FileFormat, other: bytes, name: str, other_name: str) -> Comparison:
    """Compare two files as the standard reads them."""
    results = {name: _read(content), f"{other_name} ": _read(other)}
    unreadable = tuple(one.strip() for one, result in results.items() if result.format is None)
    if unreadable:
        return Comparison(unreadable=unreadable)
    old, new = results.values()
    of_invoice, of_line = in_both(*(result.format for result in (old, new) if result.format is not None))
    found = diff(old.invoices, new.invoices, invoice_attributes=of_invoice, line_attributes=of_line)
    incomplete = tuple(one.strip() for one, result in results.items() if not is_all_read(result))
    return Comparison(found[:_MOST_LISTED], len(found), (), incomplete)


def _read(content: bytes) -> ParseResult:
    return collect(BytesIO(content), STANDARD)
