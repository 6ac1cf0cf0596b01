"""Billing runs, proformas, their lines, findings and proposed splits."""

from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from core.money import line_amount
from models import (
    BillingRun,
    LineProposal,
    Matter,
    Proforma,
    ProformaFinding,
    ProformaLine,
    SplitPart,
    SplitProposal,
    Timekeeper,
    User,
)
from models.enums import (
    EntryKind,
    EntryStatus,
    FindingAction,
    LineTreatment,
    ProformaStatus,
    ProposalKind,
    ProposalStatus,
    Role,
)
from tests.builders.base import NOW, PERIOD_END, PERIOD_START, RATE, add, id_of
from tests.builders.matters import make_expense, make_matter, make_time_entry
from tests.builders.people import make_timekeeper, make_user


def make_billing_run(session: Session, *, started_by: User | None = None) -> BillingRun:
    """Make a billing run of October 2026."""
    started_by = started_by or make_user(session, Role.BILLER)
    return add(
        session,
        BillingRun(period_start=PERIOD_START, period_end=PERIOD_END, started_by_id=id_of(started_by), created_at=NOW),
    )


def make_proforma(
    session: Session,
    *,
    status: ProformaStatus = ProformaStatus.IN_REVIEW,
    lines: int = 2,
    matter: Matter | None = None,
    run: BillingRun | None = None,
    timekeeper: Timekeeper | None = None,
    entry_status: EntryStatus = EntryStatus.RELEASED,
    due_on: date = date(2026, 11, 9),
) -> Proforma:
    """Make a proforma with fee lines on released time entries; its reviewer is the matter's attorney."""
    matter = matter or make_matter(session)
    timekeeper = timekeeper or make_timekeeper(session)
    proforma = add(
        session,
        Proforma(
            billing_run_id=id_of(run or make_billing_run(session)),
            matter_id=id_of(matter),
            reviewer_id=matter.responsible_attorney_id,
            period_start=PERIOD_START,
            period_end=PERIOD_END,
            status=status,
            worked_amount=Decimal(0),
            billed_amount=Decimal(0),
            created_at=NOW,
            due_on=due_on,
        ),
    )
    for n in range(1, lines + 1):
        make_proforma_line(session, proforma, line_number=n, matter=matter, timekeeper=timekeeper, status=entry_status)
    return proforma


def make_proforma_line(
    session: Session,
    proforma: Proforma,
    *,
    line_number: int,
    matter: Matter,
    timekeeper: Timekeeper,
    hours: str = "1.5",
    unit_cost: Decimal = RATE,
    worked_on: date = date(2026, 10, 5),
    status: EntryStatus = EntryStatus.RELEASED,
    treatment: LineTreatment = LineTreatment.BILL,
) -> ProformaLine:
    """Make one fee line and its time entry, and keep the proforma's sums right."""
    entry = make_time_entry(
        session, matter=matter, timekeeper=timekeeper, hours=hours, worked_on=worked_on, status=status
    )
    amount = line_amount(entry.entered_hours, unit_cost)
    line = add(
        session,
        ProformaLine(
            proforma_id=id_of(proforma),
            line_number=line_number,
            kind=EntryKind.FEE,
            time_entry_id=id_of(entry),
            timekeeper_id=id_of(timekeeper),
            worked_on=entry.worked_on,
            entered_units=entry.entered_hours,
            billed_units=entry.entered_hours,
            unit_cost=unit_cost,
            adjustment_amount=Decimal(0),
            billed_amount=amount,
            task_code=entry.task_code,
            activity_code=entry.activity_code,
            billed_narrative=entry.entered_narrative,
            treatment=treatment,
            worked_amount=amount,
            entered_amount=amount,
        ),
    )
    proforma.worked_amount += amount
    proforma.billed_amount += amount if treatment is LineTreatment.BILL else 0
    proforma.line_count += 1
    session.flush()
    return line


def make_expense_line(
    session: Session,
    proforma: Proforma,
    *,
    line_number: int,
    unit_cost: str = "42.50",
    units: str = "1",
    expense_code: str = "E115",
) -> ProformaLine:
    """Make one expense line and its expense, and keep the proforma's sums right."""
    matter = session.get_one(Matter, proforma.matter_id)
    expense = make_expense(session, matter=matter, units=units, unit_cost=unit_cost, expense_code=expense_code)
    amount = line_amount(expense.units, expense.unit_cost)
    line = add(
        session,
        ProformaLine(
            proforma_id=id_of(proforma),
            line_number=line_number,
            kind=EntryKind.EXPENSE,
            expense_id=id_of(expense),
            worked_on=expense.incurred_on,
            entered_units=expense.units,
            billed_units=expense.units,
            unit_cost=expense.unit_cost,
            adjustment_amount=Decimal(0),
            billed_amount=amount,
            expense_code=expense.expense_code,
            billed_narrative=expense.narrative,
        ),
    )
    proforma.worked_amount += amount
    proforma.billed_amount += amount
    proforma.line_count += 1
    session.flush()
    return line


def make_finding(
    session: Session,
    proforma: Proforma,
    *,
    line: ProformaLine | None = None,
    action: FindingAction = FindingAction.WARN,
) -> ProformaFinding:
    """Put a guideline finding beside a proforma, or beside one of its lines."""
    proforma.finding_count += 1
    return add(
        session,
        ProformaFinding(
            proforma_id=id_of(proforma),
            proforma_line_id=id_of(line) if line else None,
            rule="vague_narrative",
            action=action,
            message="The narrative says too little about what was done.",
        ),
    )


def make_line_proposal(
    session: Session, *, line: ProformaLine | None = None, status: ProposalStatus = ProposalStatus.PROPOSED
) -> LineProposal:
    """Propose more hours for a line; without one, for the first line of a new proforma."""
    if line is None:
        proforma = make_proforma(session, lines=1)
        line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).one()
    return add(
        session,
        LineProposal(
            proforma_id=line.proforma_id,
            proforma_line_id=id_of(line),
            timekeeper_id=line.timekeeper_id or 0,
            kind=ProposalKind.HOURS,
            status=status,
            hours=line.entered_units + 1,
            reason="The call went on",
            proposed_by_id=id_of(make_user(session)),
            proposed_at=NOW,
        ),
    )


def make_split(
    session: Session,
    *,
    line: ProformaLine | None = None,
    status: ProposalStatus = ProposalStatus.PROPOSED,
    texts: tuple[str, ...] = ("Draft the motion", "Call with the adjuster"),
) -> SplitProposal:
    """Propose a split of a line; without one, of the first line of a new proforma."""
    if line is None:
        proforma = make_proforma(session, lines=1)
        line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).one()
    proposal = add(
        session,
        SplitProposal(
            proforma_id=line.proforma_id,
            proforma_line_id=id_of(line),
            timekeeper_id=line.timekeeper_id or 0,
            status=status,
            entered_hours=line.entered_units,
            proposed_by_id=id_of(make_user(session, Role.BILLER)),
            proposed_at=NOW,
        ),
    )
    for number, text in enumerate(texts, start=1):
        add(session, SplitPart(split_proposal_id=id_of(proposal), number=number, narrative=text))
    return proposal
