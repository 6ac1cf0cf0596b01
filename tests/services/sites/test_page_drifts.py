"""Pages held against their base: kept with a picture where they differ, told once, accepted or gone."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from adapters.object_store import LocalObjectStore
from carriers.health_walk import PageLook
from carriers.page_sheet import PageSheet, Reliance, sheet_parts
from core.clock import now
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from models import AuditEvent, CarrierProfileVersion, HealthWalk, Notice, PageDrift, PageView
from models.enums import DriftEnd, NoticeKind, Role
from services.actor import Actor
from services.notices import list_notices
from services.sites.carriers import list_carriers
from services.sites.page_drifts import HealthView, accept_look, carrier_health, read_view_picture
from services.sites.page_views import keep_look, settle_replaced
from services.uploads.evidence import EvidenceAlteredError
from tests.builders import actor, actor_for, id_of, make_carrier, make_profile_version, make_user

PNG = b"\x89PNG "


class Nights:
    """Walks of one carrier, a page each."""

    def __init__(self, database: Database, store: LocalObjectStore) -> None:
        self.database, self.store = database, store
        with database.unit_of_work() as session:
            self.admin = actor_for(make_user(session, Role.ADMIN))
            carrier = make_carrier(session)
            self.carrier_id, self.account_id = id_of(carrier), carrier.site_account_id
            self.version_id = session.scalars(select(col(CarrierProfileVersion.id))).one()

    def see(self, name: str = "fileLedes", *, met: Any = "one", missing: str = "", page: str = "upload") -> None:
        """Walk once and see the upload page with a file field of this name."""
        part = {"kind": "field", "type": "file", "name": name, "label": "Invoice file", "place": [1, 2, 3, 4]}
        relied = Reliance(list_name="upload", step="Choose", selectors=("#f",), met=met, way=0 if met == "one" else -1)
        sheet = PageSheet(
            parts=sheet_parts([part]), reliances=(relied,), missing=missing, missing_step="Upload page" * bool(missing)
        )
        with self.database.unit_of_work() as session:
            walk = HealthWalk(
                carrier_id=self.carrier_id, site_account_id=self.account_id, version_id=self.version_id,
                requested_at=now(), due_at=now(), started_at=now(), ended_at=now(),
            )  # fmt: skip
            session.add(walk)
            session.flush()
            settle_replaced(session, carrier_id=self.carrier_id, version_id=self.version_id)
            look = PageLook("upload", page, sheet, PNG + name.encode())
            keep_look(session, walk, look, position=0, store=self.store)

    def accept(self, who: Actor | None = None, note: str = "The carrier renamed it") -> None:
        with self.database.unit_of_work() as session:
            drift_id = session.scalars(select(col(PageDrift.id)).order_by(col(PageDrift.id).desc())).first()
            accept_look(session, who or self.admin, drift_id=drift_id or 0, note=note)

    @property
    def health(self) -> HealthView:
        with self.database.read_only() as session:
            return carrier_health(session, self.admin, carrier_id=self.carrier_id)

    @property
    def unread(self) -> int:
        with self.database.read_only() as session:
            rows = session.scalars(select(Notice).filter_by(kind=NoticeKind.PAGE_DRIFT))
            return sum(row.read_at is None for row in rows)

    def ends(self) -> list[DriftEnd | None]:
        with self.database.read_only() as session:
            return list(session.scalars(select(col(PageDrift.settled_as)).order_by(col(PageDrift.id))))

    def pictures(self) -> list[bool]:
        with self.database.read_only() as session:
            return [view.picture_key != "" for view in session.scalars(select(PageView).order_by(col(PageView.id)))]


@pytest.fixture
def nights(database: Database, tmp_path: Any) -> Nights:
    return Nights(database, LocalObjectStore(tmp_path / "store"))


def test_the_first_view_is_the_base_and_the_same_again_keeps_no_picture(nights: Nights):
    for _ in range(3):
        nights.see()
    assert nights.pictures() == [True, False, False]
    assert (nights.health.drifts, nights.unread) == ((), 0)
    assert [(page.list_name, page.page, page.drift_id) for page in nights.health.pages] == [("upload", "upload", None)]


def test_a_changed_page_is_a_note_with_both_pictures_told_once(nights: Nights):
    nights.see()
    for _ in range(3):
        nights.see("ledes_upload")
    (drift,) = nights.health.drifts
    assert (drift.is_breaking, nights.unread) == (False, 1)
    assert drift.changes[0].words == "The file field “Invoice file” is now named “ledes_upload” (was “fileLedes”)."
    assert drift.changes[0].before == drift.changes[0].now == (1, 2, 3, 4)
    assert nights.pictures() == [True, True, False, False]
    with nights.database.read_only() as session:
        shown = [
            read_view_picture(session, nights.admin, view_id=view or 0, store=nights.store)
            for view in (drift.base_view_id, drift.view_id)
        ]
        title = list_notices(session, nights.admin)[0].subject
    assert shown == [PNG + b"fileLedes", PNG + b"ledes_upload"]
    assert title.startswith("Carrier ")


def test_a_broken_step_is_a_warning_and_told_anew(nights: Nights):
    nights.see()
    nights.see("x")
    nights.see("x", met="none")
    (drift,) = nights.health.drifts
    assert (drift.is_breaking, nights.unread, nights.health.pages[0].is_breaking) == (True, 2, True)
    assert drift.changes[0].words.startswith("“Choose” finds nothing any more")


def test_a_page_never_seen_whole_is_drift_without_a_base(nights: Nights):
    nights.see(missing="form#upload")
    (drift,) = nights.health.drifts
    assert (drift.is_breaking, drift.base_view_id, len(drift.changes)) == (True, None, 1)
    nights.accept()
    nights.see(missing="form#upload")
    assert nights.health.drifts == ()


def test_drift_that_is_gone_settles_what_was_told(nights: Nights):
    nights.see()
    nights.see("x")
    nights.see()
    assert (nights.health.drifts, nights.unread, nights.ends()) == ((), 0, [DriftEnd.GONE])


def test_an_accepted_look_is_the_new_base(nights: Nights):
    nights.see()
    nights.see("x")
    nights.accept()
    nights.see("x")
    assert (nights.health.drifts, nights.unread, nights.ends()) == ((), 0, [DriftEnd.ACCEPTED])
    nights.see()
    assert [change.words for change in nights.health.drifts[0].changes] == [
        "The file field “Invoice file” is now named “fileLedes” (was “x”)."
    ]
    with nights.database.read_only() as session:
        (event,) = session.scalars(select(AuditEvent).filter_by(tag="carrier:page_accepted"))
        assert (event.note, event.data["page"]) == ("The carrier renamed it", "upload/upload")


def test_accepting_is_for_admins_with_a_reason_and_once(nights: Nights):
    nights.see()
    nights.see("x")
    with pytest.raises(DeniedError):
        nights.accept(actor(Role.BILLER))
    with pytest.raises(InvalidInputError):
        nights.accept(note=" ")
    assert nights.ends() == [None]
    nights.accept()
    with pytest.raises(WrongStateError):
        nights.accept()


def test_one_pages_drift_stays_told_while_anothers_is_settled(nights: Nights):
    for page in ("upload", "attach"):
        nights.see(page=page)
        nights.see("x", page=page)
    nights.accept()
    assert (len(nights.health.drifts), nights.unread) == (1, 2)


def test_a_new_version_has_pages_of_its_own(nights: Nights):
    nights.see()
    nights.see("x")
    with nights.database.unit_of_work() as session:
        session.get_one(CarrierProfileVersion, nights.version_id).is_active = False
        carrier = session.get_one(type(make_carrier(session)), nights.carrier_id)
        nights.version_id = id_of(make_profile_version(session, carrier, number=2))
    nights.see("x")
    assert (nights.health.drifts, nights.unread, nights.ends()) == ((), 0, [DriftEnd.REPLACED])
    assert nights.pictures()[-1]


def test_a_picture_is_for_admins_and_shown_unaltered_only(nights: Nights):
    nights.see()
    with nights.database.read_only() as session:
        view_id = session.scalars(select(col(PageView.id))).one() or 0
        with pytest.raises(NotFoundError):
            read_view_picture(session, actor(Role.BILLER), view_id=view_id, store=nights.store)
        for path in (nights.store._root / "health-walks").rglob("*.png"):
            path.write_bytes(b"another")
        with pytest.raises(EvidenceAlteredError):
            read_view_picture(session, nights.admin, view_id=view_id, store=nights.store)
        with pytest.raises(DeniedError):
            carrier_health(session, actor(Role.ATTORNEY), carrier_id=nights.carrier_id)


def test_the_list_of_carriers_says_the_worst_of_a_carriers_pages(nights: Nights):
    def worst() -> bool | None:
        with nights.database.read_only() as session:
            return list_carriers(session, nights.admin)[0].is_drift_breaking

    nights.see()
    told = [worst()]
    nights.see("x")
    told.append(worst())
    nights.see("x", met="none")
    assert [*told, worst()] == [None, False, True]
