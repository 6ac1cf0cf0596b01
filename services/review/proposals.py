"""Proposals about one line of time: another text, more hours, another day, another performer; attested by whose it is.

The narrative, the hours and the day are a statement of the person who did the work. A reviewer or billing proposes,
with a reason; the line is billed as it stands until its timekeeper has attested, and an open proposal ends with the
proforma. A day is corrected where it was wrong, never because a rule would like another. That somebody else did the
work is attested by that person, see `services.review.performers`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import LineProposal, Matter, Proforma, ProformaLine, SplitPart, TimeEntry
from models.enums import EditKind, EntryKind, LineTreatment, ProposalKind, ProposalStatus
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.review.day_hours import check_day_hours
from services.review.line_edits import Change, changing, check_may_edit, check_open
from services.review.line_values import checked_narrative, exact
from services.review.own_work import tell_timekeeper, timekeeper_answered, timekeeper_of
from services.review.performers import checked_performer, give_to, settle_given
from services.review.proforma_edits import own_cost
from services.review.proforma_queries import visible_proforma
from services.review.splits import increment
from services.row_ids import row_id

_LONGEST_REASON = 500
_SUBJECT = "line_proposal"


@dataclass(frozen=True)
class Proposed:
    """What is proposed of a line: a text, hours above those entered, another day, or who did the work; one of them."""

    narrative: str | None = None
    hours: Decimal | None = None
    worked_on: date | None = None
    timekeeper_id: int | None = None

    @property
    def kind(self) -> ProposalKind:
        """Which of them it is.

        Raises:
            InvalidInputError: none, or more than one.
        """
        given = {
            ProposalKind.TEXT: self.narrative,
            ProposalKind.HOURS: self.hours,
            ProposalKind.DATE: self.worked_on,
            ProposalKind.PERFORMER: self.timekeeper_id,
        }
        kinds = [kind for kind, value in given.items() if value is not None]
        if len(kinds) != 1:
            raise InvalidInputError(
                "Propose a text, hours, a day or a timekeeper, one at a time. Nothing was proposed."
            )
        return kinds[0]


def propose_change(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, proposed: Proposed, reason: str = ""
) -> LineProposal:
    """Ask a line's timekeeper, or whose work it is said to be, to attest a change.

    All but another text want a reason; `expected_version` is the proforma's.

    Raises:
        InvalidInputError: the line is no time, or the value is none that could be attested.
        WrongStateError: the line is not billed as it stands, or one of this kind waits already.
        DeniedError, StaleVersionError, NotFoundError: nothing was proposed.
    """
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, line.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_may_edit(actor, proforma, only_codes=True)
    check_open(proforma, expected_version)
    session.refresh(line)
    kind = proposed.kind
    _check_can_change(session, line, kind)
    if kind is not ProposalKind.TEXT and not reason.strip():
        raise InvalidInputError("Say why, so that the timekeeper can judge it. Nothing was proposed.")
    checked = _checked(session, proforma, line, proposed)
    proposal = LineProposal(
        proforma_id=row_id(proforma),
        proforma_line_id=line_id,
        timekeeper_id=checked.timekeeper_id or line.timekeeper_id or 0,
        kind=kind,
        narrative=checked.narrative,
        hours=checked.hours,
        worked_on=checked.worked_on,
        reason=reason.strip()[:_LONGEST_REASON],
        proposed_by_id=person_id(actor),
        proposed_at=now(),
    )
    session.add(proposal)
    session.flush()
    if timekeeper_of(session, actor) != proposal.timekeeper_id:
        tell_timekeeper(session, proposal.timekeeper_id, subject_type=_SUBJECT, subject_id=row_id(proposal))
    _record(session, actor, "proforma:change_proposed", proposal, line)
    return proposal


def attest_change(
    session: Session, actor: Actor, *, proposal_id: int, expected_version: int, attested: Proposed
) -> Proforma:
    """Attest a change of one's own line, with the value put right where it is not quite so.

    `expected_version` is the proposal's. The entry keeps what was worked; entered, and billed, is what is attested now.

    Raises:
        DeniedError: the actor is not the one whose word it takes.
        InvalidInputError: the value is none that could be attested.
        WrongStateError: the proforma is not open any more, or the line was changed.
    """
    proposal = own_change(session, actor, proposal_id)
    if attested.kind is not proposal.kind or attested.timekeeper_id not in {None, proposal.timekeeper_id}:
        raise InvalidInputError("That is not what was asked. Nothing was changed; attest it or decline it.")
    kind = EditKind.ATTEST
    with changing(session, actor, proposal.proforma_id, None, kind=kind, is_attested=True) as change:
        line = change.line(proposal.proforma_line_id or 0)
        _check_line_stands(line, proposal.kind)
        checked = _checked(session, change.proforma, line, attested)
        lifecycle.apply(session, actor, proposal, "attest", expected_version=expected_version)
        change.records.note("line_proposal", proposal, "status", before=ProposalStatus.PROPOSED)
        proposal.decided_at, former_id = now(), line.timekeeper_id
        _carry_out(session, change, line, checked)
    if former_id is not None and former_id != line.timekeeper_id:
        settle_given(session, actor, line, from_id=former_id)
    timekeeper_answered(session, subject_type=_SUBJECT, subject_id=proposal_id)
    _record(session, actor, "proforma:change_attested", proposal, line)
    return change.proforma


def decline_change(
    session: Session, actor: Actor, *, proposal_id: int, expected_version: int, reason: str
) -> LineProposal:
    """Refuse a change of one's own line, with the reason; it stays as it was entered."""
    proposal = own_change(session, actor, proposal_id)
    lifecycle.apply(session, actor, proposal, "decline", reason, expected_version=expected_version)
    proposal.decided_at, proposal.answer = now(), reason.strip()[:_LONGEST_REASON]
    session.flush()
    timekeeper_answered(session, subject_type=_SUBJECT, subject_id=proposal_id)
    _record(session, actor, "proforma:change_declined", proposal, _line(session, proposal), note=reason)
    return proposal


def withdraw_change(session: Session, actor: Actor, *, proposal_id: int) -> LineProposal:
    """Take a proposal back that nobody has answered; for those who may propose one."""
    proposal: LineProposal = lifecycle.get(session, LineProposal, proposal_id)
    proforma = visible_proforma(session, actor, proposal.proforma_id)
    check_may_edit(actor, proforma, only_codes=True)
    session.refresh(proposal)
    if proposal.status is not ProposalStatus.PROPOSED:
        raise WrongStateError("Its timekeeper has answered meanwhile. Nothing was changed; look at the line again.")
    lifecycle.apply(session, actor, proposal, "withdraw")
    proposal.decided_at = now()
    session.flush()
    timekeeper_answered(session, subject_type=_SUBJECT, subject_id=proposal_id)
    _record(session, actor, "proforma:change_withdrawn", proposal, _line(session, proposal))
    return proposal


def end_changes(session: Session, actor: Actor, proforma_ids: Sequence[int]) -> int:
    """Withdraw what nobody answered before the invoice was made or the proforma voided; return how many."""
    where = col(LineProposal.proforma_id).in_(proforma_ids) & (col(LineProposal.status) == ProposalStatus.PROPOSED)
    return lifecycle.apply_many(session, actor, LineProposal, "withdraw", where, "The proforma is closed.")


def with_waiting_changes(session: Session, proforma_ids: Collection[int]) -> frozenset[int]:
    """Return which of the proformas have a proposal that nobody answered yet."""
    waiting = select(col(LineProposal.proforma_id)).where(
        col(LineProposal.proforma_id).in_(proforma_ids), col(LineProposal.status) == ProposalStatus.PROPOSED
    )
    return frozenset(session.scalars(waiting))


def own_change(session: Session, actor: Actor, proposal_id: int) -> LineProposal:
    """Return a proposal about the actor's own work.

    Raises:
        DeniedError: it is somebody else's work; nobody may attest that.
    """
    proposal: LineProposal = lifecycle.get(session, LineProposal, proposal_id)
    if timekeeper_of(session, actor) != proposal.timekeeper_id:
        message = "Only the timekeeper who did the work can attest it. Nothing was changed."
        raise DeniedError(message, proposal_id=proposal_id)
    return proposal


def _line(session: Session, proposal: LineProposal) -> ProformaLine | None:
    return session.get(ProformaLine, proposal.proforma_line_id) if proposal.proforma_line_id is not None else None


def _check_can_change(session: Session, line: ProformaLine, kind: ProposalKind) -> None:
    if line.kind is not EntryKind.FEE or line.timekeeper_id is None:
        raise InvalidInputError("Only time has a timekeeper to ask. Nothing was proposed; change the line itself.")
    _check_line_stands(line, kind)
    waiting = (
        col(LineProposal.proforma_line_id) == line.id,
        col(LineProposal.status) == ProposalStatus.PROPOSED,
        col(LineProposal.kind) == kind,
    )
    if session.scalars(select(LineProposal).where(*waiting).limit(1)).first() is not None:
        raise WrongStateError("The same question about this line waits for its timekeeper. Nothing was proposed.")


def _check_line_stands(line: ProformaLine, kind: ProposalKind) -> None:
    is_part = line.split_from_id is not None
    if line.treatment is not LineTreatment.BILL or (is_part and kind is not ProposalKind.TEXT):
        message = "The line is not billed as one any more. Nothing was changed; look at it again."
        raise WrongStateError(message, line_id=line.id)


def _checked(session: Session, proforma: Proforma, line: ProformaLine, given: Proposed) -> Proposed:
    if given.narrative is not None:
        text = checked_narrative(given.narrative)
        if text == line.billed_narrative:
            raise InvalidInputError("That is the text it has. Nothing was changed.")
        return Proposed(narrative=text)
    if given.hours is not None:
        return Proposed(hours=_checked_hours(session, proforma, line, given.hours))
    if given.timekeeper_id is not None:
        return Proposed(timekeeper_id=checked_performer(session, proforma, line, given.timekeeper_id))
    return Proposed(worked_on=_checked_day(session, proforma, line, given.worked_on or line.worked_on))


def _checked_hours(session: Session, proforma: Proforma, line: ProformaLine, given: Decimal) -> Decimal:
    hours = exact(given)
    if hours <= line.entered_units:
        message = f"{line.entered_units.normalize():f} h were entered. Nothing was changed; fewer are written down."
        raise InvalidInputError(message, line_id=line.id)
    step = increment(session, proforma)
    if step and hours % step:
        message = f"This carrier takes steps of {step.normalize():f} h. Nothing was changed; round the hours."
        raise InvalidInputError(message, proforma_id=proforma.id)
    check_day_hours(session, line, timekeeper_id=line.timekeeper_id or 0, hours=hours)
    return hours


def _checked_day(session: Session, proforma: Proforma, line: ProformaLine, day: date) -> date:
    matter: Matter = lifecycle.get(session, Matter, proforma.matter_id)
    if day == line.worked_on:
        raise InvalidInputError("That is the day it has. Nothing was changed.")
    if not matter.opened_on <= day <= min(proforma.period_end, today()):
        message = (
            f"The day is not between {matter.opened_on:%B %d, %Y}, when the matter was opened, and the end of "
            f"this bill's period, {proforma.period_end:%B %d, %Y}. Nothing was changed."
        )
        raise InvalidInputError(message, line_id=line.id)
    return day


def _carry_out(session: Session, change: Change, line: ProformaLine, given: Proposed) -> None:
    entry: TimeEntry = lifecycle.get(session, TimeEntry, line.time_entry_id or 0)
    if given.narrative is not None:
        line.billed_narrative = given.narrative
        part = session.scalars(select(SplitPart).where(col(SplitPart.proforma_line_id) == line.id)).first()
        if part is not None:
            change.records.set("split_part", part, "narrative", given.narrative)
        else:
            change.records.set("time_entry", entry, "entered_narrative", given.narrative)
    if given.hours is not None:
        change.records.set("time_entry", entry, "entered_hours", given.hours)
        line.entered_units = line.billed_units = given.hours
    if given.worked_on is not None:
        if entry.recorded_on is None:
            change.records.set("time_entry", entry, "recorded_on", entry.worked_on)
        change.records.set("time_entry", entry, "worked_on", given.worked_on)
        line.worked_on = given.worked_on
        line.unit_cost = min(line.unit_cost, own_cost(session, change, line))
    if given.timekeeper_id is not None:
        give_to(session, change, line, given.timekeeper_id)


def _record(
    session: Session, actor: Actor, tag: str, proposal: LineProposal, line: ProformaLine | None, *, note: str = ""
) -> None:
    """Tell the proforma's history; the texts stay out of it."""
    facts = {
        "line_number": line.line_number if line else None,
        "line_proposal_id": proposal.id,
        "kind": proposal.kind.value,
    }
    if proposal.hours is not None:
        facts["hours"] = f"{proposal.hours.normalize():f}"
    if proposal.worked_on is not None:
        facts["worked_on"] = proposal.worked_on.isoformat()
    if proposal.kind is ProposalKind.PERFORMER:
        facts["timekeeper_id"] = proposal.timekeeper_id
    audit.record(session, actor, tag, "proforma", proposal.proforma_id, note=note, **facts)
