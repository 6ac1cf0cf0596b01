"""Notices: what a person is told by the bell, once, with a link and without a narrative."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, bindparam, func, insert, select, update
from sqlmodel import Session, col

from core.clock import now
from models import Notice, User
from models.enums import NoticeKind, Role
from services.access import person_id
from services.actor import Actor
from services.notice_subjects import name_subjects
from services.row_ids import row_id
from services.tables import table_of

SHOWN = 20
# The roles that are told of anything at all.
HEARERS = (Role.ADMIN, Role.BILLER, Role.ATTORNEY)
_N = table_of(Notice)
_UNREAD = select(func.count()).where(_N.c.user_id == bindparam("me"), _N.c.read_at.is_(None)).scalar_subquery()
_NEWEST = select(func.max(_N.c.id)).where(_N.c.user_id == bindparam("me")).scalar_subquery()
_PULSE = select(_UNREAD, _NEWEST)


@dataclass(frozen=True)
class NoticeRow:
    """One notice as its reader sees it.

    `subject` names the record, `look_for` finds it in its list, `page_id` is the row whose page shows it.
    """

    notice_id: int
    kind: NoticeKind
    subject_type: str
    subject_id: int
    subject: str
    look_for: str
    occasion: str
    created_at: datetime
    read_at: datetime | None
    page_id: int | None = None


def tell_admins(session: Session, kind: NoticeKind, subject_type: str, subject_id: int, *, occasion: str) -> int:
    """Tell every active administrator, unless they were told of this occasion; return how many hear it now."""
    people = session.execute(select(col(User.id), col(User.roles)).where(col(User.is_active)))
    admins = [found for found, roles in people if found is not None and Role.ADMIN in roles]
    return tell(session, admins, kind, subject_type, subject_id, occasion=occasion)


def tell(
    session: Session, user_ids: Iterable[int], kind: NoticeKind, subject_type: str, subject_id: int, *, occasion: str
) -> int:
    """Tell people, unless they were told of this occasion; return how many hear it now.

    The bell rings at once. What each of them chose for this kind (e-mail, phone, chat) follows by itself.
    """
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


@dataclass(frozen=True)
class Told:
    """One notice of many that are told together: to whom, about which record, on which occasion."""

    user_id: int
    subject_id: int
    occasion: str


def tell_many(session: Session, kind: NoticeKind, subject_type: str, told: Collection[Told]) -> int:
    """Tell each its own, unless it was told before, in two statements; return how many were told now."""
    if not told:
        return 0
    mine = (col(Notice.kind) == kind) & (col(Notice.subject_type) == subject_type)
    statement = select(col(Notice.user_id), col(Notice.subject_id), col(Notice.occasion)).where(
        mine, col(Notice.subject_id).in_({one.subject_id for one in told})
    )
    already = {Told(*found) for found in session.execute(statement)}
    at = now()
    rows = [
        {"user_id": one.user_id, "kind": kind, "subject_type": subject_type, "subject_id": one.subject_id,
         "occasion": one.occasion, "created_at": at}
        for one in dict.fromkeys(told) if one not in already
    ]  # fmt: skip
    if rows:
        session.execute(insert(Notice), rows)
    return len(rows)


def settle_many(
    session: Session,
    kinds: Collection[NoticeKind],
    subject_type: str,
    subject_ids: Collection[int],
    *,
    user_id: int | None = None,
) -> None:
    """Mark what was told of these kinds about these records as read, for everybody or one person, in one statement."""
    if not subject_ids:
        return
    mine = col(Notice.kind).in_(kinds) & (col(Notice.subject_type) == subject_type) & col(Notice.read_at).is_(None)
    mine = mine if user_id is None else mine & (col(Notice.user_id) == user_id)
    session.execute(update(Notice).where(mine, col(Notice.subject_id).in_(subject_ids)).values(read_at=now()))


def settle_notices(session: Session, kind: NoticeKind, subject_type: str, subject_id: int) -> None:
    """Mark what was told about a record as read for everybody: it is no longer so."""
    mine = _about(subject_type, subject_id) & (col(Notice.kind) == kind) & col(Notice.read_at).is_(None)
    session.execute(update(Notice).where(mine).values(read_at=now()))


def notice_pulse(session: Session, actor: Actor) -> tuple[int, int, int]:
    """Return who is told, how many unread and the newest of all: the same as before when the list is."""
    unread, newest = session.execute(_PULSE, {"me": person_id(actor)}).one()
    return person_id(actor), unread, newest or 0


def list_notices(session: Session, actor: Actor) -> list[NoticeRow]:
    """Return the actor's newest notices, unread ones first."""
    statement = (
        select(Notice)
        .where(_mine(actor))
        .order_by(col(Notice.read_at).is_not(None), col(Notice.id).desc())
        .limit(SHOWN)
    )
    return notice_rows(session, session.scalars(statement).all())


def page_notices(
    session: Session,
    actor: Actor,
    *,
    kind: NoticeKind | None = None,
    unread_only: bool = False,
    before_id: int | None = None,
    limit: int,
) -> list[NoticeRow]:
    """Return the actor's notices below an id, the newest first."""
    wanted = [_mine(actor)]
    if kind is not None:
        wanted.append(col(Notice.kind) == kind)
    if unread_only:
        wanted.append(col(Notice.read_at).is_(None))
    if before_id is not None:
        wanted.append(col(Notice.id) < before_id)
    statement = select(Notice).where(*wanted).order_by(col(Notice.id).desc()).limit(limit)
    return notice_rows(session, session.scalars(statement).all())


def notice_rows(session: Session, notices: Sequence[Notice]) -> list[NoticeRow]:
    """Return notices with the names of their records, in the same order."""
    subjects = name_subjects(session, ((one.subject_type, one.subject_id) for one in notices))
    found = []
    for one in notices:
        subject = subjects[one.subject_type, one.subject_id]
        about = (one.subject_type, one.subject_id, subject.name, subject.look_for, one.occasion)
        found.append(NoticeRow(row_id(one), one.kind, *about, one.created_at, one.read_at, subject.page_id))
    return found


def count_unread_by_kind(session: Session, actor: Actor) -> dict[NoticeKind, int]:
    """Return how many notices of each kind the actor has not read."""
    unread = _mine(actor) & col(Notice.read_at).is_(None)
    counted = select(col(Notice.kind), func.count().label("unread")).where(unread).group_by(col(Notice.kind))
    return {row.kind: row.unread for row in session.execute(counted)}


def count_unread(session: Session, actor: Actor) -> int:
    """Return how many notices the actor has not read."""
    mine = _mine(actor) & col(Notice.read_at).is_(None)
    return session.scalars(select(func.count()).where(mine)).one()


def mark_read(session: Session, actor: Actor, *, notice_ids: Iterable[int]) -> None:
    """Mark notices of the actor as read; those of others are left alone."""
    mine = _mine(actor) & col(Notice.read_at).is_(None)
    session.execute(update(Notice).where(mine, col(Notice.id).in_(list(notice_ids))).values(read_at=now()))


def mark_all_read(session: Session, actor: Actor, *, kind: NoticeKind | None = None) -> int:
    """Mark every notice of the actor as read, or those of one kind; return how many there were."""
    mine = _mine(actor) & col(Notice.read_at).is_(None)
    if kind is not None:
        mine &= col(Notice.kind) == kind
    done = session.execute(update(Notice).where(mine).values(read_at=now()))
    return cast("CursorResult[Any]", done).rowcount


def _mine(actor: Actor) -> ColumnElement[bool]:
    return col(Notice.user_id) == person_id(actor)


def _about(subject_type: str, subject_id: int) -> ColumnElement[bool]:
    return (col(Notice.subject_type) == subject_type) & (col(Notice.subject_id) == subject_id)
