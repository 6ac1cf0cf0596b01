"""Health walks: planned for each night, asked for by hand, due when their account is free and no file waits there."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, insert, select, update
from sqlmodel import Session, col

from carriers.traffic import OpeningHours
from core.clock import now
from core.db import db_now_ms, on_commit
from core.errors import WrongStateError
from core.ids import correlation_id
from core.queue import HEALTH_WALK, ring
from core.settings import Settings, get_settings
from models import Carrier, CarrierProfileVersion, HealthWalk, Site, SiteAccount, Submission
from models.enums import Role, WalkEnd
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.row_ids import row_id
from services.sites.site_traffic import held_carriers
from services.sites.walk_consent import walk_terms
from services.tables import table_of
from services.uploads import ledger
from services.uploads.leases import is_not_waiting

WAITS_BY_NIGHT, WAITS_BY_HAND = timedelta(hours=12), timedelta(minutes=30)
RUNS_MINUTES = 12
_BEGINS_AGAIN = timedelta(minutes=10)
_RUNG = 10
_NOT_REACHED = "Files were being sent, the account was busy or its site closed all the time. Nothing was opened."
_LEFT = "The worker stopped before the walk ended. Nothing was sent."
_CARRIER, _ACCOUNT, _SITE = table_of(Carrier), table_of(SiteAccount), table_of(Site)
_VERSION = table_of(CarrierProfileVersion)


def night_of(at: datetime, settings: Settings) -> tuple[date, datetime, datetime]:
    """Return the night that an instant belongs to: its date, and from when until when its walks are spread."""
    zone = ZoneInfo(settings.walk_time_zone)
    local = at.astimezone(zone)
    day = local.date() if local.time() >= settings.walk_from else local.date() - timedelta(days=1)
    begin = datetime.combine(day, settings.walk_from, zone)
    end = datetime.combine(day, settings.walk_until, zone)
    return day, begin, end if end > begin else end + timedelta(days=1)


def plan_walks(session: Session) -> int:
    """Plan this night's walks, evenly over what is left of it and within each site's hours; return how many.

    After the night none is planned: a site is not walked through in the middle of a billing day.
    """
    at = now()
    night, begin, end = night_of(at, get_settings())
    if at >= end:
        return 0
    begin = max(begin, at)
    found = session.execute(_candidates(night)).all()
    rows = []
    for turn, (carrier_id, account_id, hours) in enumerate(found):
        due = begin + (end - begin) * turn / len(found)
        if hours and not (opening := OpeningHours.model_validate(hours)).is_open(due):
            due = opening.next_opening(due) + timedelta(minutes=turn)
        rows.append({
            "carrier_id": carrier_id, "site_account_id": account_id, "night": night, "requested_at": at,
            "due_at": due, "message": "", "lists": {}, "stopped": [], "correlation_id": correlation_id(),
        })  # fmt: skip
    if rows:
        session.execute(insert(HealthWalk), rows)
    return len(rows)


def request_walk(session: Session, actor: Actor, *, carrier_id: int) -> int:
    """Ask for a walk now and return its id; it needs the same consent as one by night.

    Raises:
        DeniedError: the actor is no admin.
        WrongStateError: it may not be made, with the reason; or one is under way or waits already.
    """
    require(actor, Role.ADMIN, what="A walk through a carrier's site")
    if reasons := walk_terms(session, carrier_id=carrier_id).reasons:
        raise WrongStateError(f"{' '.join(reasons)} Nothing was started.")
    carrier = session.get_one(Carrier, carrier_id, with_for_update=True, populate_existing=True)
    if (opens := held_carriers(session, site_account_id=carrier.site_account_id).closed.get(carrier_id)) is not None:
        raise WrongStateError(
            f"The site is closed to machines until {opens:%H:%M} ({opens.tzinfo}). Nothing was started; ask then."
        )
    is_open = (col(HealthWalk.carrier_id) == carrier_id) & col(HealthWalk.ended_at).is_(None)
    if session.scalars(select(col(HealthWalk.id)).where(is_open, col(HealthWalk.due_at) <= now())).first() is not None:
        raise WrongStateError("A walk of this carrier is under way. Nothing was started; wait until it has ended.")
    walk = HealthWalk(
        carrier_id=carrier_id,
        site_account_id=carrier.site_account_id,
        requested_by_id=person_id(actor),
        requested_at=now(),
        due_at=now(),
        correlation_id=correlation_id(),
    )
    session.add(walk)
    session.flush()
    walk_id = row_id(walk)
    audit.record(session, actor, "carrier:walk_asked", "carrier", carrier_id, walk_id=walk_id)
    on_commit(session, lambda: _ring(walk_id))
    return walk_id


def list_due_walks(session: Session) -> list[int]:
    """Return walks whose time has come: account free and running, site open, and no file ready; for the dispatcher."""
    waiting = select(col(HealthWalk.id)).where(*_waiting())
    if session.scalars(waiting.limit(1)).first() is None:
        return []
    until, account_id = col(SiteAccount.lease_until_ms), _ACCOUNT.c.id
    found = session.scalars(
        waiting.join(SiteAccount, account_id == col(HealthWalk.site_account_id))
        .where(
            until.is_(None) | (until <= db_now_ms()),
            is_not_waiting(),
            ~has_ready_file(account_id),
            col(HealthWalk.carrier_id).not_in(held_carriers(session).closed),
        )
        .order_by(col(HealthWalk.due_at), col(HealthWalk.id))
        .limit(_RUNG)
    )
    return [walk_id for walk_id in found if walk_id is not None]


def has_ready_file(site_account_id: ColumnElement[Any] | int) -> ColumnElement[bool]:
    """Return the condition that a file of an account waits to be sent, also one that goes slowly or is in hand."""
    mine = select(col(Submission.id)).where(col(Submission.site_account_id) == site_account_id, ledger.due_files())
    return mine.correlate(SiteAccount).exists()


def put_back(session: Session, walk_id: int) -> bool:
    """Let a walk that had not begun wait for another turn; False for one by hand, and when its night ends before."""
    walk = session.get_one(HealthWalk, walk_id, with_for_update=True)
    due = now() + _BEGINS_AGAIN
    night, _, end = night_of(due, get_settings())
    if walk.night != night or due >= end:
        return False
    walk.started_at, walk.due_at = None, due
    session.add(walk)
    return True


def end_stale_walks(session: Session) -> None:
    """End what waited too long for its turn, and what its worker has left."""
    at = now()
    for conditions, message in (*((one, _NOT_REACHED) for one in _overdue(at)), (_left(at), _LEFT)):
        fields = {"ended_at": at, "ended_as": WalkEnd.NOT_MADE, "message": message}
        session.execute(update(HealthWalk).where(conditions).values(fields))


def has_stale_walks(session: Session) -> bool:
    """Whether some walk has waited or been under way for too long."""
    stale = select(col(HealthWalk.id)).where(_left(now()) | _overdue(now())[0] | _overdue(now())[1])
    return session.scalars(stale.limit(1)).first() is not None


def _candidates(night: date) -> Select[*tuple[Any, ...]]:
    planned = select(col(HealthWalk.carrier_id)).where(col(HealthWalk.night) == night)
    return (
        select(_CARRIER.c.id, _ACCOUNT.c.id, _VERSION.c.document["site"]["opening_hours"])
        .join(_ACCOUNT, _ACCOUNT.c.id == _CARRIER.c.site_account_id)
        .join(_SITE, _SITE.c.id == _ACCOUNT.c.site_id)
        .join(_VERSION, (_VERSION.c.carrier_id == _CARRIER.c.id) & _VERSION.c.is_active)
        .where(
            _SITE.c.is_walked,
            _SITE.c.automation_allowed_by != "",
            _ACCOUNT.c.is_robot,
            _ACCOUNT.c.paused_at.is_(None),
            _ACCOUNT.c.login_refused_at.is_(None),
            _CARRIER.c.id.not_in(planned),
        )
        .order_by(_CARRIER.c.id)
    )


def _waiting() -> tuple[ColumnElement[bool], ...]:
    walk = HealthWalk
    return col(walk.ended_at).is_(None), col(walk.started_at).is_(None), col(walk.due_at) <= now()


def _overdue(at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    walk = HealthWalk
    open_ = and_(col(walk.ended_at).is_(None), col(walk.started_at).is_(None))
    by_hand = col(walk.requested_by_id).is_not(None)
    return (
        and_(open_, ~by_hand, col(walk.due_at) < at - WAITS_BY_NIGHT),
        and_(open_, by_hand, col(walk.due_at) < at - WAITS_BY_HAND),
    )


def _left(at: datetime) -> ColumnElement[bool]:
    return and_(col(HealthWalk.ended_at).is_(None), col(HealthWalk.started_at) < at - timedelta(minutes=RUNS_MINUTES))


def _ring(walk_id: int) -> None:
    ring(HEALTH_WALK, walk_id, 0)
