"""Splitting a block-billed line: a reviewer or billing proposes texts, and its timekeeper alone gives the hours.

The hours are a statement of the person who did the work, so they stay blank until that person fills them, never above
what the line bills; what is left is a write-down. An open proposal blocks no approval: the line would be billed as it
stands, which is what its timekeeper attested; the approver is told, and the proposal ends with the proforma.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, InvalidInputError, WrongStateError
from core.money import as_text
from models import Proforma, ProformaLine, SplitPart, SplitProposal, User
from models.enums import EntryKind, LineTreatment, SplitStatus
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.billing.line_edits import check_may_edit, check_open, checked_narrative, exact, settle
from services.billing.proforma_findings import leading_carrier, lines_of
from services.billing.proforma_queries import visible_proforma
from services.billing.split_lines import add_parts
from services.row_ids import row_id

_FEWEST, _MOST = 2, 20


@dataclass(frozen=True)
class PartGiven:
    """One part as its timekeeper attests it: the text, which may be put right, and the hours."""

    narrative: str
    hours: Decimal


def propose_split(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, parts: Sequence[str]
) -> SplitProposal:
    """Ask the line's timekeeper to split it into these texts; `expected_version` is the proforma's.

    Raises:
        InvalidInputError: fewer than two texts, or the line is no fee, or dollars were taken off it.
        WrongStateError: it is split, is a part, or waits already.
        DeniedError, StaleVersionError, NotFoundError: nothing was changed.
    """
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, line.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_may_edit(actor, proforma, only_codes=True)
    check_open(proforma, expected_version)
    session.refresh(line)
    texts = _checked_texts(parts)
    _check_can_split(session, line)
    proposal = SplitProposal(
        proforma_id=row_id(proforma),
        proforma_line_id=line_id,
        timekeeper_id=line.timekeeper_id or 0,
        entered_hours=line.entered_units,
        proposed_by_id=person_id(actor),
        proposed_at=now(),
    )
    session.add(proposal)
    session.flush()
    session.add_all(
        SplitPart(split_proposal_id=row_id(proposal), number=number, narrative=text)
        for number, text in enumerate(texts, start=1)
    )
    session.flush()
    _record(session, actor, "proforma:split_proposed", proposal, line, parts=len(texts))
    return proposal


def attest_split(
    session: Session, actor: Actor, *, proposal_id: int, expected_version: int, parts: Sequence[PartGiven]
) -> Proforma:
    """Give every part its hours, as the line's own timekeeper; the parts bill in the line's place from now on.

    `expected_version` is the proposal's. The sum may stay below what the line bills, never above it.

    Raises:
        DeniedError: the actor is not the line's timekeeper.
        InvalidInputError: a part without hours, too many hours, or hours that are no step of the carrier's.
        WrongStateError: the proforma is not open any more, or the line was changed.
    """
    proposal = own_proposal(session, actor, proposal_id)
    proforma: Proforma = lifecycle.get(session, Proforma, proposal.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_open(proforma, None)
    lines = lines_of(session, row_id(proforma))
    original = next(line for line in lines if line.id == proposal.proforma_line_id)
    session.refresh(original)
    stored = _parts(session, proposal)
    given = _checked_parts(stored, parts)
    _check_line_stands(original)
    _check_hours(session, proforma, original, [part.hours for part in given])
    lifecycle.apply(session, actor, proposal, "attest", expected_version=expected_version)
    proposal.decided_at, proposal.given_hours = now(), sum((part.hours for part in given), start=Decimal(0))
    made = add_parts(session, original, lines, [(part.narrative, part.hours) for part in given])
    for part, attested, line in zip(stored, given, made, strict=True):
        part.narrative, part.hours, part.proforma_line_id = attested.narrative, attested.hours, row_id(line)
    settle(session, proforma, [*lines, *made])
    numbers = [line.line_number for line in made]
    left = original.billed_units - proposal.given_hours
    hours = {"hours": as_text(proposal.given_hours), "written_down_hours": as_text(left)}
    _record(session, actor, "proforma:split_attested", proposal, original, into=numbers, **hours)
    return proforma


def decline_split(
    session: Session, actor: Actor, *, proposal_id: int, expected_version: int, reason: str
) -> SplitProposal:
    """Refuse to split one's own line, with the reason; it stays as it was entered."""
    proposal = own_proposal(session, actor, proposal_id)
    lifecycle.apply(session, actor, proposal, "decline", reason, expected_version=expected_version)
    proposal.decided_at, proposal.reason = now(), reason.strip()[:500]
    session.flush()
    line: ProformaLine = lifecycle.get(session, ProformaLine, proposal.proforma_line_id)
    _record(session, actor, "proforma:split_declined", proposal, line, note=reason)
    return proposal


def withdraw_split(session: Session, actor: Actor, *, proposal_id: int) -> SplitProposal:
    """Take a proposal back that nobody has answered; for those who may propose one."""
    proposal: SplitProposal = lifecycle.get(session, SplitProposal, proposal_id)
    proforma = visible_proforma(session, actor, proposal.proforma_id)
    check_may_edit(actor, proforma, only_codes=True)
    session.refresh(proposal)
    if proposal.status is not SplitStatus.PROPOSED:
        raise WrongStateError("Its timekeeper has answered meanwhile. Nothing was changed; look at the line again.")
    lifecycle.apply(session, actor, proposal, "withdraw")
    proposal.decided_at = now()
    session.flush()
    line: ProformaLine = lifecycle.get(session, ProformaLine, proposal.proforma_line_id)
    _record(session, actor, "proforma:split_withdrawn", proposal, line)
    return proposal


def end_splits(session: Session, actor: Actor, proforma_ids: Sequence[int]) -> int:
    """Withdraw what nobody answered before the invoice was made or the proforma voided; return how many."""
    where = col(SplitProposal.proforma_id).in_(proforma_ids) & (col(SplitProposal.status) == SplitStatus.PROPOSED)
    return lifecycle.apply_many(session, actor, SplitProposal, "withdraw", where, "The proforma is closed.")


def with_waiting_splits(session: Session, proforma_ids: Collection[int]) -> frozenset[int]:
    """Return which of the proformas have a split that nobody answered yet."""
    waiting = select(col(SplitProposal.proforma_id)).where(
        col(SplitProposal.proforma_id).in_(proforma_ids), col(SplitProposal.status) == SplitStatus.PROPOSED
    )
    return frozenset(session.scalars(waiting))


def own_proposal(session: Session, actor: Actor, proposal_id: int) -> SplitProposal:
    """Return a proposal for the actor's own work.

    Raises:
        DeniedError: it is somebody else's work; nobody may attest that.
    """
    proposal: SplitProposal = lifecycle.get(session, SplitProposal, proposal_id)
    if timekeeper_of(session, actor) != proposal.timekeeper_id:
        message = "Only the timekeeper who did the work can give its hours. Nothing was changed."
        raise DeniedError(message, proposal_id=proposal_id)
    return proposal


def timekeeper_of(session: Session, actor: Actor) -> int | None:
    """Return the timekeeper that a signed-in person is."""
    person = session.get(User, actor.user_id) if actor.user_id is not None else None
    return person.timekeeper_id if person else None


def _checked_texts(parts: Sequence[str]) -> list[str]:
    texts = [text for part in parts if (text := part.strip())]
    if not _FEWEST <= len(texts) <= _MOST:
        message = f"A split has {_FEWEST} to {_MOST} texts. Nothing was proposed; write one for each task."
        raise InvalidInputError(message, parts=len(texts))
    return texts


def _check_can_split(session: Session, line: ProformaLine) -> None:
    if line.kind is not EntryKind.FEE or line.timekeeper_id is None:
        raise InvalidInputError("Only time is split. Nothing was proposed.")
    _check_line_stands(line)
    waiting = (
        col(SplitProposal.proforma_line_id) == line.id,
        col(SplitProposal.status) == SplitStatus.PROPOSED,
    )
    if session.scalars(select(SplitProposal).where(*waiting).limit(1)).first() is not None:
        raise WrongStateError("A split of this line waits for its timekeeper already. Nothing was proposed.")


def _check_line_stands(line: ProformaLine) -> None:
    if line.split_from_id is not None or line.treatment is not LineTreatment.BILL:
        message = "The line is not billed as one any more, so it cannot be split. Nothing was changed."
        raise WrongStateError(message, line_id=line.id)
    if line.adjustment_amount:
        message = "Dollars were taken off this line. Nothing was changed; bill it as entered first, then split it."
        raise InvalidInputError(message, line_id=line.id)


def _parts(session: Session, proposal: SplitProposal) -> list[SplitPart]:
    statement = select(SplitPart).where(col(SplitPart.split_proposal_id) == proposal.id)
    return list(session.scalars(statement.order_by(col(SplitPart.number))))


def _checked_parts(stored: Sequence[SplitPart], given: Sequence[PartGiven]) -> list[PartGiven]:
    if len(stored) != len(given):
        raise InvalidInputError("Every part needs its hours. Nothing was changed; fill them all in, or decline.")
    return [PartGiven(checked_narrative(part.narrative), exact(part.hours)) for part in given]


def _check_hours(session: Session, proforma: Proforma, original: ProformaLine, hours: Sequence[Decimal]) -> None:
    most = min(original.entered_units, original.billed_units)
    if any(one <= 0 for one in hours):
        raise InvalidInputError("Every part needs more than no hours. Nothing was changed; fill them all in.")
    if (given := sum(hours, start=Decimal(0))) > most:
        message = (
            f"The parts come to {given.normalize():f} h; the line bills {most.normalize():f} h. "
            "Nothing was changed; a split never adds hours."
        )
        raise InvalidInputError(message, proforma_id=proforma.id)
    step = increment(session, proforma)
    if step and any(one % step for one in hours):
        message = f"This carrier takes steps of {step.normalize():f} h. Nothing was changed; round the hours."
        raise InvalidInputError(message, proforma_id=proforma.id)


def increment(session: Session, proforma: Proforma) -> Decimal | None:
    """Return the steps of hours that the proforma's carrier takes, None where it sets none."""
    _, active = leading_carrier(session, proforma)
    steps = [getattr(rule, "hours", None) for rule in active.profile.guidelines if rule.kind == "min_increment"]
    return next((step for step in steps if step is not None), None)


def _record(
    session: Session,
    actor: Actor,
    tag: str,
    proposal: SplitProposal,
    line: ProformaLine,
    *,
    note: str = "",
    **data: object,
) -> None:
    """Tell the proforma's history; the texts stay out of it."""
    facts = {"line_number": line.line_number, "split_proposal_id": proposal.id, **data}
    audit.record(session, actor, tag, "proforma", proposal.proforma_id, note=note, **facts)
