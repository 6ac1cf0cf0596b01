"""Exact money: Decimal only, rounded half-up once a line, by one function."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from core.errors import InvalidInputError

CENT = Decimal("0.01")
CENTS = 2
ZERO = Decimal("0.00")
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")


def to_decimal(value: Decimal | int | str) -> Decimal:
    """Return `value` as a finite Decimal.

    Raises:
        InvalidInputError: for anything that is not a plain number; a binary float is always refused.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        message = f"{value!r} is not an exact number. Nothing was saved; give digits, as in 125.50."
        raise InvalidInputError(message)
    is_plain = not isinstance(value, str) or _PLAIN.fullmatch(value.strip()) is not None
    number = Decimal(value) if is_plain else Decimal("NaN")
    if not number.is_finite():
        message = f"{value!r} is not a number. Nothing was saved; give digits, as in 125.50."
        raise InvalidInputError(message)
    return number


def round_half_up(amount: Decimal, places: int = CENTS) -> Decimal:
    """Round to `places` decimals, halves away from zero: 2.345 -> 2.35, -2.345 -> -2.35."""
    return amount.quantize(CENT if places == CENTS else Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def line_amount(units: Decimal, unit_cost: Decimal, adjustment: Decimal = ZERO) -> Decimal:
    """Return one line's total in dollars and cents: units x unit cost + adjustment, rounded once."""
    return round_half_up(units * unit_cost + adjustment)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum amounts that are already rounded; an empty sum is 0.00."""
    return sum(amounts, start=ZERO)


def share_out(amount: Decimal, percents: list[Decimal]) -> list[Decimal]:
    """Split `amount` by percents adding up to 100; the rounding remainder goes to the first share.

    Raises:
        InvalidInputError: when the percents do not add up to exactly 100.
    """
    if sum(percents, start=Decimal(0)) != Decimal(100):
        message = "The payors' shares of the matter do not add up to 100 %. Nothing was billed; correct the shares."
        raise InvalidInputError(message)
    rest = [round_half_up(amount * percent / 100) for percent in percents[1:]]
    return [amount - total(rest), *rest]


def as_text(amount: Decimal) -> str:
    """Return plain digits with two decimals, as LEDES and UI state want them: '1250.00'."""
    return f"{round_half_up(amount):f}"


def as_dollars(amount: Decimal) -> str:
    """Return an amount for people: '$1,250.00', '-$12.50'."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(round_half_up(amount)):,.2f}"


def to_cents(amount: Decimal) -> int:
    """Return whole cents of an amount with at most two decimals."""
    return int(amount.scaleb(2).to_integral_exact())
