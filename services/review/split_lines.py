"""The lines of a split on a proforma: the original stays, struck out, and its attested parts bill in its place."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import Session, col

from core.errors import InvalidInputError, WrongStateError
from core.money import ZERO
from models import Comment, LineProposal, ProformaFinding, ProformaLine, SplitPart, SplitProposal
from models.enums import LineTreatment, ProposalStatus
from services import lifecycle
from services.actor import Actor
from services.review.line_edits import Change
from services.row_ids import row_id

NOTE = "Split by its timekeeper"


def add_parts(
    session: Session, original: ProformaLine, change: Change, parts: Sequence[tuple[str, Decimal]], *, note: str = NOTE
) -> list[ProformaLine]:
    """Put the parts, texts with units, behind the last line and strike the original out; return the new lines.

    Entry, date, performer, rate and codes are the original's: nobody but its timekeeper could say otherwise.
    """
    number = change.next_number()
    made = [
        ProformaLine(
            proforma_id=original.proforma_id,
            line_number=number + place,
            kind=original.kind,
            time_entry_id=original.time_entry_id,
            expense_id=original.expense_id,
            timekeeper_id=original.timekeeper_id,
            worked_on=original.worked_on,
            entered_units=units,
            billed_units=units,
            unit_cost=original.unit_cost,
            adjustment_amount=ZERO,
            billed_amount=ZERO,
            task_code=original.task_code,
            activity_code=original.activity_code,
            expense_code=original.expense_code,
            billed_narrative=text,
            split_from_id=row_id(original),
        )
        for place, (text, units) in enumerate(parts)
    ]
    session.add_all(made)
    original.treatment, original.note = LineTreatment.SPLIT, note
    session.flush()
    change.lines += made
    return made


def remove_parts(session: Session, actor: Actor, original: ProformaLine, change: Change) -> list[ProformaLine]:
    """Take the parts of a split away, with the findings beside them; return the lines that are left.

    Raises:
        WrongStateError: a part of it went to another matter.
    """
    gone = [line for line in change.lines if line.split_from_id == original.id]
    proposals = list(session.scalars(select(SplitProposal).where(*_attested(original))))
    if original.expense_id is not None or _went_elsewhere(session, proposals):
        message = "A part of this line went to another matter. Nothing was changed; undo the transfer first."
        raise WrongStateError(message, line_id=original.id)
    ids = [row_id(line) for line in gone]
    for part in session.scalars(select(SplitPart).where(col(SplitPart.proforma_line_id).in_(ids))):
        change.records.set("split_part", part, "proforma_line_id", None)
    take_away(session, gone)
    for proposal in proposals:
        before = proposal.status
        lifecycle.apply(session, actor, proposal, "withdraw", "The line is billed as entered again.")
        change.records.note("split_proposal", proposal, "status", before=before)
    return [line for line in change.lines if line not in gone]


def take_away(session: Session, lines: Sequence[ProformaLine]) -> None:
    """Delete lines with the findings beside them; what was said and asked about them is kept without them.

    Raises:
        InvalidInputError: a split of one was proposed, so that it has a history of its own.
    """
    ids = [row_id(line) for line in lines]
    session.flush()
    split = select(SplitProposal).where(col(SplitProposal.proforma_line_id).in_(ids))
    if session.scalars(split.limit(1)).first() is not None:
        message = "A split of the line was proposed, so it stays. Nothing was changed; hold it or write it off."
        raise InvalidInputError(message)
    session.execute(delete(ProformaFinding).where(col(ProformaFinding.proforma_line_id).in_(ids)))
    _let_go(session, ids)
    for line in lines:
        session.delete(line)
    session.flush()


def _let_go(session: Session, line_ids: Sequence[int]) -> None:
    for model in (Comment, LineProposal):
        of_lines = update(model).where(col(model.proforma_line_id).in_(line_ids))
        session.execute(of_lines.values(proforma_line_id=None))


def _attested(original: ProformaLine) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SplitProposal.proforma_line_id) == original.id,
        col(SplitProposal.status) == ProposalStatus.ATTESTED,
    )


def _went_elsewhere(session: Session, proposals: Sequence[SplitProposal]) -> bool:
    ids = [row_id(proposal) for proposal in proposals]
    there = col(SplitPart.split_proposal_id).in_(ids), col(SplitPart.matter_id).is_not(None)
    return session.scalars(select(SplitPart).where(*there).limit(1)).first() is not None
