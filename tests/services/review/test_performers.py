"""Work entered under the wrong timekeeper: given on the word of who did it, at their rate, and taken back whole."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AuditEvent, LineProposal, Notice, TimeEntry, Timekeeper, User
from models.enums import EntryStatus, NoticeKind, ProposalKind, ProposalStatus, Role
from services.actor import Actor, actor_of
from services.notice_words import path_of, words_of
from services.notices import list_notices
from services.review import proforma_edits
from services.review.change_queries import waiting_changes
from services.review.edit_steps import steps_of
from services.review.performers import amount_if_given, list_performers
from services.review.proformas import get_proforma
from services.review.proposals import Proposed, attest_change, decline_change, propose_change
from services.review.split_queries import waiting_splits
from services.review.splits import propose_split
from tests.builders import actor, id_of, make_rate, make_time_entry, make_timekeeper, make_user
from tests.services.review.edit_desk import FEES, WHOLE, EditDesk, make_edit_desk

LOWER = Decimal("150.00")
LINE_AT_LOWER = Decimal("225.00")
LINE = FEES / 2


class Colleague:
    """A paralegal who did the work that stands under another name."""

    def __init__(self, session: Session, rate: Decimal | None = LOWER) -> None:
        self.timekeeper = make_timekeeper(session, classification="LA", last_name="Cole")
        self.user: User = make_user(session, Role.ATTORNEY, timekeeper=self.timekeeper)
        self.id, self.actor = id_of(self.timekeeper), actor_of(self.user)
        if rate is not None:
            make_rate(session, rate, timekeeper=self.timekeeper)


@pytest.fixture
def cole(bill: EditDesk) -> Colleague:
    return Colleague(bill.session)


def ask(bill: EditDesk, timekeeper_id: int, *, who: Actor | None = None, number: int = 1) -> LineProposal:
    proposed = Proposed(timekeeper_id=timekeeper_id)
    found: LineProposal = bill.on_line(propose_change, number, who=who, proposed=proposed, reason="She was there")
    return found


def attest(bill: EditDesk, proposal: LineProposal, who: Actor, **given: Any) -> None:
    attested = Proposed(timekeeper_id=given.get("timekeeper_id", proposal.timekeeper_id))
    version = given.get("version", proposal.version)
    attest_change(bill.session, who, proposal_id=id_of(proposal), expected_version=version, attested=attested)


def give(bill: EditDesk, cole: Colleague) -> LineProposal:
    proposal = ask(bill, cole.id)
    attest(bill, proposal, cole.actor)
    return proposal


def test_nothing_changes_until_who_did_the_work_says_so(bill: EditDesk, cole: Colleague) -> None:
    before = bill.picture()
    proposal = ask(bill, cole.id, who=bill.biller)
    assert (bill.picture(), proposal.kind, proposal.timekeeper_id) == (before, ProposalKind.PERFORMER, cole.id)
    assert [row.kind for row in list_notices(bill.session, cole.actor)] == [NoticeKind.ATTESTATION_WAITS]
    assert list_notices(bill.session, bill.timekeeper) == []
    (waiting,) = get_proforma(bill.session, bill.attorney, proforma_id=id_of(bill.proforma)).lines[0].waiting_changes
    assert (waiting.kind, waiting.asked) == (ProposalKind.PERFORMER, "Cole, Ana")
    (row,) = waiting_changes(bill.session, cole.actor)
    assert (row.timekeeper, row.asked_id, row.amount) == ("Reyes, Ana", cole.id, LINE)
    assert waiting_changes(bill.session, bill.timekeeper) == []


def test_attested_it_is_theirs_at_their_rate_and_what_was_worked_is_kept(bill: EditDesk, cole: Colleague) -> None:
    former, worked = bill.line(1).timekeeper_id, bill.proforma.worked_amount
    proposal = give(bill, cole)
    line, entry = bill.line(1), bill.entry()
    assert (line.timekeeper_id, line.unit_cost, line.billed_amount) == (cole.id, LOWER, LINE_AT_LOWER)
    assert (entry.timekeeper_id, entry.recorded_timekeeper_id) == (cole.id, former)
    assert (entry.worked_hours, line.entered_units, line.worked_amount) == (Decimal("1.5"), Decimal("1.5"), LINE)
    assert (bill.proforma.billed_amount, bill.proforma.worked_amount) == (WHOLE - LINE + LINE_AT_LOWER, worked)
    assert proposal.status is ProposalStatus.ATTESTED
    step = steps_of(bill.session, id_of(bill.proforma))[0]
    assert (step.amount_before, step.amount_after) == (WHOLE, WHOLE - LINE + LINE_AT_LOWER)
    assert set(step.timekeepers.values()) == {"Reyes, Ana", "Cole, Ana"}


def test_undo_gives_it_back_with_rate_and_sum_and_undo_of_that_gives_it_again(bill: EditDesk, cole: Colleague) -> None:
    before, former = bill.picture(), bill.line(1).timekeeper_id
    proposal = give(bill, cole)
    bill.undo()
    entry = bill.entry()
    assert (bill.picture(), bill.line(1).timekeeper_id, bill.proforma.billed_amount) == (before, former, WHOLE)
    assert (entry.timekeeper_id, entry.recorded_timekeeper_id) == (former, None)
    assert proposal.status is ProposalStatus.WITHDRAWN
    bill.undo()
    assert (bill.line(1).timekeeper_id, bill.entry().timekeeper_id, bill.line(1).unit_cost) == (cole.id, cole.id, LOWER)
    assert bill.entry().recorded_timekeeper_id == former


def test_under_whom_it_stood_is_told_and_asked_no_more(bill: EditDesk, cole: Colleague) -> None:
    bill.on_line(propose_change, proposed=Proposed(narrative="Another text"), reason="")
    bill.on_line(propose_split, parts=["One", "Two"])
    give(bill, cole)
    assert waiting_changes(bill.session, bill.timekeeper) == []
    assert waiting_splits(bill.session, bill.timekeeper) == []
    (row,) = [one for one in list_notices(bill.session, bill.timekeeper) if one.kind is NoticeKind.WORK_GIVEN_ON]
    assert words_of(row)[0].startswith("Work under your name is a colleague's: line 1 of ")
    assert path_of(row) == "/notifications"
    assert not [one for one in list_notices(bill.session, cole.actor) if one.kind is NoticeKind.WORK_GIVEN_ON]


def test_only_who_did_the_work_can_say_so(bill: EditDesk, cole: Colleague) -> None:
    proposal = ask(bill, cole.id)
    for who in (bill.timekeeper, bill.attorney, bill.biller):
        with pytest.raises(DeniedError, match="who did the work"):
            attest(bill, proposal, who)
    with pytest.raises(InvalidInputError, match="not what was asked"):
        attest(bill, proposal, cole.actor, timekeeper_id=bill.line(1).timekeeper_id)
    with pytest.raises(StaleVersionError):
        attest(bill, proposal, cole.actor, version=7)
    assert bill.line(1).timekeeper_id != cole.id


def test_declined_it_stays_with_the_reason(bill: EditDesk, cole: Colleague) -> None:
    before, proposal = bill.picture(), ask(bill, cole.id)
    given = {"proposal_id": id_of(proposal), "expected_version": proposal.version, "reason": "I was away"}
    decline_change(bill.session, cole.actor, **given)
    assert (bill.picture(), proposal.status, proposal.answer) == (before, ProposalStatus.DECLINED, "I was away")


def test_strangers_propose_nothing(bill: EditDesk, cole: Colleague) -> None:
    stranger = actor_of(make_user(bill.session, Role.ATTORNEY))
    with pytest.raises((DeniedError, NotFoundError)):
        ask(bill, cole.id, who=stranger)
    with pytest.raises(DeniedError):
        ask(bill, cole.id, who=actor(Role.ADMIN, user_id=stranger.user_id))
    with pytest.raises(NotFoundError):
        list_performers(bill.session, stranger, line_id=id_of(bill.line(1)))


def test_a_rate_lowered_by_hand_stays_lowered(bill: EditDesk, cole: Colleague) -> None:
    bill.on_line(proforma_edits.edit_line, unit_cost=Decimal(140))
    give(bill, cole)
    assert bill.line(1).unit_cost == Decimal(140)


def test_who_costs_more_is_billed_at_the_card(bill: EditDesk) -> None:
    partner = Colleague(bill.session, Decimal(400))
    give(bill, partner)
    assert (bill.line(1).unit_cost, bill.line(1).billed_amount) == (Decimal(400), Decimal("600.00"))


def test_a_discount_in_percent_follows_the_rate(bill: EditDesk, cole: Colleague) -> None:
    bill.on_line(proforma_edits.discount_line, percent=Decimal(10))
    give(bill, cole)
    assert bill.line(1).billed_amount == Decimal("202.50")


@pytest.mark.parametrize("case", ["the same", "no rate", "left", "no log-in", "a full day", "unknown", "an expense"])
def test_what_is_not_allowed_is_refused_in_words(bill: EditDesk, cole: Colleague, case: str) -> None:
    session, wanted, number = bill.session, cole.id, 1
    sentence = {
        "the same": "already", "no rate": "no rate for", "left": "does not sign in", "no log-in": "does not sign in",
        "a full day": "With the other work of that day", "unknown": "There is no timekeeper",
        "an expense": "Only time has a timekeeper",
    }[case]  # fmt: skip
    match case:
        case "the same":
            wanted = bill.line(1).timekeeper_id or 0
        case "no rate":
            wanted = Colleague(session, None).id
        case "left":
            session.get_one(Timekeeper, wanted).is_active = False
        case "no log-in":
            session.get_one(User, cole.user.id).is_active = False
        case "a full day":
            day, hours = bill.line(1).worked_on, "22.6"
            make_time_entry(session, timekeeper=cole.timekeeper, worked_on=day, hours=hours, status=EntryStatus.BILLED)
        case "unknown":
            wanted = 9_999
        case "an expense":
            number = 3
    session.flush()
    with pytest.raises((InvalidInputError, NotFoundError), match=sentence):
        ask(bill, wanted, number=number)
    assert session.exec(select(LineProposal)).all() == []


def test_what_became_wrong_meanwhile_is_refused_when_it_is_attested(bill: EditDesk, cole: Colleague) -> None:
    proposal = ask(bill, cole.id)
    bill.on_line(proforma_edits.write_off, note="Not billable")
    with pytest.raises(WrongStateError, match="not billed as one"):
        attest(bill, proposal, cole.actor)
    assert (bill.entry().timekeeper_id != cole.id, proposal.status) == (True, ProposalStatus.PROPOSED)


def test_choose_among_those_who_sign_in_and_have_a_rate_that_day(bill: EditDesk, cole: Colleague) -> None:
    Colleague(bill.session, None)
    make_timekeeper(bill.session, last_name="Gone")
    late = Colleague(bill.session, None)
    make_rate(bill.session, LOWER, timekeeper=late.timekeeper, effective_from=date(2026, 12, 1))
    found = list_performers(bill.session, bill.attorney, line_id=id_of(bill.line(1)))
    assert [(one.timekeeper_id, one.name, one.unit_cost) for one in found] == [(cole.id, "Cole, Ana", LOWER)]


def test_the_sum_is_shown_before_anybody_is_asked_and_nothing_is_kept(bill: EditDesk, cole: Colleague) -> None:
    before = bill.picture()
    line_id, version = id_of(bill.line(1)), bill.proforma.version
    given = {"line_id": line_id, "expected_version": version, "timekeeper_id": cole.id}
    for who in (bill.attorney, bill.biller):
        assert amount_if_given(bill.session, who, **given) == WHOLE - LINE + LINE_AT_LOWER
    with pytest.raises(InvalidInputError):
        amount_if_given(bill.session, bill.attorney, **{**given, "timekeeper_id": bill.line(1).timekeeper_id})
    assert (bill.picture(), bill.proforma.version, bill.steps()) == (before, version, [])
    assert bill.entry().recorded_timekeeper_id is None


def test_the_trail_tells_who_and_whom_and_no_narrative(bill: EditDesk, cole: Colleague) -> None:
    narrative = bill.line(1).billed_narrative
    give(bill, cole)
    events = bill.session.exec(select(AuditEvent).where(AuditEvent.tag == "proforma:change_attested")).all()
    assert [(one.actor_id, one.data["kind"], one.data["timekeeper_id"]) for one in events] == [
        (cole.user.id, "performer", cole.id)
    ]
    trail = bill.session.exec(select(AuditEvent)).all()
    assert narrative not in " ".join(str(event.data) + event.note for event in trail)


def test_on_every_database_it_is_kept_and_taken_back(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        bill = make_edit_desk(session)
        cole = Colleague(session)
        former, entry_id = bill.line(1).timekeeper_id, id_of(bill.entry())
        give(bill, cole)
    with each_database.read_only() as session:
        entry = session.get_one(TimeEntry, entry_id)
        assert (entry.timekeeper_id, entry.recorded_timekeeper_id) == (cole.id, former)
        assert session.exec(select(Notice).where(Notice.kind == NoticeKind.WORK_GIVEN_ON)).one().user_id
    with each_database.unit_of_work() as session:
        bill.session = session
        bill.proforma = session.merge(bill.proforma)
        session.refresh(bill.proforma)
        bill.undo()
    with each_database.read_only() as session:
        entry = session.get_one(TimeEntry, entry_id)
        assert (entry.timekeeper_id, entry.recorded_timekeeper_id) == (former, None)
