"""The people's part of the month: billers and attorneys acting through the same services as the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.db import read_only, unit_of_work
from models import BillingRun, InvoiceLine, InvoiceRevision, Proforma, ProformaFinding, User
from models.enums import FindingAction, ProformaStatus, Role
from sandbox.firm.calendar import BillingPeriod
from services.actor import Actor, actor_of
from services.billing.billing_runs import run_billing, send_run_to_review
from services.invoicing.invoices import finalize_proformas
from services.review.proforma_fixes import apply_fix
from services.review.proformas import approve_clean, approve_proforma
from services.review.review_policy import get_policy
from services.rules.finding_fixes import ready_fix
from services.uploads.submissions import QueueResult, queue_submissions

_FIXES_EVERY = 3


@dataclass(frozen=True)
class Reviewed:
    """How the attorneys went through the proformas."""

    approved_clean: int
    approved_with_findings: int
    fixes: int


def first_person(session: Session, role: Role) -> Actor:
    """Return the firm's first person of a role."""
    people = session.scalars(select(User).where(col(User.is_active)).order_by(col(User.id)))
    return next(actor for actor in map(actor_of, people) if actor.has(role))


def bill(period: BillingPeriod) -> int:
    """Run the billing of the period as a biller and send the proformas to review; return the run's id."""
    with unit_of_work() as session:
        biller = first_person(session, Role.BILLER)
        run: BillingRun = run_billing(session, biller, period_start=period.start, period_end=period.end)
        run_id = run.id or 0
        send_run_to_review(session, biller, run_id=run_id)
    return run_id


def review(run_id: int, *, leave_to: frozenset[int] = frozenset()) -> Reviewed:
    """Let each attorney but those of `leave_to` approve the clean ones at once and go through the flagged ones."""
    clean = flagged = fixes = 0
    for attorney in _reviewers(run_id):
        if attorney.user_id in leave_to:
            continue
        with unit_of_work() as session:
            seen = {row.id or 0: row.version for row in _waiting(session, run_id, attorney)}
            clean += approve_all_clean(session, attorney, seen)
        with unit_of_work() as session:
            for proforma in _waiting(session, run_id, attorney):
                fixes += _review_one(session, attorney, proforma)
                flagged += 1
    return Reviewed(clean, flagged, fixes)


def approve_all_clean(session: Session, attorney: Actor, seen: Mapping[int, int]) -> int:
    """Let an attorney approve the clean ones among these, as often as the firm's cap wants it; return how many."""
    cap, count, left = get_policy(session).rules.most_amount, 0, dict(seen)
    while approved := approve_clean(session, attorney, seen=left, cap_amount=cap).approved:
        count += len(approved)
        left = {key: version for key, version in left.items() if key not in approved}
    return count


def finalize(run_id: int) -> list[int]:
    """Make the invoices of every approved proforma, as a biller; return their ids."""
    with unit_of_work() as session:
        biller = first_person(session, Role.BILLER)
        approved = col(Proforma.status) == ProformaStatus.APPROVED
        ids = session.scalars(select(col(Proforma.id)).where(col(Proforma.billing_run_id) == run_id, approved)).all()
        invoices = finalize_proformas(session, biller, proforma_ids=[found for found in ids if found is not None])
        return [invoice.id for invoice in invoices if invoice.id is not None]


def queue(invoice_ids: Sequence[int]) -> QueueResult:
    """Put the invoices' files into the ledger, as a biller."""
    with unit_of_work() as session:
        return queue_submissions(session, first_person(session, Role.BILLER), invoice_ids=list(invoice_ids))


def count_lines() -> int:
    """Return how many lines the invoices' revisions carry."""
    with read_only() as session:
        statement = (
            select(func.count())
            .select_from(InvoiceLine)
            .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        )
        return session.scalar(statement) or 0


def _reviewers(run_id: int) -> list[Actor]:
    with read_only() as session:
        reviewers = select(col(Proforma.reviewer_id)).where(col(Proforma.billing_run_id) == run_id).distinct()
        people = session.scalars(select(User).where(col(User.id).in_(reviewers)).order_by(col(User.id)))
        return [actor_of(person) for person in people]


def _waiting(session: Session, run_id: int, attorney: Actor) -> list[Proforma]:
    statement = select(Proforma).where(
        col(Proforma.billing_run_id) == run_id,
        col(Proforma.reviewer_id) == attorney.user_id,
        col(Proforma.status) == ProformaStatus.IN_REVIEW,
    )
    return list(session.scalars(statement.order_by(col(Proforma.id))))


def _review_one(session: Session, attorney: Actor, proforma: Proforma) -> int:
    """One flagged proforma in three gets the fixes that are offered, the others are billed as worked."""
    proforma_id = proforma.id or 0
    fixes = _fix(session, attorney, proforma) if proforma_id % _FIXES_EVERY == 0 else 0
    approve_proforma(
        session,
        attorney,
        proforma_id=proforma_id,
        expected_version=proforma.version,
        note="Seen; billed as worked.",
    )
    return fixes


def _fix(session: Session, attorney: Actor, proforma: Proforma) -> int:
    statement = select(ProformaFinding).where(
        col(ProformaFinding.proforma_id) == proforma.id, col(ProformaFinding.action) == FindingAction.REDUCE
    )
    count = 0
    while ready := [found for found in session.scalars(statement) if _is_one_click(found)]:
        apply_fix(session, attorney, finding_id=ready[0].id or 0, expected_version=proforma.version)
        session.refresh(proforma)
        count += 1
    return count


def _is_one_click(finding: ProformaFinding) -> bool:
    fix = ready_fix(finding.fix)
    return fix is not None and fix.is_one_click
