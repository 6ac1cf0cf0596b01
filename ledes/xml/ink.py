"""XML written line by line: elements of one text, segments two spaces deeper, values that XML can hold."""

import re
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Final
from xml.sax.saxutils import escape

from core.money import CENT
from ledes.characters import character_name
from ledes.findings import Finding, FindingCode
from ledes.xml.elements import ITEM
from ledes.xml.nodes import Place
from ledes.xml.reading import placed
from ledes.xml.values import fault

_UNFIT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES: Final = {"\r": "&#13;"}
_MOST_DIGITS: Final = 20

Value = str | date | Decimal | None


class Ink:
    """A file being written.

    Attributes:
        findings: characters that XML cannot hold, by their place in the file.
    """

    def __init__(self, next_item: int) -> None:
        self.findings: list[Finding] = []
        self._lines = ['<?xml version="1.0" encoding="UTF-8"?>']
        self._row = 2
        self._open: list[str] = []
        self._items = count(next_item)

    def begin(self, name: str, namespace: str = "") -> None:
        """Open a segment."""
        self._write(f'<{name} xmlns="{namespace}">' if namespace else f"<{name}>")
        self._open.append(name)

    def end(self) -> None:
        """Close the segment opened last."""
        self._write(f"</{self._open.pop()}>")

    def put(self, name: str, value: Value) -> None:
        """Write an element; one without a value is left out."""
        text = _text(value)
        if not text:
            return
        if unfit := _UNFIT.search(text):
            self._refuse(name, unfit[0])
            text = _UNFIT.sub("?", text)
        self._write(f"<{name}>{escape(text, _ENTITIES)}</{name}>")

    def put_item(self, number: str = "") -> None:
        """Write the segment's file_item_nbr: the line's own number, or the next that no line has."""
        self.put(ITEM, number or str(next(self._items)))

    def content(self) -> bytes:
        """Return the file."""
        return ("\n".join(self._lines) + "\n").encode("utf-8")

    def _write(self, text: str) -> None:
        self._lines.append(f"{'  ' * len(self._open)}{text}")
        self._row += 1 + text.count("\n")

    def _refuse(self, name: str, character: str) -> None:
        message = f"holds {character_name(character)}, which XML cannot hold."
        problem = fault(FindingCode.FORBIDDEN_CHARACTER, name, message, "Retype that part.")
        self.findings.append(placed(problem, Place(self._row, 2 * len(self._open) + 1, -1)))


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    return figure_text(value) if isinstance(value, Decimal) else value


def figure_text(number: Decimal) -> str:
    """Return plain digits: two decimals, or as many more as the number needs to stay exact."""
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        return str(number)
    if number == 0:
        return "0.00"
    in_cents = number.quantize(CENT)
    return f"{in_cents:f}" if in_cents == number else f"{number.normalize():f}"
