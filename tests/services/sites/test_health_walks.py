"""Health walks: only with permission, wish and robot user; once a night, in the site's hours, after every file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from adapters.object_store import LocalObjectStore
from carriers.errors import (
    AccountLockedError,
    BrowserLostError,
    BrowserUnavailableError,
    LoginRejectedError,
    PageChangedError,
    SiteUnavailableError,
)
from carriers.wall import StoppedRequest, WallError
from core.crypto import Secret
from core.db import Database
from core.errors import BillingError, DeniedError, WrongStateError
from core.settings import get_settings
from models import AuditEvent, Carrier, HealthWalk, Notice, Site, SiteAccount, Submission
from models.enums import NoticeKind, Role, SubmissionStatus, WalkEnd
from services.actor import Actor
from services.rules.permissions import withdraw_permission
from services.sites import health_walks
from services.sites.account_secrets import store_secret
from services.sites.carriers import list_carriers
from services.sites.health_walk_work import WalkFindings, WalkTools, make_walk
from services.sites.health_walks import (
    end_stale_walks,
    has_stale_walks,
    list_due_walks,
    night_of,
    plan_walks,
    request_walk,
)
from services.sites.walk_consent import mark_robot_user, walk_terms, want_walks
from services.uploads import leases, workers
from tests.builders import (
    actor_for,
    id_of,
    make_carrier,
    make_invoice,
    make_matter,
    make_submission,
    make_user,
    profile_document,
)
from tests.services.walking import Walker

AT_NIGHT = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)  # 01:30 in New York
AT_NOON = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)
OFFICE = {"time_zone": "America/New_York", "times": [{"days": ["sat"], "opens": "08:00", "closes": "18:00"}]}


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect what was rung instead of waking a worker."""
    heard: list[int] = []
    monkeypatch.setattr(health_walks, "ring", lambda _bell, row_id, _fence: heard.append(row_id))
    return heard


@pytest.fixture
def carrier_id(database: Database, admin: Actor) -> int:
    """Return a carrier that may be walked."""
    with database.unit_of_work() as session:
        return make_walked(session, admin)


@pytest.fixture
def store(tmp_path: Any) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "store")


def make_walked(session: Session, admin: Actor, **more: Any) -> int:
    carrier = make_carrier(session, **more)
    account = session.get_one(SiteAccount, carrier.site_account_id)
    store_secret(session, admin, site_account_id=id_of(account), field="password", value=Secret("S3cret-Word"))
    want_walks(session, admin, site_id=account.site_id, wanted=True)
    mark_robot_user(session, admin, site_account_id=id_of(account), is_robot=True)
    return id_of(carrier)


def account_of(session: Session, carrier_id: int) -> SiteAccount:
    return session.get_one(SiteAccount, session.get_one(Carrier, carrier_id).site_account_id)


def ask(database: Database, admin: Actor, carrier_id: int) -> int:
    with database.unit_of_work() as session:
        return request_walk(session, admin, carrier_id=carrier_id)


def make(database: Database, store: LocalObjectStore, walk_id: int, walker: Walker) -> HealthWalk:
    make_walk(WalkTools(database, get_settings(), store, walker.open), walk_id)
    with database.read_only() as session:
        return session.get_one(HealthWalk, walk_id)


def due(database: Database) -> list[int]:
    with database.read_only() as session:
        return list_due_walks(session)


def told(database: Database, kind: NoticeKind) -> list[bool]:
    """Return for each notice of a kind whether it was read."""
    with database.read_only() as session:
        return [row.read_at is not None for row in session.scalars(select(Notice).filter_by(kind=kind))]


def queue_file(database: Database, carrier_id: int, status: SubmissionStatus = SubmissionStatus.READY) -> str:
    with database.unit_of_work() as session:
        carrier = session.get_one(Carrier, carrier_id)
        invoice = make_invoice(session, matter=make_matter(session, carrier=carrier))
        make_submission(session, invoice, status=status)
        return invoice.number


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(health_walks, "now", lambda: instant)


REFUSALS: dict[str, Callable[[Session, SiteAccount], object]] = {
    "allows machines": lambda s, a: s.execute(update(Site).values(automation_allowed_by="")),
    "switched off": lambda s, a: s.execute(update(Site).values(is_walked=False)),
    "robot user": lambda s, a: s.execute(update(SiteAccount).values(is_robot=False)),
    "paused": lambda s, a: s.execute(update(SiteAccount).values(paused_at=AT_NOON)),
    "refused the stored": lambda s, a: s.execute(update(SiteAccount).values(login_refused_at=AT_NOON)),
}


def test_walks_are_off_until_somebody_wants_them(database: Database):
    with database.unit_of_work() as session:
        carrier = make_carrier(session)
        terms = walk_terms(session, carrier_id=id_of(carrier))
    assert (terms.is_wanted, terms.is_robot, terms.is_permitted) == (False, False, True)
    assert len(terms.reasons) == 3


@pytest.mark.parametrize("missing", REFUSALS)
def test_without_consent_nothing_is_planned_asked_for_or_opened(
    database: Database, admin: Actor, carrier_id: int, store: Any, missing: str, monkeypatch: pytest.MonkeyPatch
):
    waiting = ask(database, admin, carrier_id)
    with database.unit_of_work() as session:
        REFUSALS[missing](session, account_of(session, carrier_id))
    with pytest.raises(WrongStateError, match=missing):
        ask(database, admin, carrier_id)
    walker = Walker()
    ended = make(database, store, waiting, walker)
    assert (ended.ended_as, walker.opened) == (WalkEnd.NOT_MADE, 0)
    assert missing in ended.message
    at(monkeypatch, AT_NIGHT)
    with database.unit_of_work() as session:
        assert plan_walks(session) == 0


def test_consent_is_for_admins_audited_and_needs_the_permission(database: Database, admin: Actor, carrier_id: int):
    biller = Actor(1, "Dana Brooks", frozenset({Role.BILLER}))
    with database.unit_of_work() as session:
        account = account_of(session, carrier_id)
        site_id, account_id = account.site_id, id_of(account)
        with pytest.raises(DeniedError):
            want_walks(session, biller, site_id=site_id, wanted=False)
        with pytest.raises(DeniedError):
            mark_robot_user(session, biller, site_account_id=account_id, is_robot=False)
        withdraw_permission(session, admin, site_id=site_id, reason="Asked to stop")
        assert not session.get_one(Site, site_id).is_walked
        with pytest.raises(WrongStateError, match="record the permission first"):
            want_walks(session, admin, site_id=site_id, wanted=True)
        mark_robot_user(session, admin, site_account_id=account_id, is_robot=False)
        tags = set(session.scalars(select(col(AuditEvent.tag))))
    assert {"site:walks_on", "site_account:robot_marked", "site_account:robot_unmarked"} <= tags


def test_a_night_is_planned_once_spread_and_within_the_sites_hours(
    each_database: Database, monkeypatch: pytest.MonkeyPatch
):
    office = profile_document()
    office["site"]["opening_hours"] = OFFICE
    with each_database.unit_of_work() as session:
        admin = actor_for(make_user(session, Role.ADMIN))
        for document in (None, None, office):
            make_walked(session, admin, profile=document)
    at(monkeypatch, AT_NIGHT)
    with each_database.unit_of_work() as session:
        assert [plan_walks(session), plan_walks(session)] == [3, 0]
        walks = session.scalars(select(HealthWalk).order_by(col(HealthWalk.id))).all()
        times = [walk.due_at for walk in walks]
        assert list_due_walks(session) == [walks[0].id]
        assert [row.is_drift_breaking for row in list_carriers(session, admin)] == [None] * 3
        at(monkeypatch, AT_NIGHT + timedelta(hours=14))
        assert has_stale_walks(session)
        end_stale_walks(session)
        assert not has_stale_walks(session)
    assert times[:2] == [AT_NIGHT, AT_NIGHT + timedelta(hours=4) / 3]
    assert times[2] == datetime(2026, 11, 28, 13, 2, tzinfo=UTC)


def test_nothing_is_planned_after_the_night(database: Database, carrier_id: int, monkeypatch: pytest.MonkeyPatch):
    at(monkeypatch, AT_NOON)
    with database.unit_of_work() as session:
        assert plan_walks(session) == 0
        assert session.scalars(select(func.count()).select_from(HealthWalk)).one() == 0


def test_a_night_begins_and_ends_by_the_firms_clock():
    settings = get_settings()
    day, begin, end = night_of(AT_NIGHT, settings)
    assert (f"{day}", begin.astimezone(UTC).hour, (end - begin).total_seconds()) == ("2026-11-28", 5, 5 * 3600)
    assert f"{night_of(AT_NIGHT - timedelta(hours=2), settings)[0]}" == "2026-11-27"
    assert night_of(AT_NOON, settings)[0] == day


def test_a_walk_by_hand_is_refused_while_the_site_is_closed_or_one_is_under_way(
    database: Database, admin: Actor, carrier_id: int, rung: list[int]
):
    assert rung == [ask(database, admin, carrier_id)]
    with pytest.raises(WrongStateError, match="under way"):
        ask(database, admin, carrier_id)
    never = profile_document()
    never["site"]["opening_hours"] = {
        "time_zone": "UTC", "times": [{"days": ["mon"], "opens": "00:00", "closes": "00:01"}],
    }  # fmt: skip
    with database.unit_of_work() as session:
        closed = make_walked(session, admin, profile=never)
    with pytest.raises(WrongStateError, match="closed to machines until 00:00"):
        ask(database, admin, closed)
    with pytest.raises(DeniedError):
        ask(database, Actor(1, "Ana Reyes", frozenset({Role.ATTORNEY})), carrier_id)


@pytest.mark.parametrize("status", [SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT])
def test_a_walk_waits_for_files(
    database: Database, admin: Actor, carrier_id: int, store: Any, status: SubmissionStatus
):
    walk_id = ask(database, admin, carrier_id)
    queue_file(database, carrier_id, status)
    walker = Walker()
    assert due(database) == []
    assert make(database, store, walk_id, walker).ended_at is None
    with database.unit_of_work() as session:
        session.execute(update(Submission).values(status=SubmissionStatus.DELIVERED))
    assert due(database) == [walk_id]
    assert (make(database, store, walk_id, walker).ended_as, walker.opened) == (WalkEnd.WALKED, 1)


def test_a_walk_waits_for_its_account_and_is_made_once(database: Database, admin: Actor, carrier_id: int, store: Any):
    walk_id, walker = ask(database, admin, carrier_id), Walker()
    with database.unit_of_work() as session:
        worker_id = workers.register_worker(session)
        account_id = id_of(account_of(session, carrier_id))
        lease = leases.take_account(session, site_account_id=account_id, worker_id=worker_id, lease_ms=30_000)
    assert lease is not None
    assert due(database) == []
    assert make(database, store, walk_id, walker).started_at is None
    with database.unit_of_work() as session:
        leases.release_account(session, lease)
    for _ in range(2):
        make(database, store, walk_id, walker)
    assert walker.opened == 1
    with database.read_only() as session:
        assert account_of(session, carrier_id).lease_until_ms is None


def test_a_walk_gives_way_to_files_that_come_meanwhile(database: Database, admin: Actor, carrier_id: int, store: Any):
    walker = Walker()
    walker.between = lambda: queue_file(database, carrier_id)
    ended = make(database, store, ask(database, admin, carrier_id), walker)
    assert ended.ended_as is WalkEnd.NOT_MADE
    assert "gave way" in ended.message


def test_a_walk_goes_to_the_result_of_the_newest_delivered_invoice(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    walker = Walker()
    make(database, store, ask(database, admin, carrier_id), walker)
    assert "invoice_number" not in walker.known
    number = queue_file(database, carrier_id, SubmissionStatus.DELIVERED)
    make(database, store, ask(database, admin, carrier_id), walker)
    assert walker.known["invoice_number"] == number


@pytest.mark.parametrize("error", [LoginRejectedError("Site"), AccountLockedError("Site")])
def test_a_refused_log_in_pauses_the_account_as_an_upload_would(
    database: Database, admin: Actor, carrier_id: int, store: Any, error: BillingError
):
    ended = make(database, store, ask(database, admin, carrier_id), Walker(error))
    assert (ended.ended_as, ended.message) == (WalkEnd.STOPPED, error.user_message)
    with database.read_only() as session:
        assert account_of(session, carrier_id).paused_at is not None
    assert told(database, NoticeKind.ACCOUNT_STOPPED) == [False]
    with pytest.raises(WrongStateError, match="paused"):
        ask(database, admin, carrier_id)


def test_a_site_that_is_away_is_told_once_until_it_is_back(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    for _ in range(2):
        ended = make(database, store, ask(database, admin, carrier_id), Walker(SiteUnavailableError("Site")))
        assert ended.ended_as is WalkEnd.AWAY
    assert told(database, NoticeKind.SITE_AWAY) == [False]
    with database.read_only() as session:
        assert account_of(session, carrier_id).resume_at_ms is None
    make(database, store, ask(database, admin, carrier_id), Walker())
    assert told(database, NoticeKind.SITE_AWAY) == [True]


@pytest.mark.parametrize(
    ("error", "end", "words"),
    [
        (SiteUnavailableError("Site", "Down until 6"), WalkEnd.CLOSED, "Down until 6"),
        (PageChangedError("Site", "#home", "Home"), WalkEnd.CHANGED, "#home"),
        (BrowserUnavailableError("Site"), WalkEnd.NOT_MADE, "could not be started"),
        (BrowserLostError("Site"), WalkEnd.NOT_MADE, "stopped on its way through Site. Nothing was sent."),
        (WallError(), WalkEnd.NOT_MADE, "could not be kept from sending"),
    ],
)
def test_what_else_ends_a_walk_is_noted_only(
    database: Database, admin: Actor, carrier_id: int, store: Any, error: BillingError, end: WalkEnd, words: str
):
    ended = make(database, store, ask(database, admin, carrier_id), Walker(error))
    assert ended.ended_as is end
    assert words in ended.message
    assert told(database, NoticeKind.SITE_AWAY) == []


@pytest.mark.parametrize(("hours", "is_made_later"), [(0, True), (5, False)])
def test_a_walk_without_a_browser_waits_for_another_turn_of_its_night(
    database: Database, carrier_id: int, store: Any, monkeypatch: pytest.MonkeyPatch, hours: int, is_made_later: bool
):
    at(monkeypatch, AT_NIGHT)
    with database.unit_of_work() as session:
        assert plan_walks(session) == 1
        walk_id = id_of(session.scalars(select(HealthWalk)).one())
    at(monkeypatch, AT_NIGHT + timedelta(hours=hours))
    waits = make(database, store, walk_id, Walker(BrowserUnavailableError("Site")))
    assert (waits.started_at is None, waits.ended_at is None) == (is_made_later, is_made_later)
    assert due(database) == []
    at(monkeypatch, AT_NIGHT + timedelta(hours=hours, minutes=10))
    assert due(database) == [walk_id] * is_made_later
    again = make(database, store, walk_id, Walker())
    assert again.ended_as is (WalkEnd.WALKED if is_made_later else WalkEnd.NOT_MADE)


def test_the_end_says_how_far_it_came_and_what_was_stopped(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    stopped = (StoppedRequest("POST", "site.example", "/next", "main_frame"),)
    findings = WalkFindings({"upload": "would_send", "find_invoice": "walked", "read_result": "not_asked"}, stopped)
    ended = make(database, store, ask(database, admin, carrier_id), Walker(findings=findings))
    assert ended.ended_as is WalkEnd.WALKED
    assert "form that would be sent" in ended.message
    assert ended.stopped == [{"method": "POST", "host": "site.example", "path": "/next", "kind": "main_frame"}]
    changed = WalkFindings({"upload": "changed"})
    assert make(database, store, ask(database, admin, carrier_id), Walker(findings=changed)).ended_as is WalkEnd.CHANGED


@pytest.mark.parametrize(
    ("column", "by_hand", "minutes", "is_stale"),
    [
        ("due_at", True, 31, True),
        ("due_at", True, 29, False),
        ("due_at", False, 700, False),
        ("due_at", False, 730, True),
        ("started_at", True, 13, True),
    ],
)
def test_stale_walks_are_ended(
    database: Database, admin: Actor, carrier_id: int, column: str, by_hand: bool, minutes: int, is_stale: bool
):
    walk_id = ask(database, admin, carrier_id)
    with database.unit_of_work() as session:
        walk = session.get_one(HealthWalk, walk_id)
        assert not has_stale_walks(session)
        setattr(walk, column, health_walks.now() - timedelta(minutes=minutes))
        walk.requested_by_id = walk.requested_by_id if by_hand else None
        session.add(walk)
        session.flush()
        assert has_stale_walks(session) is is_stale
        end_stale_walks(session)
        session.refresh(walk)
        assert (walk.ended_as is WalkEnd.NOT_MADE) is is_stale
