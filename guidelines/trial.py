"""A rule tried on bills that are known: how many lines it would have met, and how many dollars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.money import ZERO, as_dollars
from guidelines.bill import Bill
from guidelines.engine import RuleBook
from guidelines.exceptions import GrantedException
from guidelines.history import History, PastLine
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.remedies import amount_left
from guidelines.rules import Action, Rule

_EXAMPLES: Final = 5
_DONE: Final = {Action.REDUCE: "cut", Action.BLOCK: "stopped", Action.WARN: "questioned"}


@dataclass(frozen=True, slots=True)
class TrialBill:
    """A bill to try rules on; `reference` names it for people, as in 'invoice 10234'."""

    bill: Bill
    lines: Sequence[GuidelineLine]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One line that a rule met; line_key is WHOLE_BILL where it met the bill.

    Attributes:
        amount: the dollars that it would cut of the line, or that are at stake on it.
    """

    reference: str
    line_key: str
    sentence: str
    amount: Decimal


@dataclass(slots=True)
class RuleTrial:
    """What one rule would have done.

    Attributes:
        lines: how many lines it met; bills: how many bills it met as a whole.
        allowed: how many more it met that the carrier's permissions lift.
        amount: dollars that it would have cut; for a rule that blocks or warns, the dollars on the lines it met.
        examples: the first few.
    """

    rule_id: str
    kind: str
    action: Action
    lines: int = 0
    bills: int = 0
    allowed: int = 0
    amount: Decimal = ZERO
    examples: list[Example] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """Return the result for people: 'This rule would have cut 14 lines, $3,210.00.'."""
        counts = [_count(self.lines, "line")] if self.lines or not self.bills else []
        counts += [_count(self.bills, "bill")] if self.bills else []
        return f"This rule would have {_DONE[self.action]} {' and '.join(counts)}, {as_dollars(self.amount)}."


@dataclass(frozen=True, slots=True)
class Trial:
    """The rules' results in the order of the rules, and what they were tried on."""

    rules: tuple[RuleTrial, ...]
    bills: int
    lines: int


def try_rules(
    rules: Iterable[Rule],
    bills: Iterable[TrialBill],
    *,
    history: Iterable[PastLine] | History = (),
    exceptions: Sequence[GrantedException] = (),
) -> Trial:
    """Hold known bills against rules, and add up what each rule alone would have done."""
    book, past = RuleBook(rules), History.over(history)
    trials = {rule.name: RuleTrial(rule.name, rule.kind, rule.action) for rule in book.rules}
    count = lines = 0
    for tried in bills:
        count, lines = count + 1, lines + len(tried.lines)
        by_key = {line.key: line for line in tried.lines}
        for found in book.check(tried.lines, bill=tried.bill, history=past, exceptions=exceptions):
            _add(trials[found.rule_id], tried, found, by_key.get(found.line_key))
    return Trial(tuple(trials.values()), count, lines)


def _add(trial: RuleTrial, tried: TrialBill, found: GuidelineFinding, line: GuidelineLine | None) -> None:
    if found.action is Action.ALLOWED:
        trial.allowed += 1
        return
    amount = _at_stake(trial.action, tried, found, line)
    trial.lines += line is not None
    trial.bills += line is None
    trial.amount += amount
    if len(trial.examples) < _EXAMPLES:
        trial.examples.append(Example(tried.reference, found.line_key, found.sentence, amount))


def _at_stake(action: Action, tried: TrialBill, found: GuidelineFinding, line: GuidelineLine | None) -> Decimal:
    """Return what a reducing rule cuts where the cut is known, and else all that the line or the bill comes to."""
    if line is None:
        return sum((one.amount for one in tried.lines), start=ZERO)
    if action is Action.REDUCE and found.fix is not None:
        return line.amount - amount_left(line, found.fix)
    return line.amount


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


__all__ = ["Example", "RuleTrial", "Trial", "TrialBill", "try_rules"]
