"""An invoice as the texts of its paper; every figure is the revision's own."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from core.money import as_dollars, round_half_up, total
from core.settings import Settings
from ledes.utbms.classifications import classifications
from models import InvoiceLine
from models.enums import EntryKind
from services.documents.figures import CodeSum, Figures, TimekeeperSum, label_of
from services.documents.invoice_facts import InvoiceFacts, long_day
from services.documents.letterhead import firm_facts

LONG = 1500
"""Characters; a longer narrative may run over the end of a page."""
_FIGURE_SPACE = "\N{FIGURE SPACE}"
_MINUS = "\N{MINUS SIGN}"


def invoice_paper(facts: InvoiceFacts, settings: Settings) -> dict[str, Any]:
    """Return the paper of one revision.

    Raises:
        FiguresDifferError: the lines do not add up to the revision's total.
    """
    figures = facts.figures
    return {
        "kind": "invoice",
        "key": f"end-of-invoice-{facts.revision_id}",
        "firm": firm_facts(settings),
        "number": facts.number,
        "matter_number": facts.matter_number,
        "payor": facts.payor_name,
        "payor_lines": list(facts.postal_lines),
        "facts": list(_facts(facts)),
        "about": list(_about(facts)),
        "total": as_dollars(facts.total_amount),
        "due": f"due {facts.due_text}" if facts.due_on else "due on receipt",
        "totals": list(_totals(figures)),
        "slip": list(_slip(facts)),
        **_lines(facts.lines, figures),
        **_sums(figures),
    }


def _facts(facts: InvoiceFacts) -> Iterator[tuple[str, str]]:
    yield "Invoice", facts.number
    yield "Date", long_day(facts.invoice_date)
    yield "Due", facts.due_text
    yield "Services", facts.period_text
    yield "Client code", facts.client_code
    if facts.revision_number > 1:
        yield "Revision", f"{facts.revision_number}, in place of the one before"
    if facts.replaces_number:
        yield "Replaces", f"Invoice {facts.replaces_number}"


def _about(facts: InvoiceFacts) -> Iterator[tuple[str, str]]:
    yield "Matter", f"{facts.matter_number} {facts.matter_name}"
    yield "Claim", facts.claim_number
    yield "Attorney", facts.attorney_name


def _slip(facts: InvoiceFacts) -> Iterator[tuple[str, str]]:
    yield "Invoice", facts.number
    yield "Matter", facts.matter_number
    yield "Claim", facts.claim_number
    yield "Due", facts.due_text
    yield "Amount due", as_dollars(facts.total_amount)
    yield "Enclosed", "$ ______________________"


def _totals(figures: Figures) -> Iterator[tuple[str, str]]:
    for name, found in (("Fees", figures.fees), ("Expenses", figures.expenses)):
        yield name, signed(found.gross_amount, "$")
        if found.adjustment_amount:
            yield f"Adjustments to {name.lower()}", signed(found.adjustment_amount, "$")
    for one in figures.discounts:
        yield one.name, signed(one.amount, "$")
    for tax in figures.taxes:
        yield tax.name, signed(tax.amount, "$")
    if not figures.taxes:
        yield "Tax", signed(figures.tax_amount, "$")


def _lines(lines: Iterable[InvoiceLine], figures: Figures) -> dict[str, Any]:
    fees, expenses = figures.fees, figures.expenses
    found = list(lines)
    return {
        "fees": [_fee(line) for line in found if line.kind is EntryKind.FEE and line.is_printed]
        + _not_itemized(line for line in found if line.kind is EntryKind.FEE),
        "expenses": [_expense(line) for line in found if line.kind is EntryKind.EXPENSE and line.is_printed]
        + _not_itemized(line for line in found if line.kind is EntryKind.EXPENSE),
        "fee_sums": {"name": "Total fees", "units": hours_text(fees.units), "amount": plain(fees.amount)},
        "expense_line_sums": {"name": "Total expenses", "units": "", "amount": plain(expenses.amount)},
    }


def _not_itemized(lines: Iterable[InvoiceLine]) -> list[dict[str, Any]]:
    """Return one row for all lines that count and are not itemized, so that the rows add up; none without any."""
    hidden = [line for line in lines if not line.is_printed]
    if not hidden:
        return []
    return [
        {
            "number": "",
            "date": "",
            "who": "",
            "narrative": "Not itemized",
            "codes": "",
            "adjusted": "",
            "units": "",
            "rate": "",
            "amount": plain(total(line.total_amount for line in hidden)),
            "is_long": False,
        }
    ]


def _fee(line: InvoiceLine) -> dict[str, Any]:
    codes = codes_text(line.task_code, line.activity_code)
    return _line(line, who=line.timekeeper_name, codes=codes, units=hours_text(line.units))


def _expense(line: InvoiceLine) -> dict[str, Any]:
    return _line(line, who=line.expense_code, codes=label_of(line.expense_code), units=units_text(line.units))


def _line(line: InvoiceLine, *, who: str, codes: str, units: str) -> dict[str, Any]:
    is_free = not line.total_amount
    return {
        "number": padded(line.line_number),
        "date": f"{line.worked_on:%m/%d/%Y}",
        "who": who,
        "narrative": line.narrative,
        "codes": codes,
        "adjusted": "No charge" if is_free else adjusted_text(line.adjustment_amount, line.total_amount),
        "units": units,
        "rate": rate_text(line.unit_cost),
        "amount": plain(line.total_amount),
        "is_long": len(line.narrative) > LONG,
    }


def _sums(figures: Figures) -> dict[str, Any]:
    hours, fees, expenses = hours_text(figures.fees.units), plain(figures.fees.amount), plain(figures.expenses.amount)
    return {
        "by_timekeeper": [_row(*_timekeeper(found)) for found in figures.by_timekeeper],
        "timekeeper_sums": ["Total fees", "", hours, "", fees],
        "by_task": [row for phase in figures.by_phase for row in _phase(phase)],
        "task_sums": ["Total fees", hours, fees],
        "by_expense": [_row(found.code, found.label, plain(found.amount)) for found in figures.by_expense],
        "expense_sums": ["Total expenses", expenses],
    }


def _timekeeper(found: TimekeeperSum) -> tuple[str, ...]:
    known = classifications().get(found.classification)
    title = known.name if known else found.classification
    rate, amount = rate_text(found.unit_cost), plain(found.amount)
    return found.code, found.name, title, hours_text(found.hours), rate, amount


def _phase(phase: CodeSum) -> Iterator[dict[str, Any]]:
    """A phase with its sums, then its tasks; a phase that is its own only task stands once."""
    tasks = [task for task in phase.parts if task.code != phase.code or len(phase.parts) > 1]
    yield _row(phase.code, phase.label, hours_text(phase.units), plain(phase.amount), is_group=bool(tasks))
    for task in tasks:
        yield _row(task.code, task.label, hours_text(task.units), plain(task.amount))


def _row(code: str, name: str, *cells: str, is_group: bool = False) -> dict[str, Any]:
    return {"is_group": is_group, "code": code, "name": name, "cells": list(cells)}


def codes_text(*codes: str) -> str:
    """Return codes with their names: 'L120 Analysis/Strategy · A103 Draft/revise'."""
    return " · ".join(f"{code} {label_of(code)}" for code in codes if code)


def adjusted_text(adjustment: Decimal, amount: Decimal) -> str:
    """Return what was taken off a line, or put on it, and from what: ''  where nothing was."""
    return f"Adjusted by {signed(adjustment, '$')} from {as_dollars(amount - adjustment)}" if adjustment else ""


def padded(number: int) -> str:
    """Return a line's number as wide as '999', so that what follows it stands under what follows the others."""
    return f"{number:{_FIGURE_SPACE}>3}"


def hours_text(hours: Decimal) -> str:
    """Return hours with one decimal at least: '2.0', '1.25'."""
    return f"{hours:.1f}" if hours == round_half_up(hours, 1) else units_text(hours)


def units_text(units: Decimal) -> str:
    """Return a count with the decimals that it has: '412', '1.5'."""
    return f"{units.normalize():f}"


def rate_text(amount: Decimal) -> str:
    """Return two decimals, or as many as the amount has."""
    return plain(amount) if amount == round_half_up(amount) else f"{amount.normalize():f}"


def plain(amount: Decimal) -> str:
    """Return an amount within a column of amounts: '1,250.00'."""
    return signed(amount)


def signed(amount: Decimal, currency: str = "") -> str:
    """Return an amount with a minus sign of its own, as papers have it."""
    return f"{_MINUS if amount < 0 else ''}{currency}{abs(round_half_up(amount)):,.2f}"
