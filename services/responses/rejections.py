"""What carriers did not take: refused, rejected, disputed and reduced invoices that wait for somebody, by last day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from carriers.profile import MoneyTerms
from core.clock import now, today
from core.money import total
from models import Appeal, Carrier, CutAcceptance, Invoice, InvoiceRevision, Matter, Submission, User
from models.enums import AcceptanceStatus, AppealStatus, DocumentStatus, SubmissionStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.listing import ESCAPE, beginning
from services.responses.appeal_routes import due_date
from services.responses.cuts import CUT, Cut, load_cuts
from services.row_ids import row_id
from services.sites.profiles import ActiveProfile, active_profiles

_LOOK_BACK = timedelta(days=400)
_MOST = 500
_UNDER_WAY = (AppealStatus.DRAFTED, AppealStatus.SENT)


class RejectionKind(StrEnum):
    """What the carrier or its site did with the invoice."""

    REFUSED = "refused"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    REDUCED = "reduced"


class RejectionStep(StrEnum):
    """What happens next with it."""

    CORRECT = "correct"
    APPEAL = "appeal"
    ACCEPT = "accept"
    SEND = "send"
    ANSWER = "answer"
    APPROVE = "approve"


@dataclass(frozen=True)
class RejectionRow:
    """One invoice that waits. `due_on` is the last day to appeal, None where nothing can be appealed.

    `owner_name` is to whom it was handed on, '' while it is anybody's in billing.
    """

    invoice_id: int
    number: str
    matter_number: str
    matter_name: str
    carrier_id: int
    carrier_name: str
    attorney_name: str
    kind: RejectionKind
    step: RejectionStep
    total_amount: Decimal
    open_amount: Decimal
    cut_count: int
    due_on: date | None
    owner_name: str


def list_rejections(session: Session, actor: Actor, *, text: str = "") -> list[RejectionRow]:
    """Return what waits for somebody, the nearest last day first; an attorney sees their own matters'.

    `text` is the beginning of an invoice or matter number. A cut that is settled is not listed.
    """
    statement = _statement(actor, text.strip()).order_by(col(Invoice.decided_at), col(Invoice.id)).limit(_MOST)
    rows = _rows(session, session.execute(statement).all())
    return sorted(rows, key=lambda row: (row.due_on is None, row.due_on or today(), row.number))


def list_rejections_by_id(
    session: Session, actor: Actor, *, text: str = "", before: int | None = None, limit: int = 500
) -> tuple[list[RejectionRow], int | None]:
    """Return the same rows by id, the newest first, and the id below which the next begin; None at the end."""
    statement = _statement(actor, text.strip())
    if before is not None:
        statement = statement.where(col(Invoice.id) < before)
    found = session.execute(statement.order_by(col(Invoice.id).desc()).limit(limit + 1)).all()
    shown = found[:limit]
    return _rows(session, shown), row_id(shown[-1][0]) if len(found) > limit else None


def _rows(session: Session, found: Sequence[Any]) -> list[RejectionRow]:
    invoices = [row[0] for row in found]
    cuts = load_cuts(session, invoices)
    appeals = _appeals(session, [row_id(invoice) for invoice in invoices])
    waiting = _waiting(session, [row_id(invoice) for invoice in invoices])
    profiles = active_profiles(session, {invoice.carrier_id for invoice in invoices})
    rows = []
    for invoice, matter, *names in found:
        key = row_id(invoice)
        money = _money(profiles, invoice.carrier_id)
        due_on = due_date(money, decided_at=invoice.decided_at, delivered_at=invoice.delivered_at) if money else None
        row = _row(invoice, matter, tuple(names), cuts[key], due_on, appeals.get(key), key in waiting)
        if row is not None:
            rows.append(row)
    return rows


def _statement(actor: Actor, text: str) -> Any:  # noqa: ANN401 -- a select of five
    refused = (
        select(col(Submission.id))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(Submission.invoice_revision_id))
        .where(
            col(Submission.invoice_id) == col(Invoice.id),
            col(Submission.status) == SubmissionStatus.REFUSED,
            col(InvoiceRevision.number) == col(Invoice.revision_number),
        )
        .correlate(Invoice)
    )
    wanted: list[ColumnElement[bool]] = [
        or_(
            and_(col(Invoice.document_status) == DocumentStatus.OPEN, refused.exists()),
            and_(
                col(Invoice.document_status) == DocumentStatus.DELIVERED,
                col(Invoice.decision_status).in_(CUT),
                col(Invoice.decided_at) >= now() - _LOOK_BACK,
            ),
        )
    ]
    if not sees_all_matters(actor):
        wanted.append(col(Matter.responsible_attorney_id) == actor.user_id)
    if text:
        starts = beginning(text)
        wanted.append(col(Invoice.number).like(starts, escape=ESCAPE) | col(Matter.number).like(starts, escape=ESCAPE))
    owner = aliased(User)
    return (
        select(Invoice, Matter, col(Carrier.name), col(User.name), col(owner.name))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .join(User, col(User.id) == col(Matter.responsible_attorney_id))
        .outerjoin(owner, col(owner.id) == col(Invoice.rejection_owner_id))
        .where(*wanted)
    )


def _appeals(session: Session, invoice_ids: Sequence[int]) -> dict[int, Appeal]:
    statement = select(Appeal).where(col(Appeal.invoice_id).in_(invoice_ids), col(Appeal.status).in_(_UNDER_WAY))
    return {appeal.invoice_id: appeal for appeal in session.scalars(statement)}


def _waiting(session: Session, invoice_ids: Sequence[int]) -> frozenset[int]:
    statement = select(col(CutAcceptance.invoice_id)).where(
        col(CutAcceptance.invoice_id).in_(invoice_ids), col(CutAcceptance.status) == AcceptanceStatus.PROPOSED
    )
    return frozenset(session.scalars(statement))


def _money(profiles: dict[int, ActiveProfile], carrier_id: int) -> MoneyTerms | None:
    active = profiles.get(carrier_id)
    return active.profile.money if active else None


def _row(
    invoice: Invoice,
    matter: Matter,
    names: tuple[str, str, str | None],
    cuts: Iterable[Cut],
    due_on: date | None,
    appeal: Appeal | None,
    is_waiting: bool,  # noqa: FBT001 -- a fact beside others
) -> RejectionRow | None:
    left = [cut for cut in cuts if cut.left_amount > 0]
    is_refused = invoice.document_status is DocumentStatus.OPEN
    if not is_refused and not left and appeal is None:
        return None
    kind = RejectionKind.REFUSED if is_refused else RejectionKind(invoice.decision_status.value)
    return RejectionRow(
        invoice_id=row_id(invoice),
        number=invoice.number,
        matter_number=matter.number,
        matter_name=matter.name,
        carrier_id=invoice.carrier_id,
        carrier_name=names[0],
        attorney_name=names[1],
        kind=kind,
        step=_step(kind, due_on, appeal, is_waiting=is_waiting),
        total_amount=invoice.total_amount,
        open_amount=invoice.total_amount if is_refused else total(cut.left_amount for cut in left),
        cut_count=len(left),
        due_on=None if is_refused else appeal.due_on if appeal else due_on,
        owner_name=names[2] or "",
    )


def _step(kind: RejectionKind, due_on: date | None, appeal: Appeal | None, *, is_waiting: bool) -> RejectionStep:
    if is_waiting:
        return RejectionStep.APPROVE
    if appeal is not None:
        return RejectionStep.SEND if appeal.status is AppealStatus.DRAFTED else RejectionStep.ANSWER
    if kind in {RejectionKind.REFUSED, RejectionKind.REJECTED}:
        return RejectionStep.CORRECT
    return RejectionStep.APPEAL if due_on is not None and due_on >= today() else RejectionStep.ACCEPT
