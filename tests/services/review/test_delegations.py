"""Standing permission to act for somebody: what may be granted, to whom, and who takes it back."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.clock import today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from models import User
from models.enums import Role, TermStatus
from services.actor import actor_of
from services.review.delegations import grant_delegation, list_delegations, revoke_delegation
from tests.builders import id_of, make_biller, make_delegation, make_matter, make_user


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


@pytest.fixture
def ben(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ben Cole")


def test_grant_on_all_and_on_one_matter(session, ana, ben) -> None:
    matter = make_matter(session, attorney=ana)
    grant_delegation(session, actor_of(ana), delegate_id=id_of(ben), note="While at trial")
    grant_delegation(
        session, actor_of(ana), delegate_id=id_of(ben), matter_number=matter.number, can_approve=False,
        until_on=today(),
    )  # fmt: skip
    for who in (ana, ben):
        rows = list_delegations(session, actor_of(who))
        assert [(row.matter_number, row.can_approve, row.note) for row in rows] == [
            ("", True, "While at trial"), (matter.number, False, ""),
        ]  # fmt: skip
    assert list_delegations(session, actor_of(make_user(session, Role.ATTORNEY)), of_everybody=True) == []
    assert len(list_delegations(session, actor_of(make_user(session, Role.ADMIN)), of_everybody=True)) == 2


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"until_on": today() - timedelta(days=1)}, "last day has passed"),
        ({"matter_number": "2026-0000"}, "no matter of yours"),
        ({"delegate_id": 4711}, "act for an attorney"),
    ],
)
def test_grant_refuses_what_cannot_be(session, ana, ben, more: dict[str, object], sentence: str) -> None:
    values = {"delegate_id": id_of(ben), **more}
    with pytest.raises(InvalidInputError, match=sentence):
        grant_delegation(session, actor_of(ana), **values)
    assert list_delegations(session, actor_of(ana)) == []


def test_grant_on_anothers_matter_or_to_oneself_is_refused(session, ana, ben) -> None:
    foreign = make_matter(session, attorney=ben)
    with pytest.raises(InvalidInputError, match="no matter of yours"):
        grant_delegation(session, actor_of(ana), delegate_id=id_of(ben), matter_number=foreign.number)
    with pytest.raises(InvalidInputError, match="act for yourself"):
        grant_delegation(session, actor_of(ana), delegate_id=id_of(ana))
    with pytest.raises(DeniedError):
        grant_delegation(session, make_biller(session), delegate_id=id_of(ben))


def test_grant_twice_is_refused_until_it_is_revoked(session, ana, ben) -> None:
    made = grant_delegation(session, actor_of(ana), delegate_id=id_of(ben))
    with pytest.raises(InvalidInputError, match="Ben Cole may do so already"):
        grant_delegation(session, actor_of(ana), delegate_id=id_of(ben), can_approve=False)
    revoke_delegation(session, actor_of(ana), delegation_id=id_of(made), expected_version=1)
    assert grant_delegation(session, actor_of(ana), delegate_id=id_of(ben)).id != made.id


@pytest.mark.parametrize("who", ["giver", "taker", "admin", "other"])
def test_revoke_is_for_both_sides_and_administrators(session, ana, ben, who: str) -> None:
    made = make_delegation(session, principal=ana, delegate=ben)
    people = {
        "giver": ana, "taker": ben, "admin": make_user(session, Role.ADMIN), "other": make_user(session, Role.ATTORNEY),
    }  # fmt: skip
    if who == "other":
        with pytest.raises(DeniedError, match="neither yours"):
            revoke_delegation(session, actor_of(people[who]), delegation_id=id_of(made), expected_version=1)
        assert made.status is TermStatus.IN_FORCE
        return
    revoke_delegation(session, actor_of(people[who]), delegation_id=id_of(made), expected_version=1)
    assert made.status is TermStatus.ENDED
    with pytest.raises(WrongStateError):
        revoke_delegation(session, actor_of(ana), delegation_id=id_of(made), expected_version=2)
