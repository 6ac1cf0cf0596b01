"""Splitting a block-billed line: a reviewer or billing proposes texts, and its timekeeper alone gives the hours.

The hours are a statement of the person who did the work, so they stay blank until that person fills them, never above
what the line bills; what is left is a write-down. An open proposal blocks no approval: the line would be billed as it
stands, which is what its timekeeper attested; the approver is told, and the proposal ends with the proforma.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, InvalidInputError, WrongStateError
from core.money import as_text, line_amount
from models import Proforma, ProformaLine, SplitPart, SplitProposal, TimeEntry
from models.enums import EditKind, EntryKind, LineTreatment, ProposalStatus
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.review.line_edits import Change, changing, check_may_edit, check_open
from services.review.line_values import checked_narrative, exact
from services.review.moved_entries import split_time_to
from services.review.own_work import is_own_work, tell_timekeeper, timekeeper_answered, timekeeper_of
from services.review.proforma_findings import leading_carrier
from services.review.proforma_queries import visible_proforma
from services.review.reviewers import acting
from services.review.split_lines import add_parts
from services.row_ids import row_id

_FEWEST, _MOST = 2, 20
_SUBJECT = "split_proposal"


@dataclass(frozen=True)
class ProposedPart:
    """One text of a split as it is proposed; with `matter_id`, a part that was work for another matter."""

    narrative: str
    matter_id: int | None = None


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
    texts = tuple(map(ProposedPart, parts))
    return propose_parts(session, actor, line_id=line_id, expected_version=expected_version, parts=texts)


def propose_parts(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, parts: Sequence[ProposedPart]
) -> SplitProposal:
    """Do as `propose_split` with parts some of which were work for another matter; not all of them may be."""
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, line.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_may_edit(actor, proforma, only_codes=True)
    check_open(proforma, expected_version)
    actor = acting(session, actor, proforma)
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
        SplitPart(split_proposal_id=row_id(proposal), number=number, narrative=part.narrative, matter_id=part.matter_id)
        for number, part in enumerate(texts, start=1)
    )
    session.flush()
    if not is_own_work(session, actor, line):
        tell_timekeeper(session, line.timekeeper_id or 0, subject_type=_SUBJECT, subject_id=row_id(proposal))
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
    kind, stored = EditKind.SPLIT, _parts(session, proposal)
    with changing(session, actor, proposal.proforma_id, None, kind=kind, is_attested=True) as change:
        original = change.line(proposal.proforma_line_id)
        given = _checked_parts(stored, parts)
        _check_line_stands(original)
        _check_hours(session, change.proforma, original, [part.hours for part in given])
        lifecycle.apply(session, actor, proposal, "attest", expected_version=expected_version)
        change.records.note("split_proposal", proposal, "status", before=ProposalStatus.PROPOSED)
        proposal.decided_at, proposal.given_hours = now(), sum((part.hours for part in given), start=Decimal(0))
        here = [(part, attested) for part, attested in zip(stored, given, strict=True) if part.matter_id is None]
        made = add_parts(session, original, change, [(attested.narrative, attested.hours) for _, attested in here])
        for part, attested in zip(stored, given, strict=True):
            part.narrative, part.hours = attested.narrative, attested.hours
        for (part, _), line in zip(here, made, strict=True):
            change.records.set("split_part", part, "proforma_line_id", row_id(line))
        _send_elsewhere(session, change, original, stored)
    numbers = [line.line_number for line in made]
    left = original.billed_units - proposal.given_hours
    hours = {"hours": as_text(proposal.given_hours), "written_down_hours": as_text(left)}
    timekeeper_answered(session, subject_type=_SUBJECT, subject_id=proposal_id)
    _record(session, actor, "proforma:split_attested", proposal, original, into=numbers, **hours)
    return change.proforma


def decline_split(
    session: Session, actor: Actor, *, proposal_id: int, expected_version: int, reason: str
) -> SplitProposal:
    """Refuse to split one's own line, with the reason; it stays as it was entered."""
    proposal = own_proposal(session, actor, proposal_id)
    lifecycle.apply(session, actor, proposal, "decline", reason, expected_version=expected_version)
    proposal.decided_at, proposal.reason = now(), reason.strip()[:500]
    session.flush()
    timekeeper_answered(session, subject_type=_SUBJECT, subject_id=proposal_id)
    line: ProformaLine = lifecycle.get(session, ProformaLine, proposal.proforma_line_id)
    _record(session, actor, "proforma:split_declined", proposal, line, note=reason)
    return proposal


def withdraw_split(session: Session, actor: Actor, *, proposal_id: int) -> SplitProposal:
    """Take a proposal back that nobody has answered; for those who may propose one."""
    proposal: SplitProposal = lifecycle.get(session, SplitProposal, proposal_id)
    proforma = visible_proforma(session, actor, proposal.proforma_id)
    check_may_edit(actor, proforma, only_codes=True)
    actor = acting(session, actor, proforma)
    session.refresh(proposal)
    if proposal.status is not ProposalStatus.PROPOSED:
        raise WrongStateError("Its timekeeper has answered meanwhile. Nothing was changed; look at the line again.")
    lifecycle.apply(session, actor, proposal, "withdraw")
    proposal.decided_at = now()
    session.flush()
    timekeeper_answered(session, subject_type=_SUBJECT, subject_id=proposal_id)
    line: ProformaLine = lifecycle.get(session, ProformaLine, proposal.proforma_line_id)
    _record(session, actor, "proforma:split_withdrawn", proposal, line)
    return proposal


def end_splits(session: Session, actor: Actor, proforma_ids: Sequence[int]) -> int:
    """Withdraw what nobody answered before the invoice was made or the proforma voided; return how many."""
    where = col(SplitProposal.proforma_id).in_(proforma_ids) & (col(SplitProposal.status) == ProposalStatus.PROPOSED)
    return lifecycle.apply_many(session, actor, SplitProposal, "withdraw", where, "The proforma is closed.")


def with_waiting_splits(session: Session, proforma_ids: Collection[int]) -> frozenset[int]:
    """Return which of the proformas have a split that nobody answered yet."""
    waiting = select(col(SplitProposal.proforma_id)).where(
        col(SplitProposal.proforma_id).in_(proforma_ids), col(SplitProposal.status) == ProposalStatus.PROPOSED
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


def _checked_texts(parts: Sequence[ProposedPart]) -> list[ProposedPart]:
    texts = [replace(part, narrative=text) for part in parts if (text := part.narrative.strip())]
    if texts and all(part.matter_id is not None for part in texts):
        raise InvalidInputError("A part has to stay on this matter. Nothing was proposed; transfer the whole line.")
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
        col(SplitProposal.status) == ProposalStatus.PROPOSED,
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


def _send_elsewhere(session: Session, change: Change, original: ProformaLine, parts: Sequence[SplitPart]) -> None:
    """Make entries of the parts that were work for other matters; what was worked on this one shrinks by them."""
    gone = [(part, part.matter_id, part.hours) for part in parts if part.matter_id is not None]
    if not gone:
        return
    entry: TimeEntry = lifecycle.get(session, TimeEntry, original.time_entry_id or 0)
    for part, matter_id, hours in gone:
        given = hours or Decimal(0)
        made = split_time_to(session, change, entry, matter_id=matter_id, hours=given, narrative=part.narrative)
        change.records.set("split_part", part, "time_entry_id", row_id(made))
        change.worked_amount -= line_amount(given, original.unit_cost)


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
