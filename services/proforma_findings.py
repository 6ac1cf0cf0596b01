"""A proforma held against its carrier's rules again, after each edit, with the same rules as at the billing run."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, select
from sqlmodel import Session, col

from carriers.profile import CarrierProfile
from core.clock import today
from core.errors import InvalidInputError
from guidelines.lines import GuidelineLine
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import EntryKind, LineTreatment
from services.findings import findings_of
from services.inserts import every_column
from services.payors import in_force, load_shares
from services.profiles import active_profiles
from services.rates import RateCard, RatedHour, load_rates
from services.row_ids import row_id
from services.run_proformas import finding_row
from services.work_in_progress import TimekeeperFacts, load_timekeepers


@dataclass(frozen=True)
class CarrierView:
    """A proforma as its leading carrier will see it: the rules, the rates, and the lines that bill."""

    profile: CarrierProfile
    rates: RateCard
    lines: tuple[GuidelineLine, ...]
    hours: dict[str, RatedHour]


def carrier_view(session: Session, proforma: Proforma, lines: list[ProformaLine]) -> CarrierView:
    """Return the lines that bill, keyed by line number, beside the leading payor's rules and rates.

    Raises:
        InvalidInputError: nobody pays the matter, or the carrier has no active profile.
    """
    shares = in_force(load_shares(session, [proforma.matter_id]).get(proforma.matter_id, []), proforma.period_end)
    carrier_id = shares[0].carrier_id if shares else 0
    active = active_profiles(session, [carrier_id]).get(carrier_id)
    if active is None:
        message = "The matter's carrier has no active profile. Nothing was changed; ask an administrator for one."
        raise InvalidInputError(message, matter_id=proforma.matter_id)
    rates, timekeepers = load_rates(session, [carrier_id]), load_timekeepers(session)
    hours = _hours(carrier_id, lines, timekeepers)
    seen = []
    for line in lines:
        hour = hours.get(str(line.line_number))
        if line.treatment is LineTreatment.BILL:
            who = timekeepers.get(line.timekeeper_id or 0)
            seen.append(_line(line, who, rates.approved(hour) if hour else None))
    return CarrierView(active.profile, rates, tuple(seen), hours)


def recheck(session: Session, proforma: Proforma, lines: list[ProformaLine]) -> int:
    """Replace the proforma's findings by what holds now; return how many there are."""
    proforma_id = row_id(proforma)
    view = carrier_view(session, proforma, lines)
    found = findings_of(view.profile, view.lines, invoice_date=today())
    ids = {str(line.line_number): line.id for line in lines}
    session.execute(delete(ProformaFinding).where(col(ProformaFinding.proforma_id) == proforma_id))
    rows = [finding_row(proforma_id, ids[finding.line_key], finding) for finding in found]
    if rows:
        session.execute(every_column(ProformaFinding), rows)
    return len(rows)


def lines_of(session: Session, proforma_id: int) -> list[ProformaLine]:
    """Return a proforma's lines in order."""
    statement = select(ProformaLine).where(col(ProformaLine.proforma_id) == proforma_id)
    return list(session.scalars(statement.order_by(col(ProformaLine.line_number))))


def _hours(carrier_id: int, lines: list[ProformaLine], timekeepers: dict[int, TimekeeperFacts]) -> dict[str, RatedHour]:
    return {
        str(line.line_number): RatedHour(carrier_id, who.id, who.classification, line.worked_on)
        for line in lines
        if line.kind is EntryKind.FEE and (who := timekeepers.get(line.timekeeper_id or 0)) is not None
    }


def _line(line: ProformaLine, who: TimekeeperFacts | None, approved_rate: Decimal | None) -> GuidelineLine:
    return GuidelineLine(
        key=str(line.line_number),
        kind="F" if line.kind is EntryKind.FEE else "E",
        worked_on=line.worked_on,
        timekeeper_id=who.code if who else "",
        units=line.billed_units,
        unit_cost=line.unit_cost,
        approved_rate=approved_rate,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        narrative=line.billed_narrative,
    )
