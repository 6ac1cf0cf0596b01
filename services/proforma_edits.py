"""Edits of a proforma's lines by the firm's rules: hours never up, dates and performer never, three values kept.

The responsible attorney edits; a biller may fix codes. The time entry keeps what was worked and entered: an edit
changes the billed values alone, and the audit trail says which, without the narratives.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from core.clock import today
from core.errors import BillingError, DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from core.money import ZERO, as_text, line_amount, round_half_up, to_decimal, total
from ledes.utbms import is_activity, is_expense, is_task
from models import Expense, Proforma, ProformaFinding, ProformaLine, User
from models.enums import EntryKind, LineTreatment, ProformaStatus, Role
from services import audit, lifecycle
from services.actor import Actor
from services.findings import suggestion
from services.proforma_findings import CarrierView, carrier_view, lines_of, recheck
from services.proforma_queries import visible_proforma
from services.row_ids import row_id

_EDITABLE = frozenset({ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW, ProformaStatus.RETURNED})
_AUDITED = ("billed_units", "unit_cost", "adjustment_amount", "billed_amount", "treatment")
_DECIMALS = 4
_CODES = ("task_code", "activity_code", "expense_code")


@dataclass(frozen=True)
class _Edit:
    """A line under change, among all the lines of its locked proforma."""

    proforma: Proforma
    lines: list[ProformaLine]
    line: ProformaLine

    def view(self, session: Session) -> CarrierView:
        return carrier_view(session, self.proforma, self.lines)


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
    with _editing(session, actor, line_id, expected_version, only_codes=only_codes, note=note) as edit:
        _set_codes(edit.line, {name: code for name, code in codes.items() if code is not None})
        if narrative is not None:
            edit.line.billed_narrative = _checked_narrative(narrative)
        if billed_units is not None:
            _set_units(edit.line, billed_units)
        if unit_cost is not None:
            _set_unit_cost(edit.line, unit_cost)
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
    if taken is None or _exact(taken) <= 0:
        raise InvalidInputError("Give more than nothing to take off. Nothing was changed.")
    with _editing(session, actor, line_id, expected_version, note=note) as edit:
        if units is not None:
            _set_units(edit.line, edit.line.billed_units - units)
        if amount is not None:
            edit.line.adjustment_amount -= round_half_up(amount)
    return edit.proforma


def write_off(session: Session, actor: Actor, *, line_id: int, expected_version: int, note: str) -> Proforma:
    """Take a whole line off the bill for good; its entry is written off when the invoice is made."""
    _need_reason(note)
    with _editing(session, actor, line_id, expected_version, note=note) as edit:
        edit.line.treatment = LineTreatment.WRITE_OFF
    return edit.proforma


def hold_line(session: Session, actor: Actor, *, line_id: int, expected_version: int, note: str = "") -> Proforma:
    """Leave a line for a later bill; its entry goes back to work in progress when the invoice is made."""
    with _editing(session, actor, line_id, expected_version, note=note) as edit:
        edit.line.treatment = LineTreatment.HOLD
    return edit.proforma


def restore_line(session: Session, actor: Actor, *, line_id: int, expected_version: int) -> Proforma:
    """Bill a line as entered again: units, rate and treatment; text and codes stay as they were edited."""
    with _editing(session, actor, line_id, expected_version) as edit:
        line = edit.line
        line.treatment = LineTreatment.BILL
        line.billed_units, line.adjustment_amount, line.note = line.entered_units, ZERO, ""
        line.unit_cost = _own_cost(session, edit)
    return edit.proforma


def cut_to_approved_rate(session: Session, actor: Actor, *, line_id: int, expected_version: int) -> Proforma:
    """Bill a fee at the rate the carrier has approved for the day it was worked."""
    with _editing(session, actor, line_id, expected_version, note="Cut to the approved rate") as edit:
        _cut_rate(edit, edit.view(session))
    return edit.proforma


def apply_fix(session: Session, actor: Actor, *, finding_id: int, expected_version: int) -> Proforma:
    """Carry out the fix that a finding offers: the approved rate, the hours the rule leaves, or a write-off."""
    finding: ProformaFinding = lifecycle.get(session, ProformaFinding, finding_id)
    line_id, rule, why = finding.proforma_line_id, finding.rule, finding.message
    if line_id is None:
        raise InvalidInputError("This finding has no ready fix. Nothing was changed; edit the lines.")
    with _editing(session, actor, line_id, expected_version, note=f"Fixed: {why}"[:500]) as edit:
        view = edit.view(session)
        if rule == "rate_cap":
            _cut_rate(edit, view)
            return edit.proforma
        key = str(edit.line.line_number)
        units = suggestion(view.profile, view.lines, line_key=key, rule=rule, invoice_date=today())
        if units > 0:
            _set_units(edit.line, units)
        else:
            edit.line.treatment = LineTreatment.WRITE_OFF
    return edit.proforma


@contextmanager
def _editing(
    session: Session,
    actor: Actor,
    line_id: int,
    expected_version: int,
    *,
    only_codes: bool = False,
    note: str = "",
) -> Iterator[_Edit]:
    """Lock the proforma, check who and when, let the caller change the line, then make all sums right again."""
    found: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, found.proforma_id)
    session.refresh(proforma, with_for_update=True)
    _check_may_edit(actor, proforma, only_codes=only_codes)
    _check_open(proforma, expected_version)
    lines = lines_of(session, row_id(proforma))
    session.refresh(found)
    edit = _Edit(proforma, lines, found)
    before, narrative = _values(found), found.billed_narrative
    try:
        with session.no_autoflush:
            yield edit
            found.note = note or found.note
            _recompute(found)
    except BillingError:
        session.expire(found)
        raise
    proforma.billed_amount = total(line.billed_amount for line in lines if line.treatment is LineTreatment.BILL)
    proforma.version += 1
    session.flush()
    proforma.finding_count = recheck(session, proforma, lines)
    session.flush()
    _record(session, actor, edit, before, narrative_changed=narrative != found.billed_narrative, note=note)


def _record(
    session: Session, actor: Actor, edit: _Edit, before: dict[str, str], *, narrative_changed: bool, note: str
) -> None:
    after = _values(edit.line)
    changed: dict[str, Any] = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if narrative_changed:
        changed["by_its_timekeeper"] = _is_own_work(session, actor, edit.line)
    audit.record(
        session,
        actor,
        "proforma:line_edited",
        "proforma",
        row_id(edit.proforma),
        note=note,
        line_number=edit.line.line_number,
        changed=changed,
        narrative_changed=narrative_changed,
    )


def _check_may_edit(actor: Actor, proforma: Proforma, *, only_codes: bool) -> None:
    if actor.has(Role.ATTORNEY) and actor.user_id == proforma.reviewer_id:
        return
    if only_codes and actor.has(Role.BILLER):
        return
    message = "Only the matter's responsible attorney may change this; billing may fix codes. Nothing was changed."
    raise DeniedError(message, proforma_id=proforma.id)


def _check_open(proforma: Proforma, expected_version: int) -> None:
    if proforma.status not in _EDITABLE:
        word = proforma.status.value.replace("_", " ")
        message = f"The proforma is {word}, so its lines cannot be changed. Nothing was changed; reopen it first."
        raise WrongStateError(message, status=proforma.status)
    if proforma.version != expected_version:
        message = "Somebody changed this since you opened it. Your change was not saved; look at the new state first."
        raise StaleVersionError(message, expected=expected_version, found=proforma.version)


def _set_codes(line: ProformaLine, codes: dict[str, str]) -> None:
    belongs = {"expense_code": is_expense} if line.kind is EntryKind.EXPENSE else _FEE_CODES
    for name, given in codes.items():
        code = given.strip().upper()
        if name not in belongs and code:
            word = "an expense" if line.kind is EntryKind.EXPENSE else "a fee"
            raise InvalidInputError(f"A {name.replace('_', ' ')} does not belong on {word}. Nothing was changed.")
        if name in belongs and not belongs[name](code):
            kind = name.replace("_", " ")
            raise InvalidInputError(f"{code or 'Nothing'} is no {kind} of the UTBMS lists. Nothing was changed.")
        setattr(line, name, code)


_FEE_CODES = {"task_code": is_task, "activity_code": is_activity}


def _checked_narrative(narrative: str) -> str:
    text = narrative.strip()
    if not text:
        raise InvalidInputError("A line needs a narrative. Nothing was changed; write one, or write the line off.")
    return text


def _exact(value: Decimal) -> Decimal:
    """Refuse what the columns could not keep: more than four decimals, or no number at all."""
    number = to_decimal(value)
    if number != round_half_up(number, _DECIMALS):
        raise InvalidInputError(f"{number:f} has too many digits; at most 4 decimals are kept. Nothing was changed.")
    return number


def _set_units(line: ProformaLine, given: Decimal) -> None:
    units = _exact(given)
    if units > line.entered_units:
        message = (
            f"Hours may go down, never up: {line.entered_units.normalize():f} were entered. "
            "Nothing was changed; more needs its timekeeper's own entry."
        )
        raise InvalidInputError(message)
    if units <= 0:
        raise InvalidInputError("A line without units cannot be billed. Nothing was changed; write it off instead.")
    line.billed_units = units


def _set_unit_cost(line: ProformaLine, given: Decimal) -> None:
    unit_cost = _exact(given)
    if not 0 < unit_cost <= line.unit_cost:
        raise InvalidInputError("The rate may go down, never up, and not to nothing. Nothing was changed.")
    line.unit_cost = unit_cost


def _cut_rate(edit: _Edit, view: CarrierView) -> None:
    hour = view.hours.get(str(edit.line.line_number))
    approved = view.rates.approved(hour) if hour else None
    if approved is None:
        raise InvalidInputError("The carrier has no approved rate on file for this day. Nothing was changed.")
    _set_unit_cost(edit.line, approved)


def _own_cost(session: Session, edit: _Edit) -> Decimal:
    """Return the cost the line had at the billing run: the rate of its day, or the expense's own."""
    if edit.line.expense_id is not None:
        expense: Expense = lifecycle.get(session, Expense, edit.line.expense_id)
        return expense.unit_cost
    view = edit.view(session)
    hour = view.hours.get(str(edit.line.line_number))
    found = view.rates.find(hour) if hour else None
    return found if found is not None else edit.line.unit_cost


def _recompute(line: ProformaLine) -> None:
    amount = line_amount(line.billed_units, line.unit_cost, line.adjustment_amount)
    if amount <= 0 and line.treatment is LineTreatment.BILL:
        raise InvalidInputError("Nothing would be left of the line. Nothing was changed; write it off instead.")
    line.billed_amount = amount


def _values(line: ProformaLine) -> dict[str, str]:
    return {name: _text(getattr(line, name)) for name in (*_AUDITED, *_CODES)}


def _text(value: Any) -> str:  # noqa: ANN401 -- a column's value
    return (
        (as_text(value) if value == round_half_up(value) else f"{value:f}")
        if isinstance(value, Decimal)
        else str(value)
    )


def _need_reason(note: str) -> None:
    if not note.strip():
        raise InvalidInputError("Taking money off a bill needs a reason. Nothing was changed; write one.")


def _is_own_work(session: Session, actor: Actor, line: ProformaLine) -> bool:
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    return user is not None and line.timekeeper_id is not None and user.timekeeper_id == line.timekeeper_id
