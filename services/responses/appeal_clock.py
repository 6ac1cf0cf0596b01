"""The clock of appeals: reminders before the last day, and drafts that ran out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from models import Appeal, Invoice, Matter, User
from models.enums import AppealStatus, DocumentStatus, NoticeKind, Role
from services.actor import system_actor
from services.lifecycle import apply
from services.notices import tell
from services.responses.appeal_routes import due_date
from services.responses.cuts import CUT, load_cuts
from services.row_ids import row_id
from services.sites.profiles import active_profiles

REMIND_DAYS = (1, 3, 7)
_LOOK_BACK = timedelta(days=400)
# One who sent it on the last day may still record that the day after.
_GRACE = timedelta(days=1)


@dataclass(frozen=True)
class OpenCut:
    """An invoice with a cut that nobody has settled or appealed yet, and the last day to do so."""

    invoice: Invoice
    attorney_id: int
    due_on: date


def run_appeal_clock(session: Session) -> int:
    """Remind of last days that come near and let drafts run out; return how many of both."""
    return remind_of_appeals(session) + expire_appeals(session)


def remind_of_appeals(session: Session) -> int:
    """Tell the biller and the responsible attorney of cuts with 7, 3 or 1 days left, each once; return how many.

    A day that nobody ran the portal is made up for: the nearest reminder that was missed is given.
    """
    return sum(_remind(session, one) for one in open_cuts(session))


def expire_appeals(session: Session) -> int:
    """Let drafts run out whose last day has passed, and tell who drafted them; return how many."""
    statement = select(Appeal).where(col(Appeal.status) == AppealStatus.DRAFTED, col(Appeal.due_on) < today() - _GRACE)
    expired = session.scalars(statement).all()
    for appeal in expired:
        apply(session, system_actor(), appeal, "expire", due_on=appeal.due_on.isoformat())
        invoice = session.get_one(Invoice, appeal.invoice_id)
        attorney_id = session.get_one(Matter, invoice.matter_id).responsible_attorney_id
        people = _active(session, {appeal.drafted_by_id, invoice.finalized_by_id, attorney_id})
        kind = NoticeKind.APPEAL_EXPIRED
        tell(session, people, kind, "invoice", appeal.invoice_id, occasion=str(appeal.due_on))
    return len(expired)


def open_cuts(session: Session) -> list[OpenCut]:
    """Return what can still be appealed and was not: open cuts, drafts too, whose last day is today or later."""
    sent = select(col(Appeal.invoice_id)).where(col(Appeal.status) == AppealStatus.SENT)
    statement = (
        select(Invoice, col(Matter.responsible_attorney_id))
        .join(Matter, col(Matter.id) == col(Invoice.matter_id))
        .where(
            col(Invoice.decision_status).in_(CUT),
            col(Invoice.document_status) == DocumentStatus.DELIVERED,
            col(Invoice.decided_at) >= now() - _LOOK_BACK,
            col(Invoice.id).not_in(sent),
        )
        .order_by(col(Invoice.id))
    )
    rows = session.execute(statement).all()
    profiles = active_profiles(session, {invoice.carrier_id for invoice, _ in rows})
    found = []
    for invoice, attorney_id in rows:
        active = profiles.get(invoice.carrier_id)
        if active is None:
            continue
        money = active.profile.money
        last = due_date(money, decided_at=invoice.decided_at, delivered_at=invoice.delivered_at)
        if last is not None and last >= today():
            found.append(OpenCut(invoice, attorney_id, last))
    cuts = load_cuts(session, [one.invoice for one in found])
    return [one for one in found if any(cut.left_amount > 0 for cut in cuts[row_id(one.invoice)])]


def _remind(session: Session, one: OpenCut) -> bool:
    left = (one.due_on - today()).days
    days = next((days for days in REMIND_DAYS if left <= days), None)
    if days is None:
        return False
    people = _active(session, {one.invoice.finalized_by_id, one.attorney_id})
    occasion = f"{one.due_on.isoformat()}/{days}"
    return tell(session, people, NoticeKind.APPEAL_DUE, "invoice", row_id(one.invoice), occasion=occasion) > 0


def _active(session: Session, user_ids: Iterable[int]) -> list[int]:
    hears = (Role.BILLER, Role.ATTORNEY, Role.ADMIN)
    rows = session.execute(
        select(col(User.id), col(User.roles)).where(col(User.id).in_(list(user_ids)), col(User.is_active))
    )
    return [found for found, roles in rows if found is not None and any(role in roles for role in hears)]
