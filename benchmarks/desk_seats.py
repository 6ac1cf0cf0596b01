"""Who sits at which desk: pairs on one bill each, billing, and attorneys with queues of their own."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from benchmarks.desk_days import Day, attorneys_day, billers_day, pairs_day
from models import Matter, Proforma, ProformaLine, User
from models.enums import EntryKind, ProformaStatus, Role
from services.actor import actor_of
from services.review.delegations import grant_delegation
from services.sessions import open_session

_LEAST_LINES: Final = 4


@dataclass(frozen=True)
class Seat:
    """Somebody with a session and what they do all day."""

    name: str
    cookie: str
    day: Day


def take_seats(session: Session, *, people: int, billers: int, pairs: int) -> tuple[list[Seat], list[Seat]]:
    """Return an attorney and a biller who work alone first, and then everybody: two a pair, billers, attorneys.

    Everybody is a person of their own, with a queue of their own, as long as the firm has as many.
    """
    _hand_out_matters(session)
    pairs_of = _pairs(session, pairs)
    paired = {user_id for user_id, _ in pairs_of}
    attorneys = [user for user in _reviewers(session) if user.id not in paired]
    billing = [user for user in _of_role(session, Role.BILLER) if user.id not in paired]
    alone = [
        _seat(session, attorneys[0], "Attorney alone", attorneys_day),
        _seat(session, billing[0], "Biller alone", billers_day),
    ]
    two_each = [
        _seat(session, session.get_one(User, key), f"Pair {number}", day) for number, (key, day) in enumerate(pairs_of)
    ]
    desks = [
        _seat(session, attorneys[number % len(attorneys)], f"Attorney {number}", attorneys_day)
        for number in range(people - 2 * pairs - billers)
    ]
    counters = [
        _seat(session, billing[number % len(billing)], f"Biller {number}", billers_day) for number in range(billers)
    ]
    return alone, [*two_each, *desks, *counters]


def _hand_out_matters(session: Session) -> None:
    """Let every attorney of the firm answer for matters; the seeded firm has most of them with a few."""
    attorneys = [user.id or 0 for user in _of_role(session, Role.ATTORNEY)]
    waiting = select(col(Proforma.matter_id)).where(col(Proforma.status) == ProformaStatus.IN_REVIEW).distinct()
    for number, matter_id in enumerate(session.scalars(waiting.order_by(col(Proforma.matter_id))).all()):
        attorney_id = attorneys[number % len(attorneys)]
        of_matter = col(Proforma.matter_id) == matter_id
        session.execute(update(Matter).where(col(Matter.id) == matter_id).values(responsible_attorney_id=attorney_id))
        session.execute(update(Proforma).where(of_matter).values(reviewer_id=attorney_id))


def _seat(session: Session, user: User, name: str, day: Day) -> Seat:
    return Seat(name, f"billing_session={open_session(session, user)}", day)


def _pairs(session: Session, count: int) -> list[tuple[int, Day]]:
    """Return two people a pair with their day: an attorney, and in turn a delegate who may decide, or billing."""
    bills = _bills_of_different_attorneys(session)[: 2 * count]
    others, billing = bills[count:], _of_role(session, Role.BILLER)
    found: list[tuple[int, Day]] = []
    for number, bill in enumerate(bills[:count]):
        owner, has_delegate = session.get_one(User, bill.reviewer_id), number % 2 == 0
        if has_delegate:
            second = session.get_one(User, others[number % len(others)].reviewer_id)
            grant_delegation(session, actor_of(owner), delegate_id=second.id or 0)
        else:
            second = billing[number % len(billing)]
        found.append((owner.id or 0, pairs_day(str(bill.id), edits_money=True)))
        found.append((second.id or 0, pairs_day(str(bill.id), edits_money=has_delegate)))
    return found


def _bills_of_different_attorneys(session: Session) -> list[Proforma]:
    fees = (
        select(func.count())
        .where(col(ProformaLine.proforma_id) == col(Proforma.id), col(ProformaLine.kind) == EntryKind.FEE)
        .scalar_subquery()
    )
    bills = select(Proforma).where(col(Proforma.status) == ProformaStatus.IN_REVIEW, fees >= _LEAST_LINES)
    one_each: dict[int, Proforma] = {}
    for bill in session.scalars(bills.order_by(col(Proforma.line_count), col(Proforma.id))):
        one_each.setdefault(bill.reviewer_id, bill)
    return list(one_each.values())


def _reviewers(session: Session) -> list[User]:
    waiting = select(col(Proforma.reviewer_id)).where(col(Proforma.status) == ProformaStatus.IN_REVIEW)
    return list(session.scalars(select(User).where(col(User.id).in_(waiting)).order_by(col(User.id))))


def _of_role(session: Session, role: Role) -> list[User]:
    people = session.scalars(select(User).where(col(User.is_active)).order_by(col(User.id)))
    return [person for person in people if role in person.roles]
