"""What a billing run bills and what it leaves, with the reason and the one who can remove it: one truth for both.

A fault of a line (no rate, no code, not released, confidential, on another proforma) leaves that line in work in
progress and names it; the matter's other lines bill. A fault of the matter (closed, shares that are not 100 %, no
carrier profile) leaves the whole matter. So does one that is held, or whose turn it is not, unless a biller bills it
all the same.

What was held is billed once its day has come, with the first run after it, although its period is over by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlmodel import Session

from core.clock import today
from core.errors import InvalidInputError, NotFoundError
from core.money import line_amount, total
from models.enums import BillingFrequency, EntryKind, EntryStatus, MatterStatus
from services.billing.billing_frequency import is_due, not_due_words, turn_starts
from services.billing.payors import Share, are_whole, in_force, load_shares
from services.billing.rates import NOT_APPROVED, ApprovedRate, RateCard, RatedHour, load_rates
from services.billing.work_in_progress import (
    MatterFacts,
    TimekeeperFacts,
    WorkItem,
    load_matters,
    load_timekeepers,
    load_work,
    on_live_proformas,
)
from services.sites.profiles import ActiveProfile, active_profiles

ADMINISTRATORS = "Administrators"
BILLING = "Billing"
_MATTERS_AT_ONCE = 250


class Reason(StrEnum):
    """Why work is not billed by a run."""

    NOT_DUE = "not_due"
    MATTER_HELD = "matter_held"
    MATTER_CLOSED = "matter_closed"
    SHARES_NOT_WHOLE = "shares_not_whole"
    NO_CARRIER_PROFILE = "no_carrier_profile"
    ON_LIVE_PROFORMA = "on_live_proforma"
    NOT_RELEASED = "not_released"
    HELD = "held"
    HELD_UNTIL = "held_until"
    CONFIDENTIAL = "confidential"
    NOTHING_ENTERED = "nothing_entered"
    MISSING_CODE = "missing_code"
    MISSING_RATE = "missing_rate"
    BEFORE_PERIOD = "before_period"


SENTENCES = {
    Reason.NOT_DUE: "It is not these matters' turn in this period; bill one all the same if you know why.",
    Reason.MATTER_HELD: "The matter is held; its page says why and until when, and there the hold can be ended.",
    Reason.MATTER_CLOSED: "The matter is closed; reopen it to bill its work.",
    Reason.SHARES_NOT_WHOLE: "The payors' shares do not add up to 100 % on every day worked; correct the shares.",
    Reason.NO_CARRIER_PROFILE: "The carrier has no active profile; activate one.",
    Reason.ON_LIVE_PROFORMA: "It is on a proforma already; finish or void that one.",
    Reason.NOT_RELEASED: "It is not released for billing; have its timekeeper submit it, then release it.",
    Reason.HELD: "It is held; release it to bill it.",
    Reason.HELD_UNTIL: "Its reviewer held it until a day; the matter's page ends the hold earlier.",
    Reason.CONFIDENTIAL: "It is marked confidential; clear the mark before the carrier may read it.",
    Reason.NOTHING_ENTERED: "It has no hours or no amount; enter them, or write it off.",
    Reason.MISSING_CODE: "It has no UTBMS code; choose it. No code is ever filled in by default.",
    Reason.MISSING_RATE: "No rate covers the day it was worked; add one to the rate card.",
    Reason.BEFORE_PERIOD: "It was worked before the period; begin the period earlier to bill it.",
}


@dataclass(frozen=True, slots=True)
class PricedItem:
    """A line that bills; `approval` is what the carrier itself has on file of its rate."""

    item: WorkItem
    unit_cost: Decimal
    approval: ApprovedRate
    amount: Decimal
    worked_amount: Decimal


@dataclass(frozen=True, slots=True)
class BlockedItem:
    """A line that stays in work in progress; its amount is None where no rate is known.

    `detail` is what there is to say beyond the reason: until when it waits, and why.
    """

    item: WorkItem
    reason: Reason
    owner: str
    amount: Decimal | None
    detail: str = ""


@dataclass(frozen=True)
class MatterBill:
    """One proforma to be; `starts_on` is the first day it covers, `is_early` one that was not due."""

    matter: MatterFacts
    payor: Share
    profile: ActiveProfile
    lines: tuple[PricedItem, ...]
    starts_on: date
    is_early: bool = False

    @property
    def amount(self) -> Decimal:
        """Sum of the lines in dollars and cents."""
        return total(line.amount for line in self.lines)

    @property
    def worked_amount(self) -> Decimal:
        """What the hours first recorded are worth at the same rates."""
        return total(line.worked_amount for line in self.lines)


@dataclass(frozen=True)
class Selection:
    """Everything unbilled up to the period's end, told apart."""

    period_start: date
    period_end: date
    bills: tuple[MatterBill, ...]
    blocked: tuple[tuple[MatterFacts, tuple[BlockedItem, ...]], ...]
    timekeepers: dict[int, TimekeeperFacts]


def select_work(
    session: Session,
    *,
    period_start: date,
    period_end: date,
    matter_ids: Collection[int] | None = None,
    early: Collection[int] = (),
) -> Selection:
    """Read all that a run looks at in eight queries, and decide line by line.

    `early` are matters that are billed although it is not their turn.

    Raises:
        InvalidInputError: the period ends before it begins.
        NotFoundError: a matter that was asked for is not there.
    """
    _check_period(period_start, period_end)
    matters = load_matters(session, matter_ids)
    _check_all_found(matters, matter_ids)
    return _select(session, matters, (period_start, period_end), matter_ids, frozenset(early))


def select_in_parts(
    session: Session,
    *,
    period_start: date,
    period_end: date,
    matter_ids: Collection[int] | None = None,
    early: Collection[int] = (),
) -> Iterator[Selection]:
    """Yield the same 250 matters at a time, so that memory stays flat; all matters are locked before the first.

    Raises:
        InvalidInputError: the period ends before it begins.
        NotFoundError: a matter that was asked for is not there.
    """
    _check_period(period_start, period_end)
    matters = load_matters(session, matter_ids, lock=True)
    _check_all_found(matters, matter_ids)
    for start in range(0, len(matters), _MATTERS_AT_ONCE):
        part = matters[start : start + _MATTERS_AT_ONCE]
        ids = [matter.id for matter in part]
        yield _select(session, part, (period_start, period_end), ids, frozenset(early))


def _select(
    session: Session,
    matters: list[MatterFacts],
    period: tuple[date, date],
    matter_ids: Collection[int] | None,
    early: frozenset[int],
) -> Selection:
    period_start, period_end = period
    shares = load_shares(session, matter_ids)
    carrier_ids = {share.carrier_id for found in shares.values() for share in found}
    sorter = _Sorter(
        period_start=period_start,
        period_end=period_end,
        shares=shares,
        profiles=active_profiles(session, carrier_ids),
        rates=load_rates(session, carrier_ids),
        timekeepers=load_timekeepers(session),
        live=on_live_proformas(session, matter_ids),
        early=early,
        day=today(),
    )
    return sorter.sort(matters, load_work(session, period_end, matter_ids))


def held_words(until: date, reason: str) -> str:
    """Return until when something is held, and why: 'Held until 1 Dec 2026: the carrier decides first.'."""
    why = f": {reason.rstrip('. ')}" if reason.strip() else ""
    return f"Held until {until.day} {until:%b %Y}{why}."


def _check_period(period_start: date, period_end: date) -> None:
    if period_end < period_start:
        raise InvalidInputError("The period ends before it begins. Nothing was billed; correct the dates.")


def _check_all_found(matters: list[MatterFacts], matter_ids: Collection[int] | None) -> None:
    if matter_ids is not None and len(matters) != len(set(matter_ids)):
        missing = sorted(set(matter_ids) - {matter.id for matter in matters})
        message = "A matter you chose is not there any more. Nothing was billed; choose the matters again."
        raise NotFoundError(message, matter_ids=missing)


@dataclass(frozen=True)
class _Sorter:
    period_start: date
    period_end: date
    shares: dict[int, list[Share]]
    profiles: dict[int, ActiveProfile]
    rates: RateCard
    timekeepers: dict[int, TimekeeperFacts]
    live: dict[tuple[EntryKind, int], str]
    early: frozenset[int]
    day: date

    def sort(self, matters: list[MatterFacts], work: Iterable[WorkItem]) -> Selection:
        by_matter: dict[int, list[WorkItem]] = defaultdict(list)
        for item in work:
            by_matter[item.matter_id].append(item)
        bills, blocked = [], []
        for matter in matters:
            bill, left = self._matter(matter, by_matter.get(matter.id, []))
            bills += [bill] if bill else []
            blocked += [(matter, left)] if left else []
        return Selection(self.period_start, self.period_end, tuple(bills), tuple(blocked), self.timekeepers)

    def _matter(self, matter: MatterFacts, items: list[WorkItem]) -> tuple[MatterBill | None, tuple[BlockedItem, ...]]:
        shares = in_force(self.shares.get(matter.id, []), self.period_end)
        payor = shares[0] if shares else None
        lines: list[PricedItem] = []
        blocked: list[BlockedItem] = []
        for item in items:
            result = self._line(matter, item, payor)
            if isinstance(result, PricedItem):
                lines.append(result)
            else:
                blocked.append(result)
        if not lines:
            return None, tuple(blocked)
        refusal = self._refusal(matter, lines, payor)
        if refusal is not None or payor is None:
            reason, owner, detail = refusal or (Reason.SHARES_NOT_WHOLE, ADMINISTRATORS, "")
            left = (BlockedItem(line.item, reason, owner, line.amount, detail) for line in lines)
            return None, (*blocked, *left)
        starts_on = min(self._starts_on(matter), *(line.item.worked_on for line in lines))
        is_early = not self._is_due(matter)
        bill = MatterBill(matter, payor, self.profiles[payor.carrier_id], tuple(lines), starts_on, is_early)
        return bill, tuple(blocked)

    def _refusal(
        self, matter: MatterFacts, lines: Sequence[PricedItem], payor: Share | None
    ) -> tuple[Reason, str, str] | None:
        if waits := self._waits(matter):
            return waits
        shares = self.shares.get(matter.id, [])
        days = {line.item.worked_on for line in lines} | {self.period_end}
        if payor is None or not all(are_whole(in_force(shares, day)) for day in days):
            return Reason.SHARES_NOT_WHOLE, ADMINISTRATORS, ""
        payors = {share.carrier_id for day in days for share in in_force(shares, day)}
        return None if payors <= self.profiles.keys() else (Reason.NO_CARRIER_PROFILE, ADMINISTRATORS, "")

    def _waits(self, matter: MatterFacts) -> tuple[Reason, str, str] | None:
        """Return why nothing of the matter is billed now, by its hold, its status or its turn."""
        if matter.hold_until is not None and matter.hold_until > self.day:
            return Reason.MATTER_HELD, BILLING, held_words(matter.hold_until, matter.hold_reason)
        is_final = matter.frequency is BillingFrequency.AT_CLOSE
        if matter.status is not MatterStatus.OPEN and not is_final:
            return Reason.MATTER_CLOSED, matter.reviewer_name, ""
        if not self._is_due(matter) and matter.id not in self.early:
            return Reason.NOT_DUE, BILLING, not_due_words(matter.frequency, self.period_start)
        return None

    def _is_due(self, matter: MatterFacts) -> bool:
        period = (self.period_start, self.period_end)
        return is_due(matter.frequency, period, status=matter.status, closed_on=matter.closed_on)

    def _starts_on(self, matter: MatterFacts) -> date:
        """Return the first day that a bill of the matter speaks of, whatever it bills."""
        start = turn_starts(matter.frequency, self.period_end)
        return self.period_start if start == date.min else min(self.period_start, start)

    def _first_day(self, matter: MatterFacts) -> date:
        """Return from which day on the matter's work is billed: its turn's, or what a hold kept back."""
        days = [self.period_end]
        if matter.held_from is not None:
            # What the hold kept back begins with the month before it, which was to be billed then.
            days.append(matter.held_from.replace(day=1) - timedelta(days=1))
        return min(self.period_start, *(turn_starts(matter.frequency, day) for day in days))

    def _line(self, matter: MatterFacts, item: WorkItem, payor: Share | None) -> PricedItem | BlockedItem:
        hour = self._hour(item, payor)
        cost = item.unit_cost if item.kind is EntryKind.EXPENSE else self.rates.find(hour) if hour else None
        for reason, owner in self._faults(matter, item):
            amount = None if cost is None else line_amount(item.entered_units, cost)
            until = item.held_until if reason is Reason.HELD_UNTIL else None
            return BlockedItem(item, reason, owner, amount, held_words(until, item.hold_reason) if until else "")
        if cost is None:
            return BlockedItem(item, Reason.MISSING_RATE, ADMINISTRATORS, None)
        amount, worked = line_amount(item.entered_units, cost), line_amount(item.worked_units, cost)
        if amount <= 0:
            return BlockedItem(item, Reason.NOTHING_ENTERED, self._owner(matter, item), amount)
        return PricedItem(item, cost, self.rates.approval(hour) if hour else NOT_APPROVED, amount, worked)

    def _faults(self, matter: MatterFacts, item: WorkItem) -> Iterator[tuple[Reason, str]]:
        if (reviewer := self.live.get(item.key)) is not None:
            yield Reason.ON_LIVE_PROFORMA, reviewer
        elif item.status in {EntryStatus.DRAFT, EntryStatus.SUBMITTED}:
            yield Reason.NOT_RELEASED, self._owner(matter, item)
        elif item.status is EntryStatus.HELD:
            yield Reason.HELD, matter.reviewer_name
        elif item.held_until is not None and item.held_until > self.day:
            yield Reason.HELD_UNTIL, matter.reviewer_name
        elif item.held_until is None and item.worked_on < self._first_day(matter):
            yield Reason.BEFORE_PERIOD, BILLING
        elif item.is_confidential:
            yield Reason.CONFIDENTIAL, matter.reviewer_name
        elif not item.has_codes:
            yield Reason.MISSING_CODE, self._owner(matter, item)

    def _owner(self, matter: MatterFacts, item: WorkItem) -> str:
        who = self.timekeepers.get(item.timekeeper_id) if item.timekeeper_id is not None else None
        return who.name if who else matter.reviewer_name

    def _hour(self, item: WorkItem, payor: Share | None) -> RatedHour | None:
        who = self.timekeepers.get(item.timekeeper_id) if item.timekeeper_id is not None else None
        if item.kind is EntryKind.EXPENSE or who is None:
            return None
        return RatedHour(payor.carrier_id if payor else 0, who.id, who.classification, item.worked_on)
