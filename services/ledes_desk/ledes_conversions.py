"""A file in another format: what would be lost or must be given is named first, and nothing is lost unsaid."""

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath
from typing import Final

from core.errors import InvalidInputError
from ledes.commands.outcomes import Outcome, attempt
from ledes.commands.saving import name_for
from ledes.file_format import FileFormat
from ledes.findings import Severity
from ledes.for_carrier import CarrierFormatError
from ledes.formats import LedesFormat
from ledes.given import GivenValueError
from services.ledes_desk.ledes_bench import Bench, examination
from services.ledes_desk.ledes_examinations import invoices_of

_MOST_LISTED: Final = 200
_LONGEST_VALUE: Final = 200
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Wanted:
    """What a person asked for; `given` are pairs of LEDES field and value."""

    to: LedesFormat
    given: tuple[tuple[str, str], ...] = ()
    allow_loss: bool = False


@dataclass(frozen=True)
class Note:
    """One thing to know about a conversion; `line` is '' where it is of the whole invoice."""

    invoice: str
    line: str
    field: str
    text: str


@dataclass(frozen=True)
class ConversionReport:
    """What comes of a conversion.

    Attributes:
        invoices: how many there are; written: of how many a file was made.
        losses: what the format cannot carry, at most 200 listed of `loss_count`.
        changes_money: whether a loss would change what is due, which nothing can allow.
        replaced: characters replaced for a format of ASCII only, as `losses`, of `replaced_count`.
        missing: fields that the format requires and the file lacks.
        faults: what stands against the conversion besides, in sentences, at most 200.
        refusal: why nothing was tried, or ''.
        content: the file; of several invoices a zip archive with a file each; b"" when one was refused.
        name: for that file.
    """

    invoices: int = 0
    written: int = 0
    losses: tuple[Note, ...] = ()
    loss_count: int = 0
    changes_money: bool = False
    replaced: tuple[Note, ...] = ()
    replaced_count: int = 0
    missing: tuple[str, ...] = ()
    faults: tuple[Note, ...] = ()
    refusal: str = ""
    content: bytes = b""
    name: str = ""

    @property
    def is_done(self) -> bool:
        """Whether every invoice was written."""
        return 0 < self.invoices == self.written


def convert_file(bench: Bench, wanted: Wanted) -> ConversionReport:
    """Return the file in another format, or all that stands against it.

    With a carrier chosen it is written as that carrier wants it: constants, remaps, limits.
    """
    return _report(bench, wanted, bench.made)


def try_conversion(bench: Bench, wanted: Wanted) -> ConversionReport:
    """Return what `convert_file` would, without the bytes."""
    return _report(bench, wanted, bench.worked_out, with_content=False)


def _report(
    bench: Bench, wanted: Wanted, work_out: Callable[..., ConversionReport], *, with_content: bool = True
) -> ConversionReport:
    found = examination(Bench(bench.file))
    if not found.is_valid:
        errors = found.count(Severity.ERROR)
        message = f"The file has {errors:,} error{'' if errors == 1 else 's'} and was not converted; mend it first."
        return ConversionReport(refusal=message)
    report = work_out(converted, _checked(wanted), with_content)
    ending = ".zip" if report.written > 1 else wanted.to.extension
    return replace(report, name=f"{PurePath(bench.file.name).stem}-{_short(wanted.to)}{ending}")


def converted(
    content: bytes,
    file_format: FileFormat,
    wanted: Wanted,
    with_content: bool,  # noqa: FBT001 -- goes by place into another process
) -> ConversionReport:
    """Return what comes of every invoice of a file."""
    wishes = file_format.model_copy(update={"dialect": wanted.to})
    try:
        outcomes = [
            attempt(invoice, dict(wanted.given), wishes, allow_loss=wanted.allow_loss)
            for invoice in invoices_of(content, FileFormat())
        ]
    except (GivenValueError, CarrierFormatError) as refused:
        return ConversionReport(refusal=refused.user_message)
    files = [outcome for outcome in outcomes if outcome.content]
    return ConversionReport(
        invoices=len(outcomes),
        written=len(files),
        losses=tuple(_losses(outcomes))[:_MOST_LISTED],
        loss_count=sum(len(one.conversion.losses) for one in outcomes if one.conversion),
        changes_money=any(one.conversion.changes_money for one in outcomes if one.conversion),
        replaced=tuple(_replaced(outcomes))[:_MOST_LISTED],
        replaced_count=sum(len(one.conversion.text_changes) for one in outcomes if one.conversion),
        missing=tuple(dict.fromkeys(name for one in outcomes for name in one.missing)),
        faults=tuple(_faults(outcomes))[:_MOST_LISTED],
        content=_packed(files, wanted.to) if with_content and outcomes and len(files) == len(outcomes) else b"",
    )


def _checked(wanted: Wanted) -> Wanted:
    given = tuple(sorted((name, text.strip()) for name, text in wanted.given if text.strip()))
    if any(len(text) > _LONGEST_VALUE for _, text in given):
        message = f"A value given has more than {_LONGEST_VALUE} characters. Nothing was converted; shorten it."
        raise InvalidInputError(message)
    return Wanted(wanted.to, given, wanted.allow_loss)


def _losses(outcomes: Iterable[Outcome]) -> Iterable[Note]:
    for one in outcomes:
        for loss in one.conversion.losses if one.conversion else ():
            yield Note(loss.invoice_number, loss.line_item_number, loss.field, loss.value)


def _replaced(outcomes: Iterable[Outcome]) -> Iterable[Note]:
    for one in outcomes:
        for text in one.conversion.text_changes if one.conversion else ():
            words = f"{text.change.name} becomes “{text.change.replacement}”"
            yield Note(one.invoice.invoice_number, text.line_item_number, text.field, words)


def _faults(outcomes: Iterable[Outcome]) -> Iterable[Note]:
    for one in outcomes:
        number = one.invoice.invoice_number
        for fault in one.faults:
            yield Note(number, "", fault.field, f"{fault.message} {fault.fix}")
        is_only_loss = one.conversion is not None and one.conversion.losses and not one.conversion.changes_money
        if one.refusal and not one.findings and not is_only_loss:
            yield Note(number, "", "", one.refusal)


def _packed(files: list[Outcome], to: LedesFormat) -> bytes:
    if len(files) == 1:
        return files[0].content
    packed, taken = BytesIO(), set[str]()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for outcome in files:
            archive.writestr(zipfile.ZipInfo(name_for(outcome.invoice, to, taken), _EPOCH), outcome.content)
    return packed.getvalue()


def _short(to: LedesFormat) -> str:
    return "".join(character for character in to.value.lower() if character.isalnum() or character == ".")


__all__ = ["ConversionReport", "LedesFormat", "Note", "Wanted", "convert_file", "try_conversion"]
