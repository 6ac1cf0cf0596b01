"""Splits that wait for their timekeeper, as text, and the running sum of what was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import InvalidInputError
from services.review.split_queries import WaitingRow
from state.words import day, number_typed, units


@dataclass(frozen=True)
class PartView:
    """One text with its hours' field; `key` names it in the form."""

    key: str
    label: str
    narrative: str


@dataclass(frozen=True)
class SplitView:
    """One line to be split. `sum_words` says how much is given so far; `is_over` when that is too much."""

    id: str
    version: str
    matter: str
    about: str
    narrative: str
    asked_by: str
    step: str
    sum_words: str
    is_over: bool
    is_whole: bool
    parts: list[PartView] = field(default_factory=list)


def split_view(row: WaitingRow, typed: Mapping[str, str]) -> SplitView:
    """Return a waiting split as text; `typed` are the hours by the keys of the parts."""
    hours = [_hours(typed.get(key_of(row.id, part.number), "")) for part in row.parts]
    given = sum((one for one in hours if one is not None), start=Decimal(0))
    return SplitView(
        id=str(row.id),
        version=str(row.version),
        matter=f"{row.matter_number} {row.matter_name}",
        about=f"{day(row.worked_on)} · {units(row.hours)} h",
        narrative=row.narrative,
        asked_by=row.proposed_by,
        step=f"in steps of {units(row.step)} h" if row.step else "",
        sum_words=sum_words(given, row.hours),
        is_over=given > row.hours,
        is_whole=given <= row.hours and all(one is not None and one > 0 for one in hours),
        parts=[PartView(key_of(row.id, part.number), f"Part {part.number}", part.narrative) for part in row.parts],
    )


def sum_words(given: Decimal, whole: Decimal) -> str:
    """Return the running sum: '2.1 of 2.4 h given, 0.3 h will be written down'."""
    said = f"{units(given)} of {units(whole)} h given"
    if given > whole:
        return f"{said}, {units(given - whole)} h too many"
    return f"{said}, {units(whole - given)} h will be written down" if given < whole else f"{said}, nothing is left"


def key_of(proposal_id: int, number: int) -> str:
    """Return the name of a part's field."""
    return f"{proposal_id}-{number}"


def _hours(text: str) -> Decimal | None:
    try:
        return number_typed(text, "the hours") if text.strip() else None
    except InvalidInputError:
        return None
