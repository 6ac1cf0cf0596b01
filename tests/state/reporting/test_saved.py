"""Saved reports on the page: saved, shared, renamed, removed, by mail; what is refused is said and loses nothing."""

import pytest
from sqlmodel import select

from core.db import Database
from models import ReportMail, ReportSchedule, SavedReport, User
from models.enums import Cadence, Role
from services.reporting.saved_reports import change_saved, save_report
from services.reporting.schedules import list_schedules
from state.reporting.reports import Reports
from state.reporting.saved import SavedReports
from tests.acting import acting_as, call, part_of, tab_at
from tests.builders import actor_for, make_user


@pytest.fixture
def dana(database: Database) -> User:
    with database.unit_of_work() as session:
        return make_user(session, Role.BILLER, name="Dana Brooks")


async def opened(address: str) -> SavedReports:
    root = tab_at(address)
    await call(part_of(root, Reports), "load")
    state = part_of(root, SavedReports)
    await call(state, "load")
    return state


def make_saved(database: Database, who: User, **more) -> int:
    with database.unit_of_work() as session:
        return save_report(session, actor_for(who), name="Owed", report="ageing", filters={"months": "3"}, **more)


def saved(database: Database) -> SavedReport:
    with database.read_only() as session:
        return session.exec(select(SavedReport)).one()


async def test_save_what_is_shown_and_open_it(database, dana):
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened("/reports?report=ageing&carrier=7")
        await call(state, "ask_save")
        event = await call(state, "answer", {"name": " Owed by seven ", "shared": "on"})
    row = saved(database)
    assert (row.name, row.report, row.filters, row.is_shared) == ("Owed by seven", "ageing", {"carrier": "7"}, True)
    assert f"/reports/{row.id}" in str(event.args)
    assert (state.asking, state.done, state.rows[0].hint) == (
        "", "Saved as “Owed by seven”.", "Ageing · shared with all",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "says"), [("", "needs a name"), ("owed", "already"), ("x" * 100, "longer than 80")])
async def test_a_bad_name_stays_in_the_dialog(database, dana, name, says):
    make_saved(database, dana)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened("/reports?report=ageing")
        await call(state, "ask_save")
        assert await call(state, "answer", {"name": name}) is None
    assert (state.asking, state.typed_name) == ("save", name)
    assert says in state.dialog_problem


async def test_rename_share_refilter_and_remove(database, dana):
    saved_id = make_saved(database, dana)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}?report=ageing&months=6")
        await call(state, "ask_rename")
        assert state.typed_name == "Owed"
        await call(state, "answer", {"name": "What is owed"})
        await call(state, "share", True)
        await call(state, "keep_filters")
        assert state.problem == ""
        row = saved(database)
        assert (row.name, row.is_shared, row.filters, row.version) == ("What is owed", True, {"months": "6"}, 4)
        await call(state, "remove")
    assert saved(database).removed_at is not None
    assert state.done == "“What is owed” is removed, and nobody gets it by mail any more."


async def test_somebody_who_has_an_old_state_is_told(database, dana):
    saved_id = make_saved(database, dana)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
        with database.unit_of_work() as session:
            change_saved(session, actor_for(dana), saved_id=saved_id, expected_version=1, name="Elsewhere")
        await call(state, "share", True)
        assert "Somebody changed this" in state.problem
        assert saved(database).is_shared is False
        await call(state, "share", True)
    assert (saved(database).is_shared, state.problem) == (True, "")


async def test_a_shared_report_of_others_can_be_had_by_mail_and_not_changed(database, dana):
    with database.unit_of_work() as session:
        omar = make_user(session, Role.ADMIN, name="Omar Whitfield")
    saved_id = make_saved(database, omar, is_shared=True)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
        assert [(row.is_mine, row.hint) for row in state.rows] == [(False, "Ageing · shared by Omar Whitfield")]
        for handler, arguments in (("share", (False,)), ("ask_rename", ()), ("remove", ()), ("keep_filters", ())):
            await call(state, handler, *arguments)
        await call(state, "send_me", "weekly")
    assert (saved(database).is_shared, saved(database).removed_at) == (True, None)
    assert state.sent_ids == [str(saved_id)]


async def test_get_it_by_mail_change_the_rhythm_and_end_it(database, dana):
    saved_id = make_saved(database, dana)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
        await call(state, "send_me", "weekly")
        assert state.done == "It comes to your mailbox every week; the first one is on its way."
        [row] = state.schedules
        assert (row.cadence_name, [mail.words for mail in row.mails]) == ("Every week", ["waits to be sent."])
        await call(state, "send_me", "monthly")
        assert [one.cadence for one in state.schedules] == [Cadence.MONTHLY.value]
        await call(state, "send_me", "")
        assert (state.schedules, state.done) == ([], "It comes by mail no more.")
    with database.read_only() as session:
        assert [row.ended_at is None for row in session.exec(select(ReportSchedule))] == [False, False]
        assert list_schedules(session, actor_for(dana), firm_zone="UTC") == []


@pytest.mark.parametrize(
    ("columns", "words", "is_wrong"),
    [
        ({"intent_at_ms": 1}, "may have been sent; it is not sent again.", True),
        ({"due_at_ms": 0, "error_message": "No such person."}, "not sent. No such person.", True),
        ({"error_message": "Not now."}, "waits to be sent. Not now.", True),
    ],
)
async def test_what_became_of_a_mail_is_said(database, dana, columns, words, is_wrong):
    saved_id = make_saved(database, dana)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
        await call(state, "send_me", "weekly")
        with database.unit_of_work() as session:
            mail = session.exec(select(ReportMail)).one()
            for name, value in columns.items():
                setattr(mail, name, value)
            session.add(mail)
        await call(state, "load")
    [[mail]] = [row.mails for row in state.schedules]
    assert (mail.words, mail.is_wrong) == (words, is_wrong)


async def test_the_end_of_somebody_elses_is_refused(database, dana):
    saved_id = make_saved(database, dana)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
        await call(state, "send_me", "weekly")
        schedule_id = state.schedules[0].id
    with database.unit_of_work() as session:
        omar = make_user(session, Role.ADMIN)
    with acting_as(Role.ADMIN, user_id=omar.id):
        other = await opened("/reports")
        with pytest.raises(Exception, match="Only who gets this report"):
            await call(other, "end", schedule_id)
