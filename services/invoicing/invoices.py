"""Finalising: approved proformas become numbered, immutable invoices with their LEDES files, all or none."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.money import as_text
from models import Expense, Invoice, InvoiceLine, InvoiceRevision, Proforma, ProformaLine, TimeEntry
from models.enums import CashStatus, DecisionStatus, DocumentStatus, LineTreatment, ProformaStatus, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.inserts import every_column
from services.invoicing.held_work import check_matters_free, hold_entries
from services.invoicing.invoice_documents import LedesFile, columns_of, make_file
from services.invoicing.invoice_numbers import take_numbers
from services.invoicing.invoice_plans import PlannedInvoice, plan_invoices
from services.lifecycle import Subject
from services.review.proposals import end_changes
from services.review.splits import end_splits
from services.row_ids import row_id

_AT_ONCE = 250
# Expenses that were combined are billed by the line that they were combined into.
BILLED = (LineTreatment.BILL, LineTreatment.COMBINED)
_ENTRY_VERBS = {"bill": BILLED, "write_off": (LineTreatment.WRITE_OFF,)}


def finalize_proformas(
    session: Session, actor: Actor, *, proforma_ids: Collection[int], invoice_date: date | None = None
) -> list[Invoice]:
    """Make the invoices of approved proformas: one a payor, numbered without gaps, each with its file of revision 1.

    Billed entries become billed, written-off ones written off, held ones stay in work in progress until their day.
    Statements and memory are those of 250 proformas at a time. All or none: the first fault refuses the whole set.

    Raises:
        InvalidInputError: no proforma was named, or LEDES or the payors' shares refuse one.
        NotFoundError: a proforma is not there.
        WrongStateError: one is not approved, its matter is held, or one of its entries was changed meanwhile.
    """
    require(actor, Role.BILLER, what="Making invoices")
    proformas = _locked(session, proforma_ids)
    ids = [row_id(proforma) for proforma in proformas]
    lifecycle.apply_many(session, actor, Proforma, "finalize", col(Proforma.id).in_(ids))
    end_splits(session, actor, ids)
    end_changes(session, actor, ids)
    for run_id in sorted({proforma.billing_run_id for proforma in proformas}):
        _settle_entries(session, actor, run_id, ids)
    hold_entries(session, ids)
    day = invoice_date or today()
    invoices: list[Invoice] = []
    for start in range(0, len(proformas), _AT_ONCE):
        plans = plan_invoices(session, proformas[start : start + _AT_ONCE], invoice_date=day)
        invoices += _file(session, actor, plans, day)
    for proforma in proformas:
        session.expire(proforma)
    return invoices


def _file(session: Session, actor: Actor, plans: Sequence[PlannedInvoice], day: date) -> list[Invoice]:
    """Number, write and store a part of the invoices; no row is locked after the counter, so rivals only wait."""
    if not plans:
        return []
    numbers = take_numbers(session, invoice_date=day, count=len(plans))
    numbered = [plan.numbered(number) for plan, number in zip(plans, numbers, strict=True)]
    files = [make_file(plan.paper, plan.profile.profile) for plan in numbered]
    invoices = _store(session, numbered, files, person_id(actor))
    _record(session, actor, invoices, numbered, files)
    return invoices


def _locked(session: Session, proforma_ids: Collection[int]) -> list[Proforma]:
    wanted = set(proforma_ids)
    if not wanted:
        raise InvalidInputError("No proforma was chosen. No invoice was made; choose at least one.")
    statement = select(Proforma).where(col(Proforma.id).in_(wanted)).order_by(col(Proforma.id)).with_for_update()
    found = list(session.scalars(statement.execution_options(populate_existing=True)))
    if len(found) != len(wanted):
        raise NotFoundError("A proforma you chose is not there any more. No invoice was made; choose again.")
    unready = [proforma for proforma in found if proforma.status is not ProformaStatus.APPROVED]
    if unready:
        word = unready[0].status.value.replace("_", " ")
        message = (
            f"{len(unready)} of {len(found)} proformas are not approved (the first is {word}). "
            "No invoice was made; choose approved ones only."
        )
        raise WrongStateError(message, proforma_ids=[proforma.id for proforma in unready][:20])
    check_matters_free(session, [proforma.matter_id for proforma in found])
    return found


def _settle_entries(session: Session, actor: Actor, run_id: int, proforma_ids: Sequence[int]) -> None:
    """Move the entries of a run's lines on; one audit event on the run tells of them all."""
    of_run = select(col(Proforma.id)).where(col(Proforma.billing_run_id) == run_id, col(Proforma.id).in_(proforma_ids))
    for verb, treatments in _ENTRY_VERBS.items():
        chosen = (col(ProformaLine.proforma_id).in_(of_run), col(ProformaLine.treatment).in_(treatments))
        for model, column in ((TimeEntry, ProformaLine.time_entry_id), (Expense, ProformaLine.expense_id)):
            entries = select(col(column)).where(*chosen, col(column).is_not(None)).distinct()
            if treatments is not BILLED:
                # Of a split entry some parts may be billed: then it is billed, and written off only as a whole.
                entries = entries.where(col(column).not_in(_billed(column, of_run)))
            expected = session.scalar(select(func.count()).select_from(entries.subquery()))
            if not expected:
                continue
            where = col(model.id).in_(entries)
            moved = lifecycle.apply_many(session, actor, model, verb, where, subject=Subject("billing_run", run_id))
            if moved != expected:
                message = (
                    f"{expected - moved} entries on these proformas were held or billed elsewhere meanwhile. "
                    "No invoice was made; return the proformas and run the billing again."
                )
                raise WrongStateError(message, run_id=run_id, expected=expected, moved=moved)


def _billed(column: Any, of_run: Any) -> Any:  # noqa: ANN401 -- a line's column, a select of ids
    bills = (col(ProformaLine.proforma_id).in_(of_run), col(ProformaLine.treatment).in_(BILLED))
    return select(col(column)).where(*bills, col(column).is_not(None))


def _store(
    session: Session, plans: Sequence[PlannedInvoice], files: Sequence[LedesFile], finalized_by_id: int
) -> list[Invoice]:
    at = now()
    session.execute(every_column(Invoice), [_invoice_row(plan, finalized_by_id, at) for plan in plans])
    numbers = [plan.paper.number for plan in plans]
    of_these = col(Invoice.number).between(numbers[0], numbers[-1])
    invoices = list(session.scalars(select(Invoice).where(of_these).order_by(col(Invoice.number))))
    rows = [
        revision_row(row_id(invoice), 1, "", plan, file)
        for invoice, plan, file in zip(invoices, plans, files, strict=True)
    ]
    session.execute(every_column(InvoiceRevision), rows)
    revision_ids = list(
        session.scalars(
            select(col(InvoiceRevision.id))
            .join(Invoice, col(Invoice.id) == col(InvoiceRevision.invoice_id))
            .where(of_these)
            .order_by(col(Invoice.number))
        )
    )
    session.execute(every_column(InvoiceLine), list(_line_rows(revision_ids, files)))
    return invoices


def _invoice_row(plan: PlannedInvoice, finalized_by_id: int, at: datetime) -> dict[str, Any]:
    return {
        "number": plan.paper.number,
        "proforma_id": plan.proforma_id,
        "matter_id": plan.matter_id,
        "carrier_id": plan.share.carrier_id,
        "matter_payor_id": plan.share.matter_payor_id,
        "replaces_invoice_id": None,
        "document_status": DocumentStatus.OPEN,
        "decision_status": DecisionStatus.NONE,
        "cash_status": CashStatus.UNPAID,
        "total_amount": plan.paper.total_amount,
        "approved_amount": None,
        "revision_number": 1,
        "finalized_by_id": finalized_by_id,
        "finalized_at": at,
        "version": 1,
    }


def revision_row(invoice_id: int, number: int, reason: str, plan: PlannedInvoice, file: LedesFile) -> dict[str, Any]:
    """Return a revision as the row that is stored."""
    paper = plan.paper
    return {
        "invoice_id": invoice_id,
        "number": number,
        "reason": reason,
        "invoice_date": paper.invoice_date,
        "period_start": paper.period_start,
        "period_end": paper.period_end,
        "total_amount": paper.total_amount,
        "line_count": len(paper.lines),
        "carrier_profile_version_id": plan.profile.version_id,
        "file_name": file.name,
        "file_sha256": file.sha256,
        "file_content": file.content,
        "created_at": now(),
    }


def _line_rows(revision_ids: Sequence[int | None], files: Sequence[LedesFile]) -> Iterator[dict[str, Any]]:
    for revision_id, file in zip(revision_ids, files, strict=True):
        for line in file.lines:
            yield {"invoice_revision_id": revision_id, **columns_of(line)}


def _record(
    session: Session,
    actor: Actor,
    invoices: Sequence[Invoice],
    plans: Sequence[PlannedInvoice],
    files: Sequence[LedesFile],
) -> None:
    facts = {
        row_id(invoice): {
            "number": invoice.number,
            "proforma_id": plan.proforma_id,
            "amount": as_text(plan.paper.total_amount),
            "lines": len(plan.paper.lines),
            "sha256": file.sha256,
            "characters_replaced": file.changes_for_audit(),
        }
        for invoice, plan, file in zip(invoices, plans, files, strict=True)
    }
    audit.record_many(session, actor, "invoice:finalized", "invoice", facts)
