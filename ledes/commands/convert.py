"""`ledes convert`: a file written anew in another format, with nothing lost unsaid and nothing invented."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import InvalidInputError
from ledes.attributes import INVOICE_ATTRIBUTES
from ledes.characters import NoAsciiTwinError
from ledes.commands.check import Verdict, judge
from ledes.commands.codes import NOT_VALID, VALID
from ledes.commands.field_names import wanted_names
from ledes.commands.format_names import CHOICES, format_named
from ledes.commands.inputs import file_format, opened
from ledes.commands.outputs import complain, finding_json, remark, say_json
from ledes.commands.saving import is_folder, made_folder, name_for, save
from ledes.convert import Conversion, convert
from ledes.document import LedesInvoice
from ledes.file_format import STANDARD, FileFormat
from ledes.findings import Finding, FindingCode
from ledes.for_carrier import for_carrier
from ledes.formats import LedesFormat
from ledes.parser import stream
from ledes.readback import ReadBackError, read_back
from ledes.refusal import LedesRefusedError
from ledes.writer import write

_ABOUT: Final = f"""\
Write the invoices of a file in another format: {CHOICES}. What that format cannot carry is listed as a loss; a loss
that would change what is due refuses the conversion, any other needs --allow-loss. What the format requires and the
file lacks is asked for by name and never invented: give it with --set. What was written is read back and compared
first. Without --out a single invoice goes to standard output; several need a folder, and each gets a file. The exit
code is 0 when all were written, 1 when one was refused, 2 when the file cannot be read as LEDES."""
_MONEY: Final = (
    "Without these values another amount would be due. Nothing was written; choose a format that carries them."
)
_LOSS: Final = "The format cannot carry these values. Nothing was written; give --allow-loss to leave them out."


_SETTABLE: Final = {attribute.name: attribute for attribute in INVOICE_ATTRIBUTES}


class NeedsFolderError(InvalidInputError):
    """Several invoices cannot go to one place."""

    code = "needs_folder"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one invoice: the file, or why there is none."""

    invoice: LedesInvoice
    conversion: Conversion | None = None
    content: bytes = b""
    findings: tuple[Finding, ...] = ()
    refusal: str = ""

    @property
    def missing(self) -> list[str]:
        """Return the fields of the whole invoice that the format requires and the document lacks."""
        names = (name for one in self.findings if _is_blank(one) for name in wanted_names(one.field))
        return [name for name in dict.fromkeys(names) if name in _SETTABLE and self._lacks(name)]

    @property
    def faults(self) -> list[Finding]:
        """Return the findings that no given value can settle."""
        missing = self.missing
        return [one for one in self.findings if not _is_blank(one) or not set(wanted_names(one.field)) & set(missing)]

    def _lacks(self, name: str) -> bool:
        return not _SETTABLE[name].is_given_in(self.conversion.invoice if self.conversion else self.invoice)


def _is_blank(finding: Finding) -> bool:
    return finding.code is FindingCode.REQUIRED_MISSING


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
    parser.add_argument("--allow-loss", action="store_true", help="leave out what the format cannot carry, save money")
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
        say_json(_report(outcome, options, written))
    else:
        for text in _words(outcome, written):
            remark(text)
    return VALID if outcome.content else NOT_VALID


def attempt(invoice: LedesInvoice, given: Mapping[str, str], wishes: FileFormat, *, allow_loss: bool) -> Outcome:
    """Convert one invoice to the dialect of `wishes`, write it, read it back, or say why not.

    Raises:
        GivenValueError: for a value that cannot be used.
    """
    try:
        conversion = convert(invoice, wishes.dialect, given)
    except NoAsciiTwinError as error:
        return Outcome(invoice, refusal=error.user_message)
    if conversion.changes_money:
        return Outcome(invoice, conversion, refusal=_MONEY)
    document = for_carrier(conversion.invoice, wishes)
    try:
        content = write(document, wishes.dialect, wishes)
        read_back(document, content, wishes)
    except LedesRefusedError as error:
        return Outcome(invoice, conversion, findings=error.findings, refusal=error.user_message)
    except ReadBackError as error:
        return Outcome(invoice, conversion, refusal=error.user_message)
    if conversion.losses and not allow_loss:
        return Outcome(invoice, conversion, refusal=_LOSS)
    return Outcome(invoice, conversion, content)


def _report(outcome: Outcome, options: argparse.Namespace, written: str | None) -> dict[str, object]:
    conversion = outcome.conversion
    return {
        "file": str(options.file),
        "to": options.to,
        "invoice_number": outcome.invoice.invoice_number,
        "converted": bool(outcome.content),
        "written": written,
        "losses": [loss.as_json() for loss in conversion.losses] if conversion else [],
        "missing": outcome.missing,
        "findings": [finding_json(finding) for finding in outcome.findings],
        "refusal": outcome.refusal,
    }


def _words(outcome: Outcome, written: str | None) -> Iterator[str]:
    number = outcome.invoice.invoice_number
    verdict = f"written to {written}" if written else "converted" if outcome.content else "refused"
    yield f"ledes: invoice {number}: {verdict}"
    for loss in outcome.conversion.losses if outcome.conversion else ():
        place = f"line {loss.line_item_number}, " if loss.line_item_number else ""
        yield f"  lost: {place}{loss.field} {loss.value!r}{' (changes what is due)' if loss.changes_money else ''}"
    for change in outcome.conversion.text_changes if outcome.conversion else ():
        place = f"line {change.line_item_number}, " if change.line_item_number else ""
        yield f"  replaced: {place}{change.field} {change.change.original!r} -> {change.change.replacement!r}"
    yield from (f"  needed: --set {name}=..." for name in outcome.missing)
    yield from (f"  {finding.message} {finding.fix}" for finding in outcome.faults)
    if outcome.refusal and not outcome.findings:
        yield f"  {outcome.refusal}"
