"""Billing runs: preview, run, send to review, undo. The number of statements does not grow with the proformas."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import InvalidInputError, WrongStateError
from core.money import ZERO, as_text, total
from guidelines.lines import GuidelineFinding, GuidelineLine
from models import BillingRun, Proforma, ProformaFinding, ProformaLine, User
from models.enums import EntryKind, FindingAction, LineTreatment, ProformaStatus, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.billing_preview import RunPreview, preview_of
from services.billing_selection import MatterBill, PricedItem, Selection, select_work
from services.findings import findings_of
from services.inserts import every_column
from services.row_ids import row_id
from services.work_in_progress import TimekeeperFacts

REVIEW_DAYS = 5
_MESSAGE_LENGTH = 500


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
) -> RunPreview:
    """Return what a run of the period would bill and what not, with reasons, amounts and owners; changes nothing.

    Raises:
        InvalidInputError: the period ends before it begins.
        NotFoundError: a matter that was asked for is not there.
    """
    require(actor, Role.BILLER, what="Previewing a billing run")
    return preview_of(select_work(session, period_start=period_start, period_end=period_end, matter_ids=matter_ids))


def run_billing(
    session: Session,
    actor: Actor,
    *,
    period_start: date,
    period_end: date,
    matter_ids: Collection[int] | None = None,
    due_on: date | None = None,
) -> BillingRun:
    """Make a draft proforma of every matter that the preview lists; unapproved and faulty work stays where it is.

    Rival runs wait for each other on the matters' rows, so no entry can get onto two proformas.

    Raises:
        InvalidInputError: there is nothing to bill, or the period ends before it begins.
        NotFoundError: a matter that was asked for is not there.
    """
    require(actor, Role.BILLER, what="Running the billing")
    selection = select_work(session, period_start=period_start, period_end=period_end, matter_ids=matter_ids, lock=True)
    if not selection.bills:
        message = "Nothing in this period is ready to be billed. Nothing was made; the preview names what is missing."
        raise InvalidInputError(message, blocked=len(selection.blocked))
    run = BillingRun(period_start=period_start, period_end=period_end, started_by_id=person_id(actor), created_at=now())
    session.add(run)
    session.flush()
    _make_proformas(session, selection, row_id(run), due_on or today() + timedelta(days=REVIEW_DAYS))
    amount = total(bill.amount for bill in selection.bills)
    audit.record(
        session,
        actor,
        "billing_run:made",
        "billing_run",
        row_id(run),
        proformas=len(selection.bills),
        lines=sum(len(bill.lines) for bill in selection.bills),
        amount=as_text(amount),
        matters_with_work_left=len(selection.blocked),
    )
    return run


def send_run_to_review(session: Session, actor: Actor, *, run_id: int) -> int:
    """Send the run's drafts to their attorneys; return how many went."""
    lifecycle.get(session, BillingRun, run_id)
    return lifecycle.apply_many(session, actor, Proforma, "send_to_review", col(Proforma.billing_run_id) == run_id)


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


def _make_proformas(session: Session, selection: Selection, run_id: int, due_on: date) -> None:
    found = [_findings(bill, selection.timekeepers) for bill in selection.bills]
    rows = [
        _proforma_row(selection, bill, run_id, due_on, len(findings))
        for bill, findings in zip(selection.bills, found, strict=True)
    ]
    session.execute(every_column(Proforma), rows)
    ids = _ids_by_matter(session, run_id)
    lines = [row for bill in selection.bills for row in _line_rows(bill, ids[bill.matter.id])]
    session.execute(every_column(ProformaLine), lines)
    _make_findings(session, run_id, {ids[b.matter.id]: f for b, f in zip(selection.bills, found, strict=True)})


def _make_findings(session: Session, run_id: int, found: dict[int, list[GuidelineFinding]]) -> None:
    if not any(found.values()):
        return
    lines = session.execute(
        select(col(ProformaLine.proforma_id), col(ProformaLine.line_number), col(ProformaLine.id))
        .join(Proforma, col(Proforma.id) == col(ProformaLine.proforma_id))
        .where(col(Proforma.billing_run_id) == run_id, col(Proforma.finding_count) > 0)
    )
    line_ids = {(proforma_id, str(number)): line_id for proforma_id, number, line_id in lines}
    rows = [
        finding_row(proforma_id, line_ids[proforma_id, finding.line_key], finding)
        for proforma_id, findings in found.items()
        for finding in findings
    ]
    session.execute(every_column(ProformaFinding), rows)


def finding_row(proforma_id: int, line_id: int | None, finding: GuidelineFinding) -> dict[str, Any]:
    """Return a finding as the row that is stored."""
    return {
        "proforma_id": proforma_id,
        "proforma_line_id": line_id,
        "rule": finding.rule,
        "action": FindingAction(finding.action.value),
        "message": finding.sentence[:_MESSAGE_LENGTH],
    }


def _ids_by_matter(session: Session, run_id: int) -> dict[int, int]:
    rows = session.execute(
        select(col(Proforma.matter_id), col(Proforma.id)).where(col(Proforma.billing_run_id) == run_id)
    )
    return {matter_id: proforma_id for matter_id, proforma_id in rows if proforma_id is not None}


def _findings(bill: MatterBill, timekeepers: dict[int, TimekeeperFacts]) -> list[GuidelineFinding]:
    lines = [_guideline_line(number, line, timekeepers) for number, line in enumerate(bill.lines, start=1)]
    return findings_of(bill.profile.profile, lines, invoice_date=today())


def _guideline_line(number: int, line: PricedItem, timekeepers: dict[int, TimekeeperFacts]) -> GuidelineLine:
    item = line.item
    who = timekeepers.get(item.timekeeper_id) if item.timekeeper_id is not None else None
    return GuidelineLine(
        key=str(number),
        kind="F" if item.kind is EntryKind.FEE else "E",
        worked_on=item.worked_on,
        timekeeper_id=who.code if who else "",
        units=item.entered_units,
        unit_cost=line.unit_cost,
        approved_rate=line.approved_rate,
        task_code=item.task_code,
        activity_code=item.activity_code,
        expense_code=item.expense_code,
        narrative=item.narrative,
    )


def _proforma_row(
    selection: Selection, bill: MatterBill, run_id: int, due_on: date, finding_count: int
) -> dict[str, Any]:
    return {
        "billing_run_id": run_id,
        "matter_id": bill.matter.id,
        "reviewer_id": bill.matter.reviewer_id,
        "period_start": selection.period_start,
        "period_end": selection.period_end,
        "status": ProformaStatus.DRAFT,
        "version": 1,
        "worked_amount": bill.worked_amount,
        "billed_amount": bill.amount,
        "line_count": len(bill.lines),
        "finding_count": finding_count,
        "return_note": "",
        "created_at": now(),
        "due_on": due_on,
    }


def _line_rows(bill: MatterBill, proforma_id: int) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(bill.lines, start=1):
        item = line.item
        is_fee = item.kind is EntryKind.FEE
        yield {
            "proforma_id": proforma_id,
            "line_number": number,
            "kind": item.kind,
            "time_entry_id": item.id if is_fee else None,
            "expense_id": None if is_fee else item.id,
            "timekeeper_id": item.timekeeper_id,
            "worked_on": item.worked_on,
            "entered_units": item.entered_units,
            "billed_units": item.entered_units,
            "unit_cost": line.unit_cost,
            "adjustment_amount": ZERO,
            "billed_amount": line.amount,
            "task_code": item.task_code,
            "activity_code": item.activity_code,
            "expense_code": item.expense_code,
            "billed_narrative": item.narrative,
            "treatment": LineTreatment.BILL,
            "note": "",
        }
