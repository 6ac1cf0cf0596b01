"""Work for who does it by keyboard: an attorney's proformas, and a biller's paper, doubt and unbilled matter."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from sqlmodel import Session, select

from core.clock import now, today
from models import Matter, Timekeeper, User
from models.enums import DeliveryChannel, MailingStatus, Role, SubmissionStatus
from tests.builders import (
    id_of,
    make_billing_run,
    make_carrier,
    make_invoice,
    make_mail_payor,
    make_mailing,
    make_matter,
    make_proforma,
    make_proforma_line,
    make_rate,
    make_submission,
    make_time_entry,
)
from tests.builders.base import add
from tests.builders.proformas import make_expense_line
from tests.journeys.house import EMAIL, House

LINES = 12
_NUMBERS = count(1)


@dataclass(frozen=True)
class ReviewWork:
    """An attorney with clean proformas in the queue, one with many lines, and another matter."""

    email: str
    colleague: str
    clean: list[int]
    held: int
    edited: int
    lines: list[int]
    late: str
    other_matter: str


@dataclass(frozen=True)
class BillingWork:
    """A mailing that waits for the printer, a file in doubt, and a matter with work that is on no bill."""

    payor: str
    doubt_id: int
    doubt_number: str
    matter_id: int
    matter_number: str


def make_review_work(house: House) -> ReviewWork:
    """Make it in one transaction; the payor takes paper, so that every way of editing is open."""
    with house.database.unit_of_work() as session:
        number = next(_NUMBERS)
        clerk = add(session, Timekeeper(
            code=f"KB{number:04d}", last_name="Clerk", first_name="Cay", classification="PARTNR"
        ))  # fmt: skip
        own = add(session, Timekeeper(
            code=f"KI{number:04d}", last_name="Keys", first_name="Ira", classification="PARTNR"
        ))  # fmt: skip
        ira = _attorney(session, f"Ira Keys {number}", f"ira.keys{number}", own)
        zoe = _attorney(session, f"Zoe Keys {number}", f"zoe.keys{number}")
        payor = make_mail_payor(session, channel=DeliveryChannel.PAPER)
        for person in (clerk, own):
            make_rate(session, carrier=payor, timekeeper=person)
        run = make_billing_run(session, started_by=ira)

        def matter(name: str) -> Matter:
            return make_matter(session, attorney=ira, carrier=payor, number=f"KB{number}-{name}")

        later = today() + timedelta(days=20)

        def proforma(name: str, due: date) -> int:
            made = make_proforma(session, matter=matter(name), timekeeper=clerk, run=run, lines=1, due_on=due)
            made.waiting_since_at = now()
            return id_of(made)

        clean = [proforma(f"CLEAN{place}", today() + timedelta(days=6)) for place in range(5)]
        held = proforma("HOLD", later)
        long = matter("LONG")
        edited = make_proforma(session, matter=long, timekeeper=clerk, run=run, lines=0, due_on=later)
        lines = [
            id_of(
                make_proforma_line(
                    session, edited, line_number=place, matter=long, timekeeper=clerk, worked_on=date(2026, 10, place)
                )
            )
            for place in range(1, LINES + 1)
        ]
        make_expense_line(session, edited, line_number=LINES + 1)
        late = make_time_entry(session, matter=long, timekeeper=clerk, narrative="Call with the adjuster")
        other = matter("OTHER")
        return ReviewWork(ira.email, zoe.name, clean, held, id_of(edited), lines, late.entered_narrative, other.number)


def make_billing_work(house: House) -> BillingWork:
    """Make it in one transaction."""
    with house.database.unit_of_work() as session:
        number = next(_NUMBERS)
        dana = session.exec(select(User).where(User.email == EMAIL["biller"])).one()
        paper = make_mail_payor(session, channel=DeliveryChannel.PAPER)
        paper.name = f"Paper Mutual {number}"
        letter = make_invoice(session, matter=make_matter(session, carrier=paper, number=f"KB{number}-PAPER"))
        make_mailing(session, invoice=letter, channel=DeliveryChannel.PAPER, status=MailingStatus.READY)
        carrier = make_carrier(session, name=f"Doubtful Mutual {number}")
        invoice = make_invoice(session, matter=make_matter(session, carrier=carrier, number=f"KB{number}-DOUBT"))
        doubt = make_submission(
            session, invoice, status=SubmissionStatus.IN_DOUBT, decider_id=id_of(dana),
            decide_by=now() + timedelta(hours=20),
        )  # fmt: skip
        clerk = add(session, Timekeeper(
            code=f"KR{number:04d}", last_name="Run", first_name="Kim", classification="PARTNR"
        ))  # fmt: skip
        make_rate(session, carrier=carrier, timekeeper=clerk)
        unbilled = make_matter(session, carrier=carrier, number=f"KB{number}-RUN")
        make_time_entry(session, matter=unbilled, timekeeper=clerk, worked_on=date(2026, 10, 5))
        return BillingWork(paper.name, id_of(doubt), invoice.number, id_of(unbilled), unbilled.number)


def _attorney(session: Session, name: str, subject: str, timekeeper: Timekeeper | None = None) -> User:
    return add(session, User(
        subject=subject, email=f"{subject}@hwr.example", name=name, roles=[Role.ATTORNEY.value], created_at=now(),
        timekeeper_id=id_of(timekeeper) if timekeeper else None,
    ))  # fmt: skip
