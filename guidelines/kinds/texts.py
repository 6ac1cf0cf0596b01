"""Rules about what a narrative says, and about codes."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from guidelines.kinds.base import BaseRule, Characters, Count, HoursOrNone, Measure, Phrases, Switch
from guidelines.words import word_list


class BlockBilling(BaseRule):
    """More than one task in one narrative; a split is proposed, whose hours its timekeeper gives."""

    title: ClassVar[str] = "Block billing"
    measure: ClassVar[Measure | None] = Measure.HOURS
    kind: Literal["block_billing"] = "block_billing"
    over_hours: HoursOrNone = Field(default=Decimal(0), title="Leave entries alone up to")


class VagueNarrative(BaseRule):
    """Phrases a narrative may not hold (whole words, any case), its fewest words, and the detector of vagueness."""

    title: ClassVar[str] = "Vague narrative"
    kind: Literal["vague_narrative"] = "vague_narrative"
    phrases: Phrases = Field(default=(), title="Barred phrases")
    min_words: Count = Field(default=0, title="Fewest words")
    detect: Switch = Field(default=False, title="Judge every narrative, listed phrase or not")


class MaxNarrative(BaseRule):
    """Most characters of a narrative that the carrier's site takes."""

    title: ClassVar[str] = "Length of a narrative"
    measure: ClassVar[Measure | None] = Measure.CHARACTERS
    kind: Literal["max_narrative"] = "max_narrative"
    characters: Characters = Field(default=1024, title="Most characters")


class BarredKeyword(BaseRule):
    """Words and phrases that the carrier does not want to read on a bill."""

    title: ClassVar[str] = "Barred words"
    kind: Literal["barred_keyword"] = "barred_keyword"
    keywords: Phrases = Field(default=("prebill", "write off", "overhead"), title="Words")


class ClericalWork(BaseRule):
    """Clerical and administrative work, found by the words it begins with; the carrier pays nothing for it."""

    title: ClassVar[str] = "Clerical work"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["clerical_work"] = "clerical_work"
    keywords: Phrases = Field(default_factory=lambda: word_list("clerical"), title="Words that such work begins with")


class Training(BaseRule):
    """Training, reading in and supervision, found by the words they begin with."""

    title: ClassVar[str] = "Training and reading in"
    measure: ClassVar[Measure | None] = Measure.DOLLARS
    kind: Literal["training"] = "training"
    keywords: Phrases = Field(default_factory=lambda: word_list("training"), title="Words that such work begins with")


class MissingCode(BaseRule):
    """A fee carries task and activity, an expense its expense code."""

    title: ClassVar[str] = "Missing code"
    kind: Literal["missing_code"] = "missing_code"
