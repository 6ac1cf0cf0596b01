"""What all rules share: the action, the id, when and for whom they hold, and the kinds of value a parameter may be."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator


class Action(StrEnum):
    """What a broken rule does: stop the bill, cut the line, or tell the biller; allowed where a permission lifts it."""

    BLOCK = "block"
    REDUCE = "reduce"
    WARN = "warn"
    ALLOWED = "allowed"


class Measure(StrEnum):
    """What a rule counts, and so what the limit of a permission is in."""

    HOURS = "hours"
    DOLLARS = "dollars"
    DAYS = "days"
    PEOPLE = "people"
    PERCENT = "percent"
    CHARACTERS = "characters"


class ParameterType(StrEnum):
    """How a person gives a parameter."""

    NUMBER = "number"
    COUNT = "count"
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"
    PHRASES = "phrases"
    CODES = "codes"
    AMOUNTS = "amounts by code"


@dataclass(frozen=True, slots=True)
class Given:
    """Marks a parameter's type with how it is given and, for figures, in what."""

    type: ParameterType
    unit: Measure | None = None


def _in_order(codes: frozenset[str]) -> list[str]:
    return sorted(codes)


_Phrase = Annotated[str, Field(min_length=1, pattern=r"\S")]
Hours = Annotated[Decimal, Field(gt=0, le=24), Given(ParameterType.NUMBER, Measure.HOURS)]
HoursOrNone = Annotated[Decimal, Field(ge=0, le=24), Given(ParameterType.NUMBER, Measure.HOURS)]
Dollars = Annotated[Decimal, Field(ge=0), Given(ParameterType.NUMBER, Measure.DOLLARS)]
Percent = Annotated[Decimal, Field(ge=0, le=100), Given(ParameterType.NUMBER, Measure.PERCENT)]
Days = Annotated[int, Field(ge=0), Given(ParameterType.COUNT, Measure.DAYS)]
People = Annotated[int, Field(ge=1), Given(ParameterType.COUNT, Measure.PEOPLE)]
Characters = Annotated[int, Field(gt=0), Given(ParameterType.COUNT, Measure.CHARACTERS)]
Count = Annotated[int, Field(ge=0), Given(ParameterType.COUNT)]
Switch = Annotated[bool, Given(ParameterType.SWITCH)]
Phrases = Annotated[tuple[_Phrase, ...], Given(ParameterType.PHRASES)]
Codes = Annotated[frozenset[str], PlainSerializer(_in_order, when_used="json"), Given(ParameterType.CODES)]
Caps = Annotated[dict[str, Annotated[Decimal, Field(ge=0)]], Given(ParameterType.AMOUNTS, Measure.DOLLARS)]
Shares = Annotated[dict[str, Annotated[Decimal, Field(gt=0, le=100)]], Given(ParameterType.AMOUNTS, Measure.PERCENT)]


class Scope(BaseModel):
    """Which bills a rule is for: carriers by their own code, matters by the firm's number; empty = all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clients: Codes = frozenset()
    matters: Codes = frozenset()

    def covers(self, client: str, matter: str) -> bool:
        """Tell whether a bill to this client on this matter is meant."""
        is_client = not self.clients or client in self.clients
        return is_client and (not self.matters or matter in self.matters)


class BaseRule(BaseModel):
    """One rule of a carrier.

    Attributes:
        action: what the carrier does when it is broken; ALLOWED is never a rule's own.
        id: its name in the carrier's list, needed where a kind stands there twice; '' = the kind.
        effective_from: first day of work that it is for; None = always, as with `effective_to`, its last day.
        scope: the bills it is for.
        citation: where the carrier's guideline says it, as in 'section 4.2'.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: ClassVar[str]
    measure: ClassVar[Measure | None] = None

    kind: str
    action: Action
    id: str = Field(default="", max_length=60, pattern=r"^[a-z0-9_-]*$")
    effective_from: date | None = None
    effective_to: date | None = None
    scope: Scope = Scope()
    citation: str = Field(default="", max_length=120)

    @property
    def name(self) -> str:
        """Return what the rule is called in its carrier's list."""
        return self.id or self.kind

    def holds_on(self, day: date) -> bool:
        """Tell whether work of `day` falls under the rule."""
        is_after = self.effective_from is None or day >= self.effective_from
        return is_after and (self.effective_to is None or day <= self.effective_to)

    @model_validator(mode="after")
    def _is_a_rule(self) -> Self:
        if self.action is Action.ALLOWED:
            message = "a rule blocks, reduces or warns; what is allowed is a permission of the carrier"
            raise ValueError(message)
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            message = "the rule ends before it begins"
            raise ValueError(message)
        return self
