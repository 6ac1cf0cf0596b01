"""A month of a carrier's bills, on which rules are tried: invoices as they stand and proformas as they will.

Read in a constant number of statements, whatever the number of bills: once for as many lists of rules as are tried.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from core.clock import today
from core.money import total
from guidelines.bill import ApprovedBudget, Bill
from guidelines.exceptions import GrantedException
from guidelines.history import History
from guidelines.lines import GuidelineLine
from guidelines.trial import TrialBill
from models import Carrier
from models.enums import EntryKind, Role
from services import lifecycle
from services.access import require
from services.actor import Actor
from services.billing.budget_facts import load_budgets
from services.billing.payors import in_force, load_shares
from services.billing.rates import NOT_APPROVED, RateCard, RatedHour, load_rates
from services.billing.receipt_marks import expenses_with_receipt
from services.billing.work_in_progress import TimekeeperFacts, load_timekeepers
from services.rules import trial_rows
from services.rules.guideline_exceptions import load_permissions
from services.rules.past_work import PersonDay, Wanted, load_past_work, source_of


@dataclass(frozen=True)
class TrialMonth:
    """What rules are tried on.

    Attributes:
        paths: the address of each bill's page, by the bill's reference.
        has_whole_matters: whether the history holds the matters since they were opened, or this month alone.
    """

    carrier_id: int
    first: date
    bills: tuple[TrialBill, ...]
    history: History
    permissions: tuple[GrantedException, ...]
    paths: Mapping[str, str]
    invoices: int
    proformas: int
    has_whole_matters: bool

    @property
    def lines(self) -> int:
        """How many lines stand on its bills."""
        return sum(len(bill.lines) for bill in self.bills)


def check_may_try(actor: Actor) -> None:
    """Check that the actor sees every matter: examples name bills of all of them.

    Raises:
        DeniedError: otherwise.
    """
    require(actor, Role.ADMIN, Role.BILLER, what="Trying rules on last month's bills")


def months_billed(session: Session, actor: Actor, *, carrier_id: int) -> list[date]:
    """Return the first days of the months in which bills of the carrier's matters end, the newest first.

    Raises:
        DeniedError: the actor does not see every matter.
    """
    check_may_try(actor)
    ends = session.scalars(trial_rows.ends(carrier_id))
    return sorted({end.replace(day=1) for end in ends}, reverse=True)


def load_trial_month(
    session: Session, actor: Actor, *, carrier_id: int, month: date, whole_matters: bool = False
) -> TrialMonth:
    """Read the carrier's bills whose period ends in the month, with what the rules need to know beside them.

    `whole_matters` reads the matters' work since they were opened, for rules that count over the whole matter.

    Raises:
        DeniedError: the actor does not see every matter.
        NotFoundError: there is no such carrier.
    """
    check_may_try(actor)
    carrier: Carrier = lifecycle.get(session, Carrier, carrier_id)
    span = trial_rows.month_of(month)
    invoices = session.execute(trial_rows.invoices(carrier_id, span)).all()
    proformas = _led_by(session, carrier_id, session.execute(trial_rows.proformas(carrier_id, span)).all())
    sent = session.execute(trial_rows.invoice_lines(carrier_id, span)).all()
    drawn = session.execute(trial_rows.proforma_lines([row.id for row in proformas])).all()
    spent = {row.expense_id for row in (*sent, *drawn) if row.expense_id is not None}
    maker = _Maker(
        carrier, load_rates(session, [carrier_id]), load_timekeepers(session), expenses_with_receipt(session, spent)
    )
    matters = {row.matter_id for row in (*invoices, *proformas)}
    before = _before(session, carrier_id, matters)
    on_invoices, on_proformas = maker.lines(sent), maker.lines(drawn)
    bills = [maker.invoice(row, on_invoices[row.id], before) for row in invoices]
    bills += [maker.proforma(row, on_proformas[row.id], before) for row in proformas]
    lines = [line for bill in bills for line in bill.lines]
    wanted = Wanted(
        days=frozenset(PersonDay(line.timekeeper_id, line.worked_on) for line in lines if line.kind == "F"),
        matter_ids=frozenset(matters),
        since=None if whole_matters else min([span[0], *(line.worked_on.replace(day=1) for line in lines)]),
        until=max([span[1], *(line.worked_on for line in lines)]),
    )
    return TrialMonth(
        carrier_id=carrier_id,
        first=span[0],
        bills=tuple(bills),
        history=load_past_work(session, wanted),
        permissions=load_permissions(session, [carrier_id]).of(carrier_id),
        paths={
            **{_invoice(row): f"/invoices/{row.id}" for row in invoices},
            **{_proforma(row): f"/proforma/{row.id}" for row in proformas},
        },
        invoices=len(invoices),
        proformas=len(proformas),
        has_whole_matters=whole_matters,
    )


def _led_by(session: Session, carrier_id: int, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return the proformas whose leading payor is the carrier: its rules apply to them."""
    shares = load_shares(session, {row.matter_id for row in rows})
    leading = {row.id: in_force(shares.get(row.matter_id, []), row.period_end)[:1] for row in rows}
    return [row for row in rows if any(share.carrier_id == carrier_id for share in leading[row.id])]


def _invoice(row: Row[Any]) -> str:
    return f"invoice {row.number}"


def _proforma(row: Row[Any]) -> str:
    return f"proforma {row.id} of matter {row.matter_number}"


def _before(session: Session, carrier_id: int, matters: Collection[int]) -> "_Before":
    budgets = load_budgets(session, {(matter_id, carrier_id) for matter_id in matters})
    ends: dict[int, list[_End]] = defaultdict(list)
    for row in session.execute(trial_rows.billed_ends(carrier_id, matters)):
        ends[row.matter_id].append(_End(row.period_end, row.id))
    later: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(trial_rows.billed(carrier_id, {matter_id for matter_id, _ in budgets})):
        later[row.matter_id].append(row)
    return _Before({matter_id: found for (matter_id, _), found in budgets.items()}, ends, later)


@dataclass(frozen=True, order=True)
class _End:
    """Where an invoice stands among those of its matter: by the end of its period, then as they were made."""

    period_end: date
    invoice_id: int


@dataclass(frozen=True)
class _Before:
    """What was billed on each matter, so that every bill of the month meets only what came before it."""

    budgets: Mapping[int, tuple[ApprovedBudget, ...]]
    ends: Mapping[int, Sequence[_End]]
    billed: Mapping[int, Sequence[Row[Any]]]

    def facts(self, matter_id: int, here: _End | None) -> dict[str, Any]:
        """Return what a `Bill` says of the invoices before it; a proforma, at None, comes after them all."""
        earlier = [end for end in self.ends.get(matter_id, ()) if here is None or end < here]
        return {
            "last_billed_on": max((end.period_end for end in earlier), default=None),
            "budgets": tuple(self._budget(matter_id, one, here) for one in self.budgets.get(matter_id, ())),
        }

    def _budget(self, matter_id: int, budget: ApprovedBudget, here: _End | None) -> ApprovedBudget:
        before = (
            row.amount
            for row in self.billed.get(matter_id, ())
            if (here is None or _End(row.period_end, row.id) < here) and budget.covers(row.task_code, row.worked_on)
        )
        return replace(budget, billed_before=total(before))


@dataclass(frozen=True)
class _Maker:
    """Makes bills and lines of rows."""

    carrier: Carrier
    rates: RateCard
    timekeepers: Mapping[int, TimekeeperFacts]
    with_receipt: frozenset[int]

    def invoice(self, row: Row[Any], lines: Sequence[GuidelineLine], before: _Before) -> TrialBill:
        sent_on = row.delivered_at.date() if row.delivered_at else None
        earlier = before.facts(row.matter_id, _End(row.period_end, row.id))
        return TrialBill(self._bill(row, row.invoice_date, sent_on, earlier), lines, _invoice(row))

    def proforma(self, row: Row[Any], lines: Sequence[GuidelineLine], before: _Before) -> TrialBill:
        earlier = before.facts(row.matter_id, None)
        return TrialBill(self._bill(row, today(), None, earlier), lines, _proforma(row))

    def lines(self, rows: Iterable[Row[Any]]) -> Mapping[int, Sequence[GuidelineLine]]:
        """Return the lines by the id of their bill."""
        found: dict[int, list[GuidelineLine]] = defaultdict(list)
        for row in rows:
            found[row.bill_id].append(self._line(row))
        return found

    def _bill(self, row: Row[Any], dated: date, sent_on: date | None, earlier: Mapping[str, Any]) -> Bill:
        return Bill(
            invoice_date=dated,
            submitted_on=sent_on,
            client=self.carrier.client_code,
            matter=row.matter_number,
            period_start=row.period_start,
            period_end=row.period_end,
            **earlier,
        )

    def _line(self, row: Row[Any]) -> GuidelineLine:
        who = self.timekeepers.get(row.timekeeper_id or 0)
        is_fee = row.kind is EntryKind.FEE
        hour = (
            RatedHour(self.carrier.id or 0, who.id, who.classification, row.worked_on)
            if is_fee and who is not None
            else None
        )
        approval = self.rates.approval(hour) if hour else NOT_APPROVED
        # Several parts of a split share the times of one entry, so only a whole entry is held against the clock.
        is_whole = row.split_from_id is None
        return GuidelineLine(
            key=str(row.line_number),
            kind="F" if is_fee else "E",
            worked_on=row.worked_on,
            timekeeper_id=who.code if who else "",
            units=row.units,
            unit_cost=row.unit_cost,
            task_code=row.task_code,
            activity_code=row.activity_code,
            expense_code=row.expense_code,
            narrative=row.narrative,
            source=source_of(row.kind, (row.time_entry_id if is_fee else row.expense_id) or 0),
            classification=who.classification if who else "",
            is_approved=not is_fee or approval.hourly_amount is not None,
            started_at=row.started_at if is_whole else None,
            ended_at=row.ended_at if is_whole else None,
            has_receipt=row.expense_id in self.with_receipt,
            adjustment=row.adjustment_amount,
            **approval.facts(),
        )
