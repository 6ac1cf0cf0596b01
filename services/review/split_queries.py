"""What waits for a timekeeper: proposed splits of their own lines, on proformas that are still open."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models import Matter, Proforma, ProformaLine, SplitPart, SplitProposal, TimeEntry, User
from models.enums import ProposalStatus
from services import lifecycle
from services.actor import Actor
from services.review.line_edits import EDITABLE
from services.review.own_work import timekeeper_of
from services.review.splits import increment
from services.row_ids import row_id


@dataclass(frozen=True)
class PartRow:
    """One proposed text."""

    number: int
    narrative: str


@dataclass(frozen=True)
class WaitingRow:
    """One line to be split; `hours` is the most its parts may come to, `step` what each is a multiple of."""

    id: int
    version: int
    proforma_id: int
    matter_number: str
    matter_name: str
    worked_on: date
    hours: Decimal
    entered_hours: Decimal
    narrative: str
    proposed_by: str
    step: Decimal | None
    parts: tuple[PartRow, ...]


def waiting_splits(session: Session, actor: Actor) -> list[WaitingRow]:
    """Return the splits that wait for this person, the longest waiting first."""
    timekeeper_id = timekeeper_of(session, actor)
    if timekeeper_id is None:
        return []
    statement = (
        select(SplitProposal, Proforma, ProformaLine, Matter, TimeEntry, col(User.name))
        .join(Proforma, col(Proforma.id) == col(SplitProposal.proforma_id))
        .join(ProformaLine, col(ProformaLine.id) == col(SplitProposal.proforma_line_id))
        .join(TimeEntry, col(TimeEntry.id) == col(ProformaLine.time_entry_id))
        .join(Matter, col(Matter.id) == col(Proforma.matter_id))
        .join(User, col(User.id) == col(SplitProposal.proposed_by_id))
        .where(*_waiting(timekeeper_id))
        .order_by(col(SplitProposal.id))
    )
    found = session.execute(statement).all()
    parts = _parts(session, [row_id(proposal) for proposal, *_ in found])
    steps = {row_id(proforma): increment(session, proforma) for _, proforma, *_ in found}
    return [
        WaitingRow(
            id=row_id(proposal),
            version=proposal.version,
            proforma_id=proposal.proforma_id,
            matter_number=matter.number,
            matter_name=matter.name,
            worked_on=line.worked_on,
            hours=min(line.entered_units, line.billed_units),
            entered_hours=line.entered_units,
            narrative=entry.entered_narrative,
            proposed_by=proposer,
            step=steps[proposal.proforma_id],
            parts=tuple(parts[row_id(proposal)]),
        )
        for proposal, _, line, matter, entry, proposer in found
    ]


def is_own_line(session: Session, actor: Actor, line_id: int) -> bool:
    """Whether a proforma's line is the actor's own work, which they need ask nobody to split."""
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    return line.timekeeper_id is not None and timekeeper_of(session, actor) == line.timekeeper_id


def _waiting(timekeeper_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SplitProposal.timekeeper_id) == timekeeper_id,
        col(SplitProposal.status) == ProposalStatus.PROPOSED,
        col(Proforma.status).in_(EDITABLE),
    )


def _parts(session: Session, proposal_ids: list[int]) -> dict[int, list[PartRow]]:
    parts: dict[int, list[PartRow]] = defaultdict(list)
    statement = select(SplitPart).where(col(SplitPart.split_proposal_id).in_(proposal_ids))
    for part in session.scalars(statement.order_by(col(SplitPart.split_proposal_id), col(SplitPart.number))):
        parts[part.split_proposal_id].append(PartRow(part.number, part.narrative))
    return parts
