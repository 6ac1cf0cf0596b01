"""An invoice beside its proforma, as text: the sums on the way, and the lines that differ."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from core.money import ZERO, as_dollars
from models.enums import Role
from services.invoicing.invoice_comparison import ComparedLine, Comparison, compare_with_proforma
from state.guard import actor, guarded
from state.invoicing.invoice import InvoicePage
from state.review.line_rows import origin_words
from state.review.word_diff import DiffPart, word_diff
from state.words import counted, units

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})


@dataclass(frozen=True)
class SumView:
    """One sum on the way from work to acceptance, and what it differs by from the one before, '' where it does not."""

    name: str
    amount: str
    change: str


@dataclass(frozen=True)
class ComparedView:
    """One line that differs: `words` say how, `diff` the words of its text."""

    number: str
    who: str
    entered: str
    billed: str
    invoiced: str
    words: str
    diff: list[DiffPart] = field(default_factory=list)


class InvoiceComparison(rx.State):
    """The comparison of the open invoice, read when it is asked for."""

    is_open: bool = False
    sums: list[SumView] = []
    rows: list[ComparedView] = []
    same_words: str = ""
    problem: str = ""

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Start closed; runs when the page opens."""
        self.is_open, self.problem = False, ""

    @rx.event
    @guarded(*_STAFF)
    async def toggle(self) -> None:
        """Show or hide the comparison."""
        self.is_open = not self.is_open
        if not self.is_open:
            return
        page = await self.get_state(InvoicePage)
        try:
            found = await asyncio.to_thread(_read, int(page.item_id or 0))
        except BillingError as error:
            self.problem, self.sums, self.rows = error.user_message, [], []
            return
        self.sums, self.rows = _sums(found), [_row(line) for line in found.changed]
        same = len(found.lines) - len(found.changed)
        self.same_words = f"{counted(same, 'line')} billed just as entered." if same else ""


def _read(invoice_id: int) -> Comparison:
    with read_only() as session:
        return compare_with_proforma(session, actor(), invoice_id=invoice_id)


def _sums(found: Comparison) -> list[SumView]:
    here = found.invoiced_amount
    steps = [
        ("As worked", found.worked_amount),
        ("As entered", found.entered_amount),
        ("As billed", found.billed_amount),
        ("On this invoice", here),
    ]
    if found.accepted_amount is not None:
        steps.append(("Accepted by the carrier", found.accepted_amount))
    views: list[SumView] = []
    before: Decimal | None = None
    for name, amount in steps:
        change = amount - before if before is not None else ZERO
        sign = "+" if change > 0 else ""
        views.append(SumView(name, as_dollars(amount), f"{sign}{as_dollars(change)}" if change else ""))
        before = amount
    if found.other_payors_amount:
        views.append(SumView("On other payors' invoices", as_dollars(found.other_payors_amount), ""))
    return views


def _row(compared: ComparedLine) -> ComparedView:
    line = compared.line
    text = compared.invoiced_narrative
    return ComparedView(
        number=str(line.line_number),
        who=line.timekeeper_name,
        entered=as_dollars(compared.entered_amount),
        billed=as_dollars(compared.billed_amount),
        invoiced=as_dollars(compared.invoiced_amount) if compared.invoiced_amount is not None else "",
        words=" · ".join(filter(None, (_hours(compared), origin_words(line), line.note))),
        diff=word_diff(line.entered_narrative, text) if text and text != line.entered_narrative else [],
    )


def _hours(compared: ComparedLine) -> str:
    line = compared.line
    if line.entered_units == line.billed_units:
        return ""
    return f"{units(line.entered_units)} → {units(line.billed_units)}"
