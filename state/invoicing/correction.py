"""The corrected revision of a refused or rejected invoice: line changes are gathered here, then made at once."""

from dataclasses import asdict, dataclass
from decimal import Decimal

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import InvalidInputError, NotFoundError
from models import Invoice, InvoiceLine
from models.enums import EntryKind, Role
from services.invoicing.corrected_lines import LineChange
from services.invoicing.invoice_corrections import correct_invoice
from services.invoicing.invoice_queries import get_invoice
from services.mailing.dispatching import send_invoices
from state.acting import ActingState
from state.guard import actor, guarded
from state.invoicing.invoice import InvoicePage
from state.words import number_typed, units, whole_number

_REASON = 500
_NARRATIVE = 15_000
_CODE = 20


@dataclass(frozen=True)
class LineForm:
    """The line whose form is open, with the values it has now or was given here."""

    number: str = ""
    is_fee: bool = True
    narrative: str = ""
    task_code: str = ""
    activity_code: str = ""
    expense_code: str = ""
    units: str = ""
    unit_cost: str = ""


@dataclass(frozen=True)
class ChangedLine:
    """One line that the correction changes, in words."""

    number: str
    summary: str


class Correction(ActingState, rx.State):
    """A correction under way; nothing is saved before `send`, and nothing typed is lost when it is refused."""

    is_open: bool = False
    form: LineForm = LineForm()
    changed: list[ChangedLine] = []
    reason: str = ""

    _roles = frozenset({Role.BILLER, Role.ATTORNEY})
    _invoice_id: int = 0
    _lines: dict[str, LineForm] = {}
    _changes: dict[str, LineChange] = {}

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def start(self) -> None:
        """Begin a correction of the open invoice; one that was begun before goes on."""
        page = await self.get_state(InvoicePage)
        invoice_id = int(page.item_id or 0)
        if invoice_id != self._invoice_id:
            self._changes, self.reason = {}, ""
        lines = await self._try(lambda: _read_lines(invoice_id))
        if lines is not None:
            self._invoice_id, self._lines, self.is_open, self.form = invoice_id, lines, True, LineForm()
            self._tell()

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def leave(self) -> None:
        """Close the correction and forget its changes."""
        self.is_open, self.form, self.reason, self.problem = False, LineForm(), "", ""
        self._changes = {}
        self._tell()

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def open_line(self, number: str) -> None:
        """Open the form of one line."""
        self.form, self.problem = self._lines.get(number, LineForm()), ""

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def close_line(self) -> None:
        """Close the form without a change."""
        self.form = LineForm()

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def keep_line(self, form: dict[str, str]) -> None:
        """Note the changes of the open line."""
        number = self.form.number
        if number not in self._lines:
            return
        try:
            change = _change(self._lines[number], form)
        except InvalidInputError as error:
            self.problem = error.user_message
            return
        self._note(number, change)

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def remove_line(self) -> None:
        """Note that the open line is written off."""
        if self.form.number in self._lines:
            self._note(self.form.number, LineChange(remove=True))

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def undo_line(self, number: str) -> None:
        """Forget the changes of one line."""
        self._changes = {key: change for key, change in self._changes.items() if key != number}
        self._tell()

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def send(self, form: dict[str, str]) -> list[EventSpec]:
        """Make the corrected revision and queue it when the person may; opens the invoice to send."""
        self.reason = form.get("reason", "")[:_REASON]
        reason, invoice_id = self.reason, self._invoice_id
        changes = {whole_number(number): change for number, change in self._changes.items()}
        corrected = await self._try(lambda: _correct(invoice_id, changes, reason), typed=reason)
        if corrected is None:
            return []
        self.is_open, self.reason, self._changes, self._invoice_id = False, "", {}, 0
        self._tell()
        told = rx.toast.success(f"Invoice {corrected.number} has revision {corrected.revision_number}.")
        return [told, rx.redirect(f"/invoices/{corrected.id}"), InvoicePage.load]

    def _note(self, number: str, change: LineChange) -> None:
        rest = {key: kept for key, kept in self._changes.items() if key != number}
        self._changes = rest if change == LineChange() else {**rest, number: change}
        self.form, self.problem = LineForm(), ""
        self._tell()

    def _tell(self) -> None:
        numbers = sorted(self._changes, key=int)
        self.changed = [
            ChangedLine(number, _in_words(self._lines[number], self._changes[number])) for number in numbers
        ]


def _read_lines(invoice_id: int) -> dict[str, LineForm]:
    with read_only() as session:
        found = get_invoice(session, actor(), invoice_id=invoice_id)
    return {str(line.line_number): _form(line) for line in found.lines}


def _form(line: InvoiceLine) -> LineForm:
    return LineForm(
        number=str(line.line_number),
        is_fee=line.kind is EntryKind.FEE,
        narrative=line.narrative,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        units=units(line.units),
        unit_cost=f"{line.unit_cost:.2f}",
    )


def _change(line: LineForm, typed: dict[str, str]) -> LineChange:
    """Return what was typed over a line's values; equal ones are left out."""
    return LineChange(
        narrative=_text(line.narrative, typed.get("narrative"), _NARRATIVE),
        task_code=_text(line.task_code, typed.get("task_code"), _CODE),
        activity_code=_text(line.activity_code, typed.get("activity_code"), _CODE),
        expense_code=_text(line.expense_code, typed.get("expense_code"), _CODE),
        units=_number(line.units, typed.get("units"), "hours or count"),
        unit_cost=_number(line.unit_cost, typed.get("unit_cost"), "the rate"),
    )


def _text(before: str, typed: str | None, longest: int) -> str | None:
    return None if typed is None or typed.strip() == before.strip() else typed.strip()[:longest]


def _number(before: str, typed: str | None, what: str) -> Decimal | None:
    if typed is None:
        return None
    value = number_typed(typed, what)
    return None if value == Decimal(before) else value


def _in_words(line: LineForm, change: LineChange) -> str:
    if change.remove:
        return "written off"
    given = {name: value for name, value in asdict(change).items() if value is not None and name != "remove"}
    before = asdict(line)
    return " · ".join(
        "narrative rewritten" if name == "narrative" else f"{name.replace('_', ' ')} {before[name]} to {value}"
        for name, value in given.items()
    )


def _correct(invoice_id: int, changes: dict[int, LineChange], reason: str) -> Invoice:
    if not invoice_id:
        raise NotFoundError("No invoice is open. Nothing was changed; open it from the list.")
    with unit_of_work() as session:
        invoice = correct_invoice(session, actor(), invoice_id=invoice_id, line_changes=changes, reason=reason)
        if actor().has(Role.BILLER) and invoice.id is not None:
            send_invoices(session, actor(), invoice_ids=[invoice.id])
        return invoice
