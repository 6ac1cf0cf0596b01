"""`ledes show`: the invoices of a file as people read them."""

import argparse
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.money import ZERO
from ledes.attributes import INVOICE_ATTRIBUTES, LINE_ATTRIBUTES, shown_value
from ledes.commands.codes import NOT_VALID, UNREADABLE, VALID
from ledes.commands.inputs import file_format, opened
from ledes.commands.outputs import complain, counted, say, say_json, table
from ledes.document import LedesInvoice, LedesLine, LineType
from ledes.findings import Finding, Severity
from ledes.parser import stream

_ABOUT: Final = """\
Show the invoices of a file of any format: what they are for, their totals by kind of line and by timekeeper, and with
--lines every line. With --json each invoice is one JSON object on a line, amounts as text. What cannot be read is left
out and counted on standard error; `ledes check` tells where it is. Exit codes are those of check."""
_KINDS: Final = {
    LineType.FEE: "fees",
    LineType.EXPENSE: "expenses",
    LineType.FEE_ADJUSTMENT: "adjustments on fees",
    LineType.EXPENSE_ADJUSTMENT: "adjustments on expenses",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the command."""
    parser = commands.add_parser("show", help="show invoices and lines as a table", description=_ABOUT)
    parser.add_argument("file", type=Path, metavar="FILE", help="a LEDES file; - reads standard input")
    parser.add_argument("--lines", action="store_true", help="show every line too")
    parser.add_argument("--json", action="store_true", help="one JSON object an invoice, each on a line")
    parser.add_argument("--profile", type=Path, metavar="P", help="a carrier's profile (JSON), or its format part")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show each invoice as it is read."""
    errors = 0
    with opened(options.file) as source:
        found = stream(source, file_format(options.profile))
        for item in found:
            if isinstance(item, Finding):
                errors += item.severity is Severity.ERROR
            elif options.json:
                say_json(_as_json(item, found.format, options))
            else:
                _say(item, with_lines=options.lines)
    if found.format is None:
        complain(f"{options.file} is not readable as LEDES. Run check to see why.")
        return UNREADABLE
    if errors:
        complain(f"{options.file} has {counted(errors, 'error')}; not all may be shown. Run check to see them.")
    return NOT_VALID if errors else VALID


def _as_json(invoice: LedesInvoice, name: str | None, options: argparse.Namespace) -> dict[str, object]:
    given = {one.name: shown_value(one.of(invoice)) for one in INVOICE_ATTRIBUTES if one.is_given_in(invoice)}
    report: dict[str, object] = {
        "file": str(options.file),
        "format": name,
        "invoice": given,
        "lines": len(invoice.lines),
        "totals": {kind: f"{amount:.2f}" for kind, _, _, amount in _by_kind(invoice)},
        "timekeepers": {who: {"hours": f"{hours:f}", "amount": f"{sum_:.2f}"} for who, hours, sum_ in _people(invoice)},
    }
    if options.lines:
        report["line_items"] = [
            {one.name: shown_value(one.of(line)) for one in LINE_ATTRIBUTES if one.is_given_in(line)}
            for line in invoice.lines
        ]
    return report


def _say(invoice: LedesInvoice, *, with_lines: bool) -> None:
    for text in (*_head(invoice), *_totals(invoice), *_timekeepers(invoice)):
        say(text)
    if with_lines and invoice.lines:
        for text in table([_LINE_HEADS, *map(_line, invoice.lines)], right=frozenset({5, 6, 7, 8, 9})):
            say(text)
    say("")


def _head(invoice: LedesInvoice) -> Iterator[str]:
    yield f"Invoice {invoice.invoice_number} of {invoice.invoice_date}, {invoice.law_firm_id} to {invoice.client_id}"
    yield f"  matter {invoice.law_firm_matter_id}, client's matter {invoice.client_matter_id}"
    yield f"  {invoice.billing_start_date} to {invoice.billing_end_date}: {invoice.invoice_description}"


def _totals(invoice: LedesInvoice) -> Iterator[str]:
    currency = invoice.invoice_currency
    rows = [
        (kind, counted(count, "line"), f"{hours:f} h" if kind == _KINDS[LineType.FEE] else "", f"{amount:,.2f}", "")
        for kind, count, hours, amount in _by_kind(invoice)
    ]
    rows.append(("total", counted(len(invoice.lines), "line"), "", f"{invoice.invoice_total:,.2f}", currency))
    taxes = sum((line.tax_total or ZERO for line in invoice.lines), start=ZERO)
    if taxes:
        rows.append(("of which tax", "", "", f"{taxes:,.2f}", currency))
    yield from table(rows, right=frozenset({1, 2, 3}))


def _by_kind(invoice: LedesInvoice) -> Iterator[tuple[str, int, Decimal, Decimal]]:
    """Yield each kind of line there is, with how many, their units and their total."""
    for kind, name in _KINDS.items():
        lines = [line for line in invoice.lines if line.exp_fee_inv_adj_type is kind]
        if lines:
            units = sum((line.units or Decimal(0) for line in lines), start=Decimal(0))
            yield name, len(lines), units, sum((line.total for line in lines), start=ZERO)


def _timekeepers(invoice: LedesInvoice) -> Iterator[str]:
    rows = [(who, f"{hours:f} h", f"{amount:,.2f}") for who, hours, amount in _people(invoice)]
    if rows:
        yield "  by timekeeper"
        yield from table(rows, right=frozenset({1, 2}), indent="    ")


def _people(invoice: LedesInvoice) -> list[tuple[str, Decimal, Decimal]]:
    """Return each timekeeper with hours and fees, in the order of their first line."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for line in invoice.lines:
        if line.exp_fee_inv_adj_type is LineType.FEE:
            who = " ".join(part for part in (line.timekeeper_id, line.timekeeper_name) if part)
            hours, amount = sums.get(who, (Decimal(0), ZERO))
            sums[who] = (hours + (line.units or 0), amount + line.total)
    return [(who, hours, amount) for who, (hours, amount) in sums.items()]


_LINE_HEADS: Final = ("line", "date", "type", "code", "who", "units", "rate", "adj.", "tax", "total", "description")


def _line(line: LedesLine) -> tuple[str, ...]:
    codes = "/".join(code for code in (line.task_code, line.activity_code, line.expense_code) if code)
    return (
        line.line_item_number,
        str(line.date),
        line.exp_fee_inv_adj_type.value,
        codes,
        line.timekeeper_id,
        shown_value(line.units),
        shown_value(line.unit_cost),
        f"{line.adjustment_amount:,.2f}" if line.adjustment_amount else "",
        f"{line.tax_total:,.2f}" if line.tax_total else "",
        f"{line.total:,.2f}",
        line.description,
    )
