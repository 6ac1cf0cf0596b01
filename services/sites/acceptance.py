"""How much of what carriers answered lately they accepted whole, by carrier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal_column, select
from sqlmodel import Session

from core.clock import now
from models import Invoice
from models.enums import DecisionStatus, Role
from services.access import require
from services.actor import Actor
from services.tables import one_of, table_of

ANSWER_DAYS = 30
ANSWERS = (DecisionStatus.APPROVED, DecisionStatus.REDUCED, DecisionStatus.DISPUTED, DecisionStatus.REJECTED)
_I = table_of(Invoice)


@dataclass(frozen=True)
class AcceptanceRate:
    """What a carrier answered: how many invoices, and how many of them it accepted whole."""

    answered: int
    accepted: int

    @property
    def percent(self) -> int:
        """Return accepted ÷ answered in whole percent, half up; 100 means all of them and 0 none."""
        rounded = (self.accepted * 200 + self.answered) // (self.answered * 2)
        return min(rounded, 99) if self.accepted < self.answered else 100


def acceptance_rates(session: Session, actor: Actor, *, days: int = ANSWER_DAYS) -> dict[int, AcceptanceRate]:
    """Return the rate of every carrier that answered within `days`, by carrier id, in one query.

    An invoice counts by its last answer, and as accepted when the carrier approved it or an appeal restored all of it.
    A file that the site did not take was never an invoice there: it is no answer.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what="The acceptance of carriers")
    found = session.execute(_rates(), {"answered_since": answered_since(days)})
    return {carrier_id: AcceptanceRate(answered, accepted) for carrier_id, answered, accepted in found}


def answered_since(days: int) -> datetime:
    """Return the first instant of the last `days` days."""
    return now() - timedelta(days=days)


def is_answered() -> ColumnElement[bool]:
    """Return the condition of invoices answered since the parameter `answered_since`: what the rate counts, listed."""
    return _is_since() & one_of(_I.c.decision_status, ANSWERS)


def _is_since() -> ColumnElement[bool]:
    return _I.c.decided_at >= bindparam("answered_since", type_=_I.c.decided_at.type)


@cache
def _rates() -> Select[*tuple[Any, ...]]:
    """Ask for the days alone and judge the answers while counting, so that one index holds all that is read."""
    answered = func.count(case((one_of(_I.c.decision_status, ANSWERS), 1)))
    accepted = func.count(case((_I.c.decision_status == DecisionStatus.APPROVED, 1)))
    # Grouped by a sum: SQLite would else walk all years along the carriers' index, only to save sorting thirty days.
    carrier = (_I.c.carrier_id + literal_column("0")).label("carrier")
    return select(carrier, answered, accepted).where(_is_since()).group_by(carrier).having(answered > 0)
