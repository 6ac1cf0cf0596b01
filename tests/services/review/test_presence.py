"""Presence: others on the same proforma, the line in front of them, and nobody once their tab is gone."""

from datetime import timedelta

import pytest
from sqlmodel import select

from core.clock import now
from core.errors import NotFoundError
from models import Presence
from models.enums import Role
from services.actor import Actor, actor_of
from services.review.presence import STILL_THERE, Here, OtherPerson, forget_the_gone, leave, others_present, say_present
from tests.builders import actor, id_of, make_user
from tests.services.review.edit_desk import EditDesk


def here(
    bill: EditDesk, who: Actor, tab: str, line: int | None = None, *, is_editing: bool = False
) -> list[OtherPerson]:
    place = Here(tab, id_of(bill.proforma), line, is_editing)
    others, is_due = others_present(bill.session, who, place)
    if is_due:
        say_present(bill.session, who, place)
    return others


def dana(bill: EditDesk) -> Actor:
    return actor_of(make_user(bill.session, Role.BILLER, name="Dana Brooks"))


def test_others_are_seen_with_the_line_that_is_open(bill: EditDesk) -> None:
    who = dana(bill)
    assert here(bill, who, "a", 3, is_editing=True) == []
    assert here(bill, bill.attorney, "b") == [OtherPerson("Dana Brooks", 3, True)]
    here(bill, who, "a")
    assert here(bill, bill.attorney, "b") == [OtherPerson("Dana Brooks", None, False)]


def test_of_several_tabs_the_one_that_edits_counts(bill: EditDesk) -> None:
    who = dana(bill)
    here(bill, who, "a", 3, is_editing=True)
    here(bill, who, "c")
    assert here(bill, bill.attorney, "b") == [OtherPerson("Dana Brooks", 3, True)]


def test_who_left_or_fell_silent_is_gone(bill: EditDesk) -> None:
    who = dana(bill)
    here(bill, who, "a")
    leave(bill.session, tab="a")
    assert here(bill, bill.attorney, "b") == []
    here(bill, who, "a")
    for row in bill.session.exec(select(Presence)).all():
        row.seen_at = now() - STILL_THERE - timedelta(seconds=1)
    bill.session.flush()
    assert here(bill, bill.attorney, "b") == []
    for row in bill.session.exec(select(Presence)).all():
        row.seen_at = now() - timedelta(days=1)
    bill.session.flush()
    assert forget_the_gone(bill.session) == 2


def test_a_token_is_not_stored(bill: EditDesk) -> None:
    here(bill, bill.attorney, "a-secret-token")
    assert [row.tab == "a-secret-token" for row in bill.session.exec(select(Presence)).all()] == [False]


def test_nobody_is_present_at_what_they_may_not_see(bill: EditDesk) -> None:
    stranger = actor(Role.ATTORNEY, user_id=id_of(make_user(bill.session, Role.ATTORNEY)))
    with pytest.raises(NotFoundError):
        here(bill, stranger, "a")
    assert bill.session.exec(select(Presence)).all() == []


def is_due(bill: EditDesk, who: Actor, tab: str, line: int | None = None) -> bool:
    return others_present(bill.session, who, Here(tab, id_of(bill.proforma), line))[1]


def test_a_tab_with_nothing_new_to_say_only_looks(bill: EditDesk) -> None:
    who = dana(bill)
    here(bill, who, "a")
    assert is_due(bill, bill.attorney, "b")
    here(bill, bill.attorney, "b")
    assert not is_due(bill, bill.attorney, "b")
    assert here(bill, bill.attorney, "b") == [OtherPerson("Dana Brooks", None, False)]


def test_a_tab_says_what_is_new_and_that_it_is_still_there(bill: EditDesk) -> None:
    here(bill, bill.attorney, "b")
    assert is_due(bill, bill.attorney, "b", 3)
    assert is_due(bill, bill.attorney, "another tab")
    for row in bill.session.exec(select(Presence)).all():
        row.seen_at = now() - timedelta(seconds=12)
    bill.session.flush()
    assert is_due(bill, bill.attorney, "b")
