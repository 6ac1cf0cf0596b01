"""From the rows of a result report to what it says of invoices, by the columns that the profile remembers."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from carriers.outcomes import amount_of, findings_of
from carriers.result_channel import ReportColumns, ResultReport
from carriers.result_outcomes import ResultReading, told_result
from carriers.result_table import Rows
from core.errors import InvalidInputError

_GUESSES: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("invoice number", "invoice no", "invoice #", "invoice id", "inv no", "invoice"),
    "decision": ("status", "decision", "outcome", "result"),
    "amount": ("approved amount", "amount approved", "allowed", "approved", "net approved"),
    "billed": ("billed amount", "amount billed", "invoice total", "billed", "submitted"),
    "reason": ("reason", "adjustment reason", "comment", "comments", "note", "message"),
    "line": ("line", "line number", "line item", "line no"),
    "reduction": ("reduction", "adjustment", "reduced by", "deduction"),
    "paid": ("paid amount", "amount paid", "paid"),
    "paid_on": ("paid on", "payment date", "date paid"),
    "reference": ("payment reference", "check number", "reference", "eft"),
}


def guess_columns(headings: Iterable[str]) -> dict[str, str]:
    """Return by fact the heading that looks like it, '' where none does."""
    by_words = {" ".join(heading.lower().replace("_", " ").replace(".", "").split()): heading for heading in headings}
    return {
        fact: next((by_words[words] for words in guesses if words in by_words), "")
        for fact, guesses in _GUESSES.items()
    }


def read_report(report: ResultReport, rows: Rows) -> ResultReading:
    """Read rows; neighbouring ones of one invoice are one result, each with a finding of its own.

    Raises:
        InvalidInputError: the report lacks a column that the profile names.
    """
    named = {fact: heading for fact, heading in report.columns.model_dump().items() if heading}
    missing = [heading for heading in named.values() if heading not in rows[0]]
    if missing:
        message = f"The report has no column '{missing[0]}'. Nothing was read; map its columns again."
        raise InvalidInputError(message)
    facts = [{fact: row.get(heading, "") for fact, heading in named.items()} for row in rows]
    known = {word.lower(): outcome for word, outcome in report.decisions.items()}
    results, unclear = [], []
    for number, group in groupby((row for row in facts if row["invoice_number"]), lambda row: row["invoice_number"]):
        of_invoice = list(group)
        told = told_result(
            {**of_invoice[0], "invoice_number": number}, known, findings_of(_findings(of_invoice)), amount_of
        )
        if isinstance(told, str):
            unclear.append(told)
        else:
            results.append(told)
    return ResultReading(tuple(results), tuple(unclear))


def check_columns(columns: Mapping[str, str]) -> ReportColumns:
    """Return the mapping as the profile keeps it."""
    return ReportColumns.model_validate(dict(columns))


def _findings(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {"line_item_number": row.get("line", ""), "message": row["reason"], "reduction": row.get("reduction", "")}
        for row in rows
        if row.get("reason")
    ]
