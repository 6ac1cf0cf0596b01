"""Another text, more hours, another day: proposed by others, attested by the timekeeper alone, billed after that."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import AuditEvent, LineProposal, Notice, Timekeeper
from models.enums import LineTreatment, NoticeKind, ProposalKind, ProposalStatus, Role
from services.invoicing.invoices import finalize_proformas
from services.notice_words import path_of
from services.notices import list_notices
from services.review import proforma_edits, proformas
from services.review.proposals import Proposed, attest_change, decline_change, propose_change, withdraw_change
from tests.builders import actor, id_of, make_rate, make_time_entry, make_user
from tests.services.review.edit_desk import WHOLE, EditDesk, make_edit_desk

TEXT = Proposed(narrative="Draft motion for summary judgment on late notice, 12 pages")
HOURS = Proposed(hours=Decimal("2.0"))
DAY = Proposed(worked_on=date(2026, 10, 7))


def propose(bill: EditDesk, proposed: Proposed, number: int = 1, **given: Any) -> LineProposal:
    found: LineProposal = bill.on_line(propose_change, number, proposed=proposed, **{"reason": "As you said", **given})
    return found


def attest(bill: EditDesk, proposal: LineProposal, attested: Proposed, *, who: Any = None) -> None:
    attest_change(
        bill.session,
        who or bill.timekeeper,
        proposal_id=id_of(proposal),
        expected_version=proposal.version,
        attested=attested,
    )


@pytest.mark.parametrize("proposed", [TEXT, HOURS, DAY])
def test_a_proposal_changes_nothing_until_it_is_attested(bill: EditDesk, proposed: Proposed) -> None:
    before = bill.picture()
    proposal = propose(bill, proposed, who=bill.biller)
    assert (bill.picture(), bill.proforma.version, proposal.status) == (before, 1, ProposalStatus.PROPOSED)
    lines = proformas.get_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma)).lines
    (waiting,) = lines[0].waiting_changes
    assert (waiting.kind, waiting.reason) == (proposed.kind, "As you said")
    with pytest.raises(WrongStateError, match="waits for its timekeeper"):
        propose(bill, proposed)


def test_an_attested_text_is_entered_and_billed_and_what_was_worked_stays(bill: EditDesk) -> None:
    worked = bill.entry().worked_narrative
    proposal = propose(bill, TEXT)
    attest(bill, proposal, Proposed(narrative="Draft motion for summary judgment on late notice"))
    entry = bill.entry()
    assert (
        bill.line(1).billed_narrative == entry.entered_narrative == "Draft motion for summary judgment on late notice"
    )
    assert (entry.worked_narrative, bill.proforma.billed_amount) == (worked, WHOLE)
    assert proposal.status is ProposalStatus.ATTESTED
    trail = bill.session.exec(select(AuditEvent).where(AuditEvent.subject_type == "proforma")).all()
    assert "late notice" not in " ".join(str(event.data) + event.note for event in trail)


def test_attested_hours_go_up_and_the_sums_with_them(bill: EditDesk) -> None:
    attest(bill, propose(bill, HOURS), HOURS)
    line, entry = bill.line(1), bill.entry()
    assert (line.entered_units, line.billed_units, line.billed_amount) == (Decimal(2), Decimal(2), Decimal("570.00"))
    assert (entry.worked_hours, entry.entered_hours) == (Decimal("1.5"), Decimal(2))
    assert bill.proforma.billed_amount == WHOLE + Decimal("142.50")
    bill.undo()
    assert (bill.line(1).entered_units, bill.entry().entered_hours) == (Decimal("1.5"), Decimal("1.5"))
    assert bill.session.get_one(LineProposal, 1).status is ProposalStatus.WITHDRAWN
    bill.undo()
    assert (bill.line(1).billed_units, bill.session.get_one(LineProposal, 1).status) == (
        Decimal(2),
        ProposalStatus.ATTESTED,
    )


def test_an_attested_day_takes_the_rate_of_that_day_where_it_is_lower(bill: EditDesk) -> None:
    first = bill.entry().worked_on
    who = bill.line(1).timekeeper_id
    attest(bill, propose(bill, DAY), DAY)
    entry = bill.entry()
    assert (bill.line(1).worked_on, entry.worked_on, entry.recorded_on) == (date(2026, 10, 7), date(2026, 10, 7), first)
    assert bill.line(1).timekeeper_id == who
    bill.undo()
    assert (bill.line(1).worked_on, bill.entry().worked_on, bill.entry().recorded_on) == (first, first, None)


def test_a_day_never_makes_the_hour_dearer(session: Session) -> None:
    bill = make_edit_desk(session)
    who = session.get_one(Timekeeper, bill.line(1).timekeeper_id)
    make_rate(session, Decimal(400), timekeeper=who, effective_from=date(2026, 10, 7))
    attest(bill, propose(bill, DAY), DAY)
    assert bill.line(1).unit_cost == Decimal(285)


@pytest.mark.parametrize(
    ("proposed", "sentence"),
    [
        (Proposed(), "one at a time"),
        (Proposed(narrative="x", hours=Decimal(2)), "one at a time"),
        (Proposed(narrative="  "), "needs a narrative"),
        (Proposed(hours=Decimal("1.5")), "fewer are written down"),
        (Proposed(hours=Decimal("1.55")), "steps of 0.1 h"),
        (Proposed(hours=Decimal(24)), "With the other work of that day"),
        (Proposed(worked_on=date(2026, 10, 5)), "the day it has"),
        (Proposed(worked_on=date(2026, 11, 1)), "end of this bill's period"),
        (Proposed(worked_on=date(2023, 12, 31)), "when the matter was opened"),
    ],
)
def test_propose_refuses_what_could_not_be_attested(session: Session, proposed: Proposed, sentence: str) -> None:
    bill = make_edit_desk(session, guidelines=[{"kind": "min_increment", "action": "warn", "hours": "0.1"}])
    with pytest.raises(InvalidInputError, match=sentence):
        propose(bill, proposed)
    assert session.exec(select(LineProposal)).all() == []


@pytest.mark.parametrize("proposed", [HOURS, DAY])
def test_hours_and_days_want_a_reason(bill: EditDesk, proposed: Proposed) -> None:
    with pytest.raises(InvalidInputError, match="Say why"):
        propose(bill, proposed, reason=" ")
    assert bill.session.exec(select(LineProposal)).all() == []


def test_hours_of_other_matters_count_for_the_day(bill: EditDesk) -> None:
    entry = bill.entry()
    other = make_time_entry(bill.session, hours="22.0", worked_on=entry.worked_on)
    other.timekeeper_id = entry.timekeeper_id
    bill.session.flush()
    with pytest.raises(InvalidInputError, match=r"it would be 25.5 h"):
        propose(bill, HOURS)
    assert bill.line(1).entered_units == Decimal("1.5")


def test_only_time_that_is_billed_as_it_stands_is_asked_about(bill: EditDesk) -> None:
    with pytest.raises(InvalidInputError, match="Only time has a timekeeper"):
        propose(bill, TEXT, 3)
    bill.on_line(proforma_edits.write_off, 1, note="Courtesy")
    with pytest.raises(WrongStateError, match="not billed as one"):
        propose(bill, TEXT)
    assert bill.session.exec(select(LineProposal)).all() == []


def test_nobody_but_its_timekeeper_attests_or_declines(bill: EditDesk) -> None:
    proposal = propose(bill, TEXT)
    for who in (bill.attorney, bill.biller, actor(Role.ADMIN, user_id=id_of(make_user(bill.session)))):
        with pytest.raises(DeniedError, match="Only the timekeeper"):
            attest(bill, proposal, TEXT, who=who)
        with pytest.raises(DeniedError, match="Only the timekeeper"):
            decline_change(bill.session, who, proposal_id=id_of(proposal), expected_version=1, reason="No")
    assert proposal.status is ProposalStatus.PROPOSED


def test_another_attorney_may_not_ask(bill: EditDesk) -> None:
    stranger = actor(Role.ATTORNEY, user_id=id_of(make_user(bill.session, Role.ATTORNEY)))
    with pytest.raises(Exception, match="no such proforma among yours"):
        propose(bill, TEXT, who=stranger)
    assert bill.session.exec(select(LineProposal)).all() == []


def test_its_timekeeper_is_told_until_it_is_answered(bill: EditDesk) -> None:
    proposal = propose(bill, TEXT)
    notice = bill.session.exec(select(Notice)).one()
    assert (notice.user_id, notice.kind, notice.subject_type, notice.subject_id) == (
        bill.timekeeper.user_id,
        NoticeKind.ATTESTATION_WAITS,
        "line_proposal",
        proposal.id,
    )
    (row,) = list_notices(bill.session, bill.timekeeper)
    assert (row.read_at, path_of(row), bill.matter.number in row.subject) == (None, "/attest", True)
    attest(bill, proposal, TEXT)
    bill.session.expire_all()
    assert [row.read_at is None for row in list_notices(bill.session, bill.timekeeper)] == [False]


def test_decline_keeps_the_line_and_says_why(bill: EditDesk) -> None:
    before, proposal = bill.picture(), propose(bill, HOURS)
    decline_change(
        bill.session, bill.timekeeper, proposal_id=id_of(proposal), expected_version=1, reason="It was 1.5 h"
    )
    assert (bill.picture(), proposal.status, proposal.answer) == (before, ProposalStatus.DECLINED, "It was 1.5 h")
    with pytest.raises(WrongStateError):
        attest(bill, proposal, HOURS)


def test_withdraw_before_the_answer_only(bill: EditDesk) -> None:
    proposal = propose(bill, TEXT)
    withdraw_change(bill.session, bill.biller, proposal_id=id_of(proposal))
    assert proposal.status is ProposalStatus.WITHDRAWN
    again = propose(bill, TEXT)
    attest(bill, again, TEXT)
    with pytest.raises(WrongStateError, match="answered meanwhile"):
        withdraw_change(bill.session, bill.attorney, proposal_id=id_of(again))
    assert bill.line(1).billed_narrative == TEXT.narrative


def test_an_answer_of_another_kind_or_in_an_old_version_is_refused(bill: EditDesk) -> None:
    proposal = propose(bill, HOURS)
    with pytest.raises(InvalidInputError, match="not what was asked"):
        attest(bill, proposal, TEXT)
    with pytest.raises(StaleVersionError):
        attest_change(bill.session, bill.timekeeper, proposal_id=id_of(proposal), expected_version=9, attested=HOURS)
    assert bill.line(1).billed_units == Decimal("1.5")


def test_approving_bills_as_it_stands_and_ends_what_waits(bill: EditDesk) -> None:
    proposal = propose(bill, HOURS)
    key, version = id_of(bill.proforma), bill.proforma.version
    result = proformas.approve_clean(bill.session, bill.attorney, seen={key: version}, cap_amount=Decimal(10**6))
    assert [skipped.reason for skipped in result.skipped] == [
        "A question about one of its lines waits for the timekeeper; open it to approve it as it stands."
    ]
    proformas.approve_proforma(bill.session, bill.attorney, proforma_id=key, expected_version=version)
    (invoice,) = finalize_proformas(bill.session, bill.biller, proforma_ids=[key])
    bill.session.refresh(proposal)
    assert (invoice.total_amount, proposal.status) == (WHOLE, ProposalStatus.WITHDRAWN)


def test_a_changed_line_is_not_attested_over(bill: EditDesk) -> None:
    proposal = propose(bill, TEXT)
    bill.on_line(proforma_edits.write_off, 1, note="Courtesy")
    with pytest.raises(WrongStateError, match="not billed as one"):
        attest(bill, proposal, TEXT)
    assert (bill.line(1).treatment, proposal.kind) == (LineTreatment.WRITE_OFF, ProposalKind.TEXT)


def test_a_reviewer_does_not_word_somebody_elses_time(bill: EditDesk) -> None:
    with pytest.raises(DeniedError, match="its timekeeper's statement"):
        bill.on_line(proforma_edits.edit_line, 1, narrative="Other words")
    bill.on_line(proforma_edits.edit_line, 3, narrative="Court reporter, deposition of Ms Roe")
    assert bill.line(3).billed_narrative == "Court reporter, deposition of Ms Roe"
