"""Matters with their payors and rates, and the work on them."""

from datetime import date, time
from decimal import Decimal

from sqlmodel import Session, select

from models import (
    Carrier,
    Expense,
    ExpenseReceipt,
    Matter,
    MatterBudget,
    MatterPayor,
    Rate,
    TimeEntry,
    Timekeeper,
    User,
)
from models.enums import EntryStatus, MatterStatus, Role
from tests.builders.base import NOW, NUMBERS, RATE, add, id_of
from tests.builders.carriers import make_carrier
from tests.builders.people import make_timekeeper, make_user


def make_matter(
    session: Session,
    *,
    carrier: Carrier | None = None,
    attorney: User | None = None,
    number: str = "",
    status: MatterStatus = MatterStatus.OPEN,
    shares: dict[int, str] | None = None,
    claim_number: str = "",
) -> Matter:
    """Make a matter that one carrier pays in full, or several by `shares` (carrier id -> percent as text)."""
    n = next(NUMBERS)
    attorney = attorney or make_user(session, Role.ATTORNEY)
    matter = add(
        session,
        Matter(
            number=number or f"2024-{n:05d}",
            name=f"Doe v. Insured {n}",
            status=status,
            responsible_attorney_id=id_of(attorney),
            opened_on=date(2024, 1, 2),
        ),
    )
    if shares is None:
        shares = {id_of(carrier or make_carrier(session)): "100"}
    for carrier_id, percent in shares.items():
        make_payor(session, matter, carrier_id=carrier_id, percent=percent, claim_number=claim_number or f"CLM-{n}")
    return matter


def make_payor(
    session: Session,
    matter: Matter,
    *,
    carrier_id: int,
    percent: str = "100",
    claim_number: str = "CLM-1",
    effective_from: date = date(2024, 1, 2),
    effective_to: date | None = None,
) -> MatterPayor:
    """Make a dated share of a matter, the same for fees and expenses."""
    return add(
        session,
        MatterPayor(
            matter_id=id_of(matter),
            carrier_id=carrier_id,
            claim_number=claim_number,
            fee_percent=Decimal(percent),
            expense_percent=Decimal(percent),
            effective_from=effective_from,
            effective_to=effective_to,
        ),
    )


def make_rate(
    session: Session,
    hourly_amount: Decimal = RATE,
    *,
    carrier: Carrier | None = None,
    timekeeper: Timekeeper | None = None,
    classification: str | None = None,
    effective_from: date = date(2026, 1, 1),
    effective_to: date | None = None,
    notified_on: date | None = None,
) -> Rate:
    """Make a row of a rate card; the firm's own when no carrier is given."""
    return add(
        session,
        Rate(
            carrier_id=id_of(carrier) if carrier else None,
            timekeeper_id=id_of(timekeeper) if timekeeper else None,
            classification=classification,
            hourly_amount=hourly_amount,
            effective_from=effective_from,
            effective_to=effective_to,
            notified_on=notified_on,
        ),
    )


def make_budget(
    session: Session,
    matter: Matter,
    amount: str = "10000.00",
    *,
    code: str = "",
    carrier: Carrier | None = None,
    work: tuple[date | None, date | None] = (None, None),
) -> MatterBudget:
    """Make a budget that the matter's payor, or the carrier given, has approved."""
    payor = session.exec(select(MatterPayor).where(MatterPayor.matter_id == matter.id)).first()
    assert payor is not None
    return add(
        session,
        MatterBudget(
            matter_id=id_of(matter),
            carrier_id=id_of(carrier) if carrier else payor.carrier_id,
            code=code,
            amount=Decimal(amount),
            approved_on=date(2026, 9, 1),
            work_from=work[0],
            work_to=work[1],
            created_by_id=id_of(make_user(session)),
            created_at=NOW,
        ),
    )


def make_receipt(session: Session, expense: Expense, *, removed: bool = False) -> ExpenseReceipt:
    """Make the record of a receipt; its bytes are nowhere."""
    who = id_of(make_user(session))
    return add(
        session,
        ExpenseReceipt(
            expense_id=id_of(expense),
            name="receipt.pdf",
            media_type="application/pdf",
            byte_count=5,
            object_key=f"receipts/{expense.id}/{next(NUMBERS)}.pdf",
            sha256="0" * 64,
            added_by_id=who,
            added_at=NOW,
            removed_by_id=who if removed else None,
            removed_at=NOW if removed else None,
        ),
    )


def make_time_entry(
    session: Session,
    *,
    matter: Matter | None = None,
    timekeeper: Timekeeper | None = None,
    hours: str = "1.5",
    worked_hours: str = "",
    worked_on: date = date(2026, 10, 5),
    narrative: str = "Draft motion for summary judgment on coverage defense",
    task_code: str = "L240",
    activity_code: str = "A103",
    status: EntryStatus = EntryStatus.RELEASED,
    is_confidential: bool = False,
    times: tuple[time, time] | None = None,
) -> TimeEntry:
    """Make a time entry, released for billing unless said otherwise."""
    return add(
        session,
        TimeEntry(
            matter_id=id_of(matter or make_matter(session)),
            timekeeper_id=id_of(timekeeper or make_timekeeper(session)),
            worked_on=worked_on,
            started_at=times[0] if times else None,
            ended_at=times[1] if times else None,
            worked_hours=Decimal(worked_hours or hours),
            worked_narrative=narrative,
            entered_hours=Decimal(hours),
            entered_narrative=narrative,
            task_code=task_code,
            activity_code=activity_code,
            is_confidential=is_confidential,
            status=status,
            created_at=NOW,
        ),
    )


def make_expense(
    session: Session,
    *,
    matter: Matter | None = None,
    timekeeper: Timekeeper | None = None,
    units: str = "1",
    unit_cost: str = "42.50",
    incurred_on: date = date(2026, 10, 6),
    narrative: str = "Court reporter fee for deposition of plaintiff",
    expense_code: str = "E115",
    status: EntryStatus = EntryStatus.RELEASED,
) -> Expense:
    """Make an expense, released for billing unless said otherwise."""
    return add(
        session,
        Expense(
            matter_id=id_of(matter or make_matter(session)),
            timekeeper_id=id_of(timekeeper) if timekeeper else None,
            incurred_on=incurred_on,
            units=Decimal(units),
            unit_cost=Decimal(unit_cost),
            narrative=narrative,
            expense_code=expense_code,
            status=status,
            created_at=NOW,
        ),
    )


def make_billable_matter(
    session: Session,
    *,
    fees: int = 2,
    expenses: int = 1,
    carrier: Carrier | None = None,
    attorney: User | None = None,
    timekeeper: Timekeeper | None = None,
) -> Matter:
    """Make a matter with released work of October 2026, a rate card and everything a billing run asks for."""
    matter = make_matter(session, carrier=carrier, attorney=attorney)
    timekeeper = timekeeper or make_timekeeper(session)
    if session.exec(select(Rate).where(Rate.timekeeper_id == timekeeper.id)).first() is None:
        make_rate(session, timekeeper=timekeeper)
    for n in range(fees):
        make_time_entry(session, matter=matter, timekeeper=timekeeper, worked_on=date(2026, 10, 1 + n % 28))
    for n in range(expenses):
        make_expense(session, matter=matter, incurred_on=date(2026, 10, 1 + n % 28))
    return matter
