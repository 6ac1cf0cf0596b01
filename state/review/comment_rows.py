"""Comments as text, with the names of people in them marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.review.comments import CommentRow, Person
from state.words import moment

# An @ inside a word is an address, not a name.
_FRAGMENT = re.compile(r"(?<!\w)@([^@\n]{0,40})$")
_MOST = 6


@dataclass(frozen=True)
class Words:
    """A part of a comment; `is_name` where it names somebody."""

    text: str
    is_name: bool = False


@dataclass(frozen=True)
class CommentView:
    """One comment; `where` is '' for the whole bill, `line_id` '' where it is about no line that is there."""

    id: str
    version: str
    author: str
    at: str
    where: str
    line_id: str
    is_own: bool
    is_removed: bool
    is_edited: bool
    resolved_by: str
    words: list[Words] = field(default_factory=list)


def comment_views(rows: Iterable[CommentRow], people: Iterable[Person]) -> list[CommentView]:
    """Return comments as text, the names of these people marked in them."""
    marked = _marked(sorted((person.name for person in people), key=len, reverse=True))
    return [_view(row, marked) for row in rows]


def names_somebody(rows: Iterable[CommentRow]) -> bool:
    """Whether anybody may be named in one of the comments."""
    return any("@" in row.body for row in rows)


def _view(row: CommentRow, marked: re.Pattern[str] | None) -> CommentView:
    return CommentView(
        id=str(row.id),
        version=str(row.version),
        author=row.author,
        at=moment(row.created_at),
        where=_where(row),
        line_id=str(row.line_id or ""),
        is_own=row.is_own and not row.is_removed,
        is_removed=row.is_removed,
        is_edited=row.is_edited,
        resolved_by=row.resolved_by,
        words=_words(row.body, marked),
    )


def fragment_of(text: str) -> str | None:
    """Return what is typed behind the last @, '' right after it, None where no name is being typed."""
    found = _FRAGMENT.search(text)
    return None if found is None else found[1]


def with_name(text: str, name: str) -> str:
    """Return a text whose last @ is completed to a name."""
    return _FRAGMENT.sub(f"@{name} ", text)


def suggested(people: Iterable[Person], text: str) -> list[str]:
    """Return the names that fit what is typed behind the last @."""
    fragment = fragment_of(text)
    if fragment is None:
        return []
    wanted = fragment.casefold().strip()
    fitting = [person.name for person in people if any(part.startswith(wanted) for part in _parts(person.name))]
    return [] if [name.casefold() for name in fitting] == [wanted] else fitting[:_MOST]


def _parts(name: str) -> list[str]:
    folded = name.casefold()
    return [folded, *folded.split()]


def _where(row: CommentRow) -> str:
    if row.line_number is not None:
        return f"Line {row.line_number}" if row.line_id is not None else f"Line {row.line_number}, gone since"
    return f"Invoice {row.invoice_number}" if row.invoice_number else ""


def _marked(longest_first: list[str]) -> re.Pattern[str] | None:
    if not longest_first:
        return None
    return re.compile("@(?:" + "|".join(map(re.escape, longest_first)) + ")", re.IGNORECASE)


def _words(body: str, marked: re.Pattern[str] | None) -> list[Words]:
    if marked is None or "@" not in body:
        return [Words(body)] if body else []
    words, end = [], 0
    for found in marked.finditer(body):
        words += [Words(body[end : found.start()]), Words(found[0], is_name=True)]
        end = found.end()
    return [one for one in (*words, Words(body[end:])) if one.text]
