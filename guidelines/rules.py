"""The rules a carrier may set: plain data, one model a kind, validated on the way in."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PositiveHours = Annotated[Decimal, Field(gt=0, le=24)]
Phrase = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Action(StrEnum):
    """What a broken rule does: stop the bill, cut the line, or tell the biller."""

    BLOCK = "block"
    REDUCE = "reduce"
    WARN = "warn"
    ALLOWED = "allowed"


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action


class MaxHoursPerDay(_Rule):
    """Hours of one timekeeper on one day, over all the lines given."""

    kind: Literal["max_hours_per_day"] = "max_hours_per_day"
    hours: PositiveHours


class MaxHoursPerEntry(_Rule):
    """Hours of one fee line."""

    kind: Literal["max_hours_per_entry"] = "max_hours_per_entry"
    hours: PositiveHours


class MaxAgeDays(_Rule):
    """Days between the work and the invoice's date."""

    kind: Literal["max_age_days"] = "max_age_days"
    days: Annotated[int, Field(ge=0)]


class VagueNarrative(_Rule):
    """Phrases a narrative may not hold (whole words, any case), and the fewest words it may have."""

    kind: Literal["vague_narrative"] = "vague_narrative"
    phrases: tuple[Phrase, ...] = ()
    min_words: Annotated[int, Field(ge=0)] = 0


class NonBillableExpense(_Rule):
    """Expense codes the carrier calls overhead."""

    kind: Literal["non_billable_expense"] = "non_billable_expense"
    codes: frozenset[str]


class MaxNarrative(_Rule):
    """Most characters of a narrative."""

    kind: Literal["max_narrative"] = "max_narrative"
    characters: Annotated[int, Field(gt=0)]


class MinIncrement(_Rule):
    """Hours of a fee are multiples of this, as in 0.1."""

    kind: Literal["min_increment"] = "min_increment"
    hours: PositiveHours


class RateCap(_Rule):
    """A fee's rate is at most the approved rate given on its line; a fee without one is over it."""

    kind: Literal["rate_cap"] = "rate_cap"


class MissingCode(_Rule):
    """A fee carries task and activity, an expense its expense code."""

    kind: Literal["missing_code"] = "missing_code"


Rule = Annotated[
    MaxHoursPerDay
    | MaxHoursPerEntry
    | MaxAgeDays
    | VagueNarrative
    | NonBillableExpense
    | MaxNarrative
    | MinIncrement
    | RateCap
    | MissingCode,
    Field(discriminator="kind"),
]

_RULES: TypeAdapter[tuple[Rule, ...]] = TypeAdapter(tuple[Rule, ...])


def parse_rules(data: list[dict[str, Any]]) -> tuple[Rule, ...]:
    """Read rules from plain data, such as a profile's JSON.

    Raises:
        pydantic.ValidationError: naming each rule and value that is not right.
    """
    return _RULES.validate_python(data)


def dump_rules(rules: tuple[Rule, ...]) -> list[dict[str, Any]]:
    """Return the rules as plain JSON data; `parse_rules` reads them back."""
    dumped: list[dict[str, Any]] = _RULES.dump_python(rules, mode="json")
    return dumped
