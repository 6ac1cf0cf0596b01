"""The carriers' table and the write-only log-in form."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from carriers.errors import LoginRejectedError
from core.db import Database
from core.errors import DeniedError, InvalidInputError
from core.key_ring import KeyRing
from core.settings import get_settings
from models import CarrierProfileVersion
from models.enums import Role
from services.sites import site_traffic
from services.sites.account_secrets import load_secrets
from services.sites.carriers import pause_carrier
from services.sites.site_accounts import stop_account
from state.sites.carriers import Carriers
from state.sites.login_form import LoginForm
from state.uploads.traffic import Traffic
from tests.acting import acting_as, call, fresh_state
from tests.builders import actor
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def desk(database: Database) -> BillingDesk:
    return make_billing_desk(database)


async def login_form(desk: BillingDesk) -> LoginForm:
    state = fresh_state(LoginForm)
    await call(state, "open", str(desk.site_account_id))
    return state


def stored(desk: BillingDesk) -> dict[str, str]:
    ring = KeyRing.load_or_create(get_settings().key_ring_path)
    with desk.database.read_only() as session:
        return {name: value.reveal() for name, value in load_secrets(session, desk.site_account_id, ring).items()}


async def test_list_carriers_with_what_stands_still(desk: BillingDesk):
    with desk.database.unit_of_work() as session:
        pause_carrier(session, actor(Role.ADMIN, user_id=desk.admin_id), carrier_id=desk.carrier_id, reason="New site")
    with desk.admin():
        state = fresh_state(Carriers, "/carriers")
        await call(state, "load")
        [row] = state.rows
        await call(state, "find", "no such")
    assert (row.name, row.profile, row.last_login, row.state) == ("Harbor Mutual", "v1", "Never", "paused")
    assert (row.reason, row.is_carrier_paused, row.is_account_paused) == ("New site", True, False)
    assert row.stopped_by.startswith("Paused by Omar Whitfield, ")
    assert row.acceptance.percent == ""
    assert state.rows == []


async def test_show_when_a_closed_site_opens(desk: BillingDesk, monkeypatch: pytest.MonkeyPatch):
    friday_evening = int(datetime(2026, 11, 27, 23, 0, tzinfo=UTC).timestamp() * 1000)
    monkeypatch.setattr(site_traffic, "clock_ms", lambda _session: friday_evening)
    office = {"days": ["mon", "fri"], "opens": "08:00", "closes": "18:00"}
    with desk.database.unit_of_work() as session:
        version = session.scalars(select(CarrierProfileVersion).filter_by(carrier_id=desk.carrier_id)).one()
        hours = {"time_zone": "America/New_York", "times": [office]}
        version.document = {**version.document, "site": {**version.document["site"], "opening_hours": hours}}
    with desk.admin():
        state = fresh_state(Carriers, "/carriers")
        await call(state, "load")
    assert [row.state for row in state.rows] == ["held"]
    assert state.rows[0].held in {"Opens Mon at 08:00 (New York)", "Opens at 08:00 (New York)"}


async def test_offer_the_fields_of_the_site_without_a_value(desk: BillingDesk):
    with desk.admin():
        state = await login_form(desk)
    assert "password" in {field.name for field in state.fields}
    assert next(field for field in state.fields if field.name == "password").stored.startswith("Changed ")
    shown = repr(state.get_value("fields"))
    assert all(value not in shown for value in stored(desk).values())


async def test_seal_what_was_typed_and_keep_nothing(desk: BillingDesk):
    with desk.admin():
        state = await login_form(desk)
        await call(state, "store", {"password": "correct horse", "username": ""})
    assert stored(desk)["password"] == "correct horse"
    assert not state.is_open
    assert "correct horse" not in repr(state.dict())
    assert "correct horse" not in repr(vars(state))


@pytest.mark.parametrize("form", [{}, {"password": "  "}, {"colour": "blue"}])
async def test_keep_the_stored_login_when_nothing_fits(desk: BillingDesk, form: dict[str, str]):
    before = stored(desk)
    with desk.admin():
        state = await login_form(desk)
        await call(state, "store", form)
    assert stored(desk) == before
    assert "was kept" in state.problem
    assert state.is_open


async def test_keep_everybody_else_out(desk: BillingDesk):
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        with pytest.raises(DeniedError):
            await call(fresh_state(Carriers, "/carriers"), "load")
        with pytest.raises(DeniedError):
            await login_form(desk)
        with pytest.raises(DeniedError):
            await call(fresh_state(LoginForm), "store", {"password": "x"})
    with desk.admin(), pytest.raises(InvalidInputError):
        await call(fresh_state(LoginForm), "open", "1 or 1")


async def test_say_who_changed_a_value_and_until_when_it_is_good(desk: BillingDesk):
    with desk.admin():
        state = await login_form(desk)
        await call(state, "store", {"password": "correct horse", "expires-on": "2027-03-01", "every-days": "90"})
        again = await login_form(desk)
    password = next(field for field in again.fields if field.name == "password")
    assert password.stored.startswith("Changed ")
    assert " by " in password.stored
    assert (again.expires_on, again.every_days, again.has_login) == ("2027-03-01", "90", True)


async def test_store_the_end_of_a_password_alone(desk: BillingDesk):
    before = stored(desk)
    with desk.admin():
        state = await login_form(desk)
        await call(state, "store", {"password": "", "expires-on": "2027-03-01", "every-days": ""})
    assert not state.is_open
    assert stored(desk) == before


@pytest.mark.parametrize("dates", [{"expires-on": "soon"}, {"every-days": "often"}, {"every-days": "0"}])
async def test_keep_everything_when_the_end_cannot_be_read(desk: BillingDesk, dates: dict[str, str]):
    before = stored(desk)
    with desk.admin():
        state = await login_form(desk)
        await call(state, "store", {"password": "new one", **dates})
    assert state.is_open
    assert "Nothing was" in state.problem
    assert stored(desk) == before


async def test_delete_a_log_in(desk: BillingDesk):
    with desk.admin():
        state = await login_form(desk)
        await call(state, "delete")
        again = await login_form(desk)
    assert not again.has_login
    assert {field.stored for field in again.fields} == {"Not stored yet"}


async def test_delete_and_store_are_for_administrators(desk: BillingDesk):
    with desk.biller():
        state = fresh_state(LoginForm)
        for handler, arguments in (("open", ["1"]), ("delete", []), ("store", [{"password": "x"}])):
            with pytest.raises(DeniedError):
                await call(state, handler, *arguments)


async def test_resume_a_refused_account_wants_the_reason_why_the_same_log_in_is_right(
    desk: BillingDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("services.lifecycle.ring", lambda *_: None)
    with desk.database.unit_of_work() as session:
        error = LoginRejectedError("Harbor")
        stop_account(session, actor(Role.SYSTEM), site_account_id=desk.site_account_id, error=error)
    with desk.admin():
        state = fresh_state(Traffic)
        await call(state, "ask", "account", str(desk.site_account_id), "Harbor", True)
        assert state.is_login_refused
        await call(state, "carry_out", {"note": "Please"})
        assert "Store the right one" in state.problem
        await call(state, "carry_out", {"note": "Unlocked by the vendor desk", "same_login": "on"})
    assert (state.kind, state.problem) == ("", "")
