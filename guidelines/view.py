"""One bill as the checks see it, and what a check says about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from guidelines.bill import Bill
from guidelines.elsewhere import Elsewhere
from guidelines.fixes import Fix
from guidelines.kinds.base import BaseRule
from guidelines.lines import GuidelineLine


@dataclass(frozen=True)
class View:
    """The lines that a rule is for, their bill, and the work elsewhere."""

    lines: Sequence[GuidelineLine]
    bill: Bill
    elsewhere: Elsewhere

    @cached_property
    def fees(self) -> list[GuidelineLine]:
        """Return the fees in order."""
        return [line for line in self.lines if line.kind == "F"]

    @cached_property
    def expenses(self) -> list[GuidelineLine]:
        """Return the expenses in order."""
        return [line for line in self.lines if line.kind == "E"]

    @cached_property
    def narratives(self) -> list[str]:
        """Return the narratives of all lines in order."""
        return [line.narrative for line in self.lines]

    @cached_property
    def fee_narratives(self) -> list[str]:
        """Return the narratives of the fees in order."""
        return [line.narrative for line in self.fees]

    def under(self, rule: BaseRule) -> "View":
        """Return the view of the lines whose day of work falls under the rule."""
        if rule.effective_from is None and rule.effective_to is None:
            return self
        return View([line for line in self.lines if rule.holds_on(line.worked_on)], self.bill, self.elsewhere)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check found.

    Attributes:
        line: the line, or None for the bill as a whole.
        problem: what is wrong, a whole sentence.
        remedy: what to do, a whole sentence.
        fix: what one click can do.
        measured: what the line comes to in the rule's measure; a permission with a limit is held against it.
        fix_at: the fix under another limit, where the rule cuts down to one.
        is_final: no permission lifts it, and it stops the bill whatever the rule does.
        is_notice: it only tells, whatever the rule does.
    """

    line: GuidelineLine | None
    problem: str
    remedy: str
    fix: Fix | None = None
    measured: Decimal | None = None
    fix_at: Callable[[Decimal], Fix | None] | None = None
    is_final: bool = False
    is_notice: bool = False


Check = Callable[[View], Iterable[Hit]]
