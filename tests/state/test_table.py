"""A list page's state: paging, sorting, searching, and what it says when it may not or cannot read."""

import pytest

from core.clock import now
from core.db import Database
from core.errors import InvalidInputError, UnavailableError
from models import AuditEvent
from models.enums import Role
from state.audit import AuditTrail
from state.guard import PageDeniedError
from tests.acting import acting_as, call, fresh_state


@pytest.fixture
def trail(database: Database) -> Database:
    with database.unit_of_work() as session:
        for number in range(1, 71):
            kind = "invoice" if number > 60 else "proforma"
            data = {"total_amount": "12.50"}
            session.add(
                AuditEvent(at=now(), tag="x:made", actor_role="system", subject_type=kind, subject_id=number, data=data)
            )
    return database


async def test_load_first_page_as_text(trail: Database):
    state = fresh_state(AuditTrail)
    assert state.is_loading
    with acting_as(Role.ADMIN):
        await call(state, "load")
    assert (len(state.rows), state.total, state.range_text) == (50, 70, "1-50 of 70")
    assert (state.has_previous, state.has_next, state.is_loading, state.failure) == (False, True, False, "")
    assert (state.rows[0].subject, state.rows[0].actor, state.rows[0].data) == (
        "invoice 70", "The portal", "total amount 12.50",
    )  # fmt: skip


async def test_turn_pages_within_bounds(trail: Database):
    state = fresh_state(AuditTrail)
    with acting_as(Role.ADMIN):
        await call(state, "load")
        await call(state, "turn", 1)
        assert (state.range_text, state.has_previous, state.has_next) == ("51-70 of 70", True, False)
        await call(state, "turn", -9)
        assert state.page == 1


async def test_search_and_sort_from_first_page(trail: Database):
    state = fresh_state(AuditTrail)
    with acting_as(Role.ADMIN):
        await call(state, "turn", 1)
        await call(state, "find", "65")
        assert (state.page, [row.subject for row in state.rows]) == (1, ["invoice 65"])
        await call(state, "find", "")
        await call(state, "sort_by", "at")
        await call(state, "sort_by", "at")
        assert (state.sort, state.descending) == ("at", True)
        await call(state, "find", "nothing like it")
        assert (state.rows, state.range_text) == ([], "None")


async def test_take_filters_and_search_from_address(trail: Database):
    state = fresh_state(AuditTrail, "/audit?subject=invoice&search=made&unknown=1")
    with acting_as(Role.ADMIN):
        await call(state, "load")
    assert (state.subject, state.search, state.total) == ("invoice", "made", 10)


async def test_stay_on_page_when_socket_reconnects(trail: Database):
    state = fresh_state(AuditTrail)
    with acting_as(Role.ADMIN):
        await call(state, "load")
        await call(state, "turn", 1)
        await call(state, "load")
    assert state.page == 2


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
@pytest.mark.parametrize(("handler", "args"), [("load", []), ("find", ["x"]), ("sort_by", ["at"]), ("turn", [1])])
async def test_refuse_other_roles_in_every_handler(trail: Database, role: Role, handler: str, args: list[object]):
    state = fresh_state(AuditTrail)
    with acting_as(role), pytest.raises(PageDeniedError):
        await call(state, handler, *args)
    assert state.rows == []


async def test_refuse_wrong_kind_of_page_number(trail: Database):
    with acting_as(Role.ADMIN), pytest.raises(InvalidInputError):
        await call(fresh_state(AuditTrail), "turn", "1")


async def test_say_why_list_cannot_be_read_and_keep_rows(trail: Database, monkeypatch: pytest.MonkeyPatch):
    def away(*_args: object) -> None:
        raise UnavailableError("The database is away. Nothing was changed; try again in a minute.")

    state = fresh_state(AuditTrail)
    with acting_as(Role.ADMIN):
        await call(state, "load")
        monkeypatch.setattr(AuditTrail, "_read", staticmethod(away))
        await call(state, "turn", 1)
    assert state.failure.startswith("The database is away")
    assert len(state.rows) == 50
