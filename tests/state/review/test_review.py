"""The review queue: whose it is, approving one and all clean, returning, taking back, and what is refused."""

import pytest

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models.enums import ProformaStatus, Role
from services.actor import Actor
from services.review.proformas import hold_proforma
from state.review.review import ReviewQueue
from tests.acting import acting_as, call, fresh_state
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


async def opened(address: str = "/review") -> ReviewQueue:
    state = fresh_state(ReviewQueue, address)
    await call(state, "load")
    return state


def row_of(state: ReviewQueue, proforma_id: int):
    return next(row for row in state.rows if row.id == str(proforma_id))


def hold(desk: ReviewDesk, proforma_id: int) -> None:
    who = Actor(desk.attorney_id, "Ana Reyes", frozenset({Role.ATTORNEY}))
    with desk.database.unit_of_work() as session:
        hold_proforma(session, who, proforma_id=proforma_id, expected_version=1)


async def test_open_with_own_proformas_and_only_flagged_lines_open(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
    assert {row.id for row in state.rows} == {str(key) for key in (*desk.clean, desk.flagged)}
    assert (state.clean_count, state.flagged_count, state.left_text) == (2, 1, "3 proformas")
    assert [(tab.label, tab.count, tab.is_chosen) for tab in state.tabs] == [
        ("Waits for you", "3", True), ("Urgent", "3", False),
    ]  # fmt: skip
    assert [len(row.flags) for row in state.rows if not row.is_clean] == [1]
    assert all(row.is_mine and not row.flags for row in state.rows if row.is_clean)


async def test_show_biller_what_was_returned_first(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "ask_return", str(desk.flagged), "1")
        await call(state, "send_return", {"note": "Move line 2 to the appeal."})
    with acting_as(Role.BILLER, user_id=99):
        state = await opened()
        assert [(row.id, row.is_mine, row.can_send) for row in state.rows] == [(str(desk.flagged), False, True)]
        assert state.rows[0].note.startswith("Ana Reyes, ")
        assert state.rows[0].note.endswith(": Move line 2 to the appeal.")
        state = await opened("/review?status=in_review")
    assert {row.id for row in state.rows} == {str(key) for key in (*desk.clean, desk.foreign)}


async def test_approve_one_and_take_it_back(desk: ReviewDesk):
    chosen = desk.clean[0]
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "approve", str(chosen), row_of(state, chosen).version)
        assert desk.proforma(chosen).status is ProformaStatus.APPROVED
        assert len(state.rows) == 2
        assert state.can_undo
        assert state.done.startswith("Approved ")
        await call(state, "undo")
    assert desk.proforma(chosen).status is ProformaStatus.IN_REVIEW
    assert len(state.rows) == 3
    assert (state.can_undo, state.skipped) == (False, [])


async def test_name_what_cannot_be_taken_back(desk: ReviewDesk):
    chosen = desk.clean[0]
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "approve", str(chosen), "1")
        state._undo = {chosen: 1}
        await call(state, "undo")
    assert desk.proforma(chosen).status is ProformaStatus.APPROVED
    assert [row.href for row in state.skipped] == [f"/proforma/{chosen}"]
    assert state.done.startswith("Nothing was taken back")


async def test_refuse_stale_version_and_show_fresh_list(desk: ReviewDesk):
    chosen = desk.clean[0]
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        hold(desk, chosen)
        with pytest.raises(StaleVersionError):
            await call(state, "approve", str(chosen), "1")
    assert desk.proforma(chosen).status is ProformaStatus.HELD
    assert str(chosen) not in {row.id for row in state.rows}


async def test_approve_all_clean_in_versions_shown_and_name_the_changed(desk: ReviewDesk):
    kept, changed = desk.clean
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "offer_clean")
        assert [(row.id, row.version) for row in state.offer] == [(str(kept), "v1"), (str(changed), "v1")]
        hold(desk, changed)
        await call(state, "approve_offered", {"cap": "250,000"})
    assert desk.proforma(kept).status is ProformaStatus.APPROVED
    assert desk.proforma(desk.flagged).status is ProformaStatus.IN_REVIEW
    assert [(row.href, row.reason) for row in state.skipped] == [
        (f"/proforma/{changed}", "It changed since it was shown to you.")
    ]
    assert (state.is_offering, state.can_undo) == (False, True)


@pytest.mark.parametrize("cap", ["", "lots", "0", "-5", "9,000,000", "1e9"])
async def test_keep_offer_open_when_cap_is_no_cap(desk: ReviewDesk, cap: str):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "offer_clean")
        await call(state, "approve_offered", {"cap": cap})
    assert state.is_offering
    assert state.offer_problem
    assert desk.proforma(desk.clean[0]).status is ProformaStatus.IN_REVIEW


async def test_stop_at_cap(desk: ReviewDesk):
    first, second = desk.clean
    amount = desk.proforma(first).billed_amount
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "offer_clean")
        await call(state, "approve_offered", {"cap": str(amount)})
    assert [desk.proforma(key).status for key in (first, second)] == [
        ProformaStatus.APPROVED, ProformaStatus.IN_REVIEW,
    ]  # fmt: skip
    assert "cap" in state.skipped[0].reason


async def test_keep_note_when_return_is_refused(desk: ReviewDesk):
    chosen = desk.clean[0]
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        await call(state, "ask_return", str(chosen), "1")
        await call(state, "send_return", {"note": " "})
        assert state.returning == str(chosen)
        assert "tick one, or write a note" in state.return_problem
        await call(state, "send_return", {"note": "Wrong matter."})
    assert state.returning == ""
    assert desk.proforma(chosen).return_note == "Wrong matter."


@pytest.mark.parametrize(
    ("handler", "args"),
    [
        ("approve", ["1", "1"]), ("fix", ["1", "1"]), ("ask_return", ["1", "1"]), ("send_return", [{"note": "x"}]),
        ("offer_clean", []), ("offer_selected", []), ("approve_offered", [{"cap": "1"}]), ("undo", []), ("hold", []),
        ("approve_all_the_same", [{"note": "x"}]), ("select", ["1"]), ("forward", [{"to": "1"}]), ("take_back", []),
        ("give_back", [{"note": "x"}]),
    ],
)  # fmt: skip
async def test_leave_decisions_to_those_who_decide(desk: ReviewDesk, handler: str, args: list[object]):
    with acting_as(Role.BILLER), pytest.raises(DeniedError):
        await call(fresh_state(ReviewQueue), handler, *args)


@pytest.mark.parametrize(
    ("handler", "args"), [("ask_send", ["1", "1"]), ("send_again", [{"note": "x"}])]
)  # fmt: skip
async def test_leave_sending_to_billing(desk: ReviewDesk, handler: str, args: list[object]):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id), pytest.raises(DeniedError):
        await call(fresh_state(ReviewQueue), handler, *args)


async def test_administrator_approves_nothing_that_is_not_asked_of_one(desk: ReviewDesk):
    with acting_as(Role.ADMIN, user_id=desk.biller_id):
        state = await opened("/review?status=in_review")
        assert not any(row.is_mine for row in state.rows)
        with pytest.raises(DeniedError):
            await call(state, "approve", str(desk.clean[0]), "1")
        await call(state, "offer_clean")
    assert (state.is_offering, desk.proforma(desk.clean[0]).status) == (False, ProformaStatus.IN_REVIEW)


@pytest.mark.parametrize(
    "args", [["x", "1"], ["1", ""], ["-1", "1"], ["9" * 30, "1"], [1, "1"], [{"id": 1}, "1"], ["¹", "1"]]
)
async def test_refuse_what_no_page_sends(desk: ReviewDesk, args: list[object]):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id), pytest.raises(InvalidInputError):
        await call(fresh_state(ReviewQueue), "approve", *args)


async def test_hide_proformas_of_others(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened("/review?status=all")
        assert str(desk.foreign) not in {row.id for row in state.rows}
        with pytest.raises(NotFoundError):
            await call(state, "approve", str(desk.foreign), "1")
    assert desk.proforma(desk.foreign).status is ProformaStatus.IN_REVIEW


async def test_say_that_period_of_address_is_no_date(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened("/review?period=october")
        assert "no date" in state.failure
        state = await opened("/review?period=2026-10-31")
        assert len(state.rows) == 3
        state = await opened("/review?period=2026-09-30")
    assert (state.rows, state.left_text) == ([], "0 proformas")


async def test_know_a_queue_again_that_only_ones_own_step_has_changed(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened()
        assert await state._is_as_read()
        await call(state, "approve", str(desk.clean[0]), "1")
        assert await state._is_as_read()
        hold(desk, desk.clean[1])
        assert not await state._is_as_read()
        await call(state, "load")
        assert await state._is_as_read()


async def test_read_everybodys_queue_whenever_something_changed(desk: ReviewDesk):
    with acting_as(Role.BILLER, user_id=99):
        state = await opened()
        assert not await state._is_as_read()
