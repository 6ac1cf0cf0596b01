"""The lines of a split on a proforma: the original stays, struck out, and its attested parts bill in its place."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from core.money import ZERO, line_amount
from models import ProformaFinding, ProformaLine, SplitPart, SplitProposal
from models.enums import LineTreatment, SplitStatus
from services import lifecycle
from services.actor import Actor
from services.row_ids import row_id

_NOTE = "Split by its timekeeper"


def add_parts(
    session: Session, original: ProformaLine, lines: list[ProformaLine], parts: Sequence[tuple[str, Decimal]]
) -> list[ProformaLine]:
    """Put the parts, texts with hours, behind the last line and strike the original out; return the new lines.

    Entry, date, performer, rate and codes are the original's: nobody but its timekeeper could say otherwise.
    """
    number = max(line.line_number for line in lines)
    made = [
        ProformaLine(
            proforma_id=original.proforma_id,
            line_number=number + place,
            kind=original.kind,
            time_entry_id=original.time_entry_id,
            timekeeper_id=original.timekeeper_id,
            worked_on=original.worked_on,
            entered_units=hours,
            billed_units=hours,
            unit_cost=original.unit_cost,
            adjustment_amount=ZERO,
            billed_amount=line_amount(hours, original.unit_cost),
            task_code=original.task_code,
            activity_code=original.activity_code,
            billed_narrative=text,
            split_from_id=row_id(original),
        )
        for place, (text, hours) in enumerate(parts, start=1)
    ]
    session.add_all(made)
    original.treatment, original.note = LineTreatment.SPLIT, _NOTE
    session.flush()
    return made


def remove_parts(
    session: Session, actor: Actor, original: ProformaLine, lines: list[ProformaLine]
) -> list[ProformaLine]:
    """Take the parts of a split away, with the findings beside them; return the lines that are left."""
    gone = [line for line in lines if line.split_from_id == original.id]
    ids = [row_id(line) for line in gone]
    session.execute(delete(ProformaFinding).where(col(ProformaFinding.proforma_line_id).in_(ids)))
    session.execute(update(SplitPart).where(col(SplitPart.proforma_line_id).in_(ids)).values(proforma_line_id=None))
    for line in gone:
        session.delete(line)
    session.flush()
    attested = (
        col(SplitProposal.proforma_line_id) == original.id,
        col(SplitProposal.status) == SplitStatus.ATTESTED,
    )
    for proposal in session.scalars(select(SplitProposal).where(*attested)):
        lifecycle.apply(session, actor, proposal, "withdraw", "The line is billed as entered again.")
    return [line for line in lines if line not in gone]
