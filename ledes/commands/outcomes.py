"""What comes of one invoice that is converted: the file, or what is lost, missing or wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledes.attributes import INVOICE_ATTRIBUTES
from ledes.characters import NoAsciiTwinError
from ledes.commands.field_names import wanted_names
from ledes.commands.outputs import finding_json
from ledes.convert import Conversion, convert
from ledes.document import LedesInvoice
from ledes.file_format import FileFormat
from ledes.findings import Finding, FindingCode
from ledes.for_carrier import for_carrier
from ledes.formats import LedesFormat
from ledes.readback import ReadBackError, read_back
from ledes.refusal import LedesRefusedError
from ledes.writer import write

_MONEY: Final = (
    "Without these values another amount would be due. Nothing was written; choose a format that carries them."
)
_LOSS: Final = "The format cannot carry these values. Nothing was written; give --allow-loss to leave them out."


_SETTABLE: Final = {attribute.name: attribute for attribute in INVOICE_ATTRIBUTES}


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


def outcome_json(outcome: Outcome, path: Path, to: LedesFormat, written: str | None) -> dict[str, object]:
    """Return what came of an invoice as the command prints it; `written` is the file, if there is one."""
    conversion = outcome.conversion
    return {
        "file": str(path),
        "to": to,
        "invoice_number": outcome.invoice.invoice_number,
        "converted": bool(outcome.content),
        "written": written,
        "losses": [loss.as_json() for loss in conversion.losses] if conversion else [],
        "missing": outcome.missing,
        "findings": [finding_json(finding) for finding in outcome.findings],
        "refusal": outcome.refusal,
    }


def outcome_lines(outcome: Outcome, written: str | None) -> Iterator[str]:
    """Yield what came of an invoice in words; `written` is the file, if there is one."""
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
