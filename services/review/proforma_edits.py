"""Edits of a proforma's lines by the firm's rules: hours never up, dates and performer never, three values kept.

The responsible attorney edits; a biller may fix codes. The time entry keeps what was worked and entered: an edit
changes the billed values alone, and the audit trail says which, without the narratives. The text of somebody's time
is that person's statement: others propose one, see `services.review.proposals`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from core.errors import DeniedError, InvalidInputError
from core.money import ZERO
from models import Expense, Proforma, ProformaLine
from models.enums import EditKind, EntryKind, LineTreatment
from services import lifecycle
from services.actor import Actor
from services.billing.matter_holds import check_wake_day
from services.review.each_line import OneLine, do_to_each
from services.review.ledes_takers import check_no_ledes
from services.review.line_edits import Change, LineEdit, changing, check_stands, editing, need_reason
from services.review.line_values import (
    checked_narrative,
    exact,
    exact_amount,
    set_codes,
    set_discount,
    set_unit_cost,
    set_units,
)
from services.review.own_work import is_own_work
from services.review.split_lines import remove_parts


@dataclass(frozen=True)
class Cut:
    """What to take off each line: units (hours or a count), dollars, or a percent as a discount; one of them."""

    units: Decimal | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None


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

    Units (hours or count) may go up to what was entered, the unit cost (dollars) to what the card says for the day.

    Raises:
        InvalidInputError: a value breaks a rule of the firm or is no UTBMS code.
        DeniedError: among others, the text of somebody else's time was to be changed.
        StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    codes = {"task_code": task_code, "activity_code": activity_code, "expense_code": expense_code}
    only_codes = narrative is None and billed_units is None and unit_cost is None
    with editing(session, actor, line_id, expected_version, only_codes=only_codes, note=note) as edit:
        given = {name: code for name, code in codes.items() if code is not None}
        set_codes(session, edit.proforma, edit.line, given)
        if narrative is not None:
            text = checked_narrative(narrative)
            _check_may_word(session, actor, edit.line)
            edit.line.billed_narrative = text
        if billed_units is not None:
            set_units(edit.line, billed_units)
        if unit_cost is not None:
            set_unit_cost(edit.line, unit_cost, most=own_cost(session, edit.change, edit.line))
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
    need_reason(note)
    if (units is None) == (amount is None):
        raise InvalidInputError("Give either hours or an amount to take off. Nothing was changed.")
    cut = Cut(units=units, amount=amount)
    with editing(session, actor, line_id, expected_version, kind=EditKind.WRITE_DOWN, note=note) as edit:
        _take_off(edit.line, cut)
    return edit.proforma


def write_off(session: Session, actor: Actor, *, line_id: int, expected_version: int, note: str) -> Proforma:
    """Take a whole line off the bill for good; its entry is written off when the invoice is made."""
    need_reason(note)
    with editing(session, actor, line_id, expected_version, kind=EditKind.WRITE_OFF, note=note) as edit:
        _take_away_whole(edit.line, LineTreatment.WRITE_OFF)
    return edit.proforma


def hold_line(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    expected_version: int,
    note: str = "",
    until: date | None = None,
) -> Proforma:
    """Leave a line for a later bill; its entry goes back to work in progress when the invoice is made.

    No run bills it before the day `until`; without a day the next run does.
    """
    check_wake_day(until)
    with editing(session, actor, line_id, expected_version, kind=EditKind.HOLD, note=note) as edit:
        _hold(edit.line, until)
    return edit.proforma


def discount_line(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    expected_version: int,
    note: str = "",
    percent: Decimal | None = None,
    amount: Decimal | None = None,
) -> Proforma:
    """Give a discount on a line in percent or in dollars, in place of the one it has; neither takes that away."""
    with editing(session, actor, line_id, expected_version, kind=EditKind.LINE_DISCOUNT, note=note) as edit:
        set_discount(edit.line, percent=percent, amount=amount)
    return edit.proforma


def set_printing(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, kind: EditKind, note: str = ""
) -> Proforma:
    """Bill a line without charge (NO_CHARGE: printed at nothing), or without itemizing it (NO_PRINT: its value counts).

    Raises:
        InvalidInputError: a payor of the matter takes LEDES files, which know neither.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    with editing(session, actor, line_id, expected_version, kind=kind, note=note) as edit:
        check_no_ledes(session, edit.proforma)
        if kind is EditKind.NO_CHARGE:
            need_reason(note)
            edit.line.is_free = True
        else:
            edit.line.is_printed = False
    return edit.proforma


def restore_line(session: Session, actor: Actor, *, line_id: int, expected_version: int) -> Proforma:
    """Bill a line as entered again: units, rate, adjustment and treatment; text and codes stay as they were edited.

    The parts of a line that was split go; what their timekeeper attested stays in the history.

    Raises:
        WrongStateError: it went to another matter, whole or in part, or is billed with others in one line.
    """
    kind = EditKind.RESTORE
    with editing(session, actor, line_id, expected_version, kind=kind, of_replaced=True) as edit:
        _restore(session, actor, edit)
    return edit.proforma


def change_lines(  # noqa: PLR0913 -- who, which lines, in which version, how and why
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    line_ids: Sequence[int],
    expected_version: int,
    kind: EditKind,
    note: str = "",
    cut: Cut | None = None,
    codes: Mapping[str, str] | None = None,
    until: date | None = None,
) -> Proforma:
    """Do one thing to many lines of a proforma, as one step: write down, write off, hold, discount, or set codes.

    `kind` is WRITE_DOWN or LINE_DISCOUNT with a `cut`, WRITE_OFF, HOLD with or without a day, or LINE with `codes`.

    Raises:
        InvalidInputError: no line, too many, or one that this cannot be done to; none was changed.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    if kind in {EditKind.WRITE_DOWN, EditKind.WRITE_OFF}:
        need_reason(note)
    check_wake_day(until)
    do = _bulk(session, kind, cut or Cut(), codes or {}, until)
    only_codes = kind is EditKind.LINE
    with changing(session, actor, proforma_id, expected_version, kind=kind, only_codes=only_codes, note=note) as change:
        do_to_each(change, line_ids, do, note)
    return change.proforma


def _bulk(session: Session, kind: EditKind, cut: Cut, codes: Mapping[str, str], until: date | None) -> OneLine:
    if not codes and kind is EditKind.LINE:
        raise InvalidInputError("Give a code to set. Nothing was changed.")
    verbs: dict[EditKind, OneLine] = {
        EditKind.WRITE_DOWN: lambda _, line: _take_off(line, cut),
        EditKind.WRITE_OFF: lambda _, line: _take_away_whole(line, LineTreatment.WRITE_OFF),
        EditKind.HOLD: lambda _, line: _hold(line, until),
        EditKind.LINE_DISCOUNT: lambda _, line: set_discount(line, percent=cut.percent, amount=cut.amount),
        EditKind.LINE: lambda change, line: set_codes(session, change.proforma, line, codes),
    }
    if kind not in verbs:
        raise InvalidInputError("That cannot be done to many lines at once. Nothing was changed.")
    return verbs[kind]


def _take_away_whole(line: ProformaLine, treatment: LineTreatment) -> None:
    if line.time_entry_id is None and line.expense_id is None:
        message = "Combined expenses are not taken off as one. Nothing was changed; take them apart first."
        raise InvalidInputError(message, line_id=line.id)
    line.treatment, line.held_until = treatment, None


def _take_off(line: ProformaLine, cut: Cut) -> None:
    if cut.units is not None:
        if exact(cut.units) <= 0:
            raise InvalidInputError("Give more than nothing to take off. Nothing was changed.")
        set_units(line, line.billed_units - cut.units)
    if cut.amount is not None:
        line.write_down_amount += exact_amount(cut.amount)


def _hold(line: ProformaLine, until: date | None) -> None:
    if line.split_from_id is not None:
        message = "A part cannot wait alone: its entry is billed once. Nothing was changed; restore the whole line."
        raise InvalidInputError(message, line_id=line.id)
    _take_away_whole(line, LineTreatment.HOLD)
    line.held_until = until


def _restore(session: Session, actor: Actor, edit: LineEdit) -> None:
    line = edit.line
    if line.treatment is LineTreatment.SPLIT:
        edit.change.lines = remove_parts(session, actor, line, edit.change)
    else:
        check_stands(line)
    line.treatment, line.held_until = LineTreatment.BILL, None
    line.billed_units, line.note, line.is_free, line.is_printed = line.entered_units, "", False, True
    line.write_down_amount, line.discount_percent, line.discount_amount = ZERO, None, ZERO
    line.unit_cost = own_cost(session, edit.change, line)


def own_cost(session: Session, change: Change, line: ProformaLine) -> Decimal:
    """Return the cost that a line has by right: the rate of its day, or the expense's own."""
    if line.expense_id is not None and line.split_from_id is None:
        expense: Expense = lifecycle.get(session, Expense, line.expense_id)
        return expense.unit_cost
    found = change.card_cost(session, line)
    return found if found is not None else line.unit_cost


def _check_may_word(session: Session, actor: Actor, line: ProformaLine) -> None:
    if line.kind is EntryKind.FEE and not is_own_work(session, actor, line):
        message = (
            "The text of a time entry is its timekeeper's statement. Nothing was changed; propose your text, "
            "and it is billed once the timekeeper attests it."
        )
        raise DeniedError(message, line_id=line.id)
