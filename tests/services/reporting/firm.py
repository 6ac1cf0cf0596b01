"""A firm that has billed: seeded as the practice firm is, then sent, answered and paid as chance has it.

What happens here is written by hand and by chance, never by the reports that are checked against it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from sqlmodel import Session, col, select

from core.clock import today
from core.db import Database, use_database
from core.key_ring import KeyRing
from core.money import round_half_up
from models import AuditEvent, Carrier, Invoice, Proforma, ProformaLine, User
from models import BillingPeriod as MonthOfBills
from models.enums import (
    CashStatus,
    DecisionStatus,
    DeliveryChannel,
    DocumentStatus,
    LineTreatment,
    MailingStatus,
    ProformaStatus,
    ReceiptSource,
    Role,
    SubmissionStatus,
)
from sandbox.firm.calendar import BillingPeriod
from sandbox.firm.seed import seed_firm
from sandbox.month.desk import bill, finalize, review
from services.actor import Actor, actor_of
from services.billing.billing_calendar import make_calendar
from tests.builders import make_mailing, make_submission

INVOICES = 36
_ANSWERS = (
    DecisionStatus.APPROVED,
    DecisionStatus.APPROVED,
    DecisionStatus.REDUCED,
    DecisionStatus.REJECTED,
    DecisionStatus.DISPUTED,
    DecisionStatus.PENDING,
)


@dataclass(frozen=True)
class Firm:
    """The database and its people."""

    database: Database
    period: BillingPeriod
    biller: Actor
    attorneys: tuple[Actor, ...]

    @property
    def month(self) -> str:
        """The month that was billed, as an address says it."""
        return f"{self.period.end:%Y-%m}"


def make_firm(database: Database, folder: Path) -> Firm:
    """Seed, bill, review and finalise, leave some of it at every stage, and let carriers answer and pay."""
    ring = KeyRing.load_or_create(folder / "ring.json")
    with use_database(database):
        world = seed_firm(database, key_ring=ring, seed=11, today=today(), origin_port=8790, invoices=INVOICES)
        run_id = bill(world.period)
        with database.unit_of_work() as session:
            make_calendar(session)
            _move_close(session, world.period.end)
            _change_lines(session, Random(5))  # noqa: S311 -- chance that can be repeated
            left = _leave_some(session)
        review(run_id, leave_to=left)
        with database.unit_of_work() as session:
            _keep_some_from_invoicing(session)
        finalize(run_id)
        with database.unit_of_work() as session:
            _live(session, Random(3), world.period.end)  # noqa: S311
            _move_times(session, Random(9), world.period.end)  # noqa: S311
        with database.read_only() as session:
            people = [actor_of(user) for user in session.exec(select(User).order_by(col(User.id)))]
    biller = next(who for who in people if who.has(Role.BILLER))
    attorneys = tuple(who for who in people if who.has(Role.ATTORNEY) and not who.has(Role.BILLER, Role.ADMIN))
    return Firm(database, world.period, biller, attorneys)


def _move_close(session: Session, month_end: date) -> None:
    """Let the month's bills leave by another day than the rule says: a report that keeps to the rule is wrong."""
    period = session.exec(select(MonthOfBills).where(MonthOfBills.ends_on == month_end)).one()
    period.send_by_on = month_end + timedelta(days=26)


def _change_lines(session: Session, random: Random) -> None:
    """What attorneys do to lines: fewer hours, lower rates, discounts, written off, held, split."""
    for proforma in session.exec(select(Proforma).order_by(col(Proforma.id))):
        lines = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).all()
        for line in random.sample(lines, min(6, len(lines) - 1)):
            _CHANGES[random.randrange(len(_CHANGES))](session, line)
            session.flush()
        session.flush()
        every = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).all()
        proforma.billed_amount = sum(
            (line.billed_amount for line in every if line.treatment is LineTreatment.BILL), start=Decimal(0)
        )
        session.add(proforma)


def _fewer_hours(_session: Session, line: ProformaLine) -> None:
    line.billed_units = line.entered_units / 2
    line.billed_amount = round_half_up(line.billed_units * line.unit_cost)


def _lower_rate(_session: Session, line: ProformaLine) -> None:
    line.unit_cost = line.unit_cost - Decimal("10.05") if line.unit_cost > Decimal(20) else line.unit_cost
    line.billed_amount = round_half_up(line.billed_units * line.unit_cost)


def _discount(_session: Session, line: ProformaLine) -> None:
    line.adjustment_amount = -round_half_up(line.billed_amount / 3)
    line.billed_amount += line.adjustment_amount


def _write_off(_session: Session, line: ProformaLine) -> None:
    line.treatment = LineTreatment.WRITE_OFF


def _hold(_session: Session, line: ProformaLine) -> None:
    line.treatment = LineTreatment.HOLD


def _split(session: Session, line: ProformaLine) -> None:
    if line.time_entry_id is None:
        return
    number = max(session.exec(select(ProformaLine.line_number).where(ProformaLine.proforma_id == line.proforma_id)))
    facts = line.model_dump(exclude={"id", "worked_amount", "entered_amount"})
    for place, part in enumerate((Decimal("0.1"), Decimal("0.2")), 1):
        amount = round_half_up(part * line.unit_cost)
        units = {"entered_units": part, "billed_units": part, "billed_amount": amount, "split_from_id": line.id}
        session.add(ProformaLine(**{**facts, **units, "line_number": number + place}))
    line.treatment = LineTreatment.SPLIT


_CHANGES = (_fewer_hours, _lower_rate, _discount, _write_off, _hold, _split)


def _leave_some(session: Session) -> frozenset[int]:
    """Leave one attorney's proformas in review, and make them late."""
    reviewer_id = session.exec(select(Proforma.reviewer_id).order_by(col(Proforma.id).desc())).first()
    for proforma in session.exec(select(Proforma).where(Proforma.reviewer_id == reviewer_id)):
        proforma.due_on = today() - timedelta(days=proforma.id % 5 - 1 if proforma.id else 0)
        session.add(proforma)
    return frozenset({reviewer_id or 0})


def _keep_some_from_invoicing(session: Session) -> None:
    states = (
        ProformaStatus.RETURNED,
        ProformaStatus.HELD,
        ProformaStatus.DRAFT,
        ProformaStatus.VOIDED,
        ProformaStatus.IN_APPROVAL,
    )
    approved = session.exec(
        select(Proforma).where(Proforma.status == ProformaStatus.APPROVED).order_by(col(Proforma.id))
    )
    for proforma, status in zip(list(approved)[: len(states)], states, strict=False):
        proforma.status = status
        session.add(proforma)


def _live(session: Session, random: Random, period_end: date) -> None:
    invoices = session.exec(select(Invoice).order_by(col(Invoice.id))).all()
    for place, invoice in enumerate(invoices):
        invoice.finalized_at = _moment(random, period_end + timedelta(days=random.randrange(3, 12)))
        if place % 9 == 0:
            invoice.document_status = DocumentStatus.VOIDED
        elif place % 4 == 3:
            _stop(session, invoice, place)
        else:
            _deliver(session, random, invoice)
        session.add(invoice)
    session.flush()
    carrier = session.get_one(Carrier, invoices[3].carrier_id)
    carrier.paused_at = datetime.now(UTC)
    session.add(carrier)


def _stop(session: Session, invoice: Invoice, place: int) -> None:
    states = (
        SubmissionStatus.READY,
        SubmissionStatus.IN_DOUBT,
        SubmissionStatus.NEEDS_ATTENTION,
        SubmissionStatus.REFUSED,
    )
    at = invoice.finalized_at + timedelta(hours=5)
    if place % 8 == 7:
        status = MailingStatus.IN_DOUBT if place % 16 == 7 else MailingStatus.NEEDS_ATTENTION
        make_mailing(session, invoice=invoice, channel=DeliveryChannel.EMAIL, status=status, queued_at=at)
    else:
        make_submission(session, invoice, status=states[place // 4 % 4], created_at=at)


def _deliver(session: Session, random: Random, invoice: Invoice) -> None:
    days = random.choice((1, 2, 20, 35, 50, 70, 95))
    delivered_at = min(invoice.finalized_at + timedelta(days=random.randrange(6)), datetime.now(UTC))
    delivered_at -= timedelta(days=random.choice((0, 0, 0, 20, 33, 48, 70, 130)))
    invoice.document_status, invoice.delivered_at = DocumentStatus.DELIVERED, delivered_at
    source = random.choice((ReceiptSource.SITE, ReceiptSource.SITE, ReceiptSource.PERSON))
    made = {"receipt_source": source, "delivered_at": delivered_at, "created_at": invoice.finalized_at}
    make_submission(session, invoice, status=SubmissionStatus.DELIVERED, **made)
    invoice.decision_status = random.choice(_ANSWERS)
    if invoice.decision_status in {DecisionStatus.APPROVED, DecisionStatus.REDUCED}:
        cut = Decimal(random.randrange(1, 30_000)) / 100 if invoice.decision_status is DecisionStatus.REDUCED else 0
        invoice.approved_amount = invoice.total_amount - cut
        invoice.cash_status = random.choice((CashStatus.PAID, CashStatus.UNPAID, CashStatus.SHORT_PAID))
    if invoice.decision_status is not DecisionStatus.PENDING:
        invoice.decided_at = delivered_at + timedelta(days=days, minutes=random.randrange(900))


def _move_times(session: Session, random: Random, period_end: date) -> None:
    """Let the proformas and their approvals have happened on days of the past."""
    for proforma in session.exec(select(Proforma)):
        proforma.created_at = _moment(random, period_end + timedelta(days=random.randrange(1, 3)))
        session.add(proforma)
        approvals = select(AuditEvent.id).where(
            AuditEvent.tag == "proforma:approve", AuditEvent.subject_id == proforma.id
        )
        at = proforma.created_at + timedelta(hours=random.randrange(1, 200))
        table = AuditEvent.__table__
        for event_id in session.exec(approvals):
            session.connection().execute(table.update().where(table.c.id == event_id).values(at=at))


def _moment(random: Random, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, random.randrange(24), random.randrange(60), 7, tzinfo=UTC)
