"""A proforma held against its carrier's rules again, after each edit, with the same rules as at the billing run."""

from dataclasses import dataclass
from datetime import time
from functools import cache

from sqlalchemy import Select, bindparam, delete, select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from guidelines.lines import GuidelineLine
from models import Matter, Proforma, ProformaFinding, ProformaLine, TimeEntry
from models.enums import EntryKind, LineTreatment
from services import lifecycle
from services.billing.payors import Share, in_force, load_shares
from services.billing.rates import NOT_APPROVED, RateCard, RatedHour, load_rates
from services.billing.receipt_marks import expenses_with_receipt
from services.billing.work_in_progress import TimekeeperFacts, load_timekeepers
from services.inserts import every_column
from services.row_ids import row_id
from services.rules.checked_bills import BillToCheck, check_bills
from services.rules.finding_rows import CheckedBill
from services.rules.past_work import source_of
from services.sites.profiles import ActiveProfile, active_profiles
from services.tables import table_of

# A discount on the whole bill is none of the lines that guidelines speak of.
_CHECKED = (EntryKind.FEE, EntryKind.EXPENSE)
# Every edit asks these, so each is built once.
_T = table_of(TimeEntry)
_TIMES = select(_T.c.id, _T.c.started_at, _T.c.ended_at).where(_T.c.id.in_(bindparam("ids", expanding=True)))
_Span = tuple[time | None, time | None]
_NO_TIMES: _Span = (None, None)


@dataclass(frozen=True)
class CarrierView:
    """A proforma as its leading carrier will see it: the rules, the rates, and the lines that bill."""

    bill: BillToCheck
    rates: RateCard
    hours: dict[str, RatedHour]


def carrier_view(session: Session, proforma: Proforma, lines: list[ProformaLine]) -> CarrierView:
    """Return the lines that bill, keyed by line number, beside the leading payor's rules and rates.

    Raises:
        InvalidInputError: nobody pays the matter, or the carrier has no active profile.
    """
    payor, active = leading_carrier(session, proforma)
    people = {line.timekeeper_id for line in lines if line.timekeeper_id is not None}
    rates = load_rates(session, [payor.carrier_id], timekeeper_ids=people)
    timekeepers = load_timekeepers(session, people)
    hours = _hours(payor.carrier_id, lines, timekeepers)
    billing = [line for line in lines if line.treatment is LineTreatment.BILL and line.kind in _CHECKED]
    aside = _Aside(timekeepers, rates, hours, _timed(session, billing), _with_receipt(session, billing))
    matter: Matter = lifecycle.get(session, Matter, proforma.matter_id)
    bill = BillToCheck(
        key=row_id(proforma),
        carrier_id=payor.carrier_id,
        client_code=payor.client_code,
        profile=active.profile,
        matter_id=proforma.matter_id,
        matter_number=matter.number,
        lines=tuple(aside.line(line) for line in billing),
        period=(proforma.period_start, proforma.period_end),
    )
    return CarrierView(bill, rates, hours)


def leading_carrier(session: Session, proforma: Proforma) -> tuple[Share, ActiveProfile]:
    """Return the payor whose rates and guidelines apply, with its active profile.

    Raises:
        InvalidInputError: nobody pays the matter, or the carrier has no active profile.
    """
    shares = in_force(load_shares(session, [proforma.matter_id]).get(proforma.matter_id, []), proforma.period_end)
    active = active_profiles(session, [shares[0].carrier_id]).get(shares[0].carrier_id) if shares else None
    if active is None:
        message = "The matter's carrier has no active profile. Nothing was changed; ask an administrator for one."
        raise InvalidInputError(message, matter_id=proforma.matter_id)
    return shares[0], active


def check_proforma(session: Session, proforma: Proforma, lines: list[ProformaLine]) -> CheckedBill:
    """Return what the carrier's rules find on a proforma now; nothing is stored."""
    return check_bills(session, [carrier_view(session, proforma, lines).bill])[row_id(proforma)]


def recheck(session: Session, proforma: Proforma, lines: list[ProformaLine]) -> int:
    """Replace the proforma's findings by what holds now; return how many of them ask for something."""
    proforma_id = row_id(proforma)
    checked = check_proforma(session, proforma, lines)
    # By the mapper, which lets go of the findings it holds: their ids may be given to the new ones.
    session.execute(delete(ProformaFinding).where(col(ProformaFinding.proforma_id) == proforma_id))
    rows = list(checked.rows(proforma_id, {str(line.line_number): row_id(line) for line in lines}))
    if rows:
        session.execute(every_column(ProformaFinding), rows)
    return checked.open_count


def lines_of(session: Session, proforma_id: int) -> list[ProformaLine]:
    """Return a proforma's lines in order, as they are stored now."""
    return list(session.scalars(_fresh_lines(), {"key": proforma_id}))


@cache
def _fresh_lines() -> Select[ProformaLine]:
    statement = select(ProformaLine).where(col(ProformaLine.proforma_id) == bindparam("key"))
    return statement.order_by(col(ProformaLine.line_number)).execution_options(populate_existing=True)


def _hours(carrier_id: int, lines: list[ProformaLine], timekeepers: dict[int, TimekeeperFacts]) -> dict[str, RatedHour]:
    return {
        str(line.line_number): RatedHour(carrier_id, who.id, who.classification, line.worked_on)
        for line in lines
        if line.kind is EntryKind.FEE and (who := timekeepers.get(line.timekeeper_id or 0)) is not None
    }


def _timed(session: Session, lines: list[ProformaLine]) -> dict[int, _Span]:
    ids = [line.time_entry_id for line in lines if line.time_entry_id is not None]
    return {key: (started, ended) for key, started, ended in session.execute(_TIMES, {"ids": ids})}


def _with_receipt(session: Session, lines: list[ProformaLine]) -> frozenset[int]:
    return expenses_with_receipt(session, {line.expense_id for line in lines if line.expense_id is not None})


@dataclass(frozen=True)
class _Aside:
    """What is known beside the lines of one proforma."""

    timekeepers: dict[int, TimekeeperFacts]
    rates: RateCard
    hours: dict[str, RatedHour]
    spans: dict[int, _Span]
    with_receipt: frozenset[int]

    def line(self, line: ProformaLine) -> GuidelineLine:
        who, hour = self.timekeepers.get(line.timekeeper_id or 0), self.hours.get(str(line.line_number))
        # Several parts of a split share the times of one entry, so only a whole entry is held against the clock.
        is_whole = line.split_from_id is None
        started_at, ended_at = self.spans.get(line.time_entry_id or 0, _NO_TIMES) if is_whole else _NO_TIMES
        approval = self.rates.approval(hour) if hour else NOT_APPROVED
        is_fee = line.kind is EntryKind.FEE
        return GuidelineLine(
            key=str(line.line_number),
            kind="F" if is_fee else "E",
            worked_on=line.worked_on,
            timekeeper_id=who.code if who else "",
            units=line.billed_units,
            unit_cost=line.unit_cost,
            task_code=line.task_code,
            activity_code=line.activity_code,
            expense_code=line.expense_code,
            narrative=line.billed_narrative,
            source=source_of(line.kind, (line.time_entry_id if is_fee else line.expense_id) or 0),
            classification=who.classification if who else "",
            is_approved=not is_fee or approval.hourly_amount is not None,
            started_at=started_at,
            ended_at=ended_at,
            has_receipt=line.expense_id in self.with_receipt,
            adjustment=line.adjustment_amount,
            **approval.facts(),
        )
