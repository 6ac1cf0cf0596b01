"""Bills held against their carriers' rules: one call for an entry being typed, a proforma, and a whole month.

Everything the rules need beside the lines (other time, permissions, what was billed before) is read set-based: a
handful of statements for any number of bills.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from carriers.profile import CarrierProfile
from core.clock import today
from guidelines.bill import ApprovedBudget, Bill
from guidelines.lines import GuidelineLine
from services.billing.budget_facts import load_budgets
from services.rules.billed_before import load_last_billed
from services.rules.finding_rows import CheckedBill
from services.rules.findings import CarrierBook, book_of
from services.rules.guideline_exceptions import load_permissions
from services.rules.past_work import PersonDay, Wanted, load_past_work

# Rules of these kinds look at the other time of the lines' people, or at the other work of the matter.
_OF_PEOPLE = frozenset({"max_hours_per_day", "same_time"})
_OF_MATTERS = frozenset({"duplicate_line", "research_limit", "multiple_attendance"})
_OF_PAST_BILLS = frozenset({"billing_frequency"})
_OF_BUDGETS = frozenset({"budget"})


@dataclass(frozen=True)
class BillToCheck:
    """One bill in the making. `key` is the caller's own, as a proforma's id; the period is None at time entry."""

    key: int
    carrier_id: int
    client_code: str
    profile: CarrierProfile
    matter_id: int
    matter_number: str
    lines: tuple[GuidelineLine, ...]
    period: tuple[date, date] | None = None

    def asks(self, kinds: Collection[str]) -> bool:
        """Whether the carrier has a rule of one of the kinds."""
        return any(rule.kind in kinds for rule in self.profile.guidelines)

    @property
    def payor(self) -> tuple[int, int]:
        """Matter and carrier."""
        return self.matter_id, self.carrier_id

    @property
    def days(self) -> Iterator[PersonDay]:
        """Whose time of which days stands on it."""
        return (PersonDay(line.timekeeper_id, line.worked_on) for line in self.lines if line.kind == "F")


@dataclass(frozen=True)
class Month:
    """What the parts of one billing run share: the days on which other time can matter, and the carriers' rules."""

    busy_days: frozenset[PersonDay]
    books: dict[int, CarrierBook] = field(default_factory=dict)


def check_bills(
    session: Session, bills: Sequence[BillToCheck], *, month: Month | None = None, drafts_of: str = ""
) -> dict[int, CheckedBill]:
    """Return what the carriers' rules find on every bill, by its key.

    Of a `month` only its busy days are looked up; without one, every day of the lines. `drafts_of` is the code of the
    timekeeper whose own drafts count, when an entry is being typed.
    """
    if not bills:
        return {}
    permissions = load_permissions(session, {bill.carrier_id for bill in bills})
    history = load_past_work(session, _wanted(bills, month, drafts_of))
    until = load_last_billed(session, {bill.payor for bill in bills if bill.asks(_OF_PAST_BILLS)})
    budgets = load_budgets(session, {bill.payor for bill in bills if bill.asks(_OF_BUDGETS)})
    books = {} if month is None else month.books
    for bill in {one.carrier_id: one for one in bills if one.carrier_id not in books}.values():
        books[bill.carrier_id] = book_of(bill.profile)
    checked = {}
    for bill in bills:
        facts = _facts(bill, until.get(bill.payor), budgets.get(bill.payor, ()))
        given = permissions.of(bill.carrier_id)
        found = books[bill.carrier_id].findings(bill.lines, bill=facts, history=history, permissions=given)
        checked[bill.key] = CheckedBill(bill.carrier_id, found, permissions)
    return checked


def _wanted(bills: Sequence[BillToCheck], month: Month | None, drafts_of: str) -> Wanted:
    days = {day for bill in bills if bill.asks(_OF_PEOPLE) for day in bill.days}
    of_matters = [bill for bill in bills if bill.asks(_OF_MATTERS)]
    starts = [_start(bill) for bill in of_matters]
    return Wanted(
        days=frozenset(days if month is None else days & month.busy_days),
        matter_ids=frozenset(bill.matter_id for bill in of_matters),
        since=None if None in starts else min((start for start in starts if start), default=None),
        until=max((line.worked_on for bill in of_matters for line in bill.lines), default=None),
        drafts_of=drafts_of,
        # A bill is no history of its own; of several each may be one of another.
        own=frozenset(line.source for line in bills[0].lines) if len(bills) == 1 else frozenset(),
    )


def _start(bill: BillToCheck) -> date | None:
    """Return the first day of the matter that a rule looks at; None = since it was opened."""
    if any(getattr(rule, "window", "") == "matter" for rule in bill.profile.guidelines):
        return None
    first = min(line.worked_on for line in bill.lines)
    return min(first.replace(day=1), bill.period[0]) if bill.period else first.replace(day=1)


def _facts(bill: BillToCheck, last_billed_on: date | None, budgets: tuple[ApprovedBudget, ...]) -> Bill:
    given: dict[str, Any] = {"period_start": bill.period[0], "period_end": bill.period[1]} if bill.period else {}
    return Bill(
        invoice_date=today(),
        client=bill.client_code,
        matter=bill.matter_number,
        last_billed_on=last_billed_on,
        budgets=budgets,
        **given,
    )
