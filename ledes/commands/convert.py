"""`ledes convert`: a file written anew in another format, with nothing lost unsaid and nothing invented."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import InvalidInputError
from ledes.commands.check import Verdict, judge
from ledes.commands.codes import NOT_VALID, VALID
from ledes.commands.format_names import CHOICES, format_named
from ledes.commands.inputs import file_format, opened
from ledes.commands.outcomes import Outcome, attempt, outcome_json, outcome_lines
from ledes.commands.outputs import complain, finding_json, remark, say_json
from ledes.commands.saving import is_folder, made_folder, name_for, save
from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding
from ledes.formats import LedesFormat
from ledes.parser import stream

_ABOUT: Final = f"""\
Write the invoices of a file in another format: {CHOICES}. What that format cannot carry is listed as a loss; a loss
that would change what is due refuses the conversion, any other needs --allow-loss. What the format requires and the
file lacks is asked for by name and never invented: give it with --set. What was written is read back and compared
first. Without --out a single invoice goes to standard output; several need a folder, and each gets a file. The exit
code is 0 when all were written, 1 when one was refused, 2 when the file cannot be read as LEDES."""


class NeedsFolderError(InvalidInputError):
    """Several invoices cannot go to one place."""

    code = "needs_folder"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    parser = commands.add_parser("convert", help="write invoices in another format", description=_ABOUT)
    parser.add_argument("file", type=Path, metavar="FILE", help="a LEDES file; - reads standard input")
    parser.add_argument("--to", type=format_named, required=True, metavar="FORMAT", help=CHOICES)
    parser.add_argument("--out", metavar="F", help="file to write, or a folder that gets a file an invoice")
    parser.add_argument(
        "--profile", type=Path, metavar="P", help="write as this carrier wants it: constants, remaps, limits"
    )
    parser.add_argument(
        "--set", action="append", default=[], type=_pair, metavar="FIELD=VALUE", help="what the file lacks"
    )
    parser.add_argument(
        "--allow-loss", action="store_true", help="leave out what the format cannot carry, but never money"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object an invoice; files are written to --out only"
    )
    parser.set_defaults(run=run)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        message = f"{text!r} is not FIELD=VALUE, as in CLIENT_TAX_ID=12-3456789"
        raise argparse.ArgumentTypeError(message)
    return name, value


def run(options: argparse.Namespace) -> int:
    """Convert each invoice of a file that is valid as it stands."""
    wishes = file_format(options.profile).model_copy(update={"dialect": options.to})
    with opened(options.file) as source:
        verdict = judge(source, STANDARD)
        if verdict.exit_code != VALID:
            _refuse_file(options, verdict)
            return verdict.exit_code
        target = _Target(options, verdict.invoices)
        source.seek(0)
        return max([_convert(invoice, options, wishes, target) for invoice in _invoices(source)], default=VALID)


def _invoices(source: BinaryIO) -> Iterator[LedesInvoice]:
    return (item for item in stream(source) if not isinstance(item, Finding))


def _refuse_file(options: argparse.Namespace, verdict: Verdict) -> None:
    if options.json:
        report = {"file": str(options.file), "format": verdict.format, "to": options.to, "converted": False}
        say_json({**report, "findings": [finding_json(finding) for finding in verdict.findings]})
    state = "not valid" if verdict.format else "not readable as LEDES"
    complain(f"{options.file} is {state} and was not converted. Run check to see why, and fix to mend it.")


class _Target:
    """Where converted files go."""

    def __init__(self, options: argparse.Namespace, invoices: int) -> None:
        self._out = options.out
        self._is_json = options.json
        self._taken: set[str] = set()
        if invoices > 1 and not (self._out and is_folder(self._out)) and not (self._is_json and not self._out):
            message = f"{options.file} holds {invoices} invoices. Nothing was written; give a folder with --out."
            raise NeedsFolderError(message)

    def put(self, outcome: Outcome, to: LedesFormat) -> str | None:
        """Write one file and return its path; None when it went to standard output or nowhere."""
        if self._out is None:
            if not self._is_json:
                sys.stdout.flush()
                sys.stdout.buffer.write(outcome.content)
            return None
        path = Path(self._out)
        if is_folder(self._out):
            path = made_folder(path) / name_for(outcome.invoice, to, self._taken)
        save(path, outcome.content)
        return str(path)


def _convert(invoice: LedesInvoice, options: argparse.Namespace, wishes: FileFormat, target: _Target) -> int:
    outcome = attempt(invoice, dict(options.set), wishes, allow_loss=options.allow_loss)
    written = target.put(outcome, options.to) if outcome.content else None
    if options.json:
        say_json(outcome_json(outcome, options.file, options.to, written))
    else:
        for text in outcome_lines(outcome, written):
            remark(text)
    return VALID if outcome.content else NOT_VALID
