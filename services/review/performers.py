"""Work that was entered under the wrong timekeeper: who may have done it, at what rate, and the line made theirs.

Who did the work is a statement of that person. A reviewer or billing proposes it, the one who did the work attests it
(see `services.review.proposals`), and the one under whom it stood is told.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from models import LineProposal, Proforma, ProformaLine, SplitProposal, TimeEntry, Timekeeper, User
from models.enums import EditKind, NoticeKind, ProposalStatus
from services import lifecycle
from services.actor import Actor
from services.billing.rates import RateCard, RatedHour, load_rates
from services.notices import tell
from services.review.day_hours import check_day_hours
from services.review.line_edits import Change, editing
from services.review.previews import amount_after
from services.review.proforma_findings import leading_carrier
from services.review.proforma_queries import visible_proforma
from services.row_ids import row_id

_CLOSED = "The line is another timekeeper's now."


@dataclass(frozen=True)
class Performer:
    """A timekeeper who may say that the work was theirs; `unit_cost` is dollars an hour on the day of the work."""

    timekeeper_id: int
    name: str
    unit_cost: Decimal


def list_performers(session: Session, actor: Actor, *, line_id: int) -> list[Performer]:
    """Return who may be asked whether a line's work was theirs, by name: active, signing in, with a rate for its day.

    Raises:
        NotFoundError: there is no such line, or it is on another attorney's proforma.
        InvalidInputError: nobody pays the matter, or its carrier has no active profile.
    """
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, line.proforma_id)
    statement = (
        select(Timekeeper)
        .join(User, col(User.timekeeper_id) == col(Timekeeper.id))
        .where(col(Timekeeper.is_active), col(User.is_active), col(Timekeeper.id) != line.timekeeper_id)
        .order_by(col(Timekeeper.last_name), col(Timekeeper.first_name), col(Timekeeper.id))
        .distinct()
    )
    pricing = _Pricing(session, proforma)
    priced = ((who, pricing.cost(who, line)) for who in session.scalars(statement))
    return [Performer(row_id(who), who.ledes_name, cost) for who, cost in priced if cost is not None]


def checked_performer(session: Session, proforma: Proforma, line: ProformaLine, timekeeper_id: int) -> int:
    """Return the timekeeper whom a line may be given to.

    Raises:
        NotFoundError: there is no such timekeeper.
        InvalidInputError: it is theirs already, they left or do not sign in, have no rate, or no hours left that day.
    """
    who: Timekeeper = lifecycle.get(session, Timekeeper, timekeeper_id)
    if timekeeper_id == line.timekeeper_id:
        raise InvalidInputError(f"The work is entered under {who.ledes_name} already. Nothing was changed.")
    if not who.is_active or not _people(session, timekeeper_id):
        message = (
            f"{who.ledes_name} does not sign in here, so nobody can attest the work as theirs. Nothing was changed; "
            "ask an administrator to let them in, or write the line off."
        )
        raise InvalidInputError(message, timekeeper_id=timekeeper_id)
    if _Pricing(session, proforma).cost(who, line) is None:
        message = (
            f"There is no rate for {who.ledes_name} on {line.worked_on:%B %d, %Y}. Nothing was changed; "
            "ask for the rate first."
        )
        raise InvalidInputError(message, timekeeper_id=timekeeper_id)
    check_day_hours(session, line, timekeeper_id=timekeeper_id, hours=line.entered_units)
    return timekeeper_id


def give_to(session: Session, change: Change, line: ProformaLine, timekeeper_id: int) -> None:
    """Make a line, and the entry behind it, a timekeeper's; the rate is the card's, one lowered by hand stays lowered.

    Hours and text as worked stay, and who they were first recorded under is kept.
    """
    entry: TimeEntry = lifecycle.get(session, TimeEntry, line.time_entry_id or 0)
    before = change.card_cost(session, line)
    is_lowered = before is not None and line.unit_cost < before
    if entry.recorded_timekeeper_id is None:
        change.records.set("time_entry", entry, "recorded_timekeeper_id", entry.timekeeper_id)
    change.records.set("time_entry", entry, "timekeeper_id", timekeeper_id)
    line.timekeeper_id = timekeeper_id
    cost = change.card_cost(session, line)
    if cost is None:
        message = f"There is no rate on {line.worked_on:%B %d, %Y}. Nothing was changed; ask for the rate first."
        raise InvalidInputError(message, line_id=line.id)
    line.unit_cost = min(line.unit_cost, cost) if is_lowered else cost


def settle_given(session: Session, actor: Actor, line: ProformaLine, *, from_id: int) -> None:
    """Close what the former timekeeper was still asked about a line that was given away, and tell them of it."""
    questions: tuple[type[Any], ...] = (LineProposal, SplitProposal)
    for model in questions:
        waiting = (
            (col(model.proforma_line_id) == line.id)
            & (col(model.timekeeper_id) == from_id)
            & (col(model.status) == ProposalStatus.PROPOSED)
        )
        lifecycle.apply_many(session, actor, model, "withdraw", waiting, _CLOSED)
    occasion = f"{line.timekeeper_id}/{line.time_entry_id}"
    tell(session, _people(session, from_id), NoticeKind.WORK_GIVEN_ON, "proforma_line", row_id(line), occasion=occasion)


def amount_if_given(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, timekeeper_id: int
) -> Decimal:
    """Return what the bill would come to, in dollars, if a timekeeper attested a line's work; nothing is kept.

    Raises:
        BillingError: it could not be given to that timekeeper.
    """
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)

    def give(session: Session, actor: Actor) -> None:
        with editing(session, actor, line_id, expected_version, kind=EditKind.ATTEST, only_codes=True) as edit:
            checked = checked_performer(session, edit.proforma, edit.line, timekeeper_id)
            give_to(session, edit.change, edit.line, checked)

    return amount_after(session, actor, proforma_id=line.proforma_id, change=give)


class _Pricing:
    """The rates of one proforma's leading carrier."""

    def __init__(self, session: Session, proforma: Proforma) -> None:
        payor, _ = leading_carrier(session, proforma)
        self._carrier_id = payor.carrier_id
        self._rates: RateCard = load_rates(session, [payor.carrier_id])

    def cost(self, who: Timekeeper, line: ProformaLine) -> Decimal | None:
        """Return somebody's rate on the day of a line."""
        return self._rates.find(RatedHour(self._carrier_id, row_id(who), who.classification, line.worked_on))


def _people(session: Session, timekeeper_id: int) -> list[int]:
    people = select(col(User.id)).where(col(User.timekeeper_id) == timekeeper_id, col(User.is_active))
    return [user_id for user_id in session.scalars(people) if user_id is not None]
