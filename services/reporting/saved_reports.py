"""Saved reports: a report with its filters under a name, for oneself or for everybody, each with their own rights."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, InvalidInputError, NotFoundError
from models import SavedReport, User
from models.enums import Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.lifecycle import check_version
from services.reporting.question import checked_filters
from services.reporting.reports import REPORTS
from services.row_ids import row_id

READERS = (Role.BILLER, Role.ATTORNEY, Role.ADMIN)
LONGEST_NAME = 80
_MOST = 100


@dataclass(frozen=True)
class SavedRow:
    """One saved report as a reader sees it; `owner` is who saved it."""

    id: int
    version: int
    name: str
    report: str
    filters: dict[str, str]
    is_shared: bool
    is_mine: bool
    owner: str


def list_saved(session: Session, actor: Actor) -> list[SavedRow]:
    """Return the actor's own saved reports and those that others share, by name."""
    me = _reader(actor)
    seen = or_(col(SavedReport.owner_id) == me, col(SavedReport.is_shared))
    statement = (
        select(SavedReport, col(User.name))
        .join(User, col(User.id) == col(SavedReport.owner_id))
        .where(seen, col(SavedReport.removed_at).is_(None))
    )
    rows = [_row(saved, owner, me) for saved, owner in session.execute(statement)]
    return sorted(rows, key=lambda row: (not row.is_mine, row.name.casefold(), row.id))


def open_saved(session: Session, actor: Actor, *, saved_id: int) -> SavedRow:
    """Return one saved report.

    Raises:
        NotFoundError: it was removed, it is not shared with the actor, or there is none.
    """
    me = _reader(actor)
    saved = visible_saved(session, me, saved_id)
    return _row(saved, session.get_one(User, saved.owner_id).name, me)


def save_report(
    session: Session, actor: Actor, *, name: str, report: str, filters: Mapping[str, str], is_shared: bool = False
) -> int:
    """Save a report with its filters under a name; return its id. A name that was removed can be taken again.

    Raises:
        InvalidInputError: no name, one too long or taken, no such report, or a hundred are saved already.
    """
    me, kept = _reader(actor), checked_filters(filters)
    if report not in REPORTS:
        raise InvalidInputError("There is no such report to save. Choose one of the list.")
    mine = _own(session, me)
    if sum(row.removed_at is None for row in mine) >= _MOST:
        raise InvalidInputError(f"You have saved {_MOST} reports, which is the most. Remove one first.")
    plain = _free_name(session, name, mine, None)
    saved = SavedReport(
        owner_id=me, name=plain, report=report, filters=kept, is_shared=is_shared, created_at=now(), version=0
    )
    _store(session, saved)
    audit.record(session, actor, "saved_report:saved", "saved_report", row_id(saved), report=report, shared=is_shared)
    return row_id(saved)


def change_saved(
    session: Session,
    actor: Actor,
    *,
    saved_id: int,
    expected_version: int,
    name: str | None = None,
    is_shared: bool | None = None,
    filters: Mapping[str, str] | None = None,
) -> SavedReport:
    """Rename, share or stop sharing, or give other filters; what is None stays. Only who saved it may.

    Raises:
        NotFoundError: it was removed.
        DeniedError: somebody else saved it.
        StaleVersionError: it was changed since it was shown.
        InvalidInputError: no name, one too long, or one that is taken.
    """
    saved = own_saved(session, actor, saved_id, expected_version)
    if name is not None:
        saved.name = _free_name(session, name, _own(session, saved.owner_id), saved_id)
    if is_shared is not None:
        saved.is_shared = is_shared
    if filters is not None:
        saved.filters = checked_filters(filters)
    _store(session, saved)
    audit.record(session, actor, "saved_report:changed", "saved_report", saved_id, shared=saved.is_shared)
    return saved


def remove_saved(session: Session, actor: Actor, *, saved_id: int, expected_version: int) -> SavedReport:
    """Remove a saved report; nobody finds it any more.

    Raises:
        NotFoundError: it was removed before.
        DeniedError: somebody else saved it.
        StaleVersionError: it was changed since it was shown.
    """
    saved = own_saved(session, actor, saved_id, expected_version)
    saved.removed_at = now()
    _store(session, saved)
    audit.record(session, actor, "saved_report:removed", "saved_report", saved_id)
    return saved


def visible_saved(session: Session, user_id: int, saved_id: int, *, is_locked: bool = False) -> SavedReport:
    """Return a saved report that a person may open, locked where that is asked for.

    Raises:
        NotFoundError: otherwise, with what became of it.
    """
    saved = session.get(SavedReport, saved_id, with_for_update=is_locked, populate_existing=is_locked)
    if saved is not None and saved.removed_at is not None and (saved.is_shared or saved.owner_id == user_id):
        raise NotFoundError(f"The saved report “{saved.name}” was removed. Choose a report of the list.")
    if saved is None or not (saved.is_shared or saved.owner_id == user_id):
        raise NotFoundError("There is no such saved report, or it is not shared with you. Choose one of the list.")
    return saved


def own_saved(session: Session, actor: Actor, saved_id: int, expected_version: int) -> SavedReport:
    """Return the actor's own saved report as it was shown, locked."""
    saved = visible_saved(session, _reader(actor), saved_id, is_locked=True)
    if saved.owner_id != person_id(actor):
        raise DeniedError("Only who saved this report can change it. Nothing was changed; save it under your own name.")
    check_version(saved, expected_version)
    return saved


def _reader(actor: Actor) -> int:
    require(actor, *READERS, what="Reports")
    return person_id(actor)


def _own(session: Session, user_id: int) -> list[SavedReport]:
    return list(session.scalars(select(SavedReport).where(col(SavedReport.owner_id) == user_id)))


def _free_name(session: Session, typed: str, mine: list[SavedReport], saved_id: int | None) -> str:
    """Return a name that can be given; what differs by capitals or spaces alone is the same name to people."""
    plain = " ".join(typed.split())
    if not plain or not plain.isprintable():
        raise InvalidInputError("A saved report needs a name. Nothing was saved; type one.")
    if len(plain) > LONGEST_NAME:
        raise InvalidInputError(f"This name is longer than {LONGEST_NAME} letters. Nothing was saved; shorten it.")
    for row in mine:
        if row.id == saved_id or row.name.casefold() != plain.casefold():
            continue
        if row.removed_at is None:
            raise InvalidInputError(f"You have saved “{row.name}” already. Nothing was saved; choose another name.")
        row.name = f"{row.name[: LONGEST_NAME - 20]} ({row.id} removed)"
    session.flush()  # the name of a removed one is free before it is given again
    return plain


def _store(session: Session, saved: SavedReport) -> None:
    saved.version += 1
    try:
        with session.begin_nested():
            session.add(saved)
            session.flush()
    except IntegrityError as taken:
        raise InvalidInputError("This name was taken a moment ago. Nothing was saved; choose another name.") from taken


def _row(saved: SavedReport, owner: str, me: int) -> SavedRow:
    filters = checked_filters({name: str(value) for name, value in saved.filters.items()})
    is_mine = saved.owner_id == me
    return SavedRow(row_id(saved), saved.version, saved.name, saved.report, filters, saved.is_shared, is_mine, owner)
