"""The health pane of a carrier's profile: consent, a walk by hand, drift with its places, accepting a look."""

from typing import Any

import pytest
from sqlalchemy import select

from adapters.object_store import LocalObjectStore
from carriers.health_walk import PageLook
from carriers.page_sheet import PageSheet, sheet_parts
from core.clock import now
from core.db import Database
from core.errors import DeniedError
from models import Carrier, CarrierProfileVersion, HealthWalk, PageDrift, SiteAccount
from models.enums import DriftEnd, NoticeKind, Role, WalkEnd
from services.notices import NoticeRow
from services.rules.permissions import withdraw_permission
from services.sites import health_walks
from services.sites.page_views import keep_look
from state.notices import _item
from state.sites.health_walk import CarrierHealth
from state.sites.profile_editor import ProfileEditor
from tests.acting import acting_as, call, part_of, tab_at
from tests.builders import id_of
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def desk(database: Database, monkeypatch: pytest.MonkeyPatch) -> BillingDesk:
    monkeypatch.setattr(health_walks, "ring", lambda *_: True)
    return make_billing_desk(database)


@pytest.fixture
def tree(desk: BillingDesk) -> Any:
    return tab_at(f"/carriers/{desk.carrier_id}/profile")


async def opened(tree: Any) -> Any:
    editor, pane = (part_of(tree, kind) for kind in (ProfileEditor, CarrierHealth))
    await call(editor, "load")
    await call(pane, "load")
    return pane


def see(desk: BillingDesk, store: LocalObjectStore, *names: str) -> None:
    """Walk once for each name of the file field."""
    for name in names:
        with desk.database.unit_of_work() as session:
            version = session.scalars(select(CarrierProfileVersion)).one()
            walk = HealthWalk(
                carrier_id=desk.carrier_id, site_account_id=desk.site_account_id, version_id=version.id,
                requested_at=now(), due_at=now(), started_at=now(), ended_at=now(), ended_as=WalkEnd.WALKED,
                message="Every page was seen.", lists={"upload": "walked"},
                stopped=[{"method": "POST", "host": "site", "path": "/beacon", "kind": "ping"}] * 2,
            )  # fmt: skip
            session.add(walk)
            session.flush()
            part = {"kind": "field", "type": "file", "name": name, "label": "Invoice file", "place": [10, 25, 500, 40]}
            look = PageLook("upload", "upload", PageSheet(parts=sheet_parts([part])), b"\x89PNG")
            keep_look(session, walk, look, position=0, store=store)


async def test_the_pane_says_why_a_site_is_not_walked_and_lets_it_be(desk: BillingDesk, tree: Any):
    with desk.admin():
        pane = await opened(tree)
        before = list(pane.reasons)
        await call(pane, "walk_now")
        refused = pane.problem
        await call(pane, "keep_terms", {"wanted": "on", "is_robot": "on"})
        assert (pane.is_wanted, pane.is_robot, pane.reasons, pane.done) == (True, True, [], "Kept.")
        await call(pane, "walk_now")
        assert (pane.problem, pane.is_busy, pane.waiting != "") == ("", False, True)
    assert len(before) == 2
    assert "switched off" in refused


async def test_the_pane_refuses_a_walk_without_permission(desk: BillingDesk, tree: Any):
    with desk.admin() as admin:
        pane = await opened(tree)
        with desk.database.unit_of_work() as session:
            site_id = session.get_one(SiteAccount, session.get_one(Carrier, desk.carrier_id).site_account_id).site_id
            withdraw_permission(session, admin, site_id=site_id, reason="Asked to stop")
        await call(pane, "keep_terms", {"wanted": "on", "is_robot": "on"})
    assert "record the permission first" in pane.problem
    assert (pane.is_wanted, pane.is_permitted, pane.is_robot) == (False, False, False)


async def test_drift_is_shown_with_numbers_places_and_pictures_and_accepted(
    desk: BillingDesk, tree: Any, tmp_path: Any
):
    see(desk, LocalObjectStore(tmp_path), "fileLedes", "ledes_upload")
    with desk.admin():
        pane = await opened(tree)
        (drift,) = pane.drifts
        assert (drift.title, drift.is_breaking) == ("Upload: page “upload”", False)
        assert drift.changes[0].words.startswith("The file field “Invoice file” is now named “ledes_upload”")
        box = drift.now_boxes[0]
        assert (box.number, box.left, box.top, box.width, box.height) == ("1", "1.0%", "2.5%", "50.0%", "4.0%")
        assert (drift.before_picture, drift.now_picture) == ("/files/page-view/1", "/files/page-view/2")
        assert [(page.title, page.state) for page in pane.pages] == [("Upload: page “upload”", "note")]
        assert (pane.last_end, pane.stopped) == ("walked", ["POST /beacon"])
        await call(pane, "ask_accept", drift.id)
        await call(pane, "accept", {"note": ""})
        assert (pane.problem != "", pane.accepting) == (True, drift.id)
        await call(pane, "accept", {"note": "Renamed by the carrier"})
    assert (pane.drifts, pane.accepting) == ([], "")
    assert [one.settled_as for one in desk.all_of(PageDrift)] == [DriftEnd.ACCEPTED]


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
async def test_the_pane_is_for_admins(desk: BillingDesk, tree: Any, role: Role):
    pane = tree.get_substate(CarrierHealth.get_full_name().split("."))
    with acting_as(role):
        for handler, payload in (("load", ()), ("walk_now", ()), ("keep_terms", ({},)), ("accept", ({"note": "x"},))):
            with pytest.raises(DeniedError):
                await call(pane, handler, *payload)
    assert id_of(desk.all_of(Carrier)[0]) == desk.carrier_id


@pytest.mark.parametrize(
    ("kind", "occasion", "title"),
    [
        (NoticeKind.PAGE_DRIFT, "drift-1", "A page of Harbor Mutual looks different"),
        (NoticeKind.PAGE_DRIFT, "drift-1-breaks", "Uploads to Harbor Mutual will fail"),
        (NoticeKind.SITE_AWAY, "since-0", "The site of Harbor Mutual could not be reached"),
    ],
)
def test_the_bell_leads_to_the_profile(kind: NoticeKind, occasion: str, title: str):
    row = NoticeRow(1, kind, "carrier", 7, "Harbor Mutual", "Harbor Mutual", occasion, now(), None)
    item = _item(row)
    assert (item.title, item.href) == (title, "/carriers/7/profile")
