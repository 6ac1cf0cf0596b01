"""Saved reports: under a name, shared with everybody's own rights, changed by who saved them and nobody else."""

import pytest
from sqlmodel import select

from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models import AuditEvent, SavedReport
from models.enums import Role
from services.reporting.saved_reports import change_saved, list_saved, open_saved, remove_saved, save_report
from tests.builders import actor_for, make_user

FILTERS = {"months": "3", "carrier": "7"}


@pytest.fixture
def people(session):
    return [actor_for(make_user(session, role, name=name)) for role, name in (
        (Role.BILLER, "Dana Brooks"), (Role.ATTORNEY, "Ana Reyes"), (Role.ADMIN, "Omar Whitfield"))]  # fmt: skip


@pytest.fixture
def dana(people):
    return people[0]


def save(session, who, name="Ageing", **more):
    return save_report(session, who, name=name, report="ageing", filters=FILTERS, **more)


def test_save_and_open_again(session, dana):
    saved_id = save(session, dana, name="  Ageing,   weekly ")
    row = open_saved(session, dana, saved_id=saved_id)
    assert (row.name, row.report, row.filters, row.is_mine, row.owner) == (
        "Ageing, weekly", "ageing", FILTERS, True, "Dana Brooks",
    )  # fmt: skip
    [event] = session.exec(select(AuditEvent)).all()
    assert (event.tag, event.actor_id) == ("saved_report:saved", dana.user_id)


def test_keep_only_filters_that_reports_have(session, dana):
    wanted = {"months": "900", "carrier": "x", "from": "2026-13", "to": "2026-10", "attorney": "4", "evil": "1"}
    saved_id = save_report(session, dana, name="A", report="cycle", filters=wanted)
    assert open_saved(session, dana, saved_id=saved_id).filters == {"to": "2026-10", "attorney": "4"}


@pytest.mark.parametrize(
    ("name", "says"),
    [("", "needs a name"), ("   ", "needs a name"), ("x" * 81, "longer than 80"), ("a\x00b", "needs a name")],
)
def test_bad_names_are_refused_and_nothing_is_saved(session, dana, name, says):
    with pytest.raises(InvalidInputError, match=says):
        save(session, dana, name=name)
    assert list_saved(session, dana) == []


@pytest.mark.parametrize("name", ["Ageing", "AGEING", " ageing "])
def test_a_name_is_given_once(session, dana, name):
    save(session, dana)
    with pytest.raises(InvalidInputError, match="You have saved “Ageing” already"):
        save(session, dana, name=name)
    assert [row.name for row in list_saved(session, dana)] == ["Ageing"]


def test_two_people_may_use_one_name(session, people):
    assert save(session, people[0]) != save(session, people[1])


def test_an_unknown_report_is_refused(session, dana):
    with pytest.raises(InvalidInputError, match="no such report"):
        save_report(session, dana, name="A", report="secrets", filters={})


def test_a_hundred_are_the_most(session, dana):
    for number in range(100):
        save(session, dana, name=f"Report {number}")
    with pytest.raises(InvalidInputError, match="Remove one first"):
        save(session, dana, name="One more")


def test_a_shared_one_is_found_by_everybody_and_a_private_one_by_nobody_else(session, people):
    dana, ana, _ = people
    private, shared = save(session, dana, name="Private"), save(session, dana, name="Shared", is_shared=True)
    assert [row.name for row in list_saved(session, ana)] == ["Shared"]
    assert open_saved(session, ana, saved_id=shared).is_mine is False
    with pytest.raises(NotFoundError, match="not shared with you"):
        open_saved(session, ana, saved_id=private)


def test_rename_share_and_refilter_by_its_owner(session, people):
    dana, ana, _ = people
    saved_id = save(session, dana)
    change_saved(session, dana, saved_id=saved_id, expected_version=1, name="Owed", is_shared=True)
    change_saved(session, dana, saved_id=saved_id, expected_version=2, filters={"months": "6"})
    row = open_saved(session, ana, saved_id=saved_id)
    assert (row.name, row.filters, row.is_shared, row.version) == ("Owed", {"months": "6"}, True, 3)


def test_an_old_version_is_refused(session, dana):
    saved_id = save(session, dana)
    change_saved(session, dana, saved_id=saved_id, expected_version=1, name="Owed")
    with pytest.raises(StaleVersionError):
        change_saved(session, dana, saved_id=saved_id, expected_version=1, name="Old")
    with pytest.raises(StaleVersionError):
        remove_saved(session, dana, saved_id=saved_id, expected_version=1)
    assert open_saved(session, dana, saved_id=saved_id).name == "Owed"


@pytest.mark.parametrize("change", [{"name": "Mine"}, {"is_shared": False}, {"filters": {}}])
def test_others_change_nothing_even_administrators(session, people, change):
    dana, _, omar = people
    saved_id = save(session, dana, is_shared=True)
    with pytest.raises(DeniedError, match="Only who saved this report"):
        change_saved(session, omar, saved_id=saved_id, expected_version=1, **change)
    with pytest.raises(DeniedError):
        remove_saved(session, omar, saved_id=saved_id, expected_version=1)


def test_a_removed_one_says_so_and_its_name_is_free(session, people):
    dana, ana, _ = people
    saved_id = save(session, dana, is_shared=True)
    remove_saved(session, dana, saved_id=saved_id, expected_version=1)
    for who in (dana, ana):
        with pytest.raises(NotFoundError, match="“Ageing” was removed"):
            open_saved(session, who, saved_id=saved_id)
    again = save(session, dana)
    assert again != saved_id
    assert [row.id for row in list_saved(session, dana)] == [again]
    with pytest.raises(NotFoundError):
        change_saved(session, dana, saved_id=saved_id, expected_version=2, name="Back")


def test_rename_to_a_name_that_was_removed(session, dana):
    gone, other = save(session, dana), save(session, dana, name="Other")
    remove_saved(session, dana, saved_id=gone, expected_version=1)
    change_saved(session, dana, saved_id=other, expected_version=1, name="Ageing")
    assert open_saved(session, dana, saved_id=other).name == "Ageing"


@pytest.mark.parametrize("saved_id", [0, 4242])
def test_what_is_not_there_is_said(session, dana, saved_id):
    with pytest.raises(NotFoundError, match="no such saved report"):
        open_saved(session, dana, saved_id=saved_id)


def test_people_without_a_role_save_nothing(session):
    stranger = actor_for(make_user(session))
    stranger = type(stranger)(stranger.user_id, stranger.name, frozenset())
    with pytest.raises(DeniedError):
        save(session, stranger)
    with pytest.raises(DeniedError):
        list_saved(session, stranger)


@pytest.mark.mariadb
def test_names_on_mariadb_too(mariadb_database):
    with mariadb_database.unit_of_work() as session:
        dana = actor_for(make_user(session, Role.BILLER))
        saved_id = save(session, dana, name="Älteste Posten")
    with mariadb_database.unit_of_work() as session:
        with pytest.raises(InvalidInputError, match="already"):
            save(session, dana, name="älteste posten")
        remove_saved(session, dana, saved_id=saved_id, expected_version=1)
        assert save(session, dana, name="Älteste Posten") != saved_id
    with mariadb_database.read_only() as session:
        assert len(list_saved(session, dana)) == 1
        assert session.get_one(SavedReport, saved_id).name == f"Älteste Posten ({saved_id} removed)"
