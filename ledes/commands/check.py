"""`ledes check`: whether files are valid, and if not, where and why."""

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ledes.commands.codes import NOT_VALID, UNREADABLE, VALID
from ledes.commands.inputs import FileNotReadError, file_format, opened
from ledes.commands.outputs import complain, counted, finding_json, finding_lines, say, say_json
from ledes.file_format import FileFormat
from ledes.findings import Finding, FindingCode, Problem, Severity
from ledes.formats import LedesFormat
from ledes.parser import stream
from ledes.source import Source

_ABOUT: Final = """\
Say whether files are valid LEDES, and if not, where and why. Every fault of a file is found in one pass; a file of any
size is read in little memory. The exit code is 0 when all files are valid (warnings are allowed), 1 when one is not, 2
when one cannot be read as LEDES at all or is not there."""


@dataclass(slots=True)
class Verdict:
    """What was found in one file; with a limit only the first findings are kept, but all are counted."""

    format: LedesFormat | None = None
    invoices: int = 0
    errors: int = 0
    warnings: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """Return what the command ends with for this file."""
        if self.format is None:
            return UNREADABLE
        return NOT_VALID if self.errors else VALID


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    parser = commands.add_parser("check", help="validate files", description=_ABOUT)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a LEDES file; - reads standard input")
    parser.add_argument("--profile", type=Path, metavar="P", help="a carrier's profile (JSON), or its format part")
    parser.add_argument("--json", action="store_true", help="one JSON object a file, each on a line")
    parser.add_argument("--max-findings", type=int, metavar="N", help="show no more than the first N findings a file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the files and return the worst of their exit codes."""
    wishes = file_format(options.profile)
    return max(_check(path, wishes, options) for path in options.files)


def _check(path: Path, wishes: FileFormat, options: argparse.Namespace) -> int:
    try:
        with opened(path) as source:
            verdict = judge(source, wishes, options.max_findings)
    except FileNotReadError as error:
        complain(error.user_message)
        verdict = _not_read(error)
        if not options.json:
            return UNREADABLE
    if options.json:
        say_json(_report(path, verdict))
    else:
        _say(path, verdict)
    return verdict.exit_code


def judge(source: Source, wishes: FileFormat, most: int | None = None) -> Verdict:
    """Read a file once and keep its findings, by row and column, at most `most` of them."""
    found = stream(source, wishes)
    verdict = Verdict()
    for item in found:
        if not isinstance(item, Finding):
            verdict.invoices += 1
            continue
        verdict.errors += item.severity is Severity.ERROR
        verdict.warnings += item.severity is Severity.WARNING
        if most is None or len(verdict.findings) < most:
            verdict.findings.append(item)
    verdict.format = found.format
    verdict.findings.sort(key=lambda finding: (finding.row, finding.column))
    return verdict


def _not_read(error: FileNotReadError) -> Verdict:
    message, _, fix = error.user_message.partition(". ")
    fault = Problem(FindingCode.FILE_NOT_READ, "", f"{message}.", fix)
    return Verdict(errors=1, findings=[fault.at(0)])


def _report(path: Path, verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(path),
        "format": verdict.format,
        "valid": verdict.exit_code == VALID,
        "invoices": verdict.invoices,
        "findings": [finding_json(finding) for finding in verdict.findings],
    }


def _say(path: Path, verdict: Verdict) -> None:
    counts = (
        counted(verdict.invoices, "invoice"),
        counted(verdict.errors, "error"),
        counted(verdict.warnings, "warning"),
    )
    words = {VALID: "valid", NOT_VALID: "not valid", UNREADABLE: "not readable as LEDES"}[verdict.exit_code]
    say(f"{path}: {words} ({', '.join(counts)})")
    for finding in verdict.findings:
        for line in finding_lines(finding):
            say(line)
    hidden = verdict.errors + verdict.warnings - len(verdict.findings)
    if hidden:
        say(f"  {counted(hidden, 'more finding')} not shown; raise --max-findings to see them.")
