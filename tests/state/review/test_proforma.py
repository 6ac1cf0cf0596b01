"""One proforma's page: what it shows, edits that keep what was typed, questions, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError
from models.enums import FindingAction, ProformaStatus, Role
from services.actor import Actor
from services.review import proforma_edits
from state.review.proforma import ProformaPage
from tests.acting import acting_as, call, fresh_state
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


async def opened(proforma_id: object) -> ProformaPage:
    state = fresh_state(ProformaPage, f"/proforma/{proforma_id}")
    await call(state, "load")
    return state


async def with_line(desk: ReviewDesk, number: int = 1) -> tuple[ProformaPage, str]:
    state = await opened(desk.flagged)
    line_id = str(desk.lines(desk.flagged)[number - 1].id)
    await call(state, "open_line", line_id)
    return state, line_id


def form(state: ProformaPage, **typed: str) -> dict[str, Any]:
    panel = state.panel
    stored = {"narrative": panel.narrative, "units": panel.billed_units, "task_code": panel.task_code,
              "activity_code": panel.activity_code, "note": ""}  # fmt: skip
    return {**stored, **typed}


def edit_meanwhile(desk: ReviewDesk, **values: str) -> None:
    who = Actor(desk.attorney_id, "Ana Reyes", frozenset({Role.ATTORNEY}))
    stored = desk.proforma(desk.flagged)
    line_id = desk.lines(desk.flagged)[0].id or 0
    with desk.database.unit_of_work() as session:
        proforma_edits.edit_line(session, who, line_id=line_id, expected_version=stored.version, **values)


async def test_show_standing_next_step_and_flagged_lines_first(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.flagged)
        assert state.head.next_step.startswith("Ana Reyes approves it or returns it to billing.")
        assert (state.show, len(state.lines), state.all_count, state.flagged_count) == ("flagged", 1, "2", "1")
        assert [view.verb for view in state.verbs] == ["approve", "return_to_billing", "hold"]
        await call(state, "choose", "all")
        assert len(state.lines) == 2
        await call(state, "choose", "anything else")
    assert state.show == "all"


async def test_save_narrative_and_keep_what_was_entered(database: Database):
    desk = make_review_desk(database, is_own_work=True)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state, _ = await with_line(desk)
        before = state.panel.narrative
        await call(state, "save_line", form(state, narrative="Draft reply brief", units="1.0", task_code="l250"))
        assert (state.panel_problem, state.panel.narrative, state.panel.billed_units) == (
            "",
            "Draft reply brief",
            "1.0",
        )
        assert (state.panel.entered_narrative, state.panel.entered_units) == (before, "1.5")
        await call(state, "choose", "changed")
        assert [part.kind for part in state.lines[0].diff if part.kind != "same"]
    line = desk.lines(desk.flagged)[0]
    assert (line.billed_narrative, line.billed_units, line.task_code) == ("Draft reply brief", Decimal(1), "L250")
    assert "units 1.50 → 1.00" in state.events[0].changes
    assert "narrative" in state.events[0].changes


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"units": "2.5"}, "never up"),
        ({"units": "many"}, "is no number"),
        ({"units": "0"}, "write it off"),
        ({"task_code": "X999"}, "no task code"),
        ({"narrative": "  "}, "needs a narrative"),
        ({}, "Nothing differs"),
    ],
)
async def test_keep_form_and_say_what_is_refused(desk: ReviewDesk, typed: dict[str, str], sentence: str):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state, _ = await with_line(desk)
        key = state.panel.form_key
        await call(state, "save_line", form(state, **typed))
    assert sentence in state.panel_problem
    assert state.panel.form_key == key
    assert desk.proforma(desk.flagged).version == 1


async def test_keep_typed_text_at_conflict_then_put_only_own_change_over(database: Database):
    desk = make_review_desk(database, is_own_work=True)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state, _ = await with_line(desk)
        key, typed = state.panel.form_key, form(state, narrative="Draft reply brief on coverage")
        edit_meanwhile(desk, task_code="L310")
        await call(state, "save_line", typed)
        assert "what you typed is still here" in state.panel_problem
        assert state.panel_theirs == ["Task code now: L310"]
        assert state.panel.form_key == key
        assert desk.lines(desk.flagged)[0].billed_narrative != typed["narrative"]
        await call(state, "save_line", typed)
    line = desk.lines(desk.flagged)[0]
    assert (line.billed_narrative, line.task_code) == ("Draft reply brief on coverage", "L310")
    assert state.panel_problem == ""


async def test_take_stored_values_after_conflict(database: Database):
    desk = make_review_desk(database, is_own_work=True)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state, _ = await with_line(desk)
        edit_meanwhile(desk, narrative="Somebody else's words")
        await call(state, "save_line", form(state, narrative="Mine"))
        await call(state, "take_theirs")
    assert (state.panel.narrative, state.panel_problem, state.panel_theirs) == ("Somebody else's words", "", [])


async def test_text_of_somebody_elses_time_is_proposed_and_the_rest_saved(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state, _ = await with_line(desk)
        before = state.panel.narrative
        assert state.panel.is_others_text
        await call(state, "save_line", form(state, narrative="Draft reply brief", units="1.0"))
        assert (state.panel_problem, state.panel.narrative, state.panel.billed_units) == ("", before, "1.0")
        assert "waits for the timekeeper" in state.done
        (waiting,) = state.panel.waiting
        assert (waiting.words[:12], waiting.text) == ("A text waits", "Draft reply brief")
        await call(state, "save_line", form(state, narrative="Another brief", units="0.5"))
        assert "waits for its timekeeper" in state.panel_problem
        await call(state, "withdraw_change", waiting.id)
        assert state.panel.waiting == []
    line = desk.lines(desk.flagged)[0]
    assert (line.billed_narrative, line.billed_units) == (before, Decimal(1))


async def test_undo_from_the_bar_and_from_the_list_of_changes(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state, _ = await with_line(desk)
        await call(state, "save_line", form(state, units="1.0"))
        assert state.done.endswith("$855.00 → $712.50.")
        (step,) = state.steps
        assert (state.undo_id, step.amounts, step.lines[0].words) == (
            step.id,
            "$855.00 → $712.50",
            "units 1.5 → 1.0 · amount $427.50 → $285.00",
        )
        await call(state, "undo", state.undo_id, state.head.version)
        assert (state.done, state.head.amount) == ("Taken back. $712.50 → $855.00.", "$855.00")
        assert [one.is_undone for one in state.steps] == [False, True]
        await call(state, "undo", state.steps[0].id, state.head.version)
        assert state.head.amount == "$712.50"
        with pytest.raises(StaleVersionError):
            await call(state, "undo", state.steps[0].id, "1")


async def test_approve_at_once_and_reopen(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.flagged)
        await call(state, "act", "approve", state.head.version)
        assert (state.head.status, [view.verb for view in state.verbs]) == ("approved", ["reopen"])
        assert not state.may_edit
        await call(state, "act", "reopen", state.head.version)
    assert desk.proforma(desk.flagged).status is ProformaStatus.IN_REVIEW


async def test_ask_who_allowed_what_guidelines_block(database: Database):
    desk = make_review_desk(database, action=FindingAction.BLOCK)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.flagged)
        assert state.head.blocking.startswith("1 line")
        await call(state, "act", "approve", state.head.version)
        assert (state.dialog.verb, state.dialog.needs_note) == ("approve", True)
        await call(state, "answer", {"note": "Their adjuster, by phone on 3 Nov"})
    assert desk.proforma(desk.flagged).status is ProformaStatus.APPROVED
    assert state.events[0].note == "Their adjuster, by phone on 3 Nov"


async def test_keep_dialog_open_when_version_is_stale(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.flagged)
        await call(state, "act", "return_to_billing", state.head.version)
        edit_meanwhile(desk, task_code="L310")
        await call(state, "answer", {"note": "Please split line 2"})
        assert state.dialog.verb == "return_to_billing"
        assert "The page behind shows it" in state.dialog_problem
        await call(state, "answer", {"note": "Please split line 2"})
    assert desk.proforma(desk.flagged).return_note == "Please split line 2"


async def test_refuse_verb_on_stale_version_and_show_fresh_state(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.flagged)
        edit_meanwhile(desk, task_code="L310")
        with pytest.raises(StaleVersionError):
            await call(state, "act", "approve", "1")
    assert (state.head.version, state.head.status) == ("2", "in_review")


async def test_let_biller_fix_codes_only(desk: ReviewDesk):
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        state, _ = await with_line(desk)
        assert (state.may_edit, state.may_edit_codes) == (False, True)
        await call(state, "save_line", {"task_code": "L310", "note": ""})
        assert state.panel.task_code == "L310"
        await call(state, "save_line", form(state, units="1.0"))
        assert "responsible attorney" in state.panel_problem
        await call(state, "save_line", form(state, narrative="Billing's words"))
        assert "waits for the timekeeper" in state.done
        with pytest.raises(DeniedError):
            await call(state, "act", "approve", state.head.version)


@pytest.mark.parametrize("address", ["x", "0", "-3", "99999999", "1%20OR%201", "9" * 40])
async def test_say_that_there_is_no_such_proforma(desk: ReviewDesk, address: str):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(address)
    assert state.failure.startswith("There is no")
    assert (state.head.id, state.lines, state.is_loading) == ("", [], False)


async def test_hide_proforma_of_another_attorney(desk: ReviewDesk):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.foreign)
        assert state.failure
        assert state.head.matter_number == ""
        state = await opened(desk.flagged)
        foreign_line = str(desk.lines(desk.foreign)[0].id)
        await call(state, "open_line", foreign_line)
    assert state.panel.id == ""


@pytest.mark.parametrize("args", [["void_everything", "1"], ["approve", "one"], [1, "1"], ["approve", 1]])
async def test_refuse_what_no_page_sends(desk: ReviewDesk, args: list[object]):
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        state = await opened(desk.flagged)
        with pytest.raises(InvalidInputError):
            await call(state, "act", *args)
    assert desk.proforma(desk.flagged).version == 1
