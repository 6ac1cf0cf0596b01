"""How the firm reviews: when a proforma is urgent, who is reminded when, and how much is approved at once."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Row, Select, literal, select
from sqlmodel import Session

from core.business_days import BusinessCalendar, calendar_of
from core.clock import now, today
from core.db import once
from core.errors import InvalidInputError
from core.money import as_dollars, as_text, round_half_up
from models import ClosingDay, ReviewCap, ReviewPolicy
from models.enums import Role
from services import audit
from services.access import person_id, require
from services.actor import Actor
from services.billing import billing_calendar
from services.lifecycle import check_version
from services.tables import table_of

_ONLY = 1
_MOST_DAYS, _LAST_HOUR = 60, 24
_LONGEST_NAME = 80
_HIGHEST = Decimal(100_000_000)
USUAL_CAP = Decimal(250_000)
_POLICY, _CLOSING = table_of(ReviewPolicy), table_of(ClosingDay)
# One row to begin with, as the firm may have closing days before it has changed anything else.
_ONE = select(literal(1).label("id")).subquery()
_STATEMENT: Select[*tuple[Any, ...]] = select(_POLICY, _CLOSING.c.day).select_from(
    _ONE.outerjoin(_POLICY, _POLICY.c.id == _ONE.c.id).outerjoin(_CLOSING, _CLOSING.c.id >= _ONE.c.id)
)


@dataclass(frozen=True)
class Rules:
    """What an administrator may set; days are business days, hours by the firm's clock, dollars at once.

    Nobody is reminded before `remind_from_hour` nor from `remind_until_hour` on.
    """

    urgent_after_days: int = 5
    is_reminding: bool = True
    remind_after_days: int = 3
    remind_every_days: int = 2
    escalate_after_days: int = 7
    remind_from_hour: int = 8
    remind_until_hour: int = 18
    can_forward_authority: bool = True
    most_amount: Decimal = Decimal(2_000_000)


@dataclass(frozen=True)
class Policy:
    """The firm's rules, the version they are in, and the days on which it works."""

    rules: Rules = field(default_factory=Rules)
    version: int = 1
    calendar: BusinessCalendar = field(default_factory=calendar_of)

    def urgent_before(self) -> datetime:
        """Return the instant before which must have come to somebody what is urgent for having waited too long."""
        last = self.calendar.back(today(), self.rules.urgent_after_days) + timedelta(days=1)
        return datetime(last.year, last.month, last.day, tzinfo=now().tzinfo)

    def week_end(self) -> date:
        """Return the day up to which something is due within a week."""
        return today() + timedelta(days=7)

    def days_waited(self, since: datetime) -> int:
        """Return for how many business days something has waited."""
        return self.calendar.count(since.date(), today())


def get_policy(session: Session) -> Policy:
    """Return how the firm reviews, in one statement; as it comes while nobody has changed anything."""
    return once(session, "review policy", partial(_read_policy, session))


def _read_policy(session: Session) -> Policy:
    rows = session.execute(_STATEMENT).all()
    calendar = calendar_of([row.day for row in rows if row.day])
    return Policy(calendar=calendar) if rows[0].id is None else Policy(_rules(rows[0]), rows[0].version, calendar)


def set_policy(session: Session, actor: Actor, *, expected_version: int, rules: Rules) -> Policy:
    """Set how the firm reviews, for everybody from now on.

    Raises:
        DeniedError: only administrators.
        InvalidInputError: a value is out of bounds.
        StaleVersionError: somebody else set it meanwhile.
    """
    require(actor, Role.ADMIN, what="Setting how the firm reviews")
    _check(rules)
    row = _row(session, actor)
    check_version(row, expected_version)
    before, after = asdict(_rules(row)), asdict(rules)
    for name, value in after.items():
        setattr(row, name, value)
    row.version, row.updated_by_id, row.updated_at = row.version + 1, person_id(actor), now()
    session.flush()
    changed = {name: [_text(before[name]), _text(after[name])] for name in after if before[name] != after[name]}
    audit.record(session, actor, "review_policy:changed", "review_policy", _ONLY, changed=changed)
    return get_policy(session)


def list_closing_days(session: Session) -> list[tuple[date, str]]:
    """Return the firm's own closing days from this year on, the next first."""
    first = date(today().year, 1, 1)
    statement = select(_CLOSING.c.day, _CLOSING.c.name).where(_CLOSING.c.day >= first)
    return [(row.day, row.name) for row in session.execute(statement.order_by(_CLOSING.c.day))]


def add_closing_day(session: Session, actor: Actor, *, closed_on: date, name: str) -> None:
    """Close the firm on a day; the dates of the billing cycle follow.

    Raises:
        DeniedError, InvalidInputError: nothing was changed.
    """
    billing_calendar.add_closing_day(session, actor, day=closed_on, name=name)


def remove_closing_day(session: Session, actor: Actor, *, closed_on: date) -> None:
    """Open the firm on a day again; one that is not there is no fault.

    Raises:
        DeniedError: only administrators.
    """
    require(actor, Role.ADMIN, what="Setting closing days")
    found = session.scalars(select(_CLOSING.c.id).where(_CLOSING.c.day == closed_on)).first()
    if found is not None:
        billing_calendar.remove_closing_day(session, actor, closing_day_id=found)


def cap_of(session: Session, actor: Actor, policy: Policy | None = None) -> Decimal:
    """Return the dollars up to which the actor approves at once: the own choice, within what the firm allows."""
    chosen = session.get(ReviewCap, person_id(actor))
    most = (policy or get_policy(session)).rules.most_amount
    return min(chosen.cap_amount if chosen else USUAL_CAP, most)


def set_cap(session: Session, actor: Actor, *, amount: Decimal) -> Decimal:
    """Choose up to how much to approve at once from now on.

    Raises:
        InvalidInputError: it is no amount of at least a dollar, or more than the firm allows.
    """
    cap = check_cap(session, amount)
    row = session.get(ReviewCap, person_id(actor)) or ReviewCap(user_id=person_id(actor), cap_amount=cap)
    if row.cap_amount != cap or row not in session:
        row.cap_amount = cap
        session.add(row)
        session.flush()
        audit.record(session, actor, "user:review_cap_set", "user", row.user_id, amount=as_text(cap))
    return cap


def check_cap(session: Session, amount: Decimal) -> Decimal:
    """Return a cap for approving at once.

    Raises:
        InvalidInputError: it is none, or above what the firm allows.
    """
    most = get_policy(session).rules.most_amount
    if not 1 <= amount <= most or amount != round_half_up(amount):
        message = f"Give a cap between $1 and {as_dollars(most)}, which is the firm's own. Nothing was changed."
        raise InvalidInputError(message)
    return amount


def _row(session: Session, actor: Actor) -> ReviewPolicy:
    row = session.get(ReviewPolicy, _ONLY, with_for_update=True)
    if row is None:
        row = ReviewPolicy(id=_ONLY, **asdict(Rules()), updated_by_id=person_id(actor), updated_at=now())
        session.add(row)
        session.flush()
    return row


def _rules(row: ReviewPolicy | Row[*tuple[Any, ...]]) -> Rules:
    return Rules(**{name: getattr(row, name) for name in asdict(Rules())})


def _check(rules: Rules) -> None:
    days = (rules.urgent_after_days, rules.remind_after_days, rules.remind_every_days, rules.escalate_after_days)
    if not all(1 <= value <= _MOST_DAYS for value in days):
        raise InvalidInputError(f"Give between 1 and {_MOST_DAYS} business days. Nothing was changed.")
    if rules.escalate_after_days < rules.remind_after_days:
        message = "The lead would hear of it before the attorney is reminded. Nothing was changed; give more days."
        raise InvalidInputError(message)
    if not 0 <= rules.remind_from_hour < rules.remind_until_hour <= _LAST_HOUR:
        raise InvalidInputError("Reminders need an hour from which and a later one until which. Nothing was changed.")
    if not 1 <= rules.most_amount <= _HIGHEST or rules.most_amount != round_half_up(rules.most_amount):
        raise InvalidInputError(f"Give the firm's cap between $1 and {as_dollars(_HIGHEST)}. Nothing was changed.")


def _text(value: object) -> str:
    return as_text(value) if isinstance(value, Decimal) else str(value)
