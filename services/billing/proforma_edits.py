"""Edits of a proforma's lines by the firm's rules: hours never up, dates and performer never, three values kept.

The responsible attorney edits; a biller may fix codes. The time entry keeps what was worked and entered: an edit
changes the billed values alone, and the audit trail says which, without the narratives.
"""

from decimal import Decimal

from sqlmodel import Session

from core.errors import InvalidInputError
from core.money import ZERO, round_half_up
from models import Expense, Proforma
from models.enums import LineTreatment
from services import lifecycle
from services.actor import Actor
from services.billing.line_edits import LineEdit, checked_narrative, editing, exact, set_codes, set_unit_cost, set_units
from services.billing.split_lines import remove_parts


def edit_line(  # noqa: PLR0913 -- one argument a value that may change
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    expected_version: int,
    narrative: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
    expense_code: str | None = None,
    billed_units: Decimal | None = None,
    unit_cost: Decimal | None = None,
    note: str = "",
) -> Proforma:
    """Change what is given of a line; None leaves a value as it is. `expected_version` is the proforma's.

    Units (hours or count) and unit cost (dollars) may go down, never up.

    Raises:
        InvalidInputError: a value breaks a rule of the firm or is no UTBMS code.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    codes = {"task_code": task_code, "activity_code": activity_code, "expense_code": expense_code}
    only_codes = narrative is None and billed_units is None and unit_cost is None
    with editing(session, actor, line_id, expected_version, only_codes=only_codes, note=note) as edit:
        set_codes(session, edit, {name: code for name, code in codes.items() if code is not None})
        if narrative is not None:
            edit.line.billed_narrative = checked_narrative(narrative)
        if billed_units is not None:
            set_units(edit.line, billed_units)
        if unit_cost is not None:
            set_unit_cost(edit.line, unit_cost)
    return edit.proforma


def write_down(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    expected_version: int,
    note: str,
    units: Decimal | None = None,
    amount: Decimal | None = None,
) -> Proforma:
    """Take units (hours or count) or an amount (dollars) off a line; give one of the two, and the reason."""
    _need_reason(note)
    if (units is None) == (amount is None):
        raise InvalidInputError("Give either hours or an amount to take off. Nothing was changed.")
    taken = units if units is not None else amount
    if taken is None or exact(taken) <= 0:
        raise InvalidInputError("Give more than nothing to take off. Nothing was changed.")
    with editing(session, actor, line_id, expected_version, note=note) as edit:
        if units is not None:
            set_units(edit.line, edit.line.billed_units - units)
        if amount is not None:
            edit.line.adjustment_amount -= round_half_up(amount)
    return edit.proforma


def write_off(session: Session, actor: Actor, *, line_id: int, expected_version: int, note: str) -> Proforma:
    """Take a whole line off the bill for good; its entry is written off when the invoice is made."""
    _need_reason(note)
    with editing(session, actor, line_id, expected_version, note=note) as edit:
        edit.line.treatment = LineTreatment.WRITE_OFF
    return edit.proforma


def hold_line(session: Session, actor: Actor, *, line_id: int, expected_version: int, note: str = "") -> Proforma:
    """Leave a line for a later bill; its entry goes back to work in progress when the invoice is made."""
    with editing(session, actor, line_id, expected_version, note=note) as edit:
        if edit.line.split_from_id is not None:
            message = "A part cannot wait alone: its entry is billed once. Nothing was changed; restore the whole line."
            raise InvalidInputError(message, line_id=line_id)
        edit.line.treatment = LineTreatment.HOLD
    return edit.proforma


def restore_line(session: Session, actor: Actor, *, line_id: int, expected_version: int) -> Proforma:
    """Bill a line as entered again: units, rate, adjustment and treatment; text and codes stay as they were edited.

    The parts of a line that was split go; what their timekeeper attested stays in the history.
    """
    with editing(session, actor, line_id, expected_version, of_split=True) as edit:
        line = edit.line
        if line.treatment is LineTreatment.SPLIT:
            edit.lines = remove_parts(session, actor, line, edit.lines)
        line.treatment = LineTreatment.BILL
        line.billed_units, line.adjustment_amount, line.note = line.entered_units, ZERO, ""
        line.unit_cost = _own_cost(session, edit)
    return edit.proforma


def _own_cost(session: Session, edit: LineEdit) -> Decimal:
    """Return the cost the line had at the billing run: the rate of its day, or the expense's own."""
    if edit.line.expense_id is not None:
        expense: Expense = lifecycle.get(session, Expense, edit.line.expense_id)
        return expense.unit_cost
    view = edit.view(session)
    hour = view.hours.get(str(edit.line.line_number))
    found = view.rates.find(hour) if hour else None
    return found if found is not None else edit.line.unit_cost


def _need_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInputError("Taking money off a bill needs a reason. Nothing was changed; write one.")
