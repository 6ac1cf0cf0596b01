"""How a screen asks for one page of a long list, and what it gets back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression

Row = TypeVar("Row")
PAGE_SIZE = 50
_LARGEST_PAGE_SIZE = 200
_LONGEST_SEARCH = 100
ESCAPE = "/"


@dataclass(frozen=True)
class TableQuery:
    """What the person asked the table for; every value came from the browser and is checked by `ordered`."""

    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZE
    filters: Mapping[str, str] = field(default_factory=dict)
    known_total: int | None = None

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * self.size

    def checked(self) -> "TableQuery":
        """Return the same question with its numbers and texts within bounds."""
        size = min(max(self.size, 1), _LARGEST_PAGE_SIZE)
        return replace(self, search=self.search.strip()[:_LONGEST_SEARCH], page=max(self.page, 1), size=size)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of rows and how many there are in all."""

    rows: list[Row]
    total: int


def contains(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a column holds the text anywhere, `%` and `_` taken literally."""
    return column.icontains(text, autoescape=True)


def anywhere(text: str) -> str:
    """Return the pattern of what holds the text anywhere, for a kept statement's LIKE with `ESCAPE`."""
    return f"%{_literally(text)}%"


def beginning(text: str) -> str:
    """Return the pattern of what begins with the text, for a kept statement's LIKE with `ESCAPE`."""
    return f"{_literally(text)}%"


def _literally(text: str) -> str:
    return "".join(f"{ESCAPE}{letter}" if letter in {ESCAPE, "%", "_"} else letter for letter in text)
