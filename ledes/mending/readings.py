"""Amounts that can be read in two ways, settled by the arithmetic of their invoice where it allows one way only."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

from ledes.mending.judge import adds_up
from ledes.mending.numbers import plain_number
from ledes.pipe.layout import Layout

_BRACKETS: Final = re.compile(r"\$?\s*\(([^()-]+)\)")
_LONE_COMMA: Final = re.compile(r"\s*-?\s*\$?\s*-?[0-9]{1,3},[0-9]{3}\s*", re.ASCII)
_BOTH: Final = (True, False)


def settle(rows: Sequence[Sequence[str]], layout: Layout) -> list[list[str]] | None:
    """Return the rows of an invoice with every doubtful amount read the one way in which all figures agree.

    In doubt are brackets, which may mean less than nothing, and a lone comma, which may part thousands or decimals.
    None when nothing is in doubt, or when no way, or more than one, makes the figures agree.
    """
    columns = frozenset(at for at, field in enumerate(layout.fields) if field.is_figure)
    cells = {row[at] for row in rows for at in columns}
    bracketed = [found[1] for cell in cells if (found := _BRACKETS.fullmatch(cell))]
    has_commas = any(_LONE_COMMA.fullmatch(cell) for cell in [*cells, *bracketed])
    if not bracketed and not has_commas:
        return None
    choices = product(_BOTH if bracketed else _BOTH[:1], _BOTH if has_commas else _BOTH[:1])
    ways = [_rewritten(rows, columns, are_negative=brackets, part_thousands=commas) for brackets, commas in choices]
    agreeing = [way for way in ways if adds_up(way, layout)]
    return agreeing[0] if len(agreeing) == 1 else None


def _rewritten(
    rows: Sequence[Sequence[str]], columns: frozenset[int], *, are_negative: bool, part_thousands: bool
) -> list[list[str]]:
    def read(cell: str) -> str:
        found = _BRACKETS.fullmatch(cell)
        inner = found[1] if found else cell
        if _LONE_COMMA.fullmatch(inner):
            inner = inner.replace(",", "" if part_thousands else ".")
        plain = plain_number(inner) if inner else None
        if plain is None:
            return cell
        return f"-{plain}" if found and are_negative else plain

    return [[read(cell) if at in columns else cell for at, cell in enumerate(row)] for row in rows]
