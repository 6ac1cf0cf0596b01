"""The figures of a fee or an expense, and the arithmetic that binds them."""

from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from core.money import ZERO, as_text
from ledes.findings import FindingCode
from ledes.xml.elements import SPECS
from ledes.xml.reading import Limits
from ledes.xml.values import Problems, fault, read_figure

NAMES: Final = ("units", "rate", "base_amount", "item_disc_cred_amount", "total_amount")
_HALF_CENT: Final = Decimal("0.005")
_ELEMENTS: Final = tuple(SPECS["fee"].known[name] for name in NAMES)

Texts = tuple[str, str, str, str, str]


class Amounts(NamedTuple):
    """Figures of a line; those that could not be read stand as 0.00, and `is_readable` is False."""

    units: Decimal
    rate: Decimal
    adjustment: Decimal
    total: Decimal
    is_readable: bool
    problems: Problems


@lru_cache(maxsize=65536)
def read_amounts(texts: Texts, limits: Limits) -> Amounts:
    """Read the five figures (texts in the order of `NAMES`), and check that they agree.

    `base_amount` is units x rate rounded to the cent, a half either way; `total_amount` is that and the adjustment.
    """
    problems: Problems = ()
    figures: list[Decimal | None] = []
    for element, text in zip(_ELEMENTS, texts, strict=True):
        figure, faults = (
            read_figure(text, element.name, limits.decimals(element), element.kind == "money") if text else (None, ())
        )
        figures.append(figure)
        problems += faults
    units, rate, base, adjustment, total = figures
    adjustment = ZERO if not texts[3] else adjustment
    if units is None or rate is None or base is None or adjustment is None or total is None:
        return Amounts(ZERO, ZERO, ZERO, ZERO, is_readable=False, problems=problems)
    problems += _negative(units, texts[0]) + _math(units, rate, base, adjustment, total, limits.tolerance)
    return Amounts(units, rate, adjustment, total, is_readable=True, problems=problems)


def _negative(units: Decimal, text: str) -> Problems:
    if units >= 0:
        return ()
    fix = "Write a discount as matter_disc_cred."
    return (fault(FindingCode.NEGATIVE_UNITS, "units", f"is {text}, less than nothing.", fix, value=text),)


def _math(
    units: Decimal, rate: Decimal, base: Decimal, adjustment: Decimal, total: Decimal, tolerance: Decimal
) -> Problems:
    problems: Problems = ()
    exact = units * rate
    if abs(base - exact) > _HALF_CENT + tolerance:
        message = f"is {base:f}, but units x rate make {as_text(exact)}."
        fix = f"Write {as_text(exact)}, or correct the figures it is made of."
        problems += (fault(FindingCode.LINE_MATH, "base_amount", message, fix, value=f"{base:f}"),)
    if abs(total - base - adjustment) > tolerance:
        made = as_text(base + adjustment)
        message = f"is {total:f}, but base_amount + item_disc_cred_amount make {made}."
        fix = f"Write {made}, or correct the figures it is made of."
        problems += (fault(FindingCode.LINE_MATH, "total_amount", message, fix, value=f"{total:f}"),)
    return problems
