"""What one carrier wants of its files beyond the format: its own fields, lengths and spellings, as plain data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.portals.readers.layouts import Layout


@dataclass(frozen=True, slots=True)
class Habits:
    """A carrier's own demands on files between pipes; XML files have none.

    Attributes:
        needed: fields wanted on every row; `on_fees` on fees only.
        longest: most characters of a field; `decimals` most decimals of a figure.
        spelling: by field, a pattern of its whole text where it is not blank, and how the site words it.
    """

    needed: tuple[str, ...] = ()
    on_fees: tuple[str, ...] = ()
    longest: Mapping[str, int] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    spelling: Mapping[str, tuple[str, str]] = field(default_factory=dict)


USUAL_HABITS = Habits()


def parse_habits(raw: Mapping[str, Any]) -> Habits:
    """Read a carrier's habits from the decoded JSON; an unknown one is an error, not a silent nothing."""
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    return Habits(**read)


def narrowed(layout: Layout, habits: Habits) -> Layout:
    """Return a format's layout as one carrier wants it."""
    return replace(
        layout,
        always=(*layout.always, *habits.needed),
        on_fees=(*layout.on_fees, *habits.on_fees),
        longest={**layout.longest, **habits.longest},
        decimals={**layout.decimals, **habits.decimals},
        spelling={name: (re.compile(pattern), text) for name, (pattern, text) in habits.spelling.items()},
    )
