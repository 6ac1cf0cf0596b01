"""How a screen asks for one page of a long list, and what it gets back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select
from sqlmodel import Session

Row = TypeVar("Row")
AnySelect = Select[*tuple[Any, ...]]
PAGE_SIZE = 50
_LARGEST_PAGE_SIZE = 200
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class TableQuery:
    """What the person asked the table for; every value came from the browser and is checked by `ordered`."""

    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = PAGE_SIZE
    filters: Mapping[str, str] = field(default_factory=dict)

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


def ordered(
    statement: AnySelect,
    query: TableQuery,
    sortable: Mapping[str, SQLColumnExpression[Any]],
    tie: SQLColumnExpression[Any],
) -> AnySelect:
    """Order by one of the `sortable` columns, newest `tie` first when none is asked for; unknown names are ignored."""
    if (column := sortable.get(query.sort)) is None:
        return statement.order_by(tie.desc())
    return statement.order_by(column.desc() if query.descending else column.asc(), tie.desc())


def page_of(session: Session, statement: AnySelect, query: TableQuery) -> Listing[Any]:
    """Run an ordered statement for one page, with the count of all its rows."""
    total = session.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one()
    rows = session.execute(statement.limit(query.size).offset((query.page - 1) * query.size)).all()
    return Listing(list(rows), total)
