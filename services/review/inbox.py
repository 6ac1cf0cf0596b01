"""How much waits for a timekeeper's word, splits and other questions, in one statement: every page asks for it."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, func, select
from sqlmodel import Session

from models import LineProposal, Proforma, SplitProposal
from models.enums import ProposalStatus
from services.actor import Actor
from services.review.line_edits import EDITABLE
from services.review.own_work import timekeeper_of
from services.tables import one_of, table_of

_P = table_of(Proforma)


def count_inbox(session: Session, actor: Actor) -> int:
    """Return how many questions about their own work wait for this person; 0 for who is no timekeeper."""
    timekeeper_id = timekeeper_of(session, actor)
    if timekeeper_id is None:
        return 0
    return int(session.execute(_WAITING, {"timekeeper_id": timekeeper_id}).scalar_one())


def _count(model: type[SplitProposal] | type[LineProposal]) -> ScalarSelect[Any]:
    asked = table_of(model)
    return (
        select(func.count())
        .select_from(asked.join(_P, _P.c.id == asked.c.proforma_id))
        .where(
            asked.c.timekeeper_id == bindparam("timekeeper_id"),
            asked.c.status == ProposalStatus.PROPOSED,
            one_of(_P.c.status, sorted(EDITABLE)),
        )
        .scalar_subquery()
    )


_WAITING: Select[*tuple[Any, ...]] = select(_count(SplitProposal) + _count(LineProposal))
