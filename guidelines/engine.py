"""The engine: every rule over every line, for an entry being typed, a proforma or a month of bills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guidelines.bill import Bill
from guidelines.checks.registry import prepared
from guidelines.elsewhere import Elsewhere
from guidelines.exceptions import GrantedException
from guidelines.history import History, PastLine
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Rule
from guidelines.verdicts import finding
from guidelines.view import Check, View

_NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class _Prepared:
    rule: Rule
    check: Check


class RuleBook:
    """A carrier's rules made ready once, for as many bills as there are."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._prepared = [_Prepared(rule, prepared(rule)) for rule in self.rules]

    def check(
        self,
        lines: Sequence[GuidelineLine],
        *,
        bill: Bill,
        history: Iterable[PastLine] | History = _NO_HISTORY,
        exceptions: Sequence[GrantedException] = (),
    ) -> list[GuidelineFinding]:
        """Return every broken rule, what is about the whole bill first, then by line, then by rule.

        Figures that add up, as hours of a day, begin with the history and go on in the order of the lines: the line
        that passes the limit is the one found. A line of the history whose source is on the bill is left out.
        """
        own = frozenset(line.source for line in lines if line.source)
        whole = View(lines, bill, Elsewhere(History.over(history), bill.matter, own))
        places = {id(line): place for place, line in enumerate(lines)}
        found: list[tuple[int, int, GuidelineFinding]] = []
        for order, one in enumerate(self._prepared):
            if one.rule.scope.covers(bill.client, bill.matter):
                for hit in one.check(whole.under(one.rule)):
                    place = -1 if hit.line is None else places[id(hit.line)]
                    found.append((place, order, finding(one.rule, hit, bill, exceptions)))
        found.sort(key=lambda entry: entry[:2])
        return [entry[2] for entry in found]


def check(
    rules: Iterable[Rule],
    lines: Sequence[GuidelineLine],
    *,
    bill: Bill,
    history: Iterable[PastLine] | History = _NO_HISTORY,
    exceptions: Sequence[GrantedException] = (),
) -> list[GuidelineFinding]:
    """Hold lines against rules once; `RuleBook` serves where the same rules meet many bills."""
    return RuleBook(rules).check(lines, bill=bill, history=history, exceptions=exceptions)


__all__ = ["Bill", "GrantedException", "GuidelineFinding", "GuidelineLine", "History", "PastLine", "RuleBook", "check"]
