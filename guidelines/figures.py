"""Figures as sentences show them."""

from decimal import Decimal


def hours(figure: Decimal) -> str:
    """Return hours for people: '12.5 h'."""
    return f"{number(figure)} h"


def number(figure: Decimal) -> str:
    """Return a figure without needless zeros: '12.5', '100'."""
    return f"{figure.normalize():f}"
