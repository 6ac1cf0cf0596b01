"""`ledes fix`: repairs that lose nothing, listed before they are written."""

import argparse
from pathlib import Path
from typing import Final

from core.errors import InvalidInputError
from ledes.commands.codes import NOT_VALID, UNREADABLE, VALID
from ledes.commands.inputs import STANDARD_INPUT, file_format, opened
from ledes.commands.outputs import counted, finding_json, finding_lines, say, say_json
from ledes.commands.saving import save
from ledes.mending.changes import RepairChange
from ledes.repair import Repair, repair

_ABOUT: Final = """\
List what can be mended without loss: no amount changes its value, no text a word. What cannot be mended for sure stays
a finding. Nothing is changed without --write or --out. The exit code is 0 when the file is valid and needed nothing (or
is valid now that it was written), 1 when something is left to do, 2 when the file cannot be read as LEDES."""


class CannotWriteInputError(InvalidInputError):
    """Standard input cannot be changed in place."""

    code = "cannot_write_input"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    parser = commands.add_parser("fix", help="mend what can be mended without loss", description=_ABOUT)
    parser.add_argument("file", type=Path, metavar="FILE", help="a LEDES file; - reads standard input")
    target = parser.add_mutually_exclusive_group()
    target.add_argument("--write", action="store_true", help="change the file itself")
    target.add_argument("--out", type=Path, metavar="F", help="write the mended file there; FILE stays as it is")
    parser.add_argument("--profile", type=Path, metavar="P", help="a carrier's profile (JSON), or its format part")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Mend one file."""
    if options.write and options.file == STANDARD_INPUT:
        raise CannotWriteInputError("Standard input cannot be changed. Nothing was written; give --out F.")
    with opened(options.file) as source:
        content = source.read()
    mended = repair(content, file_format(options.profile))
    is_readable = mended.format is not None
    target = options.out or (options.file if options.write and mended.changes else None)
    if target and is_readable:
        save(target, mended.content)
    written = str(target) if target and is_readable else None
    if options.json:
        say_json(_report(options.file, mended, written))
    else:
        _say(options.file, mended, written)
    if not is_readable:
        return UNREADABLE
    is_done = not mended.changes or written is not None
    return VALID if mended.is_valid and is_done else NOT_VALID


def _report(path: Path, mended: Repair, written: str | None) -> dict[str, object]:
    return {
        "file": str(path),
        "format": mended.format,
        "written": written,
        "valid": mended.is_valid,
        "changes": [change.as_json() for change in mended.changes],
        "findings": [finding_json(finding) for finding in mended.remaining],
    }


def _say(path: Path, mended: Repair, written: str | None) -> None:
    place = f"written to {written}" if written else "nothing written"
    left = counted(len(mended.remaining), "finding")
    say(f"{path}: {counted(len(mended.changes), 'repair')} ({place}), {left} left")
    for change in mended.changes:
        say(_words(change))
    for finding in mended.remaining:
        for line in finding_lines(finding):
            say(line)


def _words(change: RepairChange) -> str:
    place = f"row {change.row}" if change.row else "whole file"
    name = f", {change.field}" if change.field else ""
    return f"  {place}{name}: {change.before!r} -> {change.after!r}. {change.reason}"
