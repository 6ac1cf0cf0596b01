"""The values of one line of a proforma: what each may become, and the line's amount right again."""

from collections.abc import Mapping
from decimal import Decimal

from sqlmodel import Session

from core.errors import InvalidInputError
from core.money import ZERO, line_amount, round_half_up, to_decimal
from ledes.utbms import CodeKind, is_kind
from models import Proforma, ProformaLine
from models.enums import EntryKind, LineTreatment
from services.review.proforma_findings import leading_carrier

DISCOUNTS = frozenset({EntryKind.FEE_DISCOUNT, EntryKind.EXPENSE_DISCOUNT})
CODES = ("task_code", "activity_code", "expense_code")
WHOLE_PERCENT = Decimal(100)
_DECIMALS = 4
_FEE_CODES: Mapping[str, CodeKind] = {"task_code": "task", "activity_code": "activity"}
_EXPENSE_CODES: Mapping[str, CodeKind] = {"expense_code": "expense"}


def exact(value: Decimal) -> Decimal:
    """Refuse what the columns could not keep: more than four decimals, or no number at all."""
    number = to_decimal(value)
    if number != round_half_up(number, _DECIMALS):
        raise InvalidInputError(f"{number:f} has too many digits; at most 4 decimals are kept. Nothing was changed.")
    return number


def exact_amount(value: Decimal) -> Decimal:
    """Return dollars and cents.

    Raises:
        InvalidInputError: there are more than two decimals, or it is not above nothing.
    """
    number = to_decimal(value)
    if number != round_half_up(number):
        raise InvalidInputError(f"{number:f} is no amount in dollars and cents. Nothing was changed.")
    if number <= 0:
        raise InvalidInputError("Give more than nothing to take off. Nothing was changed.")
    return round_half_up(number)


def exact_percent(value: Decimal) -> Decimal:
    """Return a percent above 0, up to 100.

    Raises:
        InvalidInputError: it is none.
    """
    number = exact(value)
    if not 0 < number <= WHOLE_PERCENT:
        raise InvalidInputError("A discount is more than 0 and at most 100 percent. Nothing was changed.")
    return number


def checked_narrative(narrative: str) -> str:
    """Return a text for a line.

    Raises:
        InvalidInputError: it is empty.
    """
    text = narrative.strip()
    if not text:
        raise InvalidInputError("A line needs a narrative. Nothing was changed; write one, or write the line off.")
    return text


def set_codes(session: Session, proforma: Proforma, line: ProformaLine, codes: Mapping[str, str]) -> None:
    """Set codes by the name of their field: those of the UTBMS lists, and the carrier's own.

    Raises:
        InvalidInputError: a code is none of either, or belongs on the other kind of line.
    """
    belongs = {EntryKind.EXPENSE: _EXPENSE_CODES, EntryKind.FEE: _FEE_CODES}.get(line.kind, {})
    for name, given in codes.items():
        code = given.strip().upper()
        kind = belongs.get(name)
        if kind is None and code:
            word = {EntryKind.EXPENSE: "an expense", EntryKind.FEE: "a fee"}.get(line.kind, "a discount")
            raise InvalidInputError(f"A {name.replace('_', ' ')} does not belong on {word}. Nothing was changed.")
        if kind is not None and not is_kind(code, kind) and not _is_of_carrier(session, proforma, line, code, kind):
            word = name.replace("_", " ")
            raise InvalidInputError(f"{code or 'Nothing'} is no {word} of the UTBMS lists. Nothing was changed.")
        setattr(line, name, code)


def _is_of_carrier(session: Session, proforma: Proforma, line: ProformaLine, code: str, kind: CodeKind) -> bool:
    if not code:
        return False
    _, active = leading_carrier(session, proforma)
    return active.profile.codes.is_allowed(code, kind, line.worked_on)


def set_units(line: ProformaLine, given: Decimal) -> None:
    """Bill this many hours or units; as many as were entered, at most.

    Raises:
        InvalidInputError: more, none, or too many digits.
    """
    units = exact(given)
    if units > line.entered_units:
        message = (
            f"Hours may go down, never up: {line.entered_units.normalize():f} were entered. "
            "Nothing was changed; more needs its timekeeper's own word."
        )
        raise InvalidInputError(message)
    if units <= 0:
        raise InvalidInputError("A line without units cannot be billed. Nothing was changed; write it off instead.")
    line.billed_units = units


def set_unit_cost(line: ProformaLine, given: Decimal, *, most: Decimal | None = None) -> None:
    """Bill at this rate: at most the one it has, or `most` where a card says what it may be.

    Raises:
        InvalidInputError: a higher one, or none.
    """
    unit_cost = exact(given)
    if not 0 < unit_cost <= max(line.unit_cost, most or ZERO):
        raise InvalidInputError("The rate may go down, never up, and not to nothing. Nothing was changed.")
    line.unit_cost = unit_cost


def set_discount(line: ProformaLine, *, percent: Decimal | None = None, amount: Decimal | None = None) -> None:
    """Give a discount on one line, in percent or in dollars; the one before it is replaced. Neither takes it away."""
    line.discount_percent = None if percent is None else exact_percent(percent)
    line.discount_amount = ZERO if amount is None else exact_amount(amount)


def recompute(line: ProformaLine) -> None:
    """Make the line's adjustment and amount right.

    Raises:
        InvalidInputError: nothing would be left of a line that bills.
    """
    if line.kind in DISCOUNTS:
        return
    if line.is_free:
        line.adjustment_amount, line.billed_amount = -line_amount(line.billed_units, line.unit_cost), ZERO
        return
    rest = line_amount(line.billed_units, line.unit_cost) - line.write_down_amount
    if line.discount_percent is not None:
        line.discount_amount = round_half_up(rest * line.discount_percent / WHOLE_PERCENT)
    line.adjustment_amount = -(line.write_down_amount + line.discount_amount)
    amount = line_amount(line.billed_units, line.unit_cost, line.adjustment_amount)
    if amount <= 0 and line.treatment is LineTreatment.BILL:
        raise InvalidInputError("Nothing would be left of the line. Nothing was changed; write it off instead.")
    line.billed_amount = amount
