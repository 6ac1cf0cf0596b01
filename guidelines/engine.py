"""The engine: every rule over every line, in the order of the lines."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from guidelines import checks
from guidelines.checks import Check
from guidelines.lines import GuidelineFinding, GuidelineLine
from guidelines.rules import Rule

_MAKERS: dict[str, Callable[[Any, date], Check]] = {
    "max_hours_per_day": checks.max_hours_per_day,
    "max_hours_per_entry": checks.max_hours_per_entry,
    "max_age_days": checks.max_age_days,
    "vague_narrative": checks.vague_narrative,
    "non_billable_expense": checks.non_billable_expense,
    "max_narrative": checks.max_narrative,
    "min_increment": checks.min_increment,
    "rate_cap": checks.rate_cap,
    "missing_code": checks.missing_code,
}


def check(rules: Sequence[Rule], lines: Sequence[GuidelineLine], *, invoice_date: date) -> list[GuidelineFinding]:
    """Return every broken rule, by line and then by rule.

    Hours of a day are added up over `lines` alone, in their order: the line that passes the limit is the one found.
    """
    prepared = [_MAKERS[rule.kind](rule, invoice_date) for rule in rules]
    return [finding for line in lines for one in prepared if (finding := one(line)) is not None]


__all__ = ["GuidelineFinding", "GuidelineLine", "check"]
