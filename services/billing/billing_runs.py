"""Billing runs: preview, run, send to review, undo. Statements and memory are those of 250 matters at a time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import InvalidInputError, WrongStateError
from core.money import ZERO, as_text, total
from models import BillingRun, Proforma, User
from models.enums import ProformaStatus, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.billing.billing_calendar import period_end_of_calendar
from services.billing.billing_preview import RunPreview, preview_of
from services.billing.billing_selection import Selection, select_in_parts, select_work
from services.billing.busy_days import busy_days, least_daily_limit
from services.billing.run_proformas import make_proformas
from services.review.sending import leave_review, send_many_to_review
from services.row_ids import row_id
from services.rules.checked_bills import Month
from services.sites.profiles import active_profiles

REVIEW_DAYS = 5
_LONGEST_REASON = 500


@dataclass(frozen=True)
class RunRow:
    """One run in the list of runs; `proformas` counts them by status."""

    id: int
    period_start: date
    period_end: date
    started_by: str
    created_at: datetime
    undone_at: datetime | None
    proformas: dict[ProformaStatus, int]
    billed_amount: Decimal


def preview_run(
    session: Session,
    actor: Actor,
    *,
    period_start: date,
    period_end: date,
    matter_ids: Collection[int] | None = None,
    early: Collection[int] = (),
) -> RunPreview:
    """Return what a run of the period would bill and what not, with reasons, amounts and owners; changes nothing.

    `early` are matters to bill although it is not their turn.

    Raises:
        InvalidInputError: the period ends before it begins.
        NotFoundError: a matter that was asked for is not there.
    """
    require(actor, Role.BILLER, what="Previewing a billing run")
    period = {"period_start": period_start, "period_end": period_end}
    return preview_of(select_work(session, **period, matter_ids=matter_ids, early=early))


def run_billing(
    session: Session,
    actor: Actor,
    *,
    period_start: date,
    period_end: date,
    matter_ids: Collection[int] | None = None,
    due_on: date | None = None,
    early: Mapping[int, str] | None = None,
) -> BillingRun:
    """Make a draft proforma of every matter that the preview lists; unapproved and faulty work stays where it is.

    `early` are matters to bill although it is not their turn, each with the reason, which the audit trail keeps.
    Without `due_on` the review is due as the billing calendar says, or after five days where that day has passed.

    Rival runs wait for each other on the matters' rows, so no entry can get onto two proformas.

    Raises:
        InvalidInputError: there is nothing to bill, the period ends before it begins, or a reason is missing.
        NotFoundError: a matter that was asked for is not there.
    """
    require(actor, Role.BILLER, what="Running the billing")
    reasons = _checked_reasons(early or {})
    period = {"period_start": period_start, "period_end": period_end}
    parts = select_in_parts(session, **period, matter_ids=matter_ids, early=reasons)
    run = BillingRun(period_start=period_start, period_end=period_end, started_by_id=person_id(actor), created_at=now())
    tally = _make(session, run, parts, due_on or _review_due_on(session, period_end))
    if not tally.proformas:
        message = "Nothing in this period is ready to be billed. Nothing was made; the preview names what is missing."
        raise InvalidInputError(message, blocked=tally.matters_with_work_left)
    facts = {**asdict(tally), "amount": as_text(tally.amount)}
    del facts["early_matter_ids"]
    audit.record(session, actor, "billing_run:made", "billing_run", row_id(run), **facts)
    for matter_id in tally.early_matter_ids:
        tag, why = "matter:billed_early", reasons[matter_id]
        audit.record(session, actor, tag, "matter", matter_id, note=why, billing_run_id=row_id(run))
    return run


def _checked_reasons(early: Mapping[int, str]) -> dict[int, str]:
    reasons = {matter_id: reason.strip()[:_LONGEST_REASON] for matter_id, reason in early.items()}
    if not all(reasons.values()):
        message = "Say why a matter is billed although it is not its turn. Nothing was billed; write the reason."
        raise InvalidInputError(message)
    return reasons


def _review_due_on(session: Session, period_end: date) -> date:
    """Return the day of the billing calendar; where that has passed, or there is none, five days from now."""
    last = period_end_of_calendar(session, period_end)
    return last.review_due_on if last and last.review_due_on > today() else today() + timedelta(days=REVIEW_DAYS)


@dataclass
class _Tally:
    """What a run has made so far, and in how many matters it left work."""

    proformas: int = 0
    lines: int = 0
    amount: Decimal = ZERO
    matters_with_work_left: int = 0
    early_matter_ids: list[int] = field(default_factory=list)

    def add(self, selection: Selection) -> None:
        self.proformas += len(selection.bills)
        self.lines += sum(len(bill.lines) for bill in selection.bills)
        self.amount += total(bill.amount for bill in selection.bills)
        self.matters_with_work_left += len(selection.blocked)
        self.early_matter_ids += [bill.matter.id for bill in selection.bills if bill.is_early]


def _make(session: Session, run: BillingRun, parts: Iterable[Selection], due_on: date) -> _Tally:
    """Store the run with its first bill, and each part's proformas before the next part is read."""
    tally = _Tally()
    month, first = Month(frozenset()), date.max
    for selection in parts:
        tally.add(selection)
        if selection.bills:
            if (earliest := min(bill.starts_on for bill in selection.bills)) < first:
                month, first = _month(session, run, earliest), earliest
            session.add(run)
            session.flush()
            make_proformas(session, selection, run_id=row_id(run), due_on=due_on, month=month)
    return tally


def _month(session: Session, run: BillingRun, first: date) -> Month:
    """Return what all parts of the run share, from the first day that one of them bills."""
    limit = least_daily_limit(active.profile for active in active_profiles(session).values())
    return Month(busy_days(session, first=first, last=run.period_end, limit=limit))


def send_run_to_review(session: Session, actor: Actor, *, run_id: int) -> int:
    """Send the run's drafts to their attorneys; return how many went."""
    lifecycle.get(session, BillingRun, run_id)
    ids = session.scalars(select(col(Proforma.id)).where(col(Proforma.billing_run_id) == run_id))
    return send_many_to_review(session, actor, [found for found in ids if found is not None])


def undo_run(session: Session, actor: Actor, *, run_id: int) -> int:
    """Void every proforma of a run that made no invoice yet; their entries are free to bill again. Return how many.

    Raises:
        WrongStateError: an invoice was made from the run, or it was undone before.
    """
    require(actor, Role.BILLER, what="Undoing a billing run")
    run: BillingRun = lifecycle.get(session, BillingRun, run_id)
    session.refresh(run, with_for_update=True)
    _check_can_undo(session, run)
    approved = col(Proforma.status) == ProformaStatus.APPROVED
    for proforma in session.scalars(select(Proforma).where(col(Proforma.billing_run_id) == run_id, approved)):
        lifecycle.apply(session, actor, proforma, "reopen", note="The billing run is undone.")
    count = lifecycle.apply_many(session, actor, Proforma, "void", col(Proforma.billing_run_id) == run_id)
    ids = session.scalars(select(col(Proforma.id)).where(col(Proforma.billing_run_id) == run_id))
    leave_review(session, actor, [found for found in ids if found is not None], ends_steps=True)
    run.undone_at = now()
    session.flush()
    session.expire_all()
    audit.record(session, actor, "billing_run:undone", "billing_run", run_id, proformas=count)
    return count


def list_runs(session: Session, actor: Actor, *, limit: int = 20) -> list[RunRow]:
    """Return the newest runs with their proformas counted by status."""
    require(actor, Role.BILLER, Role.ADMIN, what="Listing the billing runs")
    runs = session.execute(
        select(BillingRun, col(User.name))
        .join(User, col(User.id) == col(BillingRun.started_by_id))
        .order_by(col(BillingRun.id).desc())
        .limit(limit)
    ).all()
    counts: dict[int, dict[ProformaStatus, tuple[int, Decimal]]] = {}
    grouped = (
        select(
            col(Proforma.billing_run_id),
            col(Proforma.status),
            func.count(),
            func.sum(col(Proforma.billed_amount)),
        )
        .where(col(Proforma.billing_run_id).in_([run.id for run, _ in runs]))
        .group_by(col(Proforma.billing_run_id), col(Proforma.status))
    )
    for run_id, status, number, amount in session.execute(grouped):
        counts.setdefault(run_id, {})[status] = (number, amount)
    return [_run_row(run, name, counts.get(row_id(run), {})) for run, name in runs]


def _run_row(run: BillingRun, name: str, found: dict[ProformaStatus, tuple[int, Decimal]]) -> RunRow:
    return RunRow(
        row_id(run),
        run.period_start,
        run.period_end,
        name,
        run.created_at,
        run.undone_at,
        {status: number for status, (number, _) in found.items()},
        total(amount for status, (_, amount) in found.items() if status is not ProformaStatus.VOIDED),
    )


def _check_can_undo(session: Session, run: BillingRun) -> None:
    if run.undone_at is not None:
        raise WrongStateError("This run was undone before. Nothing was changed.")
    finalized = session.scalar(
        select(func.count())
        .select_from(Proforma)
        .where(col(Proforma.billing_run_id) == run.id, col(Proforma.status) == ProformaStatus.FINALIZED)
    )
    if finalized:
        message = (
            f"{finalized} invoices were made from this run, so it cannot be undone. Nothing was changed; "
            "void single proformas instead."
        )
        raise WrongStateError(message, finalized=finalized)
