"""Out of office: who is away from when to when, and who stands in; no chains, nobody for oneself, no overlap."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import Absence, User
from models.enums import Role, TermStatus
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.review.people import check_person, name_of
from services.row_ids import row_id

_MOST_DAYS = 366
_NOTE = 500


@dataclass(frozen=True)
class AbsenceRow:
    """One absence with its people; `is_now` while the substitute acts."""

    id: int
    version: int
    user_id: int
    user_name: str
    substitute_id: int
    substitute_name: str
    from_on: date
    until_on: date
    note: str
    is_now: bool


def set_absence(
    session: Session,
    actor: Actor,
    *,
    user_id: int,
    substitute_id: int,
    from_on: date,
    until_on: date,
    note: str = "",
) -> Absence:
    """Let somebody stand in for an attorney from the first to the last day.

    Raises:
        DeniedError: it is neither the actor's own nor is the actor an administrator.
        InvalidInputError: the days or the people cannot be, or they cross another absence.
    """
    _check_may(actor, user_id)
    absence = Absence(
        user_id=check_person(session, user_id, Role.ATTORNEY, as_what="be stood in for"),
        substitute_id=substitute_id,
        from_on=from_on,
        until_on=until_on,
        note=note.strip()[:_NOTE],
        set_by_id=person_id(actor),
        set_at=now(),
    )
    _lock(session, user_id, substitute_id)
    _check(session, absence)
    session.add(absence)
    session.flush()
    _record(session, actor, "absence:set", absence)
    return absence


def change_absence(
    session: Session,
    actor: Actor,
    *,
    absence_id: int,
    expected_version: int,
    substitute_id: int,
    from_on: date,
    until_on: date,
    note: str = "",
) -> Absence:
    """Give an absence other days or another substitute, who acts from then on in the former one's stead.

    Raises:
        DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    absence = _open(session, actor, absence_id)
    lifecycle.check_version(absence, expected_version)
    if absence.status is not TermStatus.IN_FORCE:
        raise WrongStateError("This absence was ended before. Nothing was changed; set a new one.")
    _lock(session, absence.user_id, substitute_id)
    with session.no_autoflush:
        absence.substitute_id, absence.from_on, absence.until_on = substitute_id, from_on, until_on
        absence.note = note.strip()[:_NOTE]
        try:
            _check(session, absence)
        except InvalidInputError:
            session.expire(absence)
            raise
    absence.version += 1
    session.flush()
    _record(session, actor, "absence:changed", absence)
    return absence


def end_absence(session: Session, actor: Actor, *, absence_id: int, expected_version: int) -> Absence:
    """End an absence: its attorney is back, and nobody stands in from this moment on.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    absence = _open(session, actor, absence_id)
    until_on = absence.until_on.isoformat()
    lifecycle.apply(session, actor, absence, "end", expected_version=expected_version, until_on=until_on)
    absence.until_on = max(min(absence.until_on, today() - timedelta(days=1)), absence.from_on)
    session.flush()
    return absence


def list_absences(session: Session, actor: Actor, *, of_everybody: bool = False) -> list[AbsenceRow]:
    """Return absences that are not over: the actor's own and those in which the actor stands in; all, for an admin."""
    me = person_id(actor)
    away, instead = aliased(User), aliased(User)
    statement = (
        select(Absence, col(away.name), col(instead.name))
        .join(away, col(away.id) == col(Absence.user_id))
        .join(instead, col(instead.id) == col(Absence.substitute_id))
        .where(col(Absence.status) == TermStatus.IN_FORCE, col(Absence.until_on) >= today())
        .order_by(col(Absence.from_on), col(Absence.id))
    )
    if not (of_everybody and actor.has(Role.ADMIN)):
        statement = statement.where(or_(col(Absence.user_id) == me, col(Absence.substitute_id) == me))
    return [_row(absence, *names) for absence, *names in session.execute(statement)]


def _check_may(actor: Actor, user_id: int) -> None:
    if not actor.has(Role.ADMIN) and not (actor.has(Role.ATTORNEY) and actor.user_id == user_id):
        raise DeniedError("You set your own absence, an administrator that of others. Nothing was changed.")


def _open(session: Session, actor: Actor, absence_id: int) -> Absence:
    absence: Absence = lifecycle.get(session, Absence, absence_id)
    _check_may(actor, absence.user_id)
    session.refresh(absence, with_for_update=True)
    return absence


def _lock(session: Session, *user_ids: int) -> None:
    # Two that would cross each other are set one after the other.
    session.execute(select(col(User.id)).where(col(User.id).in_(user_ids)).order_by(col(User.id)).with_for_update())


def _check(session: Session, absence: Absence) -> None:
    if absence.from_on > absence.until_on:
        raise InvalidInputError("The last day comes before the first. Nothing was changed; look at the days.")
    if absence.until_on < today():
        raise InvalidInputError("The last day has passed, so nobody could stand in. Nothing was changed.")
    if (absence.until_on - absence.from_on).days >= _MOST_DAYS:
        message = f"Give at most {_MOST_DAYS} days, and then a new absence. Nothing was changed."
        raise InvalidInputError(message)
    if absence.substitute_id == absence.user_id:
        raise InvalidInputError("Nobody stands in for oneself. Nothing was changed; choose another attorney.")
    check_person(session, absence.substitute_id, Role.ATTORNEY, as_what="stand in")
    _check_free(session, absence)


def _check_free(session: Session, absence: Absence) -> None:
    user, other = col(Absence.user_id), col(Absence.substitute_id)
    name, substitute = name_of(session, absence.user_id), name_of(session, absence.substitute_id)
    if found := _crossing(session, absence, user == absence.user_id):
        raise InvalidInputError(f"{name} is away {_days(found)} already. Nothing was changed; change that absence.")
    if found := _crossing(session, absence, user == absence.substitute_id):
        message = f"{substitute} is away {_days(found)}, too. Nothing was changed; choose somebody who is there."
        raise InvalidInputError(message)
    if found := _crossing(session, absence, other == absence.user_id):
        absent = name_of(session, found.user_id)
        message = (
            f"{name} stands in for {absent} {_days(found)}, and nobody stands in for one who stands in. "
            f"Nothing was changed; let somebody else stand in for {absent} first."
        )
        raise InvalidInputError(message)


def _crossing(session: Session, absence: Absence, whose: ColumnElement[bool]) -> Absence | None:
    crosses = (
        col(Absence.status) == TermStatus.IN_FORCE,
        col(Absence.from_on) <= absence.until_on,
        col(Absence.until_on) >= absence.from_on,
    )
    statement = select(Absence).where(whose, *crosses)
    if absence.id is not None:
        statement = statement.where(col(Absence.id) != absence.id)
    return session.scalars(statement.limit(1)).first()


def _days(absence: Absence) -> str:
    return f"from {absence.from_on:%d %b} to {absence.until_on:%d %b %Y}"


def _record(session: Session, actor: Actor, tag: str, absence: Absence) -> None:
    audit.record(
        session, actor, tag, "absence", row_id(absence), user_id=absence.user_id, substitute_id=absence.substitute_id,
        from_on=absence.from_on.isoformat(), until_on=absence.until_on.isoformat(),
    )  # fmt: skip


def _row(absence: Absence, user_name: str, substitute_name: str) -> AbsenceRow:
    return AbsenceRow(
        row_id(absence), absence.version, absence.user_id, user_name, absence.substitute_id, substitute_name,
        absence.from_on, absence.until_on, absence.note, absence.from_on <= today(),
    )  # fmt: skip
