"""Builders: one call makes one record with everything it hangs on; name only what the test is about.

Each takes `(session, *, ...)`, adds the row, flushes it, so that `id` is set, and returns it. Nothing is committed.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, select

from core.ids import sha256_hex
from core.money import line_amount, total
from models import (
    BillingRun,
    Carrier,
    CarrierProfileVersion,
    Expense,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Matter,
    MatterPayor,
    Proforma,
    ProformaFinding,
    ProformaLine,
    Rate,
    Site,
    SiteAccount,
    SplitPart,
    SplitProposal,
    Submission,
    TimeEntry,
    Timekeeper,
    User,
)
from models.enums import (
    CashStatus,
    DecisionStatus,
    DocumentStatus,
    EntryKind,
    EntryStatus,
    FindingAction,
    LineTreatment,
    MatterStatus,
    ProformaStatus,
    Role,
    SplitStatus,
    SubmissionStatus,
)
from services.actor import Actor, actor_of

PERIOD_START = date(2026, 10, 1)
PERIOD_END = date(2026, 10, 31)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RATE = Decimal("285.00")

_numbers = count(1)
_Row = TypeVar("_Row", bound=SQLModel)


def id_of(row: Any) -> int:
    """Return the id of a flushed row, as the number it is by then."""
    assert row.id is not None
    return int(row.id)


def actor(*roles: Role, user_id: int | None = None) -> Actor:
    """Return an actor who need not be in the database."""
    return Actor(user_id, "Somebody", frozenset(roles))


def actor_for(user: User) -> Actor:
    """Return the actor a user is."""
    return actor_of(user)


def make_user(session: Session, *roles: Role, name: str = "", timekeeper: Timekeeper | None = None) -> User:
    """Make a person; a biller unless roles are given."""
    n = next(_numbers)
    return _add(
        session,
        User(
            subject=f"subject-{n}",
            email=f"person{n}@hwr.example",
            name=name or f"Person {n}",
            roles=[role.value for role in roles or (Role.BILLER,)],
            timekeeper_id=id_of(timekeeper) if timekeeper else None,
            created_at=NOW,
        ),
    )


def make_biller(session: Session) -> Actor:
    """Make a biller and return the actor."""
    return actor_of(make_user(session, Role.BILLER))


def make_timekeeper(session: Session, *, classification: str = "PT", last_name: str = "Reyes") -> Timekeeper:
    """Make somebody whose hours are billed."""
    n = next(_numbers)
    return _add(
        session,
        Timekeeper(code=f"TK{n:04d}", last_name=last_name, first_name="Ana", classification=classification),
    )


def make_site_account(session: Session, *, law_firm_id: str = "36-4412907") -> SiteAccount:
    """Make a site with one log-in."""
    n = next(_numbers)
    site = _add(
        session,
        Site(
            slug=f"site-{n}",
            name=f"Site {n}",
            platform="1",
            origin=f"http://site-{n}.localhost:8000",
            automation_allowed_by="Vendor manager, 2026-01-05",
        ),
    )
    return _add(session, SiteAccount(site_id=id_of(site), label="main", law_firm_id=law_firm_id))


def make_carrier(
    session: Session,
    *,
    site_account: SiteAccount | None = None,
    name: str = "",
    profile: dict[str, Any] | None = None,
    with_profile: bool = True,
) -> Carrier:
    """Make a carrier with an active profile: `profile_document()` unless another document is given."""
    n = next(_numbers)
    account = site_account or make_site_account(session)
    carrier = _add(
        session,
        Carrier(
            slug=f"carrier-{n}", name=name or f"Carrier {n}", client_code=f"CL{n:04d}", site_account_id=id_of(account)
        ),
    )
    if with_profile:
        make_profile_version(session, carrier, document=profile)
    return carrier


def make_profile_version(
    session: Session, carrier: Carrier, *, document: dict[str, Any] | None = None, number: int = 1
) -> CarrierProfileVersion:
    """Make the active profile version of a carrier."""
    version = CarrierProfileVersion(
        carrier_id=id_of(carrier),
        number=number,
        is_active=True,
        document=document or profile_document(),
        created_at=NOW,
    )
    return _add(session, version)


def profile_document(
    *,
    guidelines: list[dict[str, Any]] | None = None,
    file_format: dict[str, Any] | None = None,
    codes: dict[str, Any] | None = None,
    resubmission: str = "same_number",
    result_channel: str = "at_once",
) -> dict[str, Any]:
    """Return the JSON of a small valid `CarrierProfile` of a form site."""
    return {
        "format": file_format or {},
        "codes": codes or {},
        "guidelines": guidelines or [],
        "site": _site_document(),
        "result_channel": {"kind": result_channel},
        "money": {"appeal_window_days": 60, "resubmission": resubmission, "payment_terms_days": 30},
    }


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
    n = next(_numbers)
    attorney = attorney or make_user(session, Role.ATTORNEY)
    matter = _add(
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
    return _add(
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
) -> Rate:
    """Make a row of a rate card; the firm's own when no carrier is given."""
    return _add(
        session,
        Rate(
            carrier_id=id_of(carrier) if carrier else None,
            timekeeper_id=id_of(timekeeper) if timekeeper else None,
            classification=classification,
            hourly_amount=hourly_amount,
            effective_from=effective_from,
            effective_to=effective_to,
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
    return _add(
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
    return _add(
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


def make_billing_run(session: Session, *, started_by: User | None = None) -> BillingRun:
    """Make a billing run of October 2026."""
    started_by = started_by or make_user(session, Role.BILLER)
    return _add(
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
    proforma = _add(
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
    status: EntryStatus = EntryStatus.RELEASED,
    treatment: LineTreatment = LineTreatment.BILL,
) -> ProformaLine:
    """Make one fee line and its time entry, and keep the proforma's sums right."""
    entry = make_time_entry(session, matter=matter, timekeeper=timekeeper, hours=hours, status=status)
    amount = line_amount(entry.entered_hours, unit_cost)
    line = _add(
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
        ),
    )
    proforma.worked_amount += amount
    proforma.billed_amount += amount if treatment is LineTreatment.BILL else 0
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
    return _add(
        session,
        ProformaFinding(
            proforma_id=id_of(proforma),
            proforma_line_id=id_of(line) if line else None,
            rule="vague_narrative",
            action=action,
            message="The narrative says too little about what was done.",
        ),
    )


def make_split(
    session: Session,
    *,
    line: ProformaLine | None = None,
    status: SplitStatus = SplitStatus.PROPOSED,
    texts: tuple[str, ...] = ("Draft the motion", "Call with the adjuster"),
) -> SplitProposal:
    """Propose a split of a line; without one, of the first line of a new proforma."""
    if line is None:
        proforma = make_proforma(session, lines=1)
        line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).one()
    proposal = _add(
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
        _add(session, SplitPart(split_proposal_id=id_of(proposal), number=number, narrative=text))
    return proposal


def make_invoice(
    session: Session,
    *,
    lines: int = 2,
    matter: Matter | None = None,
    document_status: DocumentStatus = DocumentStatus.OPEN,
    decision_status: DecisionStatus = DecisionStatus.NONE,
    cash_status: CashStatus = CashStatus.UNPAID,
    number: str = "",
    finalized_at: datetime = NOW,
    content: bytes = b"LEDES1998B[]\r\n",
) -> Invoice:
    """Make an invoice with revision 1 and its lines on a finalized proforma; the bytes are a stand-in."""
    proforma = make_proforma(
        session, status=ProformaStatus.FINALIZED, lines=lines, matter=matter, entry_status=EntryStatus.BILLED
    )
    payor = session.exec(select(MatterPayor).where(MatterPayor.matter_id == proforma.matter_id)).first()
    assert payor is not None
    biller = session.exec(select(BillingRun).where(BillingRun.id == proforma.billing_run_id)).one().started_by_id
    number = number or f"2025-{next(_numbers):06d}"
    invoice = _add(
        session,
        Invoice(
            number=number,
            proforma_id=id_of(proforma),
            matter_id=proforma.matter_id,
            carrier_id=payor.carrier_id,
            matter_payor_id=id_of(payor),
            document_status=document_status,
            decision_status=decision_status,
            cash_status=cash_status,
            total_amount=proforma.billed_amount,
            finalized_by_id=biller,
            finalized_at=finalized_at,
            delivered_at=None if document_status is DocumentStatus.OPEN else finalized_at,
        ),
    )
    make_revision(session, invoice, proforma, content=content)
    return invoice


def make_revision(
    session: Session, invoice: Invoice, proforma: Proforma, *, number: int = 1, content: bytes = b"LEDES1998B[]\r\n"
) -> InvoiceRevision:
    """Make a revision of an invoice with a snapshot of every line of its proforma."""
    profile = session.exec(
        select(CarrierProfileVersion).where(CarrierProfileVersion.carrier_id == invoice.carrier_id)
    ).first()
    if profile is None:
        profile = make_profile_version(session, session.get_one(Carrier, invoice.carrier_id))
    lines = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).all()
    revision = _add(
        session,
        InvoiceRevision(
            invoice_id=id_of(invoice),
            number=number,
            invoice_date=invoice.finalized_at.date(),
            period_start=proforma.period_start,
            period_end=proforma.period_end,
            total_amount=total(line.billed_amount for line in lines),
            line_count=len(lines),
            carrier_profile_version_id=id_of(profile),
            file_name=f"{invoice.number}.txt",
            file_sha256=sha256_hex(content),
            file_content=content,
            created_at=invoice.finalized_at,
        ),
    )
    for line in lines:
        _add(session, _snapshot(revision, line))
    return revision


def make_submission(
    session: Session, invoice: Invoice, *, status: SubmissionStatus = SubmissionStatus.READY, **columns: Any
) -> Submission:
    """Queue an invoice's current revision; further columns of the row by name."""
    revision = session.exec(
        select(InvoiceRevision).where(
            InvoiceRevision.invoice_id == invoice.id, InvoiceRevision.number == invoice.revision_number
        )
    ).one()
    carrier = session.get_one(Carrier, invoice.carrier_id)
    row = {
        "invoice_id": id_of(invoice),
        "invoice_revision_id": id_of(revision),
        "carrier_id": carrier.id,
        "site_account_id": carrier.site_account_id,
        "queued_by_id": invoice.finalized_by_id,
        "status": status,
        "file_sha256": revision.file_sha256,
        "created_at": NOW,
    }
    return _add(session, Submission(**{**row, **columns}))


def _snapshot(revision: InvoiceRevision, line: ProformaLine) -> InvoiceLine:
    return InvoiceLine(
        invoice_revision_id=id_of(revision),
        line_number=line.line_number,
        proforma_line_id=id_of(line),
        kind=line.kind,
        worked_on=line.worked_on,
        timekeeper_code="TK0001",
        timekeeper_name="Reyes, Ana",
        timekeeper_classification="PT",
        units=line.billed_units,
        unit_cost=line.unit_cost,
        adjustment_amount=line.adjustment_amount,
        total_amount=line.billed_amount,
        task_code=line.task_code,
        activity_code=line.activity_code,
        expense_code=line.expense_code,
        narrative=line.billed_narrative,
    )


def _add(session: Session, row: _Row) -> _Row:
    session.add(row)
    session.flush()
    return row


def _site_document() -> dict[str, Any]:
    here = ["#page"]
    columns = {"invoice_number": ".number", "receipt": ".receipt", "amount": ".amount", "status": ".status"}
    return {
        "title": "Practice site",
        "allowed_hosts": ["{site_host}"],
        "credentials": [
            {"name": "username", "label": "User name", "kind": "plain"},
            {"name": "password", "label": "Password", "kind": "secret"},
        ],
        "pages": {"upload": {"is_here": here}},
        "steps": {
            "login": [{"verb": "fill", "label": "Password", "selectors": ["#password"], "value": "{password}"}],
            "find_invoice": [
                {
                    "verb": "read_table",
                    "label": "Invoices",
                    "table": {"selectors": ["tbody tr"], "columns": columns},
                    "into": "invoices",
                    "empty": ["#none"],
                }
            ],
            "upload": [
                {"verb": "expect", "label": "Upload page", "page": "upload"},
                {"verb": "upload", "label": "Choose the file", "selectors": ["#file"]},
                {"verb": "click", "label": "Send", "selectors": ["#send"], "commit": True},
                {"verb": "read", "label": "Receipt", "selectors": ["#receipt"], "into": "receipt"},
            ],
            "read_result": [{"verb": "read", "label": "Decision", "selectors": ["#status"], "into": "decision"}],
            "logout": [{"verb": "click", "label": "Sign out", "selectors": ["#logout"]}],
        },
        "outcomes": [{"signal": "login_rejected", "texts": ["not recognised"]}],
        "decisions": {"Approved": "approved", "Rejected": "rejected"},
    }
