"""A look that a person asks for: the list is kept as proof, the file is found or comes back, never sent again."""

import pytest
from sqlmodel import col, select

from carriers.errors import PageChangedError, SiteUnavailableError
from core.errors import DeniedError, StaleVersionError, WrongStateError
from models import Evidence
from models.enums import ReceiptSource, Role, SubmissionStatus
from services import lifecycle
from services.notices import count_unread
from services.sites.site_accounts import pause_account
from services.uploads.doubts import look_again
from services.uploads.submission_board import get_submission, list_submissions
from tests.builders import actor, id_of, make_biller, make_user
from tests.pretend_site import LedgerWorld, reply_lost

BILLER, ADMIN = actor(Role.BILLER), actor(Role.ADMIN)


@pytest.fixture
def world(database, tmp_path, monkeypatch):
    monkeypatch.setattr(lifecycle, "ring", lambda *_: None)
    return LedgerWorld(database, tmp_path)


@pytest.fixture
def doubtful(world):
    """Send a file whose reply is lost and that the site does not list; its owner runs no more."""
    with world.database.unit_of_work() as session:
        [submission_id] = world.queue(session)
    world.site.hidden.add(world.invoice(submission_id).number)
    world.site.will("after_click", reply_lost())
    world.drain()
    world.bury_workers()
    world.settle()
    assert world.row(submission_id).status is SubmissionStatus.IN_DOUBT
    return submission_id


def ask(world, submission_id, who=BILLER, version=None):
    with world.database.unit_of_work() as session:
        seen = world.row(submission_id).version if version is None else version
        look_again(session, who, submission_id=submission_id, expected_version=seen)


def pictures(world, submission_id, kind="listing"):
    with world.database.read_only() as session:
        mine = select(Evidence).where(
            col(Evidence.submission_id) == submission_id, Evidence.kind == kind, Evidence.media_type == "image/png"
        )
        return list(session.exec(mine))


def test_look_after_the_click_keeps_the_sites_list(world, doubtful):
    [picture] = pictures(world, doubtful)
    assert picture.label == "The site's list"


def test_second_look_that_finds_nothing_gives_it_back_and_sends_nothing(world, doubtful):
    before = world.row(doubtful)
    ask(world, doubtful)
    assert world.row(doubtful).status is SubmissionStatus.INTENT
    world.drain()
    after = world.row(doubtful)
    assert (after.status, len(world.site.posts)) == (SubmissionStatus.IN_DOUBT, 1)
    assert (after.decider_id, after.decide_by) == (before.decider_id, before.decide_by)
    assert len(pictures(world, doubtful)) == 2


def test_second_look_keeps_a_decider_to_whom_it_was_handed_on(world, doubtful):
    with world.database.unit_of_work() as session:
        other = id_of(make_user(session, Role.BILLER))
        session.get_one(type(world.row(doubtful)), doubtful).decider_id = other
    ask(world, doubtful)
    world.drain()
    assert world.row(doubtful).decider_id == other


def test_second_look_that_finds_it_delivers_with_the_sites_receipt(world, doubtful):
    with world.database.read_only() as session:
        decider = world.row(doubtful).decider_id
    world.site.hidden.clear()
    ask(world, doubtful)
    world.drain()
    row = world.row(doubtful)
    assert (row.status, row.receipt_source) == (SubmissionStatus.DELIVERED, ReceiptSource.SITE)
    assert (row.decider_id, row.decide_by, len(world.site.posts)) == (None, None, 1)
    with world.database.read_only() as session:
        assert count_unread(session, actor(Role.BILLER, user_id=decider)) == 0


@pytest.mark.parametrize("error", [SiteUnavailableError("Site"), PageChangedError("Site", "#list", "List")])
def test_second_look_at_a_site_that_shows_no_list_gives_it_back_with_the_reason(world, doubtful, error):
    ask(world, doubtful)
    world.site.will("find", error)
    world.drain()
    row = world.row(doubtful)
    assert (row.status, row.error_code) == (SubmissionStatus.IN_DOUBT, error.code)
    assert len(world.site.posts) == 1


def test_second_look_whose_worker_dies_is_taken_over_and_still_sends_nothing(world, doubtful):
    ask(world, doubtful)
    world.site.will("find", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        world.drain()
    world.expire_leases()
    world.drain()
    assert (world.row(doubtful).status, len(world.site.posts)) == (SubmissionStatus.IN_DOUBT, 1)


def test_picture_that_cannot_be_taken_changes_nothing(world, doubtful):
    ask(world, doubtful)
    world.site.will("list", PageChangedError("Site", "#list", "List"))
    world.drain()
    assert world.row(doubtful).error_code == "receipt_missing"
    assert len(pictures(world, doubtful)) == 1


def test_board_says_that_it_is_looked_for(world, doubtful):
    ask(world, doubtful)
    with world.database.read_only() as session:
        [row] = list_submissions(session, ADMIN)
    assert row.is_looked_for
    assert row.decide_by is not None


def test_look_again_is_refused_where_nobody_can_look(world, doubtful):
    with pytest.raises(StaleVersionError):
        ask(world, doubtful, version=99)
    with pytest.raises(DeniedError):
        ask(world, doubtful, who=ADMIN)
    with world.database.unit_of_work() as session:
        assert "look_again" in get_submission(session, make_biller(session), submission_id=doubtful).verbs
        pause_account(session, ADMIN, site_account_id=world.account_id, reason="Audit")
    with pytest.raises(WrongStateError, match="account is paused"):
        ask(world, doubtful)
    assert world.row(doubtful).status is SubmissionStatus.IN_DOUBT
