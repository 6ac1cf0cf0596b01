"""A proforma on paper: the draft bill with its three values, findings beside the lines, and room for a pen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from adapters.typesetting import typeset
from core.money import ZERO, line_amount, total
from core.settings import Settings, get_settings
from models.enums import EntryKind, FindingAction, LineTreatment
from services.actor import Actor
from services.documents.figures import label_of
from services.documents.invoice_facts import long_day
from services.documents.invoice_paper import LONG, codes_text, hours_text, padded, plain, rate_text, signed, units_text
from services.documents.invoice_pdf import NamedPdf
from services.documents.letterhead import DOCUMENT, firm_facts, print_data
from services.review.proforma_lines import FindingRow, LineRow
from services.review.proforma_queries import ProformaDetail, get_proforma

_FINDINGS = {
    FindingAction.BLOCK: "Blocks:",
    FindingAction.REDUCE: "Cuts:",
    FindingAction.WARN: "Note:",
    FindingAction.ALLOWED: "Allowed:",
}
_STANDINGS = {
    LineTreatment.WRITE_OFF: "Written off",
    LineTreatment.HOLD: "Held for a later bill",
    LineTreatment.SPLIT: "Split: its parts are billed",
}
_SAME = "The same text"


@dataclass(frozen=True)
class _Value:
    """One of a line's three values: its words and its units."""

    words: str
    units: Decimal


def read_proforma_pdf(session: Session, actor: Actor, *, proforma_id: int) -> NamedPdf:
    """Return the proforma as a PDF to who may see it.

    Raises:
        NotFoundError: there is none, or it is another attorney's.
        TypesettingError: it could not be set.
    """
    found, settings = get_proforma(session, actor, proforma_id=proforma_id), get_settings()
    data = print_data(f"Draft proforma {proforma_id}", settings, [proforma_paper(found, settings)])
    return NamedPdf(f"proforma-{proforma_id}-{found.row.matter_number}.pdf", typeset(DOCUMENT, data))


def proforma_paper(found: ProformaDetail, settings: Settings) -> dict[str, Any]:
    """Return the paper of one proforma."""
    fees = [line for line in found.lines if line.kind is EntryKind.FEE]
    expenses = [line for line in found.lines if line.kind is EntryKind.EXPENSE]
    return {
        "kind": "proforma",
        "key": f"end-of-proforma-{found.row.id}",
        "firm": firm_facts(settings),
        "number": str(found.row.id),
        "matter_number": found.row.matter_number,
        "about": list(_about(found)),
        "facts": list(_facts(found)),
        "findings": [_finding(one) for one in found.findings],
        "fees": [_line(line, line.timekeeper_name) for line in fees],
        "fee_sums": _sums("Fees", fees, with_units=True),
        "expenses": [_line(line, line.expense_code) for line in expenses],
        "expense_sums": _sums("Expenses", expenses, with_units=False),
        "compared": [_compared(line) for line in found.lines if is_changed(line)],
        "totals": list(_totals(found, fees, expenses)),
        "total": signed(billed_amount(found.lines), "$"),
    }


def billed_amount(lines: Sequence[LineRow]) -> Decimal:
    """Return what the lines that bill add up to."""
    return total(line.billed_amount for line in lines if line.treatment is LineTreatment.BILL)


def is_changed(line: LineRow) -> bool:
    """Tell whether the three values of a line differ, or it is not billed as it stands."""
    units = {line.worked_units, line.entered_units, line.billed_units}
    words = {line.worked_narrative, line.entered_narrative, line.billed_narrative}
    return len(units) + len(words) > 1 + 1 or bool(line.adjustment_amount) or line.treatment is not LineTreatment.BILL


def _about(found: ProformaDetail) -> Iterator[tuple[str, str]]:
    yield "Matter", f"{found.row.matter_number} {found.row.matter_name}"
    yield "Payor", found.row.carrier_name
    yield "Attorney", found.row.reviewer_name


def _facts(found: ProformaDetail) -> Iterator[tuple[str, str]]:
    yield "Services", f"{long_day(found.row.period_start)} to {long_day(found.row.period_end)}"
    yield "Review due", long_day(found.row.due_on)
    yield "Standing", found.row.status.value.replace("_", " ").capitalize()
    if found.row.return_note:
        yield "Returned with", found.row.return_note


def _totals(found: ProformaDetail, fees: Sequence[LineRow], expenses: Sequence[LineRow]) -> Iterator[tuple[str, str]]:
    yield "As worked", signed(found.row.worked_amount, "$")
    yield "Fees to be billed", signed(billed_amount(fees), "$")
    yield "Expenses to be billed", signed(billed_amount(expenses), "$")
    if given := total(line.adjustment_amount for line in found.lines if line.treatment is LineTreatment.BILL):
        yield "Of which adjustments", signed(given, "$")
    for line in found.lines:
        if not line.is_entry and line.kind not in {EntryKind.FEE, EntryKind.EXPENSE}:
            yield line.billed_narrative, signed(line.billed_amount, "$")
    if kept := total(map(_gross, (line for line in found.lines if line.treatment is LineTreatment.WRITE_OFF))):
        yield "Written off", signed(kept, "$")


def _gross(line: LineRow) -> Decimal:
    return line_amount(line.entered_units, line.unit_cost)


def _sums(name: str, lines: Sequence[LineRow], *, with_units: bool) -> dict[str, str]:
    values = {
        "worked": [line.worked_units for line in lines if line.split_from is None],
        "entered": [line.entered_units for line in lines if line.treatment is not LineTreatment.SPLIT],
        "billed": [line.billed_units for line in lines if line.treatment is LineTreatment.BILL],
    }
    units = {key: hours_text(sum(found, start=Decimal(0))) if with_units else "" for key, found in values.items()}
    return {"name": f"{name} to be billed", "amount": plain(billed_amount(lines)), **units}


def _line(line: LineRow, who: str) -> dict[str, Any]:
    fee = line.kind is EntryKind.FEE
    write = hours_text if fee else units_text
    return {
        "number": padded(line.line_number),
        "date": f"{line.worked_on:%m/%d/%Y}",
        "who": who,
        "narrative": line.billed_narrative,
        "codes": codes_text(line.task_code, line.activity_code) if fee else label_of(line.expense_code),
        "standing": _standing(line),
        "findings": [_finding(one) for one in line.findings],
        "worked": write(line.worked_units),
        "entered": write(line.entered_units),
        "billed": write(line.billed_units),
        "rate": rate_text(line.unit_cost),
        "amount": plain(line.billed_amount if line.treatment is LineTreatment.BILL else ZERO),
        "is_dropped": line.treatment is not LineTreatment.BILL,
        "is_long": len(line.billed_narrative) > LONG,
    }


def _standing(line: LineRow) -> str:
    """Return what was decided about a line, by whom it was split, and what stands in its way."""
    parts = [
        _STANDINGS.get(line.treatment, ""),
        f"Adjusted by {signed(line.adjustment_amount, '$')}" if line.adjustment_amount else "",
        f"A part of line {line.split_from}" if line.split_from else "",
        "A proposed split waits for its timekeeper" if line.waiting_split else "",
        line.note,
    ]
    return " · ".join(part for part in parts if part)


def _finding(found: FindingRow) -> dict[str, Any]:
    return {
        "word": _FINDINGS[found.action],
        "message": found.message,
        "is_open": found.action is not FindingAction.ALLOWED,
    }


def _compared(line: LineRow) -> dict[str, Any]:
    write = hours_text if line.kind is EntryKind.FEE else units_text
    worked = _Value(line.worked_narrative, line.worked_units)
    entered = _Value(line.entered_narrative, line.entered_units)
    billed = _Value(line.billed_narrative, line.billed_units)
    last = " · ".join(part for part in (write(billed.units), _standing(line), plain(line.billed_amount)) if part)
    return {
        "number": str(line.line_number),
        "is_long": len(line.billed_narrative) > LONG,
        "values": [
            {"words": worked.words, "figures": write(worked.units)},
            {"words": _words_after(worked, entered), "figures": write(entered.units)},
            {"words": _words_after(entered, billed), "figures": last},
        ],
    }


def _words_after(before: _Value, after: _Value) -> str:
    return _SAME if after.words == before.words else after.words
