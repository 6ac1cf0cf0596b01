"""The UTBMS codes a line may carry, with their labels; what a screen offers while somebody types."""

from dataclasses import dataclass
from functools import lru_cache

from ledes.utbms import codes, is_activity, is_expense, is_task


@dataclass(frozen=True)
class CodeChoice:
    """One code and its label, as in 'L120' 'Analysis/Strategy'."""

    code: str
    label: str


@dataclass(frozen=True)
class CodeChoices:
    """Every code of the ABA lists by kind, in order."""

    tasks: tuple[CodeChoice, ...]
    activities: tuple[CodeChoice, ...]
    expenses: tuple[CodeChoice, ...]


@lru_cache(maxsize=1)
def code_choices() -> CodeChoices:
    """Return the lists."""
    known = [CodeChoice(code, found.label) for code, found in sorted(codes().items())]
    return CodeChoices(
        tasks=tuple(choice for choice in known if is_task(choice.code)),
        activities=tuple(choice for choice in known if is_activity(choice.code)),
        expenses=tuple(choice for choice in known if is_expense(choice.code)),
    )
