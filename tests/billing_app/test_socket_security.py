"""What a hostile socket client can do to the running portal: nothing; and what an honest one can."""

import asyncio
import uuid

import pytest
from socketio.exceptions import ConnectionError as SocketRefusedError

from models.person import User
from tests.billing_app.planted import SECRET
from tests.billing_app.portal import Portal
from tests.billing_app.socket_client import HYDRATE, PLANTED, STATE, tab

pytestmark = pytest.mark.slow

# What is not answered at all is told by a shorter silence.
SILENCE = 1.5
UNGUARDED = ["helper", "undecorated", "undecorated_background"]


async def test_run_allowed_event(portal: Portal):
    async with tab(portal.url, portal.cookie("biller")) as mine:
        await mine.send(HYDRATE)
        assert SECRET in await mine.send(f"{PLANTED}.fill")


async def test_run_event_of_own_role(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await mine.send(HYDRATE)
        assert "administered" in await mine.send(f"{PLANTED}.administer")


async def test_refuse_event_of_another_role(portal: Portal):
    async with tab(portal.url, portal.cookie("biller")) as mine:
        await mine.send(HYDRATE)
        answer = await mine.send(f"{PLANTED}.administer")
    assert "administered" not in answer
    assert "You don't have permission" in answer


@pytest.mark.parametrize("name", UNGUARDED)
async def test_refuse_unguarded_handler_even_to_admin(portal: Portal, name: str):
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await mine.send(HYDRATE)
        answer = await mine.send(f"{PLANTED}.{name}", patience=SILENCE)
    assert " ran" not in answer


async def test_refuse_built_in_setter(portal: Portal):
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await mine.send(HYDRATE)
        answer = await mine.send(f"{PLANTED}.setvar", patience=SILENCE, var_name="note", value="forged")
        answer += await mine.send(f"{PLANTED}.set_note", patience=SILENCE, value="forged")
        forged = {f"{PLANTED}.note": "forged"}
        answer += await mine.send(f"{STATE}.update_vars_internal", patience=SILENCE, vars=forged)
    assert "forged" not in answer


@pytest.mark.parametrize("name", [f"{PLANTED}.fill", f"{PLANTED}.helper", f"{PLANTED}.undecorated_background"])
async def test_send_anonymous_event_to_sign_in(portal: Portal, name: str):
    async with tab(portal.url) as stranger:
        answer = await stranger.send(name)
    assert SECRET not in answer
    assert " ran" not in answer
    assert "/sign-in" in answer


async def test_refuse_anonymous_hydrate(portal: Portal):
    async with tab(portal.url) as stranger:
        answer = await stranger.send(HYDRATE) + await stranger.send(f"{STATE}.hydrate")
    assert PLANTED not in answer
    assert "/sign-in" in answer


async def test_refuse_forged_cookie_in_event(portal: Portal):
    cookie = portal.cookie("admin")
    async with tab(portal.url) as stranger:
        await stranger._socket.emit(
            "event",
            {"name": f"{PLANTED}.fill", "payload": {}, "router_data": {"headers": {"cookie": cookie}}},
            namespace="/_event",
        )
        await asyncio.sleep(0.6)
    assert SECRET not in "\n".join(stranger.received)


@pytest.mark.parametrize("first", [HYDRATE, f"{STATE}.set_is_hydrated", f"{PLANTED}.administer"])
async def test_hide_rows_of_dead_tab_from_another_user(portal: Portal, first: str):
    token = str(uuid.uuid4())
    async with tab(portal.url, portal.cookie("biller"), token=token) as owner:
        await owner.send(HYDRATE)
        assert SECRET in await owner.send(f"{PLANTED}.fill")
    async with tab(portal.url, portal.cookie("admin"), token=token) as thief:
        value = {"value": True} if first.endswith("set_is_hydrated") else {}
        answer = await thief.send(first, patience=SILENCE, **value) + await thief.send(HYDRATE)
    assert SECRET not in answer


async def test_hide_rows_of_dead_tab_from_nobody(portal: Portal):
    token = str(uuid.uuid4())
    async with tab(portal.url, portal.cookie("biller"), token=token) as owner:
        await owner.send(HYDRATE)
        await owner.send(f"{PLANTED}.fill")
    async with tab(portal.url, token=token) as thief:
        answer = await thief.send(HYDRATE)
    assert SECRET not in answer


async def test_keep_rows_for_own_session_after_reconnect(portal: Portal):
    token, cookie = str(uuid.uuid4()), portal.cookie("biller")
    async with tab(portal.url, cookie, token=token) as owner:
        await owner.send(HYDRATE)
        await owner.send(f"{PLANTED}.fill")
    async with tab(portal.url, cookie, token=token) as again:
        assert SECRET in await again.send(HYDRATE)


async def test_give_live_tabs_token_to_nobody_else(portal: Portal):
    token = str(uuid.uuid4())
    async with tab(portal.url, portal.cookie("biller"), token=token) as owner:
        await owner.send(HYDRATE)
        await owner.send(f"{PLANTED}.fill")
        async with tab(portal.url, portal.cookie("admin"), token=token) as thief:
            assert SECRET not in await thief.send(HYDRATE)


@pytest.mark.parametrize("wrong", ["seven", {"id": 7}, [7], None, True, 1.5])
async def test_refuse_payload_of_wrong_type(portal: Portal, wrong: object):
    async with tab(portal.url, portal.cookie("biller")) as mine:
        await mine.send(HYDRATE)
        answer = await mine.send(f"{PLANTED}.choose", invoice_id=wrong)
    assert "chose" not in answer
    assert "cannot be read" in answer


async def test_refuse_unknown_argument(portal: Portal):
    async with tab(portal.url, portal.cookie("biller")) as mine:
        await mine.send(HYDRATE)
        answer = await mine.send(f"{PLANTED}.choose", invoice_id=7, amount=1)
    assert "chose" not in answer


async def test_hide_details_of_failure_and_quote_number(portal: Portal):
    async with tab(portal.url, portal.cookie("biller")) as mine:
        await mine.send(HYDRATE)
        answer = await mine.send(f"{PLANTED}.fail")
    assert SECRET not in answer
    assert "quote" in answer


async def test_end_session_at_once_when_person_is_disabled(portal: Portal):
    cookie = portal.cookie("attorney")
    async with tab(portal.url, cookie) as mine:
        await mine.send(HYDRATE)
        assert SECRET in await mine.send(f"{PLANTED}.fill")
        _set_active(portal, is_active=False)
        try:
            answer = await mine.send(f"{PLANTED}.fill")
        finally:
            _set_active(portal, is_active=True)
    assert "/sign-in" in answer


async def test_slow_down_flood_of_events(portal: Portal):
    async with tab(portal.url, portal.cookie("biller")) as mine:
        await mine.send(HYDRATE)
        # A busy machine takes the events slowly, and fewer of them are too fast.
        for _ in range(20):
            for _ in range(120):
                await mine.send(f"{PLANTED}.choose", patience=0, invoice_id=1)
            await mine.listen(len(mine.received), 1)
            if "too fast" in "\n".join(mine.received):
                break
    assert "too fast" in "\n".join(mine.received)


async def test_refuse_socket_from_foreign_origin(portal: Portal):
    with pytest.raises(SocketRefusedError):
        async with tab(portal.url, portal.cookie("biller"), origin="https://evil.example"):
            pass


async def test_keep_cookie_out_of_log(portal: Portal):
    cookie = portal.cookie("biller")
    async with tab(portal.url, cookie) as mine:
        await mine.send("no.such.event.anywhere", patience=SILENCE)
        await mine.send(f"{PLANTED}.nothing_here", patience=SILENCE)
    assert cookie.partition("=")[2] not in portal.log.read_text()


def _set_active(portal: Portal, *, is_active: bool) -> None:
    with portal.database.unit_of_work() as session:
        session.get_one(User, 2).is_active = is_active
