"""What a list needs to leave as a file: its columns, and a way to read one page after another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from adapters.spreadsheets import Kind, Row, SheetColumn, Value
from core.db import read_only
from services.actor import Actor
from services.asked import Asked

Item = TypeVar("Item")
PAGE_ROWS = 500


@dataclass(frozen=True)
class Field(Generic[Item]):
    """One column and how its value is taken from a row of the list."""

    title: str
    value: Callable[[Item], Value]
    kind: Kind = Kind.TEXT
    width: int = 0

    @property
    def column(self) -> SheetColumn:
        """The column of the file."""
        return SheetColumn(self.title, self.kind, self.width)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Rows of a list, and the key after which the next page begins; None at the end."""

    items: Sequence[Item]
    next_key: Any | None = None


ReadPage = Callable[[Session, Actor, Asked, Any | None], Page[Any]]


@dataclass(frozen=True)
class Export:
    """One list: its name in addresses, its title, its columns, and how a page of it is read."""

    name: str
    title: str
    fields: tuple[Field[Any], ...]
    read_page: ReadPage

    @property
    def columns(self) -> tuple[SheetColumn, ...]:
        """The columns of the file."""
        return tuple(field.column for field in self.fields)

    def pages(self, actor: Actor, asked: Asked) -> Iterator[list[Row]]:
        """Yield the rows page by page; each is read in a transaction of its own, so none is held while a file leaves.

        Raises:
            BillingError: as the list itself refuses.
        """
        key: Any | None = None
        while True:
            with read_only() as session:
                page = self.read_page(session, actor, asked, key)
                rows: list[Row] = [tuple(field.value(item) for field in self.fields) for item in page.items]
            yield rows
            if page.next_key is None:
                return
            key = page.next_key


def word(value: StrEnum | None) -> str:
    """Return a state as people read it: 'In review'."""
    return value.value.replace("_", " ").capitalize() if value is not None else ""


def difference(before: Decimal, after: Decimal) -> Decimal:
    """Return what was taken off."""
    return before - after


def paged(items: Sequence[Item], key_of: Callable[[Item], Any]) -> Page[Item]:
    """Return a page of rows that were read one more than `PAGE_ROWS` at most."""
    shown = items[:PAGE_ROWS]
    return Page(shown, key_of(shown[-1]) if len(items) > PAGE_ROWS else None)
