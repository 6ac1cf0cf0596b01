"""What a carrier allowed, recorded from its list of rules: matter and timekeeper by what people call them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from models import GuidelineException, Matter, MatterPayor, Timekeeper
from services.actor import Actor
from services.rules.guideline_exceptions import grant_exception
from services.rules.guideline_versions import active_guidelines


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A permission as it is written down; '' and None where it holds for all."""

    rule: str
    handler: str
    granted_on: date
    matter_number: str = ""
    timekeeper_code: str = ""
    work_from: date | None = None
    work_to: date | None = None
    limit: Decimal | None = None
    reference: str = ""
    note: str = ""


def record_permission(session: Session, actor: Actor, *, carrier_id: int, grant: Grant) -> GuidelineException:
    """Record a permission for a rule that is in force.

    Raises:
        InvalidInputError: no such rule, matter or timekeeper, or as in `grant_exception`.
        DeniedError: as in `grant_exception`.
    """
    rules = active_guidelines(session, actor, carrier_id=carrier_id).rules
    if grant.rule not in {name for rule in rules for name in (rule.name, rule.kind)}:
        raise InvalidInputError("This rule is not in force. Nothing was saved; choose one of the list.")
    return grant_exception(
        session,
        actor,
        carrier_id=carrier_id,
        rule=grant.rule,
        handler=grant.handler,
        granted_on=grant.granted_on,
        matter_id=_matter_id(session, carrier_id, grant.matter_number.strip()),
        timekeeper_id=_timekeeper_id(session, grant.timekeeper_code.strip()),
        work_from=grant.work_from,
        work_to=grant.work_to,
        limit=grant.limit,
        reference=grant.reference,
        note=grant.note,
    )


def _matter_id(session: Session, carrier_id: int, number: str) -> int | None:
    if not number:
        return None
    paid = select(col(MatterPayor.matter_id)).where(col(MatterPayor.carrier_id) == carrier_id)
    found = session.scalars(
        select(col(Matter.id)).where(col(Matter.number) == number, col(Matter.id).in_(paid))
    ).first()
    if found is None:
        raise InvalidInputError(f"The carrier pays no matter {number}. Nothing was saved; leave it empty for all.")
    return found


def _timekeeper_id(session: Session, code: str) -> int | None:
    if not code:
        return None
    found = session.scalars(select(col(Timekeeper.id)).where(col(Timekeeper.code) == code)).first()
    if found is None:
        raise InvalidInputError(f"There is no timekeeper {code}. Nothing was saved; leave it empty for everybody.")
    return found
