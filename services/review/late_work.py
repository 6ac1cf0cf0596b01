"""Late time and expenses: what was released after the billing run, put on an open proforma; or entered right there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError
from core.money import ZERO, line_amount
from models import Expense, Matter, Proforma, ProformaLine, TimeEntry
from models.enums import EditKind, EntryKind, EntryStatus, MatterStatus
from services import lifecycle
from services.actor import Actor
from services.billing.rates import RatedHour, load_rates
from services.billing.work_in_progress import TimekeeperFacts, WorkItem, load_timekeepers, load_work, on_live_proformas
from services.review.line_edits import Change, changing
from services.review.line_values import checked_narrative, exact, set_codes
from services.review.own_work import timekeeper_of
from services.review.proforma_findings import leading_carrier
from services.review.proforma_queries import visible_proforma
from services.row_ids import row_id

_MOST_HOURS = 24


@dataclass(frozen=True)
class LateItem:
    """Released work of the matter that is on no bill. Units are hours or a count; no cost where a rate is missing."""

    kind: EntryKind
    id: int
    worked_on: date
    who: str
    units: Decimal
    unit_cost: Decimal | None
    narrative: str
    codes: str

    @property
    def amount(self) -> Decimal:
        """Dollars that it would add; nothing while its rate is missing."""
        return line_amount(self.units, self.unit_cost) if self.unit_cost is not None else ZERO


@dataclass(frozen=True)
class NewTime:
    """Time that its own timekeeper records: hours and the day."""

    worked_on: date
    hours: Decimal
    narrative: str
    task_code: str
    activity_code: str


@dataclass(frozen=True)
class NewExpense:
    """An expense: a count of units at a cost in dollars each."""

    incurred_on: date
    units: Decimal
    unit_cost: Decimal
    narrative: str
    expense_code: str


def list_late_work(session: Session, actor: Actor, *, proforma_id: int) -> list[LateItem]:
    """Return the released work of a proforma's matter, up to the end of its period, that is on no bill."""
    proforma = visible_proforma(session, actor, proforma_id)
    found = _Finder(session, proforma)
    return [found.item(one) for one in _free_work(session, proforma)]


def add_late_work(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    expected_version: int,
    chosen: Sequence[tuple[EntryKind, int]],
    note: str = "",
) -> Proforma:
    """Put released entries and expenses on the proforma, as lines behind the last one.

    Raises:
        InvalidInputError: nothing was chosen, or one is billed elsewhere, confidential or without a rate.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    if not chosen:
        raise InvalidInputError("Choose what to add. Nothing was changed.")
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.ADD, note=note) as change:
        free = {one.key: one for one in _free_work(session, change.proforma)}
        finder = _Finder(session, change.proforma)
        for key in dict.fromkeys(chosen):
            if key not in free:
                message = "One you chose is on a bill meanwhile, or not released. Nothing was added; choose again."
                raise InvalidInputError(message, entry_id=key[1])
            _add(session, change, free[key], finder)
    return change.proforma


def add_own_time(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, time: NewTime, note: str = ""
) -> Proforma:
    """Record one's own late time and bill it here; who adds it says that he or she did the work.

    Raises:
        DeniedError: the actor is no timekeeper; nobody records time for somebody else.
        InvalidInputError: a value is wrong, or there is no rate for that day.
        StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    timekeeper_id = timekeeper_of(session, actor)
    if timekeeper_id is None:
        message = "Only a timekeeper records time, and only their own. Nothing was added; ask who did the work."
        raise DeniedError(message, proforma_id=proforma_id)
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.ADD, note=note) as change:
        matter = _open_matter(session, change.proforma, time.worked_on)
        hours = exact(time.hours)
        if not 0 < hours <= _MOST_HOURS:
            raise InvalidInputError("Give hours above 0, up to 24. Nothing was added.")
        text = checked_narrative(time.narrative)
        entry = TimeEntry(
            matter_id=row_id(matter),
            timekeeper_id=timekeeper_id,
            worked_on=time.worked_on,
            worked_hours=hours,
            worked_narrative=text,
            entered_hours=hours,
            entered_narrative=text,
            status=EntryStatus.RELEASED,
            created_at=now(),
        )
        session.add(entry)
        session.flush()
        item = _work_item(EntryKind.FEE, row_id(entry), entry.matter_id, timekeeper_id, time.worked_on, hours, text)
        line = _add(session, change, item, _Finder(session, change.proforma))
        codes = {"task_code": time.task_code, "activity_code": time.activity_code}
        set_codes(session, change.proforma, line, codes)
        entry.task_code, entry.activity_code = line.task_code, line.activity_code
        change.records.made("time_entry", entry)
    return change.proforma


def add_expense(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, expense: NewExpense, note: str = ""
) -> Proforma:
    """Record a late expense of the matter and bill it here.

    Raises:
        InvalidInputError: a value is wrong.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.ADD, note=note) as change:
        matter = _open_matter(session, change.proforma, expense.incurred_on)
        units, unit_cost, text = exact(expense.units), exact(expense.unit_cost), checked_narrative(expense.narrative)
        if units <= 0 or unit_cost <= 0:
            raise InvalidInputError("Units and cost are more than nothing. Nothing was added.")
        spent = Expense(
            matter_id=row_id(matter),
            incurred_on=expense.incurred_on,
            units=units,
            unit_cost=unit_cost,
            narrative=text,
            status=EntryStatus.RELEASED,
            created_at=now(),
        )
        session.add(spent)
        session.flush()
        item = _work_item(
            EntryKind.EXPENSE, row_id(spent), spent.matter_id, None, expense.incurred_on, units, text, unit_cost
        )
        line = _add(session, change, item, _Finder(session, change.proforma))
        set_codes(session, change.proforma, line, {"expense_code": expense.expense_code})
        spent.expense_code = line.expense_code
        change.records.made("expense", spent)
    return change.proforma


def _open_matter(session: Session, proforma: Proforma, day: date) -> Matter:
    matter: Matter = lifecycle.get(session, Matter, proforma.matter_id)
    if matter.status is not MatterStatus.OPEN:
        raise InvalidInputError(f"Matter {matter.number} is closed. Nothing was added; ask billing to reopen it.")
    if not matter.opened_on <= day <= min(proforma.period_end, today()):
        message = (
            f"The day is not between {matter.opened_on:%B %d, %Y}, when the matter was opened, and the end of "
            f"this bill's period, {proforma.period_end:%B %d, %Y}. Nothing was added; the next bill takes later work."
        )
        raise InvalidInputError(message, proforma_id=proforma.id)
    return matter


def _free_work(session: Session, proforma: Proforma) -> list[WorkItem]:
    live = on_live_proformas(session, [proforma.matter_id])
    work = load_work(session, proforma.period_end, [proforma.matter_id])
    free = [one for one in work if one.status is EntryStatus.RELEASED and one.key not in live]
    return [one for one in free if one.held_until is None or one.held_until <= today()]


def _work_item(
    kind: EntryKind,
    entry_id: int,
    matter_id: int,
    timekeeper_id: int | None,
    worked_on: date,
    units: Decimal,
    narrative: str,
    unit_cost: Decimal | None = None,
) -> WorkItem:
    return WorkItem(
        kind=kind,
        id=entry_id,
        matter_id=matter_id,
        timekeeper_id=timekeeper_id,
        worked_on=worked_on,
        worked_units=units,
        entered_units=units,
        unit_cost=unit_cost,
        narrative=narrative,
        task_code="",
        activity_code="",
        expense_code="",
        status=EntryStatus.RELEASED,
        is_confidential=False,
    )


def _add(session: Session, change: Change, item: WorkItem, finder: "_Finder") -> ProformaLine:
    cost = finder.cost(item)
    if item.is_confidential:
        message = "One is marked as not to be seen by the carrier. Nothing was added; clear the mark first."
        raise InvalidInputError(message, entry_id=item.id)
    if cost is None:
        message = f"There is no rate for the work of {item.worked_on:%B %d, %Y}. Nothing was added; ask for one first."
        raise InvalidInputError(message, entry_id=item.id)
    is_fee = item.kind is EntryKind.FEE
    line = ProformaLine(
        proforma_id=row_id(change.proforma),
        line_number=change.next_number(),
        kind=item.kind,
        time_entry_id=item.id if is_fee else None,
        expense_id=None if is_fee else item.id,
        timekeeper_id=item.timekeeper_id,
        worked_on=item.worked_on,
        entered_units=item.entered_units,
        billed_units=item.entered_units,
        unit_cost=cost,
        adjustment_amount=ZERO,
        billed_amount=line_amount(item.entered_units, cost),
        task_code=item.task_code,
        activity_code=item.activity_code,
        expense_code=item.expense_code,
        billed_narrative=item.narrative,
        worked_amount=line_amount(item.worked_units, cost),
        entered_amount=line_amount(item.entered_units, cost),
    )
    session.add(line)
    session.flush()
    change.lines.append(line)
    change.worked_amount += line_amount(item.worked_units, cost)
    return line


class _Finder:
    """Whose work it is and what it costs for the leading carrier of one proforma."""

    def __init__(self, session: Session, proforma: Proforma) -> None:
        payor, _ = leading_carrier(session, proforma)
        self._carrier_id = payor.carrier_id
        self._rates = load_rates(session, [payor.carrier_id])
        self._people: dict[int, TimekeeperFacts] = load_timekeepers(session)

    def cost(self, item: WorkItem) -> Decimal | None:
        """Return the expense's own cost, or the rate of the person on that day."""
        if item.kind is EntryKind.EXPENSE:
            return item.unit_cost
        who = self._people.get(item.timekeeper_id or 0)
        return (
            self._rates.find(RatedHour(self._carrier_id, who.id, who.classification, item.worked_on)) if who else None
        )

    def item(self, item: WorkItem) -> LateItem:
        """Return work as it is offered."""
        who = self._people.get(item.timekeeper_id or 0)
        codes = " ".join(filter(None, (item.task_code, item.activity_code, item.expense_code)))
        return LateItem(
            item.kind,
            item.id,
            item.worked_on,
            who.name if who else "",
            item.entered_units,
            self.cost(item),
            item.narrative,
            codes,
        )
