"""The day on which a carrier was told of new rates; a rule that wants notice of them counts from it."""

from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col

from core.clock import today
from core.errors import InvalidInputError, NotFoundError
from models import Carrier, Rate
from models.enums import Role
from services import audit, lifecycle
from services.access import require
from services.actor import Actor


def record_rate_notice(
    session: Session, actor: Actor, *, carrier_id: int, effective_from: date, notified_on: date
) -> int:
    """Note on every rate of the carrier that begins on a day when it was told of them; return how many there are.

    Raises:
        DeniedError: the actor is neither billing nor an administrator.
        InvalidInputError: the day of the notice is not yet.
        NotFoundError: the carrier has no rate that begins on that day.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="Recording a notice of rates")
    lifecycle.get(session, Carrier, carrier_id)
    if notified_on > today():
        raise InvalidInputError("The day of the notice is not yet. Nothing was saved; give the day it was sent.")
    statement = (
        update(Rate)
        .where(col(Rate.carrier_id) == carrier_id, col(Rate.effective_from) == effective_from)
        .values(notified_on=notified_on)
    )
    count = cast("CursorResult[Any]", session.execute(statement)).rowcount
    if not count:
        message = "The carrier has no rate that begins on that day. Nothing was saved; look at its rate card."
        raise NotFoundError(message, carrier_id=carrier_id)
    facts = {"effective_from": effective_from.isoformat(), "notified_on": notified_on.isoformat()}
    audit.record(session, actor, "carrier:rates_notified", "carrier", carrier_id, rates=count, **facts)
    return count
