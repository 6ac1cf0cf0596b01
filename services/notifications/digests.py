"""What one message says: its notices by kind, each with a link to its row; the same for mail, phone and chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from models.enums import NoticeKind
from services.notice_kinds import KINDS
from services.notice_words import path_of, words_of
from services.notices import NoticeRow

MOST_LINES = 15
_MOST_NAMED = 3


@dataclass(frozen=True)
class Line:
    """One notice, as text, with the address of its row."""

    title: str
    hint: str
    url: str


@dataclass(frozen=True)
class Group:
    """The notices of one kind: '3 proformas to review'; `more` of them are behind `more_url`."""

    kind: NoticeKind
    counted: str
    lines: tuple[Line, ...]
    more: int
    more_url: str


@dataclass(frozen=True)
class Digest:
    """A whole message; `subject` fits into one line."""

    subject: str
    groups: tuple[Group, ...]
    count: int
    url: str

    @property
    def first(self) -> Line:
        """The first line of all."""
        return self.groups[0].lines[0]

    @property
    def kinds(self) -> tuple[NoticeKind, ...]:
        """What it tells of."""
        return tuple(group.kind for group in self.groups)


def compose(rows: Sequence[NoticeRow], public_url: str) -> Digest:
    """Return the message of some notices, at least one."""
    groups = tuple(
        _group(kind, [row for row in rows if row.kind is kind], public_url)
        for kind in KINDS
        if any(row.kind is kind for row in rows)
    )
    subject = groups[0].lines[0].title if len(rows) == 1 else _summary(groups, len(rows))
    return Digest(subject, groups, len(rows), f"{public_url}/notifications")


def _group(kind: NoticeKind, rows: Sequence[NoticeRow], public_url: str) -> Group:
    lines = tuple(_line(row, public_url) for row in rows[:MOST_LINES])
    more_url = f"{public_url}/notifications?{urlencode({'kind': kind.value})}"
    return Group(kind, KINDS[kind].counted(len(rows)), lines, len(rows) - len(lines), more_url)


def _line(row: NoticeRow, public_url: str) -> Line:
    title, hint = words_of(row)
    return Line(title, hint, f"{public_url}{path_of(row)}")


def _summary(groups: Sequence[Group], count: int) -> str:
    named = [group.counted for group in groups[:_MOST_NAMED]]
    rest = count - sum(len(group.lines) + group.more for group in groups[:_MOST_NAMED])
    return ", ".join([*named, *([f"{rest:,} more"] if rest else [])])
