"""The bell: what it shows to whom, in which words, and how it is silenced."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from carriers.errors import AccountLockedError
from core.clock import today
from core.db import Database
from models.enums import NoticeKind, Role
from services.actor import Actor
from services.notices import NoticeRow, tell, tell_admins
from services.sites.password_expiry import set_expiry
from services.sites.site_accounts import stop_account
from state import notices
from state.notices import Notices
from state.sites.carriers import Carriers
from state.today import Today
from state.words import password_end
from tests.acting import call, fresh_state
from tests.builders import actor, id_of, make_proforma
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def desk(database: Database) -> BillingDesk:
    return make_billing_desk(database)


def stop(desk: BillingDesk) -> None:
    with desk.database.unit_of_work() as session:
        error = AccountLockedError("Harbor")
        stop_account(session, actor(Role.SYSTEM), site_account_id=desk.site_account_id, error=error)


def expire_in(desk: BillingDesk, days: int) -> None:
    with desk.database.unit_of_work() as session:
        who = actor(Role.ADMIN, user_id=desk.admin_id)
        on = today() + timedelta(days=days)
        set_expiry(session, who, site_account_id=desk.site_account_id, expires_on=on, every_days=None)
        kind, occasion = NoticeKind.PASSWORD_EXPIRES, f"{on.isoformat()}/{days}"
        tell_admins(session, kind, "site_account", desk.site_account_id, occasion=occasion)


async def bell() -> Notices:
    state = fresh_state(Notices)
    await call(state, "load")
    return state


async def test_ring_for_an_account_that_stopped(desk: BillingDesk):
    stop(desk)
    with desk.admin():
        state = await bell()
    [row] = state.rows
    assert (state.count, row.is_read) == ("1", False)
    assert row.title.endswith(" stopped")
    assert row.href.startswith("/carriers?search=")


@pytest.mark.parametrize(("days", "words"), [(3, " ends "), (0, " ends today, "), (-1, " ended ")])
async def test_say_when_a_password_ends(desk: BillingDesk, days: int, words: str):
    expire_in(desk, days)
    with desk.admin():
        [row] = (await bell()).rows
    assert words in row.title


async def test_stay_silent_for_a_biller(desk: BillingDesk):
    stop(desk)
    with desk.biller():
        state = await bell()
    assert (state.rows, state.count) == ([], "")


async def test_read_one_and_all(desk: BillingDesk):
    stop(desk)
    expire_in(desk, 3)
    with desk.admin():
        state = await bell()
        await call(state, "read", state.rows[0].id)
        assert (state.count, [row.is_read for row in state.rows]) == ("1", [False, True])
        await call(state, "read_all")
    assert state.count == ""
    assert all(row.is_read for row in state.rows)


async def test_read_the_list_again_only_when_it_is_another(desk: BillingDesk, monkeypatch: pytest.MonkeyPatch):
    stop(desk)
    read: list[Actor] = []
    listed = notices.list_notices

    def counted(session: Session, who: Actor) -> list[NoticeRow]:
        read.append(who)
        return listed(session, who)

    monkeypatch.setattr(notices, "list_notices", counted)
    with desk.admin():
        state = await bell()
        await call(state, "load")
        assert (len(read), state.count) == (1, "1")
        expire_in(desk, 3)
        await call(state, "load")
    assert (len(read), state.count) == (2, "2")


async def test_show_expiring_password_on_carriers_and_today(desk: BillingDesk):
    expire_in(desk, 3)
    with desk.admin():
        carriers = fresh_state(Carriers, "/carriers")
        await call(carriers, "load")
        start = fresh_state(Today)
        await call(start, "load")
    [row] = carriers.rows
    assert (row.expires, row.is_expiring) == (password_end(today() + timedelta(days=3)), True)
    assert [(step.title, step.count, step.href) for step in start.steps] == [
        ("Change passwords that end soon", "1", "/carriers")
    ]


def test_password_end_reads_as_people_speak():
    assert password_end(today()) == "Ends today"
    assert password_end(today() - timedelta(days=1)).startswith("Ended ")


@pytest.mark.parametrize(
    ("kind", "occasion", "words"),
    [
        (NoticeKind.PROFORMA_WAITS, "a", "waits for your review"),
        (NoticeKind.PROFORMA_RETURNED, "a", "returned"),
        (NoticeKind.PROFORMA_REMINDER, "a/1", "still waits for your review"),
        (NoticeKind.PROFORMA_ESCALATED, "a", "has waited too long"),
        (NoticeKind.PROFORMA_FORWARDED, "a", "was forwarded to you"),
        (NoticeKind.PROFORMA_FORWARDED, "a-back", "is back with you"),
        (NoticeKind.APPROVAL_WAITS, "a", "waits for your approval"),
    ],
)
async def test_say_what_became_of_a_proforma_and_lead_there(
    desk: BillingDesk, kind: NoticeKind, occasion: str, words: str
):
    with desk.database.unit_of_work() as session:
        key = id_of(make_proforma(session))
        tell(session, [desk.admin_id], kind, "proforma", key, occasion=occasion)
    with desk.admin():
        [row] = (await bell()).rows
    assert words in row.title
    assert row.href == f"/proforma/{key}"


@pytest.mark.parametrize(
    ("kind", "subject_type", "occasion", "title", "href"),
    [
        (NoticeKind.HOLD_ENDS, "matter", "2026-11-20/v2", "The hold of ", "/matters/{id}"),
        (NoticeKind.HOLD_ENDS, "proforma", "2026-11-20/v2", "The hold of proforma ", "/proforma/{id}"),
        (NoticeKind.CUT_OFF_NEAR, "billing_period", "2026-11-03/before", "Release your time: cut-off 3 Nov 2026", "/"),
        (
            NoticeKind.CUT_OFF_NEAR,
            "billing_period",
            "2026-11-03/day/billing",
            "Cut-off 3 Nov 2026: time is still missing",
            "/billing/calendar",
        ),
    ],
)
async def test_say_what_the_cycle_asks(
    desk: BillingDesk, kind: NoticeKind, subject_type: str, occasion: str, title: str, href: str
) -> None:
    subject_id = desk.matter_ids[0]
    with desk.database.unit_of_work() as session:
        tell(session, [desk.biller_id], kind, subject_type, subject_id, occasion=occasion)
    with desk.biller():
        state = await bell()
    [row] = state.rows
    assert row.title.startswith(title)
    assert row.href == href.format(id=subject_id)
    assert row.hint.endswith(".")
