"""The queue among several people: forwarded and back, held, ticked, returned with reasons, sent again, substituted."""

import pytest

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import Proforma, User
from models.enums import FindingAction, ProformaStatus, Role
from services.actor import Actor, actor_of
from services.review.review_policy import cap_of
from state.review.proforma_people import ProformaPeople
from state.review.review import ReviewQueue
from tests.acting import acting_as, call, fresh_state
from tests.builders import (
    id_of,
    make_absence,
    make_approval_rule,
    make_finding,
    make_team,
    make_user,
)
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


@pytest.fixture
def ben(desk: ReviewDesk) -> int:
    with desk.database.unit_of_work() as session:
        return id_of(make_user(session, Role.ATTORNEY, name="Ben Cole"))


def as_ana(desk: ReviewDesk):
    return acting_as(Role.ATTORNEY, user_id=desk.attorney_id, name="Ana Reyes")


async def opened(address: str = "/review") -> ReviewQueue:
    state = fresh_state(ReviewQueue, address)
    await call(state, "load")
    return state


def row_of(state: ReviewQueue, proforma_id: int):
    return next(row for row in state.rows if row.id == str(proforma_id))


async def test_forward_and_give_back_with_an_answer(desk: ReviewDesk, ben: int):
    chosen = desk.clean[0]
    with as_ana(desk):
        state = await opened()
        await call(state, "open_sheet", str(chosen))
        assert (state.sheet.can_hold, state.sheet.can_forward, state.sheet.can_give_back) == (True, True, False)
        await call(state, "ask_forward")
        assert [str(ben), "Ben Cole"] in state.forward_people
        await call(state, "forward", {"to": str(ben), "note": " "})
        assert "what to look at" in state.forward_problem
        await call(state, "forward", {"to": "", "note": "Look"})
        assert "Choose who looks at it" in state.forward_problem
        await call(state, "forward", {"to": str(ben), "note": "Is line 2 right?"})
        assert (state.forwarding, str(chosen) in {row.id for row in state.rows}) == ("", False)
        assert state.done.endswith("it stands under Forwarded.")
        assert [tab.count for tab in state.tabs if tab.label == "Forwarded"] == ["1"]
        state = await opened("/review?scope=forwarded")
        assert (row_of(state, chosen).hands, row_of(state, chosen).hands_note) == ("With Ben Cole", "Is line 2 right?")
    with acting_as(Role.ATTORNEY, user_id=ben, name="Ben Cole"):
        theirs = await opened()
        row = row_of(theirs, chosen)
        assert (row.part, row.hands, row.can_approve, row.can_edit, row.swipe) == (
            "Forwarded to you for a look", "From Ana Reyes", False, True, "menu",
        )  # fmt: skip
        await call(theirs, "open_sheet", str(chosen))
        await call(theirs, "ask_give_back")
        await call(theirs, "give_back", {"note": ""})
        assert "Your answer is still here" in theirs.give_back_problem
        await call(theirs, "give_back", {"note": "It is"})
        assert (theirs.rows, theirs.giving_back) == ([], False)
    with as_ana(desk):
        state = await opened()
        assert str(chosen) in {row.id for row in state.rows}


async def test_take_back_what_was_forwarded(desk: ReviewDesk, ben: int):
    chosen = str(desk.clean[0])
    with as_ana(desk):
        state = await opened()
        await call(state, "open_sheet", chosen)
        await call(state, "ask_forward")
        await call(state, "forward", {"to": str(ben), "note": "Look", "with_authority": "on"})
        state = await opened("/review?scope=forwarded")
        await call(state, "open_sheet", chosen)
        assert (state.sheet.can_take_back, state.sheet.can_forward, state.sheet.can_remind) == (True, False, True)
        await call(state, "remind")
        assert state.done.endswith("was reminded.")
        await call(state, "open_sheet", chosen)
        await call(state, "remind")
        assert "reminded today already" in state.sheet_problem
        await call(state, "take_back")
    assert (state.done.endswith("is back with you."), state.rows) == (True, [])


async def test_hold_and_undo(desk: ReviewDesk):
    chosen = desk.clean[0]
    with as_ana(desk):
        state = await opened()
        await call(state, "open_sheet", str(chosen))
        await call(state, "hold")
        assert (desk.proforma(chosen).status, state.can_undo) == (ProformaStatus.HELD, True)
        await call(state, "undo")
    assert desk.proforma(chosen).status is ProformaStatus.IN_REVIEW
    assert (state.done, state.can_undo) == ("1 proforma taken back into review.", False)


async def test_approve_ticked_ones_and_name_those_with_findings(desk: ReviewDesk):
    with as_ana(desk):
        state = await opened()
        for key in (desk.clean[0], desk.flagged):
            await call(state, "select", str(key))
        assert state.selected_text.startswith("2 proformas, $")
        await call(state, "offer_selected")
        assert [row.id for row in state.offer] == [str(desk.clean[0])]
        assert state.offer_left.startswith("1 other with findings")
        await call(state, "approve_offered", {"cap": "5,000"})
        assert (state.selected, state.selected_text) == ([], "")
        await call(state, "select", str(desk.flagged))
        await call(state, "offer_selected")
        assert (state.is_offering, state.done.startswith("None of these")) == (False, True)
        await call(state, "select", str(desk.flagged))
        assert state.selected == []
    assert desk.proforma(desk.clean[0]).status is ProformaStatus.APPROVED
    with desk.database.read_only() as session:
        assert cap_of(session, actor_of(session.get_one(User, desk.attorney_id))) == 5000


async def test_return_with_reasons_and_send_again_with_what_was_mended(desk: ReviewDesk):
    chosen = desk.flagged
    with as_ana(desk):
        state = await opened()
        await call(state, "ask_return", str(chosen), "1")
        assert len(state.return_reasons) == 7
        await call(state, "send_return", {"reason_too_vague": "on", "lines_too_vague": "1 and 2", "note": ""})
        assert "no line numbers" in state.return_problem
        await call(state, "send_return", {"reason_too_vague": "on", "lines_too_vague": "2, 1", "reason_rate": "on"})
        assert state.done.endswith("with your reasons.")
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        state = await opened()
        assert row_of(state, chosen).note.endswith("Too vague (lines 1, 2); rate.")
        version = row_of(state, chosen).version
        await call(state, "ask_send", str(chosen), version)
        assert state.sending_changes == "Nothing was changed since."
        await call(state, "send_again", {"note": "The rate is right"})
        assert (state.sending, state.rows) == ("", [])
    with as_ana(desk):
        state = await opened()
        mended = row_of(state, chosen).mended
    assert mended.startswith("Sent again by Dana Brooks, ")
    assert mended.endswith("nothing was changed. “The rate is right”")


async def test_approve_over_a_block_asks_who_allowed_it(database: Database):
    desk = make_review_desk(database, action=FindingAction.BLOCK)
    with as_ana(desk):
        state = await opened()
        assert row_of(state, desk.flagged).is_blocked
        await call(state, "approve", str(desk.flagged), "1")
        assert (state.allowing, desk.proforma(desk.flagged).status) == (str(desk.flagged), ProformaStatus.IN_REVIEW)
        await call(state, "approve_all_the_same", {"note": " "})
        assert "Your note is still here" in state.allow_problem
        await call(state, "approve_all_the_same", {"note": "Allowed by the handler"})
    assert (state.allowing, desk.proforma(desk.flagged).status) == ("", ProformaStatus.APPROVED)


async def test_substitute_finds_the_absent_ones_among_the_own(desk: ReviewDesk, ben: int):
    with desk.database.unit_of_work() as session:
        make_absence(session, user=session.get_one(User, desk.attorney_id), substitute=session.get_one(User, ben))
    with acting_as(Role.ATTORNEY, user_id=ben, name="Ben Cole"):
        state = await opened()
        assert {row.part for row in state.rows} == {"You stand in for Ana Reyes"}
        await call(state, "approve", str(desk.clean[0]), "1")
        assert state.can_undo
        await call(state, "undo")
    assert desk.proforma(desk.clean[0]).status is ProformaStatus.IN_REVIEW


async def test_lead_reminds_and_decides_nothing(desk: ReviewDesk, ben: int):
    with desk.database.unit_of_work() as session:
        make_team(session, session.get_one(User, desk.attorney_id), lead=session.get_one(User, ben))
    with acting_as(Role.ATTORNEY, user_id=ben, name="Ben Cole"):
        assert (await opened()).rows == []
        state = await opened("/review?scope=team")
        assert {(row.is_mine, row.part) for row in state.rows} == {(False, "")}
        await call(state, "open_sheet", str(desk.clean[0]))
        assert (state.sheet.can_remind, state.sheet.can_hold, state.sheet.can_forward) == (True, False, False)
        await call(state, "remind")
        assert state.done.endswith("was reminded.")
        with pytest.raises(DeniedError):
            await call(state, "approve", str(desk.clean[0]), "1")


async def test_second_approver_finds_it_under_approvals(desk: ReviewDesk, ben: int):
    with desk.database.unit_of_work() as session:
        make_approval_rule(session, approver=session.get_one(User, ben))
    chosen = str(desk.clean[0])
    with as_ana(desk):
        state = await opened()
        await call(state, "approve", chosen, "1")
        assert state.done.endswith("Others approve it next.")
    with acting_as(Role.ATTORNEY, user_id=ben, name="Ben Cole"):
        state = await opened("/review?scope=approvals")
        [row] = state.rows
        assert (row.part, row.can_approve, row.can_edit) == ("Your approval is asked for", True, False)
        people = fresh_state(ProformaPeople, f"/proforma/{chosen}")
        await call(people, "load")
        assert [(step.stage, step.stands.partition(" on ")[0], step.tone) for step in people.steps] == [
            ("Stage 1", "approved", "green"), ("Stage 2", "is asked", "blue"),
        ]  # fmt: skip
        await call(state, "approve", chosen, row.version)
        assert (state.rows, state.can_undo) == ([], False)
    assert desk.proforma(desk.clean[0]).status is ProformaStatus.APPROVED


async def test_narrow_keeps_the_address_in_step(desk: ReviewDesk):
    with desk.database.unit_of_work() as session:
        make_finding(session, session.get_one(Proforma, desk.clean[0]))
    with as_ana(desk):
        state = await opened()
        await call(state, "narrow", "findings", "clean")
        assert (state.address, [row.id for row in state.rows]) == ("/review?findings=clean", [str(desk.clean[1])])
        assert (state.is_narrowed, state.clear_href, state.left_text) == (True, "/review", "1 proforma")
        await call(state, "narrow", "amount", "much")
        assert "is no number" in state.failure
        await call(state, "narrow", "amount", "")
        assert (state.failure, len(state.rows)) == ("", 1)


async def test_sheet_of_what_is_not_listed_is_refused(desk: ReviewDesk):
    with as_ana(desk):
        state = await opened()
        for handler in ("open_sheet",):
            with pytest.raises(InvalidInputError, match="not in this list"):
                await call(state, handler, str(desk.foreign))
        people = fresh_state(ProformaPeople, f"/proforma/{desk.foreign}")
        await call(people, "load")
        assert (people.item_id, people.steps) == ("", [])


async def test_page_of_one_hands_it_on(desk: ReviewDesk, ben: int):
    chosen = desk.clean[0]
    with as_ana(desk):
        people = fresh_state(ProformaPeople, f"/proforma/{chosen}")
        await call(people, "load")
        await call(people, "open_sheet", people.item_id)
        await call(people, "ask_forward")
        await call(people, "forward", {"to": str(ben), "note": "Look", "with_authority": "on"})
        assert (people.hands, people.hands_note) == ("With Ben Cole", "Look")
    with acting_as(Role.ATTORNEY, user_id=ben, name="Ben Cole") as who:
        assert isinstance(who, Actor)
        theirs = fresh_state(ProformaPeople, f"/proforma/{chosen}")
        await call(theirs, "load")
        assert (theirs.part, theirs.hands) == ("Forwarded to you, with the approval", "From Ana Reyes")


async def test_page_of_one_returns_it_with_reasons(desk: ReviewDesk):
    with as_ana(desk):
        people = fresh_state(ProformaPeople, f"/proforma/{desk.flagged}")
        await call(people, "load")
        await call(people, "ask_return", str(desk.flagged), "1")
        assert people.returning_title
        await call(people, "send_return", {"reason_wrong_matter": "on"})
    assert (people.returning, people.done.endswith("with your reasons.")) == ("", True)
    assert desk.proforma(desk.flagged).return_note == "Wrong matter."
