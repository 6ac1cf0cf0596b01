"""Rules about who did the work, at what rate, and how many of them."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, PlainSerializer

from guidelines.grades import Grade
from guidelines.kinds.base import (
    BaseRule,
    Codes,
    Days,
    Dollars,
    Given,
    Measure,
    ParameterType,
    People,
    Percent,
    Phrases,
    Switch,
)
from guidelines.words import word_list

Grades = Annotated[frozenset[Grade], PlainSerializer(sorted, when_used="json"), Given(ParameterType.CHOICES)]

ByGrade = Annotated[dict[Grade, Annotated[int, Field(ge=0)]], Given(ParameterType.AMOUNTS, Measure.PEOPLE)]


class UnapprovedTimekeeper(BaseRule):
    """Everyone who bills has been approved by the carrier first."""

    title: ClassVar[str] = "Timekeeper not approved"
    kind: Literal["unapproved_timekeeper"] = "unapproved_timekeeper"


class RateCap(BaseRule):
    """A fee's rate is at most the approved rate given on its line; a fee without one is over it."""

    title: ClassVar[str] = "Rate over the approved rate"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["rate_cap"] = "rate_cap"


class RateIncreaseNotice(BaseRule):
    """A higher rate counts only from so many days after the carrier was told of it."""

    title: ClassVar[str] = "Notice of a higher rate"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["rate_increase_notice"] = "rate_increase_notice"
    days: Days = Field(default=30, title="Days of notice")


class MultipleAttendance(BaseRule):
    """At one event the carrier pays so many people, the most senior; others of the firm had its prior approval."""

    title: ClassVar[str] = "Several people at one event"
    measure: ClassVar[Measure | None] = Measure.PEOPLE
    kind: Literal["multiple_attendance"] = "multiple_attendance"
    people: People = Field(default=1, title="Most people an event")
    codes: Codes = Field(default=frozenset({"A109"}), title="Codes of attendance")
    keywords: Phrases = Field(default_factory=lambda: word_list("attend"), title="Words of attendance")
    events: Phrases = Field(default_factory=lambda: word_list("events"), title="Kinds of event")


class InFirmConference(BaseRule):
    """A conference within the firm is billed by its senior person only, and says what it was for."""

    title: ClassVar[str] = "Conference within the firm"
    kind: Literal["in_firm_conference"] = "in_firm_conference"
    senior_only: Switch = Field(default=True, title="Only the senior person bills")
    needs_purpose: Switch = Field(default=True, title="The purpose is stated")
    codes: Codes = Field(default=frozenset({"A105"}), title="Codes of conferences in the firm")
    keywords: Phrases = Field(default_factory=lambda: word_list("in_firm"), title="Words of conferences in the firm")


class Staffing(BaseRule):
    """How many people of the firm one bill shows, in all and by grade."""

    title: ClassVar[str] = "Staffing"
    measure: ClassVar[Measure | None] = Measure.PEOPLE
    kind: Literal["staffing"] = "staffing"
    people: People = Field(default=3, title="Most people")
    by_grade: ByGrade = Field(
        default_factory=lambda: {Grade.PARTNER: 1, Grade.ASSOCIATE: 1, Grade.PARALEGAL: 1},
        title="Most people of a grade",
    )


class BelowGrade(BaseRule):
    """Work that the carrier expects of somebody junior, found by its codes or its words."""

    title: ClassVar[str] = "Work below grade"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["below_grade"] = "below_grade"
    grades: Grades = Field(default=frozenset({Grade.PARTNER, Grade.COUNSEL}), title="Grades too senior for it")
    codes: Codes = Field(default=frozenset({"A110"}), title="Codes of such work")
    keywords: Phrases = Field(default_factory=lambda: word_list("paralegal_work"), title="Words of such work")
    rate: Dollars | None = Field(default=None, title="Rate that the carrier pays for it")


class TravelTime(BaseRule):
    """Time on the way, found by its codes or its words; the carrier pays a part of it, or nothing."""

    title: ClassVar[str] = "Travel time"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["travel_time"] = "travel_time"
    percent: Percent = Field(default=Decimal(50), title="Part that is paid")
    codes: Codes = Field(default=frozenset({"A112", "B195"}), title="Codes of travel")
    keywords: Phrases = Field(default_factory=lambda: word_list("travel"), title="Words of travel")
    exempt: Phrases = Field(default_factory=lambda: word_list("not_travel"), title="Words that are no travel")
    must_state: Switch = Field(default=False, title="Attendance says that no travel is in it")
