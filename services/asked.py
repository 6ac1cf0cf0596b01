"""What an address asks a list for: texts that came from a browser, each checked before it means anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

_LONGEST_NUMBER, _LONGEST_SEARCH = 18, 60
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """The filters of a list's address and what is searched for."""

    filters: Mapping[str, str] = field(default_factory=dict)
    search: str = ""

    @property
    def text(self) -> str:
        """What is searched for, no longer than a number or a name is."""
        return self.search.strip()[:_LONGEST_SEARCH]

    def get(self, name: str) -> str:
        """Return one filter; '' where it is not asked for."""
        return self.filters.get(name, "")

    def number(self, name: str) -> int | None:
        """Return a filter that is a number."""
        return as_number(self.get(name))

    def day(self, name: str) -> date | None:
        """Return a filter that is a day."""
        return as_day(self.get(name))

    def choice(self, vocabulary: type[Choice], name: str) -> Choice | None:
        """Return a filter that is a word of a vocabulary."""
        return as_choice(vocabulary, self.get(name))


def as_number(text: str) -> int | None:
    """Return a number that stands in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def as_day(text: str) -> date | None:
    """Return a day as in '2026-10-31'; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_choice(vocabulary: type[Choice], text: str) -> Choice | None:
    """Return the member of a closed vocabulary; None for anything else."""
    return vocabulary(text) if text in list(vocabulary) else None
