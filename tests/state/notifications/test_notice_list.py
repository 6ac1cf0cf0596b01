"""My notices: by kind and unread, each to its row, read one by one or all, page by page, and nobody else's."""

import pytest

from models.enums import NoticeKind, Role
from state.notifications.notice_list import NoticeList
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_notice, make_proforma, make_user

K = NoticeKind


@pytest.fixture
def ann(database):
    with database.unit_of_work() as session:
        user = make_user(session, Role.ATTORNEY)
        number = id_of(make_proforma(session, lines=0))
        for kind in (K.PROFORMA_WAITS, K.PROFORMA_WAITS, K.MENTIONED):
            make_notice(session, user, kind, subject=("proforma", number))
        make_notice(session, make_user(session))
        return id_of(user)


async def opened(address: str = "/notifications") -> NoticeList:
    state = fresh_state(NoticeList, address)
    await call(state, "load")
    return state


async def test_show_mine_newest_first_with_links(ann):
    with acting_as(Role.ATTORNEY, user_id=ann):
        state = await opened()
    assert [row.kind for row in state.rows] == ["Comments for you", "Proformas to review", "Proformas to review"]
    assert {row.href.partition("#")[0] for row in state.rows} == {"/proforma/1"}
    assert (state.unread_count, state.range_text, state.failure) == ("3", "3 shown", "")
    assert [(chip.label, chip.count) for chip in state.kinds] == [
        ("Proformas to review", "2"),
        ("Comments for you", "1"),
    ]


async def test_filter_by_kind_and_unread_by_the_address(ann):
    with acting_as(Role.ATTORNEY, user_id=ann):
        state = await opened("/notifications?kind=proforma_waits&unread=1")
        assert (len(state.rows), state.kind, state.unread) == (2, "proforma_waits", "1")
        await call(state, "read", state.rows[0].id)
        assert len(state.rows) == 1
        assert state.unread_href == "/notifications?kind=proforma_waits"
        chosen = next(chip for chip in state.kinds if chip.value == "proforma_waits")
        assert chosen.href == "/notifications?unread=1"


@pytest.mark.parametrize("kind", ["nonsense", "'; drop table notice", "x" * 300])
async def test_filter_by_no_kind_shows_all(ann, kind):
    with acting_as(Role.ATTORNEY, user_id=ann):
        state = await opened(f"/notifications?kind={kind}")
    assert (len(state.rows), state.kind) == (3, "")


async def test_read_one_and_all_of_a_kind(ann):
    with acting_as(Role.ATTORNEY, user_id=ann):
        state = await opened("/notifications?kind=proforma_waits")
        await call(state, "read_all")
        assert state.done == "2 notices marked as read."
        assert all(row.is_read for row in state.rows)
        assert state.unread_count == "1"
        await call(state, "read_all")
        assert state.done == "There was nothing unread."
        await call(state, "dismiss")
        assert state.done == ""


async def test_read_nothing_of_somebody_else(ann, database):
    with acting_as(Role.BILLER, user_id=ann + 100):
        state = await opened()
        assert state.rows == []
        await call(state, "read", "1")
    with acting_as(Role.ATTORNEY, user_id=ann):
        assert (await opened()).unread_count == "3"


async def test_turn_pages_by_key(database):
    with database.unit_of_work() as session:
        user = make_user(session)
        number = id_of(make_proforma(session, lines=0))
        for _ in range(120):
            make_notice(session, user, subject=("proforma", number))
        who = id_of(user)
    with acting_as(Role.BILLER, user_id=who):
        state = await opened()
        seen = [row.id for row in state.rows]
        while state.has_next:
            await call(state, "turn", 1)
            seen += [row.id for row in state.rows]
        assert (len(seen), len(set(seen))) == (120, 120)
        assert state.range_text == "Page 3, 20 shown"
        await call(state, "turn", -1)
        assert state.has_previous
