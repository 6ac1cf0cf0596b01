"""What a LEDES file says: its invoices and their lines, what guidelines find in them, how it differs from another."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError
from core.money import as_dollars
from models.enums import Role
from services.ledes_desk.ledes_bench import LedesLine, examination, invoice_lines, shown_value
from services.ledes_desk.ledes_comparisons import compare_files
from services.ledes_desk.ledes_examinations import InvoiceFacts
from services.ledes_desk.ledes_guidelines import guideline_report
from services.listing import PAGE_SIZE
from state.addresses import as_number
from state.guard import guarded
from state.ledes_desk.ledes_address import BenchAddress, bench_address, opened, page_of
from state.responses.assigning import assign
from state.words import counted, day


@dataclass(frozen=True)
class InvoiceItem:
    """One invoice of the file, as text."""

    place: str
    number: str
    client: str
    matter: str
    date: str
    period: str
    total: str
    lines: str
    href: str


@dataclass(frozen=True)
class LineItem:
    """One line of an invoice, as text."""

    number: str
    date: str
    kind: str
    codes: str
    timekeeper: str
    units: str
    rate: str
    adjustment: str
    total: str
    narrative: str


@dataclass(frozen=True)
class GuidelineItem:
    """One broken guideline, as text; `action` is 'block', 'reduce' or 'warn'."""

    invoice: str
    line: str
    rule: str
    action: str
    sentence: str
    narrative: str


@dataclass(frozen=True)
class DifferenceItem:
    """One place where two files differ, as text."""

    invoice: str
    line: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class _Shown:
    """One view's rows, all of them; the page is cut from them on the server."""

    rows: str
    items: Sequence[Any]
    item: Callable[[Any], Any]
    values: dict[str, Any] = field(default_factory=dict)


class LedesReading(rx.State):
    """One page of the rows of the view that is shown; the other views' rows are empty."""

    invoices: list[InvoiceItem] = []
    lines: list[LineItem] = []
    guidelines: list[GuidelineItem] = []
    differences: list[DifferenceItem] = []
    invoice: str = ""
    invoice_title: str = ""
    all_href: str = ""
    note: str = ""
    other: str = ""
    range_text: str = ""
    has_previous: bool = False
    has_next: bool = False
    is_loading: bool = True
    key: str = ""
    failure: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN, Role.ATTORNEY})
    _page: int = 1
    _shown_for: str = ""

    @rx.event
    @guarded(by_page=True)
    async def show(self) -> None:
        """Show what the address asks for."""
        address = bench_address(self.router.url.query_parameters)
        if address.href() != self._shown_for:
            self._shown_for, self._page = address.href(), 1
        await self._refresh(address)

    @rx.event
    @guarded(by_page=True)
    async def turn(self, pages: int) -> None:
        """Go forward or back by a number of pages."""
        self._page = min(max(self._page + pages, 1), 1_000_000)
        await self._refresh(bench_address(self.router.url.query_parameters))

    @rx.event
    @guarded(by_page=True)
    async def compare_with(self, file_id: str) -> EventSpec | None:
        """Compare the open file with another one of the same person."""
        address = bench_address(self.router.url.query_parameters)
        return rx.redirect(address.href(view="compare", other=file_id if as_number(file_id) is not None else ""))

    async def _refresh(self, address: BenchAddress) -> None:
        try:
            shown = await asyncio.to_thread(_read, address)
        except BillingError as error:
            assign(self, failure=error.user_message, is_loading=False, key=address.key)
            return
        self._page, range_text, has_next = page_of(len(shown.items), self._page, PAGE_SIZE)
        start = (self._page - 1) * PAGE_SIZE
        empty: dict[str, Any] = {"invoices": [], "lines": [], "guidelines": [], "differences": []}
        rows = {**empty, shown.rows: [shown.item(one) for one in shown.items[start : start + PAGE_SIZE]]}
        words = {"invoice": "", "invoice_title": "", "note": "", "other": "", "all_href": "", **shown.values}
        assign(self, **rows, **words, range_text=range_text, has_previous=self._page > 1, has_next=has_next)
        assign(self, failure="", is_loading=False, key=address.key)


def _read(address: BenchAddress) -> _Shown:
    if address.shown == "guidelines":
        return _guidelines(address)
    if address.shown == "compare":
        return _differences(address)
    return _invoices(address) if as_number(address.invoice) is None else _lines(address)


def _invoices(address: BenchAddress) -> _Shown:
    found = examination(opened(address))
    hidden = found.invoice_count - len(found.invoices)
    note = f"The first {len(found.invoices):,} are listed; {hidden:,} more are in the file." if hidden else ""
    return _Shown("invoices", found.invoices, lambda one: _invoice(one, address), {"note": note})


def _lines(address: BenchAddress) -> _Shown:
    bench, place = opened(address), as_number(address.invoice) or 0
    found = examination(bench).invoices
    if place >= len(found):
        return _invoices(address)
    facts = found[place]
    title = f"Invoice {facts.number}"
    note = "A line with a value that cannot be read is not in this list; the findings name it."
    values = {"invoice": address.invoice, "invoice_title": title, "note": note, "all_href": address.href(invoice="")}
    return _Shown("lines", invoice_lines(bench, place=place), _line, values)


def _guidelines(address: BenchAddress) -> _Shown:
    bench = opened(address)
    report = guideline_report(bench)
    if report is None or bench.carrier is None:
        return _Shown("guidelines", (), _guideline)
    left_out = ", ".join(kind.replace("_", " ") for kind in report.left_out)
    said = f" Left out, for a file does not tell: {left_out}." if left_out else ""
    more = f" The first {len(report.findings):,} are listed." if len(report.findings) < report.total else ""
    note = (
        f"{counted(report.lines, 'line')} held against {counted(report.rules, 'rule')} of {bench.carrier.name}: "
        f"{counted(report.total, 'finding')}.{more} History is not included: other bills, other time of the same "
        f"people, budgets and the carrier's permissions.{said}"
    )
    return _Shown("guidelines", report.findings, _guideline, {"note": note})


def _differences(address: BenchAddress) -> _Shown:
    if as_number(address.other) is None:
        return _Shown("differences", (), _difference)
    old, new = opened(address), opened(BenchAddress(file=address.other))
    found = compare_files(old, new)
    if found.unreadable:
        note = f"{' and '.join(found.unreadable)} cannot be read as LEDES, so nothing was compared."
    elif not found.total:
        note = f"{old.file.name} and {new.file.name} say the same."
    else:
        note = f"{counted(found.total, 'difference')} between {old.file.name} and {new.file.name}."
        note += f" The first {len(found.differences):,} are listed." if len(found.differences) < found.total else ""
    if found.incomplete:
        note += f" {' and '.join(found.incomplete)}: holds values that cannot be read and were not compared."
    return _Shown("differences", found.differences, _difference, {"note": note, "other": address.other})


def _invoice(facts: InvoiceFacts, address: BenchAddress) -> InvoiceItem:
    currency = facts.currency or "USD"
    total = as_dollars(facts.total) if currency == "USD" else f"{facts.total:,.2f} {currency}"
    return InvoiceItem(
        place=str(facts.place),
        number=facts.number,
        client=facts.client_id,
        matter=" · ".join(part for part in (facts.matter, facts.client_matter) if part),
        date=day(facts.invoice_date),
        period=f"{day(facts.period[0])} to {day(facts.period[1])}",
        total=total,
        lines=f"{facts.lines:,}",
        href=address.href(invoice=str(facts.place)),
    )


def _line(line: LedesLine) -> LineItem:
    return LineItem(
        number=line.line_item_number,
        date=day(line.date),
        kind=line.exp_fee_inv_adj_type.value,
        codes=" ".join(code for code in (line.task_code, line.activity_code, line.expense_code) if code),
        timekeeper=line.timekeeper_name or line.timekeeper_id,
        units=shown_value(line.units),
        rate=shown_value(line.unit_cost),
        adjustment=shown_value(line.adjustment_amount) if line.adjustment_amount else "",
        total=f"{line.total:,.2f}",
        narrative=line.description,
    )


def _guideline(one: Any) -> GuidelineItem:  # noqa: ANN401 -- a finding of the report
    rule = one.rule.replace("_", " ").capitalize()
    return GuidelineItem(one.invoice, one.line, rule, one.action, one.sentence, one.narrative)


def _difference(one: Any) -> DifferenceItem:  # noqa: ANN401 -- a difference of the comparison
    name = one.field or ("The line" if one.line_item_number else "The invoice")
    return DifferenceItem(one.invoice_number, one.line_item_number, name, one.old or "nothing", one.new or "nothing")
