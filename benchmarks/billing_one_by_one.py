"""The two twins people write first: a handful of queries an invoice, and (N + 1) a rate query and a save a line.

Both bill through the same rules and the same LEDES writer; only the way to the database differs.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, SQLModel, col, or_, select

from core.clock import now
from core.ids import sha256_hex
from core.money import ZERO, line_amount
from guidelines.bill import Bill
from guidelines.lines import GuidelineLine
from models import (
    BillingRun,
    Carrier,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Matter,
    MatterPayor,
    Proforma,
    ProformaLine,
    Rate,
    TimeEntry,
    Timekeeper,
)
from models.enums import EntryKind, EntryStatus, ProformaStatus, Role
from services import audit
from services.actor import Actor
from services.billing.rates import RateCard, RatedHour, load_rates
from services.invoicing.invoice_documents import BilledLine, Paper, columns_of, make_file
from services.row_ids import row_id
from services.rules.findings import CarrierBook
from services.sites.profiles import ActiveProfile, active_profiles

_BILLER = Actor(1, "Biller", frozenset({Role.BILLER}))


@dataclass(frozen=True)
class _Month:
    """A month under way: `a_line` asks the database for every line's rate and saves every line by itself."""

    session: Session
    run: BillingRun
    a_line: bool
    timekeepers: dict[int, Timekeeper]

    def who(self, timekeeper_id: int | None) -> Timekeeper:
        """Return a timekeeper: asked for anew by the habit of a query a line, remembered by the other."""
        if self.a_line:
            return self.session.get_one(Timekeeper, timekeeper_id)
        return self.timekeepers[timekeeper_id or 0]

    def save(self, row: SQLModel) -> None:
        self.session.add(row)
        if self.a_line:
            self.session.flush()


def month_one_by_one(session: Session, start: date, end: date, *, a_line: bool) -> int:
    """Bill, approve and file the period matter by matter; return the lines billed."""
    run = BillingRun(period_start=start, period_end=end, started_by_id=1, created_at=now())
    session.add(run)
    session.flush()
    matters = session.exec(select(Matter).order_by(Matter.number)).all()
    timekeepers = {} if a_line else {row_id(who): who for who in session.exec(select(Timekeeper))}
    month = _Month(session, run, a_line, timekeepers)
    return sum(_matter(month, matter, number) for number, matter in enumerate(matters, start=1))


def _matter(month: _Month, matter: Matter, number: int) -> int:
    session, run = month.session, month.run
    payor = session.exec(select(MatterPayor).where(MatterPayor.matter_id == matter.id)).one()
    active = active_profiles(session, [payor.carrier_id])[payor.carrier_id]
    proforma = _proforma(session, run, matter)
    card = None if month.a_line else load_rates(session, [payor.carrier_id])
    entries = _entries(session, run, matter)
    lines = [_line(month, proforma, payor, entry, n, card) for n, entry in enumerate(entries, start=1)]
    session.flush()
    bill = Bill(invoice_date=run.period_end, period_start=run.period_start, period_end=run.period_end)
    CarrierBook(active.profile).findings([_seen(month, line) for line in lines], bill=bill)
    proforma.billed_amount = sum((line.billed_amount for line in lines), start=ZERO)
    audit.record(session, _BILLER, "proforma:approve", "proforma", row_id(proforma))
    _invoice(month, proforma, payor, active, lines, f"2026-{number:06d}")
    return len(lines)


def _entries(session: Session, run: BillingRun, matter: Matter) -> list[TimeEntry]:
    in_period = col(TimeEntry.worked_on).between(run.period_start, run.period_end)
    released = TimeEntry.status == EntryStatus.RELEASED
    return list(session.exec(select(TimeEntry).where(TimeEntry.matter_id == matter.id, in_period, released)))


def _proforma(session: Session, run: BillingRun, matter: Matter) -> Proforma:
    proforma = Proforma(
        billing_run_id=row_id(run),
        matter_id=row_id(matter),
        reviewer_id=matter.responsible_attorney_id,
        period_start=run.period_start,
        period_end=run.period_end,
        status=ProformaStatus.FINALIZED,
        worked_amount=ZERO,
        billed_amount=ZERO,
        created_at=now(),
        due_on=run.period_end,
    )
    session.add(proforma)
    session.flush()
    return proforma


def _rate(session: Session, payor: MatterPayor, who: Timekeeper, day: date) -> Decimal:
    in_force = (Rate.effective_from <= day, or_(col(Rate.effective_to).is_(None), col(Rate.effective_to) >= day))
    for carrier_id in (payor.carrier_id, None):
        for owner in (Rate.timekeeper_id == who.id, Rate.classification == who.classification):
            found = session.exec(select(Rate).where(Rate.carrier_id == carrier_id, owner, *in_force)).first()
            if found is not None:
                return found.hourly_amount
    message = f"no rate for {who.code} on {day}"
    raise LookupError(message)


def _found(card: RateCard, payor: MatterPayor, who: Timekeeper, day: date) -> Decimal:
    rate = card.find(RatedHour(payor.carrier_id, row_id(who), who.classification, day))
    if rate is None:
        message = f"no rate for {who.code} on {day}"
        raise LookupError(message)
    return rate


def _line(
    month: _Month, proforma: Proforma, payor: MatterPayor, entry: TimeEntry, number: int, card: RateCard | None
) -> ProformaLine:
    who = month.who(entry.timekeeper_id)
    day = entry.worked_on
    rate = _rate(month.session, payor, who, day) if card is None else _found(card, payor, who, day)
    line = ProformaLine(
        proforma_id=row_id(proforma),
        line_number=number,
        kind=EntryKind.FEE,
        time_entry_id=entry.id,
        timekeeper_id=entry.timekeeper_id,
        worked_on=entry.worked_on,
        entered_units=entry.entered_hours,
        billed_units=entry.entered_hours,
        unit_cost=rate,
        adjustment_amount=ZERO,
        billed_amount=line_amount(entry.entered_hours, rate),
        task_code=entry.task_code,
        activity_code=entry.activity_code,
        billed_narrative=entry.entered_narrative,
    )
    month.save(line)
    return line


def _seen(month: _Month, line: ProformaLine) -> GuidelineLine:
    who = month.who(line.timekeeper_id)
    return GuidelineLine(
        key=str(line.line_number),
        kind="F",
        worked_on=line.worked_on,
        timekeeper_id=who.code,
        units=line.billed_units,
        unit_cost=line.unit_cost,
        approved_rate=None,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code="",
        narrative=line.billed_narrative,
    )


def _invoice(
    month: _Month,
    proforma: Proforma,
    payor: MatterPayor,
    active: ActiveProfile,
    lines: list[ProformaLine],
    number: str,
) -> None:
    session = month.session
    matter = session.get_one(Matter, proforma.matter_id)
    carrier = session.get_one(Carrier, payor.carrier_id)
    paper = Paper(
        number=number,
        invoice_date=now().date(),
        client_code=carrier.client_code,
        matter_number=matter.number,
        claim_number=payor.claim_number,
        law_firm_id="36-4412907",
        period_start=proforma.period_start,
        period_end=proforma.period_end,
        lines=tuple(_billed(month, line) for line in lines),
    )
    file = make_file(paper, active.profile)
    invoice = Invoice(
        number=number,
        proforma_id=row_id(proforma),
        matter_id=row_id(matter),
        carrier_id=row_id(carrier),
        matter_payor_id=row_id(payor),
        total_amount=paper.total_amount,
        finalized_by_id=1,
        finalized_at=now(),
    )
    session.add(invoice)
    session.flush()
    revision = InvoiceRevision(
        invoice_id=row_id(invoice),
        number=1,
        invoice_date=paper.invoice_date,
        period_start=paper.period_start,
        period_end=paper.period_end,
        total_amount=paper.total_amount,
        line_count=len(lines),
        carrier_profile_version_id=active.version_id,
        file_name=file.name,
        file_sha256=sha256_hex(file.content),
        file_content=file.content,
        created_at=now(),
    )
    session.add(revision)
    session.flush()
    for line in file.lines:
        month.save(InvoiceLine(invoice_revision_id=row_id(revision), **columns_of(line)))
    session.flush()
    audit.record(session, _BILLER, "invoice:finalized", "invoice", row_id(invoice), number=number)


def _billed(month: _Month, line: ProformaLine) -> BilledLine:
    who = month.who(line.timekeeper_id)
    return BilledLine(
        line_number=line.line_number,
        proforma_line_id=row_id(line),
        kind=line.kind,
        worked_on=line.worked_on,
        timekeeper_code=who.code,
        timekeeper_name=who.ledes_name,
        timekeeper_classification=who.classification,
        units=line.billed_units,
        unit_cost=line.unit_cost,
        adjustment_amount=line.adjustment_amount,
        total_amount=line.billed_amount,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        narrative=line.billed_narrative,
    )
