"""Which carriers must wait now: their site is closed, files follow too fast, or a visit has sent its batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from carriers.traffic import OpeningHours, Pace
from core.db import db_now_ms
from models import Carrier, CarrierProfileVersion, Submission
from services.tables import table_of

_HOUR_MS = 3_600_000
_CARRIER, _VERSION = table_of(Carrier), table_of(CarrierProfileVersion)
_SITE = _VERSION.c.document["site"]
_RULES: Select[*tuple[Any, ...]] = (
    select(
        _CARRIER.c.id,
        _CARRIER.c.site_account_id,
        _SITE["opening_hours"],
        _SITE["pace"],
        _SITE["batch_size"],
    )
    .join(_VERSION, (_VERSION.c.carrier_id == _CARRIER.c.id) & _VERSION.c.is_active)
    .order_by(_CARRIER.c.id)
)
_NONE_SENT: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True)
class Held:
    """Carriers that wait: `closed` until an opening, `paced` until an instant in ms, `full` until another visit."""

    closed: Mapping[int, datetime]
    paced: Mapping[int, int]
    full: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        """All of them."""
        return frozenset(self.closed) | frozenset(self.paced) | self.full


NOTHING_HELD = Held(MappingProxyType({}), MappingProxyType({}))


def held_carriers(
    session: Session, *, site_account_id: int | None = None, sent: Mapping[int, int] = _NONE_SENT
) -> Held:
    """Return the carriers that must wait now, by the database's clock; of one account, or of all.

    `sent` is how many files of each carrier a visit has sent. Openings are in the site's own time zone.
    """
    present = clock_ms(session)
    at = datetime.fromtimestamp(present / 1000, UTC)
    closed: dict[int, datetime] = {}
    paced: dict[int, int] = {}
    full: set[int] = set()
    rules = _RULES if site_account_id is None else _RULES.where(_CARRIER.c.site_account_id == site_account_id)
    for carrier_id, account_id, hours, pace, batch_size in session.execute(rules):
        if hours and not (opening := OpeningHours.model_validate(hours)).is_open(at):
            closed[carrier_id] = opening.next_opening(at)
        elif pace and (until := _next_file_ms(session, account_id, Pace.model_validate(pace), present)) > present:
            paced[carrier_id] = until
        if batch_size and sent.get(carrier_id, 0) >= batch_size:
            full.add(carrier_id)
    return Held(closed, paced, frozenset(full))


def clock_ms(session: Session) -> int:
    """Return the database's clock in ms."""
    return session.scalars(select(db_now_ms())).one()


def _next_file_ms(session: Session, site_account_id: int, pace: Pace, present: int) -> int:
    """Return when the next file of an account may go: counted from the clicks that sent the ones before."""
    sent_at = col(Submission.intent_at_ms)
    mine = (col(Submission.site_account_id) == site_account_id) & sent_at.is_not(None)
    soonest = 0
    if pace.seconds_between_files:
        latest = session.scalars(select(func.max(sent_at)).where(mine)).one()
        soonest = (latest or 0) + int(pace.seconds_between_files * 1000)
    if pace.files_per_hour:
        lately = select(sent_at).where(mine, sent_at > present - _HOUR_MS).order_by(sent_at.desc())
        last_of_many = session.scalars(lately.offset(pace.files_per_hour - 1).limit(1)).first()
        soonest = max(soonest, (last_of_many or 0) + _HOUR_MS if last_of_many is not None else 0)
    return soonest
