"""The carriers' table and the write-only log-in form."""

import pytest

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from core.key_ring import KeyRing
from core.settings import get_settings
from models.enums import Role
from services.account_secrets import load_secrets
from services.carriers import pause_carrier
from state.carriers import Carriers
from state.login_form import LoginForm
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
    assert state.rows == []


async def test_offer_the_fields_of_the_site_without_a_value(desk: BillingDesk):
    with desk.admin():
        state = await login_form(desk)
    assert "password" in {field.name for field in state.fields}
    assert next(field for field in state.fields if field.name == "password").stored.startswith("Stored ")
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
