"""What waits for a timekeeper besides splits: another text, more hours, another day; or whether work was theirs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models import LineProposal, Matter, Proforma, ProformaLine, Timekeeper, User
from models.enums import ProposalKind, ProposalStatus
from services.actor import Actor
from services.review.line_edits import EDITABLE
from services.review.own_work import timekeeper_of
from services.review.splits import increment
from services.row_ids import row_id


@dataclass(frozen=True)
class WaitingChangeRow:
    """One question about one's own line: how the line is now, what is proposed, by whom and why.

    Of `proposed_narrative`, `proposed_hours` and `proposed_on` one is not None, unless the question is whether the work
    was the reader's (`asked_id`), entered under `timekeeper`. `amount` is what the line bills in dollars, `step` what
    hours are a multiple of.
    """

    id: int
    version: int
    kind: ProposalKind
    matter_number: str
    matter_name: str
    worked_on: date
    hours: Decimal
    narrative: str
    proposed_narrative: str | None
    proposed_hours: Decimal | None
    proposed_on: date | None
    reason: str
    proposed_by: str
    step: Decimal | None
    timekeeper: str
    asked_id: int
    amount: Decimal


def waiting_changes(session: Session, actor: Actor) -> list[WaitingChangeRow]:
    """Return the questions that wait for this person, the longest waiting first."""
    timekeeper_id = timekeeper_of(session, actor)
    if timekeeper_id is None:
        return []
    statement = (
        select(LineProposal, Proforma, ProformaLine, Matter, col(User.name), Timekeeper)
        .join(Proforma, col(Proforma.id) == col(LineProposal.proforma_id))
        .join(ProformaLine, col(ProformaLine.id) == col(LineProposal.proforma_line_id))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .join(User, col(User.id) == col(LineProposal.proposed_by_id))
        .join(Timekeeper, col(Timekeeper.id) == col(ProformaLine.timekeeper_id))
        .where(*_waiting(timekeeper_id))
        .order_by(col(LineProposal.id))
    )
    return [_row(session, *found) for found in session.execute(statement)]


def _row(
    session: Session,
    proposal: LineProposal,
    proforma: Proforma,
    line: ProformaLine,
    matter: Matter,
    proposer: str,
    who: Timekeeper,
) -> WaitingChangeRow:
    return WaitingChangeRow(
        id=row_id(proposal),
        version=proposal.version,
        kind=proposal.kind,
        matter_number=matter.number,
        matter_name=matter.name,
        worked_on=line.worked_on,
        hours=line.entered_units,
        narrative=line.billed_narrative,
        proposed_narrative=proposal.narrative,
        proposed_hours=proposal.hours,
        proposed_on=proposal.worked_on,
        reason=proposal.reason,
        proposed_by=proposer,
        step=increment(session, proforma) if proposal.kind is ProposalKind.HOURS else None,
        timekeeper=who.ledes_name,
        asked_id=proposal.timekeeper_id,
        amount=line.billed_amount,
    )


def _waiting(timekeeper_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(LineProposal.timekeeper_id) == timekeeper_id,
        col(LineProposal.status) == ProposalStatus.PROPOSED,
        col(Proforma.status).in_(EDITABLE),
    )
