"""What people write down: narratives with the codes they belong to, put together from phrases."""

import string
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from random import Random

from sandbox.firm import data


@dataclass(frozen=True)
class Deed:
    """One thing a person of a grade does: codes, a range of hours in tenths, and a sentence with slots."""

    task: str
    activity: str
    grade: str
    low: int
    high: int
    text: str

    @property
    def codes(self) -> dict[str, str]:
        """Return the columns of a time entry that hold its codes."""
        return {"task_code": self.task, "activity_code": self.activity}

    def hours(self, random: Random) -> Decimal:
        """Return hours in tenths; short ones are more usual than long ones."""
        return Decimal(round(random.triangular(self.low, self.high, self.low))).scaleb(-1)


@dataclass(frozen=True)
class Cost:
    """One kind of expense: code, a range of units by a step, the cost of a unit, and a sentence with slots."""

    code: str
    low: Decimal
    high: Decimal
    step: Decimal
    unit_cost: Decimal
    text: str

    def units(self, random: Random) -> Decimal:
        """Return a number of units."""
        steps = int((self.high - self.low) / self.step)
        return self.low + self.step * random.randint(0, steps)


@lru_cache(maxsize=1)
def deeds() -> dict[str, list[Deed]]:
    """Return what is done, by grade."""
    made = [
        Deed(row["task"], row["activity"], row["grade"], int(row["low"]), int(row["high"]), row["text"])
        for row in data.rows("narratives")
    ]
    return {grade: [deed for deed in made if deed.grade == grade] for grade in {deed.grade for deed in made}}


@lru_cache(maxsize=1)
def costs() -> list[Cost]:
    """Return the expenses that carriers pay for."""
    return [
        Cost(
            row["code"],
            Decimal(row["low"]),
            Decimal(row["high"]),
            Decimal(row["step"]),
            Decimal(row["unit_cost"]),
            row["text"],
        )
        for row in data.rows("expenses")
    ]


@dataclass(frozen=True)
class Slip:
    """One line that breaks a rule of `kind`, and what a second person writes where it takes two."""

    kind: str
    task: str
    activity: str
    low: int
    high: int
    text: str
    other: str

    @property
    def codes(self) -> dict[str, str]:
        """Return the columns of a time entry that hold its codes."""
        return {"task_code": self.task, "activity_code": self.activity}

    def hours(self, random: Random) -> Decimal:
        """Return hours in tenths."""
        return Decimal(random.randint(self.low, self.high)).scaleb(-1)

    def written(self, random: Random) -> tuple[str, str]:
        """Return both texts, every slot filled with the same word in both."""
        words = {slot: random.choice(choices) for slot, choices in sorted(_words().items())}
        return self.text.format_map(words), self.other.format_map(words)


@lru_cache(maxsize=1)
def _slips() -> list[Slip]:
    return [
        Slip(row["kind"], row["task"], row["activity"], int(row["low"]), int(row["high"]), row["text"], row["other"])
        for row in data.rows("breaches")
    ]


def slips(kind: str) -> list[Slip]:
    """Return the lines that break rules of a kind."""
    return [slip for slip in _slips() if slip.kind == kind]


def sentence(random: Random, text: str) -> str:
    """Fill every slot of a phrase with a word of its kind."""
    return "".join(
        literal + (random.choice(_words()[slot]) if slot else "")
        for literal, slot, _spec, _conversion in string.Formatter().parse(text)
    )


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = data.document("words")
    return words
