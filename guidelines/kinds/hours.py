"""Rules about hours, and about the same time twice."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from guidelines.kinds.base import BaseRule, Codes, Hours, HoursOrNone, Measure, Phrases, Switch
from guidelines.words import word_list


class MinIncrement(BaseRule):
    """Hours of a fee are whole steps, as of 0.1; the part of a step is cut."""

    title: ClassVar[str] = "Billing increment"
    kind: Literal["min_increment"] = "min_increment"
    hours: Hours = Field(default=Decimal("0.1"), title="Step")


class MaxHoursPerDay(BaseRule):
    """Hours of one timekeeper on one day, over all matters and bills; nobody has more than 24, whatever is allowed."""

    title: ClassVar[str] = "Hours in a day"
    measure: ClassVar[Measure | None] = Measure.HOURS
    kind: Literal["max_hours_per_day"] = "max_hours_per_day"
    hours: Hours = Field(default=Decimal(12), title="Most hours a day")


class MaxHoursPerEntry(BaseRule):
    """Hours of one fee line."""

    title: ClassVar[str] = "Hours of an entry"
    measure: ClassVar[Measure | None] = Measure.HOURS
    kind: Literal["max_hours_per_entry"] = "max_hours_per_entry"
    hours: Hours = Field(default=Decimal(10), title="Most hours an entry")


class SameTime(BaseRule):
    """The same minutes twice: timed entries of one person that overlap, or one text and its hours on two matters."""

    title: ClassVar[str] = "Same time twice"
    kind: Literal["same_time"] = "same_time"
    same_text: Switch = Field(default=True, title="Find the same text and hours on another matter")


class DuplicateLine(BaseRule):
    """A line like another of the same matter: one day, one person or code, one count; on this bill or elsewhere."""

    title: ClassVar[str] = "Duplicate line"
    kind: Literal["duplicate_line"] = "duplicate_line"
    same_narrative: Switch = Field(default=True, title="Only with the same narrative")
    same_task: Switch = Field(default=False, title="Only with the same task code")


class ResearchLimit(BaseRule):
    """Hours of research on a matter that the carrier pays for without its handler's approval."""

    title: ClassVar[str] = "Research without approval"
    measure: ClassVar[Measure | None] = Measure.HOURS
    kind: Literal["research_limit"] = "research_limit"
    hours: HoursOrNone = Field(default=Decimal(3), title="Most hours")
    window: Literal["period", "matter"] = Field(default="period", title="Counted over")
    codes: Codes = Field(default=frozenset({"A102"}), title="Codes of research")
    keywords: Phrases = Field(default_factory=lambda: word_list("research"), title="Words of research")
