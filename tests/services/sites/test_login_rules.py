"""A wrong password is tried once, ever, until somebody changes it: whoever dies, and whichever carrier it is for."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from carriers.errors import (
    AccountLockedError,
    BrowserLostError,
    LoginRejectedError,
    PageChangedError,
    SiteUnavailableError,
)
from core.clock import now
from core.crypto import Secret
from core.db import Database
from core.errors import DeniedError, InvalidInputError, UnavailableError
from models import AccountSecret, AuditEvent, Notice, SiteAccount, Submission
from models.enums import NoticeKind, Role, SubmissionStatus
from services import lifecycle
from services.notices import count_unread, list_notices
from services.sites import account_secrets
from services.sites.account_secrets import LoginMissingError, SameLoginError, delete_login, load_secrets, store_login
from services.sites.site_accounts import LoginRefusedError, resume_account, stop_account
from services.uploads.dispatch import list_due_accounts
from services.uploads.hand_uploads import attach_proof
from tests.builders import (
    actor,
    actor_for,
    id_of,
    make_biller,
    make_carrier,
    make_submission,
    make_user,
    profile_document,
)
from tests.pretend_site import PNG, KilledError, LedgerWorld, make_invoice_for, make_ready_carrier

WRONG, RIGHT = "Correct-Horse-7", "Right-One-8"


@pytest.fixture
def world(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerWorld:
    monkeypatch.setattr(lifecycle, "ring", lambda *_: None)
    return LedgerWorld(database, tmp_path)


@pytest.fixture
def admin(world: LedgerWorld):
    with world.database.unit_of_work() as session:
        return actor_for(make_user(session, Role.ADMIN))


@pytest.fixture
def three(world: LedgerWorld, admin) -> list[int]:
    """Queue two files for each of three carriers on one account."""
    with world.database.unit_of_work() as session:
        first = make_ready_carrier(session)
        account = session.get_one(SiteAccount, first.site_account_id)
        others = [make_carrier(session, site_account=account, profile=profile_document()) for _ in range(2)]
        world.carrier_id, world.account_id = id_of(first), id_of(account)
        return [
            id_of(make_submission(session, make_invoice_for(session, carrier)))
            for carrier in (first, *others)
            for _ in range(2)
        ]


def store(world: LedgerWorld, who, password: str) -> None:
    with world.database.unit_of_work() as session:
        store_login(session, who, site_account_id=world.account_id, values={"password": Secret(password)})


def resume(world: LedgerWorld, who, **how) -> None:
    with world.database.unit_of_work() as session:
        resume_account(session, who, site_account_id=world.account_id, **how)


def drain_often(world: LedgerWorld) -> None:
    for _ in range(4):
        world.expire_leases()
        world.forget_delays()
        world.drain()


def tags(world: LedgerWorld) -> list[str]:
    with world.database.read_only() as session:
        mine = col(AuditEvent.subject_type) == "site_account"
        return list(session.scalars(select(col(AuditEvent.tag)).where(mine).order_by(col(AuditEvent.id))))


def test_a_wrong_password_is_tried_once_for_three_carriers_and_others_run(world, three, admin):
    world.site.password = RIGHT
    with world.database.unit_of_work() as session:
        other = make_ready_carrier(session)
        elsewhere = id_of(make_submission(session, make_invoice_for(session, other)))
    began = now()
    drain_often(world)
    assert world.site.passwords == [WRONG]
    assert world.site.posts == []
    statuses = [world.row(one).status for one in three]
    assert statuses == [SubmissionStatus.NEEDS_ATTENTION] + [SubmissionStatus.READY] * 5
    with world.database.read_only() as session:
        assert [due.site_account_id for due in list_due_accounts(session)] == [other.site_account_id]
        [notice] = list_notices(session, admin)
    assert (notice.kind, notice.subject_id) == (NoticeKind.ACCOUNT_STOPPED, world.account_id)
    assert (notice.created_at - began).total_seconds() < 60
    assert tags(world).count("site_account:stopped") == 1
    world.site.password, world.account_id = None, other.site_account_id
    world.drain()
    assert world.row(elsewhere).status is SubmissionStatus.DELIVERED


def test_a_new_log_in_lets_all_three_carriers_go_on_and_settles_the_notice(world, three, admin):
    world.site.password = RIGHT
    world.drain()
    store(world, admin, RIGHT)
    world.drain()
    assert world.site.passwords[:1] == [WRONG]
    assert set(world.site.passwords[1:]) == {RIGHT}
    assert [world.row(one).status for one in three] == [SubmissionStatus.DELIVERED] * 6
    with world.database.read_only() as session:
        assert count_unread(session, admin) == 0
    assert "site_account:resumed" in tags(world)
    assert world.account().login_proved_at is not None


def test_a_file_that_a_person_has_begun_to_record_stays_when_its_account_goes_on(world, three, admin):
    world.site.password = RIGHT
    world.drain()
    with world.database.unit_of_work() as session:
        row = session.get_one(Submission, three[0])
        attach_proof(
            session, make_biller(session), submission_id=three[0], expected_version=row.version, name="p",
            content=PNG, store=world.store,
        )  # fmt: skip
    store(world, admin, RIGHT)
    world.drain()
    statuses = [world.row(one).status for one in three]
    assert statuses == [SubmissionStatus.NEEDS_ATTENTION] + [SubmissionStatus.DELIVERED] * 5


def test_resume_without_a_changed_log_in_is_refused(world, three, admin):
    world.site.password = RIGHT
    world.drain()
    for how in ({}, {"note": "Please"}):
        with pytest.raises(LoginRefusedError, match="Store the right one"):
            resume(world, admin, **how)
    drain_often(world)
    assert world.site.passwords == [WRONG]


def test_store_the_refused_log_in_again_is_refused(world, three, admin):
    world.site.password = RIGHT
    world.drain()
    with pytest.raises(SameLoginError, match="the site refused"):
        store(world, admin, WRONG)
    drain_often(world)
    assert world.site.passwords == [WRONG]


def test_the_same_log_in_is_tried_again_with_a_reason_that_stays_on_record(world, three, admin):
    world.site.will("login", LoginRejectedError("Practice site"))
    world.drain()
    with pytest.raises(InvalidInputError, match="who said"):
        resume(world, admin, same_login=True)
    with pytest.raises(DeniedError):
        resume(world, actor(Role.BILLER), same_login=True, note="It was fine yesterday")
    resume(world, admin, same_login=True, note="Unlocked by the vendor desk")
    world.drain()
    assert world.site.passwords[:2] == [WRONG, WRONG]
    assert "site_account:same_login_allowed" in tags(world)
    assert world.row(three[1]).status is SubmissionStatus.DELIVERED


def test_an_account_that_the_carrier_unlocked_is_resumed_without_a_new_log_in(world, three, admin):
    world.site.will("login", AccountLockedError("Practice site"))
    world.drain()
    assert world.account().stopped_code == "account_locked"
    resume(world, admin, note="Unlocked")
    world.drain()
    assert world.row(three[1]).status is SubmissionStatus.DELIVERED


def test_a_worker_that_dies_over_a_new_password_leaves_it_untried(world, three, admin):
    world.site.will("login", KilledError())
    world.drain_killed()
    drain_often(world)
    assert world.site.passwords == [WRONG]
    account = world.account()
    assert (account.stopped_code, account.paused_at is not None) == ("login_unanswered", True)
    with pytest.raises(LoginRefusedError):
        resume(world, admin)
    store(world, admin, RIGHT)
    world.drain()
    assert world.row(three[1]).status is SubmissionStatus.DELIVERED


def test_a_log_in_that_was_let_in_before_is_tried_once_more_after_a_crash(world, three):
    with world.database.unit_of_work() as session:
        session.execute(update(SiteAccount).values(login_proved_at=now()))
    world.site.will("login", KilledError(), KilledError(), KilledError())
    for _ in range(4):
        world.drain_killed()
    assert world.site.passwords == [WRONG] * 2
    assert world.account().stopped_code == "login_unanswered"


@pytest.mark.parametrize("unclear", [PageChangedError("Practice site", "#home", "login"), BrowserLostError("x")])
def test_a_page_that_nobody_knows_after_a_new_password_is_no_reason_to_try_it_again(world, three, unclear):
    world.site.will("login", unclear)
    drain_often(world)
    assert world.site.passwords == [WRONG]
    assert world.account().stopped_code == "login_unanswered"


def test_a_site_that_is_down_has_not_judged_the_log_in(world, three):
    world.site.will("login", SiteUnavailableError("Practice site"))
    drain_often(world)
    assert {world.row(one).status for one in three} == {SubmissionStatus.DELIVERED}


def test_a_refusal_stands_though_the_worker_lost_the_account(world, three, admin):
    def lose_it():
        world.expire_leases()
        raise LoginRejectedError("Practice site")

    world.site.will("login", lose_it)
    assert world.drain().ended == "fenced"
    assert world.account().login_refused_at is not None
    drain_often(world)
    assert world.site.passwords == [WRONG]
    with world.database.read_only() as session:
        assert count_unread(session, admin) == 1


def test_an_answer_about_a_replaced_log_in_stops_nothing(world, three, admin):
    def replace_it():
        store(world, admin, RIGHT)
        raise LoginRejectedError("Practice site")

    world.site.will("login", replace_it)
    world.drain()
    assert world.account().paused_at is None
    world.drain()
    assert world.site.passwords == [WRONG, RIGHT]
    assert world.row(three[1]).status is SubmissionStatus.DELIVERED


def test_a_visit_does_not_type_a_log_in_that_was_replaced_meanwhile(world, three, admin):
    world.site.will("open_page", lambda: store(world, admin, RIGHT))
    assert world.drain().ended == "fenced"
    assert world.site.passwords == []
    world.expire_leases()
    world.drain()
    assert world.site.passwords == [RIGHT]


def test_a_person_s_pause_does_not_end_with_a_new_log_in(world, three, admin):
    with world.database.unit_of_work() as session:
        session.execute(update(SiteAccount).values(paused_at=now(), paused_reason="Quarter end"))
    store(world, admin, RIGHT)
    assert world.account().paused_at is not None


def test_delete_login_leaves_nothing_and_the_account_waits_for_the_next(world, three, admin):
    with world.database.unit_of_work() as session:
        with pytest.raises(DeniedError):
            delete_login(session, actor(Role.BILLER), site_account_id=world.account_id)
        assert delete_login(session, admin, site_account_id=world.account_id) == 2
        assert session.scalars(select(AccountSecret).filter_by(site_account_id=world.account_id)).all() == []
        with pytest.raises(LoginMissingError):
            delete_login(session, admin, site_account_id=world.account_id)
    assert world.drain().ended == "not_free"
    assert "deleted" in world.account().paused_reason
    store(world, admin, RIGHT)
    world.drain()
    assert world.site.passwords == [RIGHT]


def test_keys_that_cannot_be_reached_make_the_account_wait_and_come_back(world, three, monkeypatch):
    def away(*_):
        raise UnavailableError("The key service did not let the portal use the key.")

    with monkeypatch.context() as patched:
        patched.setattr(account_secrets, "keys_of", away)
        assert world.drain().ended == "unavailable"
    assert world.account().paused_at is None
    assert world.account().resume_at_ms is not None
    world.forget_delays()
    world.drain()
    assert {world.row(one).status for one in three} == {SubmissionStatus.DELIVERED}


def test_stop_account_twice_tells_once(world, three, admin):
    for _ in range(2):
        with world.database.unit_of_work() as session:
            error = AccountLockedError("Practice site")
            stop_account(session, admin, site_account_id=world.account_id, error=error)
    with world.database.read_only() as session:
        assert len(session.scalars(select(Notice)).all()) == 1


@pytest.mark.mariadb
def test_a_wrong_password_is_tried_once_on_mariadb(mariadb_database, tmp_path, monkeypatch):
    monkeypatch.setattr(lifecycle, "ring", lambda *_: None)
    world = LedgerWorld(mariadb_database, tmp_path)
    with mariadb_database.unit_of_work() as session:
        admin = actor_for(make_user(session, Role.ADMIN))
        ids = world.queue(session, 3)
    world.site.password = RIGHT
    drain_often(world)
    assert world.site.passwords == [WRONG]
    store(world, admin, RIGHT)
    world.drain()
    assert [world.row(one).status for one in ids[1:]] == [SubmissionStatus.DELIVERED] * 2
    with mariadb_database.read_only() as session:
        assert load_secrets(session, world.account_id)["password"].reveal() == RIGHT
