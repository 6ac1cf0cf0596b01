"""Turns of what runs by the clock: each is taken once, by whichever dispatcher comes first."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from models import ScheduleSlot

_KEPT = timedelta(days=35)


def take_slot(session: Session, *, name: str, slot: str, at: datetime) -> bool:
    """Take a turn, in the transaction that also does its work; False when it was taken before.

    A rival waits here until that transaction is over: when it fails, the turn is free again.
    """
    try:
        with session.begin_nested():
            session.execute(insert(ScheduleSlot).values(name=name, slot=slot, taken_at=at))
    except IntegrityError:
        return False
    old = (col(ScheduleSlot.name) == name) & (col(ScheduleSlot.taken_at) < at - _KEPT)
    session.execute(delete(ScheduleSlot).where(old))
    return True
