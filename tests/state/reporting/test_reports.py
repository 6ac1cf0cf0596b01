"""The page Reports: the address says what is shown, for whom, with charts that have no number of their own."""

from decimal import Decimal

import pytest

from core.clock import now
from core.db import Database
from core.errors import DeniedError
from models.enums import Role
from services.reporting.reports import REPORTS
from services.reporting.saved_reports import save_report
from state.reporting.reports import Reports
from tests.acting import acting_as, call, fresh_state
from tests.builders import actor_for, make_invoice, make_matter, make_user


@pytest.fixture
def dana(database: Database):
    with database.unit_of_work() as session:
        return make_user(session, Role.BILLER, name="Dana Brooks")


async def opened(address: str) -> Reports:
    state = fresh_state(Reports, address)
    await call(state, "load")
    return state


@pytest.mark.parametrize("name", REPORTS)
async def test_show_each_report_of_a_firm_that_has_not_billed(dana, name):
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports?report={name}")
    assert (state.report, state.title, state.failure, state.is_loading) == (name, REPORTS[name].title, "", False)
    assert [tab.value for tab in state.tabs] == list(REPORTS)
    assert state.tables
    assert state.points == []


async def test_the_first_report_is_shown_where_the_address_names_none(dana):
    with acting_as(Role.BILLER, user_id=dana.id):
        assert (await opened("/reports")).report == "cycle"


@pytest.mark.parametrize("address", ["/reports?report=secrets", "/reports/4242", "/reports/99999999999999999"])
async def test_say_what_is_not_there_and_offer_the_others(dana, address):
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(address)
    assert "There is no such" in state.failure
    assert (state.title, state.tables, len(state.tabs)) == ("", [], len(REPORTS))


async def test_filters_stand_in_the_address_and_go_with_the_tabs(dana):
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened("/reports?report=ageing&carrier=7&months=3&evil=1")
        assert (state.carrier, state.chosen_span) == ("7", "3")
        assert state.tabs[0].href == "/reports?report=cycle&months=3&carrier=7"
        assert state.files[0].href == "/files/report/ageing.xlsx?months=3&carrier=7"
        assert _target(await call(state, "choose", "carrier", "")) == "/reports?report=ageing&months=3"
        assert _target(await call(state, "choose", "carrier", "x")) == "/reports?report=ageing&months=3"
        assert await call(state, "choose", "evil", "1") is None


async def test_months_of_ones_own_choice_take_the_place_of_the_last_so_many(dana):
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened("/reports?report=acceptance&months=3")
        target = _target(await call(state, "choose_span", "chosen"))
        assert target == f"/reports?report=acceptance&from={state.first_month}&to={state.last_month}"
        state = await opened(target)
        assert state.chosen_span == "chosen"
        assert _target(await call(state, "choose_span", "12")) == "/reports?report=acceptance&months=12"


def _target(event) -> str:
    return next(str(value._var_value) for name, value in event.args if str(name) == "path")


async def test_a_saved_report_opens_as_it_was_saved_until_the_address_says_otherwise(database, dana):
    with database.unit_of_work() as session:
        who = actor_for(dana)
        saved_id = save_report(session, who, name="Three", report="acceptance", filters={"months": "3"})
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
        assert (state.report, state.chosen_span, state.is_changed) == ("acceptance", "3", False)
        target = _target(await call(state, "choose_span", "6"))
        assert target == f"/reports/{saved_id}?report=acceptance&months=6"
        state = await opened(target)
        assert (state.chosen_span, state.is_changed) == ("6", True)


@pytest.mark.parametrize("is_shared", [True, False])
async def test_a_report_of_others_opens_when_it_is_shared(database, dana, is_shared):
    with database.unit_of_work() as session:
        other = actor_for(make_user(session, Role.ADMIN))
        saved_id = save_report(session, other, name="A", report="ageing", filters={}, is_shared=is_shared)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened(f"/reports/{saved_id}")
    assert (state.failure == "") is is_shared


async def test_an_attorney_sees_own_matters_and_no_other_to_choose(database):
    with database.unit_of_work() as session:
        ana = make_user(session, Role.ATTORNEY, name="Ana Reyes")
        for attorney in (ana, make_user(session, Role.ATTORNEY)):
            make_invoice(session, matter=make_matter(session, attorney=attorney))
    for role, user_id, count in ((Role.ATTORNEY, ana.id, "1"), (Role.BILLER, 99, "2")):
        with acting_as(role, user_id=user_id):
            state = await opened("/reports?report=ageing")
        assert state.tables[0].total[0].text == count
        assert bool(state.attorneys) is (role is Role.BILLER)
    assert state.words == "As it stands now"


async def test_people_without_a_role_are_refused(dana):
    with acting_as(user_id=dana.id):
        for handler in ("load",):
            with pytest.raises(DeniedError):
                await call(fresh_state(Reports, "/reports"), handler)


async def test_a_chart_shows_the_tables_figures(database, dana):
    with database.unit_of_work() as session:
        invoice = make_invoice(session)
        invoice.finalized_at = now()
        session.add(invoice)
    with acting_as(Role.BILLER, user_id=dana.id):
        state = await opened("/reports?report=ageing")
    assert state.points[0] == {"name": "0-30", "a": invoice.total_amount}
    assert [point["a"] for point in state.points[1:]] == [Decimal("0.00")] * 3
    assert state.summary.startswith(f"${invoice.total_amount:,.2f} is owed")
    [first, *_] = state.tables[0].rows
    assert (first.name, first.href) == ("0-30 days", "/invoices?view=owed&age=0")
