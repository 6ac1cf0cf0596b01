"""A carrier's rules as one list: read from plain data and written back to it."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter

from guidelines.kinds import billing, expenses, hours, people, texts
from guidelines.kinds.base import Action, Measure, Scope

Rule = Annotated[
    hours.MinIncrement
    | hours.MaxHoursPerDay
    | hours.MaxHoursPerEntry
    | hours.SameTime
    | hours.DuplicateLine
    | hours.ResearchLimit
    | texts.BlockBilling
    | texts.VagueNarrative
    | texts.MaxNarrative
    | texts.BarredKeyword
    | texts.ClericalWork
    | texts.Training
    | texts.MissingCode
    | people.UnapprovedTimekeeper
    | people.RateCap
    | people.RateIncreaseNotice
    | people.MultipleAttendance
    | people.InFirmConference
    | people.Staffing
    | people.BelowGrade
    | people.TravelTime
    | expenses.NonBillableExpense
    | expenses.ExpenseUnitCost
    | expenses.ExpenseTotal
    | expenses.ReceiptRequired
    | expenses.CarrierPaysDirectly
    | expenses.WorkProduct
    | billing.MaxAgeDays
    | billing.MaxInvoiceAge
    | billing.BillingFrequency
    | billing.BillingPeriod
    | billing.Budget
    | billing.TaskShare,
    Field(discriminator="kind"),
]


def _named_apart(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            message = f"two rules are called {rule.name!r}; give one of them an id of its own"
            raise ValueError(message)
        seen.add(rule.name)
    return rules


RuleList = Annotated[tuple[Rule, ...], AfterValidator(_named_apart)]
_RULES: TypeAdapter[tuple[Rule, ...]] = TypeAdapter(RuleList)


def parse_rules(data: Sequence[dict[str, Any]]) -> tuple[Rule, ...]:
    """Read rules from plain data, such as a profile's JSON.

    Raises:
        pydantic.ValidationError: naming each rule and value that is not right, or the name that two rules share.
    """
    return _RULES.validate_python(data)


def dump_rules(rules: tuple[Rule, ...]) -> list[dict[str, Any]]:
    """Return the rules as plain JSON data with every default spelt out; `parse_rules` reads them back."""
    dumped: list[dict[str, Any]] = _RULES.dump_python(rules, mode="json")
    return dumped


__all__ = ["Action", "Measure", "Rule", "RuleList", "Scope", "dump_rules", "parse_rules"]
