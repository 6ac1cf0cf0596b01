"""Lists of rules tried on a month of bills, again and again while somebody edits: only what changed is tried anew."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from core.clock import now
from core.money import as_dollars
from guidelines.rules import Action, Rule
from guidelines.trial import Example, RuleTrial, try_rules
from services.actor import Actor
from services.rules.past_references import named_for
from services.rules.trial_bills import TrialMonth, check_may_try

_KEPT_MONTHS = 4
_KEPT_RESULTS = 400
_FRESH = timedelta(minutes=10)
_VERBS = {Action.REDUCE: "cut", Action.BLOCK: "stopped", Action.WARN: "questioned"}


@dataclass(frozen=True)
class TriedMonth:
    """What the rules were tried on."""

    month: date
    invoices: int
    proformas: int
    lines: int
    read_at: datetime


@dataclass(frozen=True)
class TriedRule:
    """What one rule would have done, and against the rule that stands in its place today; `today` is None without."""

    result: RuleTrial
    today: RuleTrial | None

    @property
    def comparison(self) -> str:
        """Return it for people: '3 lines more, $210.00 more than today'; '' where nothing differs or is there."""
        if self.today is None:
            return ""
        count = _hits(self.result) - _hits(self.today)
        amount = self.result.amount - self.today.amount
        noun = "bill" if self.result.bills or self.today.bills else "line"
        parts = [_more(f"{abs(count):,} {noun}{'' if abs(count) == 1 else 's'}", count), _more_dollars(amount)]
        changed = ", ".join(part for part in parts if part)
        acts = self.result.action is not self.today.action and (_hits(self.result) or _hits(self.today))
        said = f"{_VERBS[self.today.action]} today" if acts else ""
        return "; ".join(part for part in (f"{changed} than today" if changed else "", said) if part)


class _Kept:
    """A month that was read, and what rules did on it."""

    def __init__(self, month: TrialMonth) -> None:
        self.month = month
        self.read_at = now()
        self._results: OrderedDict[str, RuleTrial] = OrderedDict()

    def result(self, rule: Rule) -> RuleTrial:
        key = rule.model_dump_json()
        if key not in self._results:
            tried = try_rules([rule], self.month.bills, history=self.month.history, exceptions=self.month.permissions)
            self._results[key] = tried.rules[0]
            while len(self._results) > _KEPT_RESULTS:
                self._results.popitem(last=False)
        return self._results[key]


class TrialDesk:
    """The months that are being tried on in this process; each is read again after ten minutes."""

    def __init__(self) -> None:
        self._months: OrderedDict[tuple[int, date, bool], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def try_rules(
        self,
        actor: Actor,
        *,
        carrier_id: int,
        month: date,
        pairs: Sequence[tuple[Rule, Rule | None]],
        load: Callable[[bool], TrialMonth],
    ) -> tuple[TriedMonth, list[TriedRule]]:
        """Try rules, each beside the one that stands in its place today, on the carrier's bills of a month.

        `load` reads the month, with the matters' whole history when told so; it is called for what is not kept.

        Raises:
            DeniedError: the actor does not see every matter.
        """
        check_may_try(actor)
        rules = [rule for pair in pairs for rule in pair if rule is not None]
        whole = any(getattr(rule, "window", "") == "matter" for rule in rules)
        # One at a time: two threads would only slow each other down, and read the month twice.
        with self._lock:
            kept = self._month((carrier_id, month.replace(day=1), whole), load)
            tried = [TriedRule(kept.result(rule), kept.result(old) if old else None) for rule, old in pairs]
        found = kept.month
        return TriedMonth(found.first, found.invoices, found.proformas, found.lines, kept.read_at), tried

    def paths(self, carrier_id: int, month: date) -> dict[str, str]:
        """Return the addresses of the bills of a month that was tried on, by their reference."""
        found = (kept for key, kept in self._months.items() if key[:2] == (carrier_id, month.replace(day=1)))
        return {reference: path for kept in found for reference, path in kept.month.paths.items()}

    def forget(self, carrier_id: int) -> None:
        """Read the carrier's months again at the next trial, as after a permission was granted."""
        with self._lock:
            for key in [key for key in self._months if key[0] == carrier_id]:
                del self._months[key]

    def _month(self, key: tuple[int, date, bool], load: Callable[[bool], TrialMonth]) -> _Kept:
        kept = self._months.pop(key, None)
        if kept is None or now() - kept.read_at > _FRESH:
            kept = _Kept(load(key[2]))
        self._months[key] = kept
        while len(self._months) > _KEPT_MONTHS:
            self._months.popitem(last=False)
        return kept


def named_examples(session: Session, actor: Actor, result: RuleTrial) -> list[Example]:
    """Return a result's examples with other work named as this person may read it."""
    sentences = named_for(session, actor, [example.sentence for example in result.examples])
    return [replace(one, sentence=said) for one, said in zip(result.examples, sentences, strict=True)]


def _hits(result: RuleTrial) -> int:
    return result.lines + result.bills


def _more(counted: str, difference: int) -> str:
    return f"{counted} {'more' if difference > 0 else 'fewer'}" if difference else ""


def _more_dollars(difference: Decimal) -> str:
    return f"{as_dollars(abs(difference))} {'more' if difference > 0 else 'less'}" if difference else ""
