"""The check of time on the way."""

from collections.abc import Iterator
from decimal import Decimal

from core.money import ZERO, as_dollars, round_half_up
from guidelines.figures import number
from guidelines.fixes import Fix
from guidelines.judgement import block_billing
from guidelines.keywords import Keywords
from guidelines.kinds.base import Action
from guidelines.kinds.people import TravelTime
from guidelines.lines import GuidelineLine
from guidelines.remedies import cut_amount
from guidelines.view import Check, Hit, View

_STATED = Keywords(("no travel", "excluding travel", "exclusive of travel", "without travel", "not including travel"))


def travel_time(rule: TravelTime) -> Check:
    """Find travel billed above the part that is paid; propose that part of the approved rate.

    Where travel shares an entry with other work its part is unknown: its timekeeper must tell it apart.
    """
    words, exempt = Keywords(rule.keywords), Keywords(rule.exempt)

    def is_travel(line: GuidelineLine, found: str | None) -> bool:
        if line.activity_code in rule.codes or line.task_code in rule.codes:
            return True
        return found is not None and words.find(exempt.without(line.narrative)) is not None

    def check(view: View) -> Iterator[Hit]:
        for line, found in zip(view.fees, words.among(view.fee_narratives), strict=True):
            if is_travel(line, found):
                paid = _paid(rule, line)
                if line.amount > paid:
                    yield _over(rule, line, paid)
            elif rule.must_state and line.activity_code == "A109" and _STATED.find(line.narrative) is None:
                remedy = "Say “no travel”, or have its timekeeper tell the travel apart."
                yield Hit(line, "The attendance does not say that no travel is in it.", remedy)

    return check


def _paid(rule: TravelTime, line: GuidelineLine) -> Decimal:
    rate = line.unit_cost if line.approved_rate is None else line.approved_rate
    return round_half_up(line.units * rate * rule.percent / 100)


def _over(rule: TravelTime, line: GuidelineLine, paid: Decimal) -> Hit:
    pays = f"pays {number(rule.percent)} % of it" if paid > ZERO else "does not pay it"
    problem = f"The line bills {as_dollars(line.amount)} of travel; this carrier {pays}."
    fix: Fix | None = cut_amount(line, paid)
    if block_billing(line.narrative) is None:
        return Hit(line, problem, f"Bill {as_dollars(paid)}.", fix, line.amount)
    remedy = "Have its timekeeper tell the travel from the other work."
    return Hit(line, problem, remedy, fix if rule.action is Action.REDUCE else None, line.amount)
