"""Notices: what a person is told by the bell, once, with a link and without a narrative."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlmodel import Session, col

from core.clock import now
from models import Carrier, Invoice, Notice, Site, SiteAccount, Submission, User
from models.enums import NoticeKind, Role
from services.access import person_id
from services.actor import Actor

SHOWN = 20
# The roles that are told of anything at all.
HEARERS = (Role.ADMIN, Role.BILLER, Role.ATTORNEY)


@dataclass(frozen=True)
class NoticeRow:
    """One notice as its reader sees it; `subject` names the record, `look_for` finds it in its list."""

    notice_id: int
    kind: NoticeKind
    subject_type: str
    subject_id: int
    subject: str
    look_for: str
    occasion: str
    created_at: datetime
    read_at: datetime | None


def tell_admins(session: Session, kind: NoticeKind, subject_type: str, subject_id: int, *, occasion: str) -> int:
    """Tell every active administrator, unless they were told of this occasion; return how many hear it now."""
    people = session.execute(select(col(User.id), col(User.roles)).where(col(User.is_active)))
    admins = [found for found, roles in people if found is not None and Role.ADMIN in roles]
    return tell(session, admins, kind, subject_type, subject_id, occasion=occasion)


def tell(
    session: Session, user_ids: Iterable[int], kind: NoticeKind, subject_type: str, subject_id: int, *, occasion: str
) -> int:
    """Tell people, unless they were told of this occasion; return how many hear it now."""
    told = _about(subject_type, subject_id) & (col(Notice.kind) == kind) & (col(Notice.occasion) == occasion)
    already = set(session.scalars(select(col(Notice.user_id)).where(told)))
    at = now()
    rows = [
        {"user_id": user_id, "kind": kind, "subject_type": subject_type, "subject_id": subject_id,
         "occasion": occasion, "created_at": at}
        for user_id in sorted(set(user_ids) - already)
    ]  # fmt: skip
    if rows:
        session.execute(insert(Notice), rows)
    return len(rows)


def settle_notices(session: Session, kind: NoticeKind, subject_type: str, subject_id: int) -> None:
    """Mark what was told about a record as read for everybody: it is no longer so."""
    mine = _about(subject_type, subject_id) & (col(Notice.kind) == kind) & col(Notice.read_at).is_(None)
    session.execute(update(Notice).where(mine).values(read_at=now()))


def list_notices(session: Session, actor: Actor) -> list[NoticeRow]:
    """Return the actor's newest notices, unread ones first."""
    account, carrier, invoice, submission = (
        col(Notice.subject_type) == kind for kind in ("site_account", "carrier", "invoice", "submission")
    )
    of_file = submission & (col(Submission.id) == col(Notice.subject_id))
    of_invoice = (invoice & (col(Invoice.id) == col(Notice.subject_id))) | (
        col(Invoice.id) == col(Submission.invoice_id)
    )
    statement = (
        select(Notice, col(Site.name), col(SiteAccount.label), col(Carrier.name), col(Invoice.number))
        .outerjoin(SiteAccount, account & (col(SiteAccount.id) == col(Notice.subject_id)))
        .outerjoin(Site, col(Site.id) == col(SiteAccount.site_id))
        .outerjoin(Carrier, carrier & (col(Carrier.id) == col(Notice.subject_id)))
        .outerjoin(Submission, of_file)
        .outerjoin(Invoice, of_invoice)
        .where(col(Notice.user_id) == person_id(actor))
        .order_by(col(Notice.read_at).is_not(None), col(Notice.id).desc())
        .limit(SHOWN)
    )
    return [_row(*found) for found in session.execute(statement)]


def count_unread(session: Session, actor: Actor) -> int:
    """Return how many notices the actor has not read."""
    mine = (col(Notice.user_id) == person_id(actor)) & col(Notice.read_at).is_(None)
    return session.scalars(select(func.count()).where(mine)).one()


def mark_read(session: Session, actor: Actor, *, notice_ids: Iterable[int]) -> None:
    """Mark notices of the actor as read; those of others are left alone."""
    mine = (col(Notice.user_id) == person_id(actor)) & col(Notice.read_at).is_(None)
    session.execute(update(Notice).where(mine, col(Notice.id).in_(list(notice_ids))).values(read_at=now()))


def _about(subject_type: str, subject_id: int) -> ColumnElement[bool]:
    return (col(Notice.subject_type) == subject_type) & (col(Notice.subject_id) == subject_id)


def _row(notice: Notice, site: str | None, label: str | None, carrier: str | None, number: str | None) -> NoticeRow:
    subject = f"{site}, account {label}" if site else carrier or (f"invoice {number}" if number else "")
    return NoticeRow(
        notice.id or 0,
        notice.kind,
        notice.subject_type,
        notice.subject_id,
        subject,
        site or carrier or "",
        notice.occasion,
        notice.created_at,
        notice.read_at,
    )
