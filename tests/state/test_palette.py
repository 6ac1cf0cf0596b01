"""The command palette: what it finds leads to the record's own page, for those who may see it."""

import pytest

from core.db import Database
from models.enums import Role
from state.billing.matter import MatterPage
from state.palette import Palette
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_carrier, make_invoice, make_matter, make_user


async def found(text: str) -> list[tuple[str, str, str]]:
    state = fresh_state(Palette, "/")
    await call(state, "find", text)
    return [(row.kind, row.number, row.href) for row in state.rows]


async def opened(href: str) -> MatterPage:
    state = fresh_state(MatterPage, href)
    await call(state, "load")
    return state


@pytest.mark.parametrize("role", [Role.BILLER, Role.ADMIN, Role.ATTORNEY])
async def test_a_matter_leads_to_its_own_page(database: Database, role: Role) -> None:
    with database.unit_of_work() as session:
        attorney = make_user(session, Role.ATTORNEY)
        attorney_id = id_of(attorney)
        matter_id = id_of(make_matter(session, number="2024-00017", attorney=attorney))
    with acting_as(role, user_id=attorney_id):
        [(kind, number, href)] = await found("2024-00017")
        assert (kind, number, href) == ("Matter", "2024-00017", f"/matters/{matter_id}")
        page = await opened(href)
    assert (page.item_id, page.problem) == (str(matter_id), "")


async def test_anothers_matter_is_not_found(database: Database) -> None:
    with database.unit_of_work() as session:
        make_matter(session, number="2024-00017")
        other_id = id_of(make_user(session, Role.ATTORNEY))
    with acting_as(Role.ATTORNEY, user_id=other_id):
        assert await found("2024-00017") == []


async def test_invoices_and_carriers_lead_where_they_did(database: Database) -> None:
    with database.unit_of_work() as session:
        carrier_id = id_of(make_carrier(session, name="Cedar & Vale Mutual"))
        number = make_invoice(session).number
    with acting_as(Role.BILLER, user_id=1):
        assert ("Carrier", "Cedar & Vale Mutual", f"/carriers/{carrier_id}/guidelines") in await found("cedar")
        assert ("Invoice", number, f"/invoices?search={number}") in await found(number)
