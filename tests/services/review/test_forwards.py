"""Forwarding one proforma: to whom, with or without the authority, given back, taken back, over with the decision."""

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import Notice, Proforma, User
from models.enums import ForwardStatus, NoticeKind, ProformaStatus, Role
from services.actor import actor_of
from services.review import proformas
from services.review.forwards import forward_proforma, forwards_of, give_back, take_back
from services.review.review_policy import Rules, set_policy
from tests.builders import (
    id_of,
    make_absence,
    make_biller,
    make_delegation,
    make_forward,
    make_matter,
    make_proforma,
    make_user,
)


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


@pytest.fixture
def ben(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ben Cole")


@pytest.fixture
def proforma(session: Session, ana: User) -> Proforma:
    return make_proforma(session, matter=make_matter(session, attorney=ana))


def forward(session: Session, by: User, proforma: Proforma, to: User, **more: object):
    values = {"expected_version": proforma.version, "note": "Please look at line 2", **more}
    return forward_proforma(session, actor_of(by), proforma_id=id_of(proforma), to_id=id_of(to), **values)


def told(session: Session) -> list[tuple[int, str]]:
    notices = session.exec(select(Notice).where(Notice.kind == NoticeKind.PROFORMA_FORWARDED).order_by(Notice.id))
    return [(notice.user_id, notice.occasion[-5:]) for notice in notices]


def test_forward_tells_who_is_asked_and_shows_on_both_sides(session, ana, ben, proforma) -> None:
    made = forward(session, ana, proforma, ben)
    assert proforma.version == 2
    assert told(session)[0][0] == ben.id
    [row] = forwards_of(session, [id_of(proforma)], only_open=True)[id_of(proforma)]
    assert (row.from_name, row.to_name, row.note, row.can_approve) == (
        "Ana Reyes", "Ben Cole", "Please look at line 2", False,
    )  # fmt: skip
    give_back(session, actor_of(ben), forward_id=id_of(made), expected_version=1, note="Line 2 is right")
    assert (made.status, made.answer) == (ForwardStatus.GIVEN_BACK, "Line 2 is right")
    assert told(session)[1] == (ana.id, "-back")
    history = proformas.get_proforma(session, actor_of(ana), proforma_id=id_of(proforma)).history
    assert [event.tag for event in history] == ["proforma:given_back", "proforma:forwarded"]


def test_give_back_wants_an_answer_from_who_was_asked(session, ana, ben, proforma) -> None:
    made = make_forward(session, proforma=proforma, to=ben)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        give_back(session, actor_of(ben), forward_id=id_of(made), expected_version=1, note=" ")
    with pytest.raises(DeniedError, match="Only whom it was forwarded to"):
        give_back(session, actor_of(ana), forward_id=id_of(made), expected_version=1, note="Mine")
    assert made.status is ForwardStatus.OPEN


def test_take_back_is_for_the_owner_and_who_acts_in_the_owners_place(session, ana, ben, proforma) -> None:
    made = make_forward(session, proforma=proforma, to=ben, can_approve=True)
    third = make_user(session, Role.ATTORNEY)
    with pytest.raises(DeniedError, match="hands it on"):
        take_back(session, actor_of(ben), forward_id=id_of(made), expected_version=1)
    make_delegation(session, principal=ana, delegate=third)
    with pytest.raises(StaleVersionError):
        take_back(session, actor_of(third), forward_id=id_of(made), expected_version=7)
    take_back(session, actor_of(third), forward_id=id_of(made), expected_version=1)
    assert made.status is ForwardStatus.TAKEN_BACK
    with pytest.raises(WrongStateError):
        give_back(session, actor_of(ben), forward_id=id_of(made), expected_version=2, note="Too late")


def test_forward_once_at_a_time_and_never_further(session, ana, ben, proforma) -> None:
    third = make_user(session, Role.ATTORNEY)
    forward(session, ana, proforma, ben, with_authority=True)
    with pytest.raises(WrongStateError, match="Ben Cole looks at it already"):
        forward(session, ana, proforma, third)
    with pytest.raises(DeniedError, match="hands it on"):
        forward(session, ben, proforma, third)
    assert proforma.version == 2


@pytest.mark.parametrize(
    ("more", "sentence"), [({"note": "  "}, "what to look at"), ({"expected_version": 7}, "Somebody changed")]
)
def test_forward_wants_a_note_and_the_version_seen(session, ana, ben, proforma, more, sentence: str) -> None:
    with pytest.raises((InvalidInputError, StaleVersionError), match=sentence):
        forward(session, ana, proforma, ben, **more)
    assert forwards_of(session, [id_of(proforma)]) == {}


def test_forward_goes_to_an_attorney_who_is_there(session, ana, ben, proforma) -> None:
    make_absence(session, user=ben, substitute=make_user(session, Role.ATTORNEY, name="Pia Stone"))
    with pytest.raises(InvalidInputError, match="Ben Cole is away, Pia Stone stands in"):
        forward(session, ana, proforma, ben)
    with pytest.raises(InvalidInputError, match="with this attorney already"):
        forward(session, ana, proforma, ana)
    with pytest.raises(InvalidInputError, match="Only an active attorney"):
        forward(session, ana, proforma, make_user(session, Role.BILLER))
    assert proforma.version == 1


def test_forward_of_what_is_not_in_review_is_refused(session, ana, ben) -> None:
    held = make_proforma(session, matter=make_matter(session, attorney=ana), status=ProformaStatus.HELD)
    with pytest.raises(WrongStateError, match="It is held"):
        forward(session, ana, held, ben)
    with pytest.raises(DeniedError):
        forward_proforma(
            session, make_biller(session), proforma_id=id_of(held), expected_version=1, to_id=id_of(ben), note="x"
        )


def test_forward_with_authority_only_where_the_firm_allows_it(session, ana, ben, proforma) -> None:
    admin = actor_of(make_user(session, Role.ADMIN))
    set_policy(session, admin, expected_version=1, rules=Rules(can_forward_authority=False))
    with pytest.raises(InvalidInputError, match="does not let approval be handed on"):
        forward(session, ana, proforma, ben, with_authority=True)
    assert not forward(session, ana, proforma, ben).can_approve


def test_decision_ends_the_forward_and_settles_the_bell(session, ana, ben, proforma) -> None:
    made = forward(session, ana, proforma, ben)
    proformas.approve_proforma(session, actor_of(ana), proforma_id=id_of(proforma), expected_version=2)
    session.refresh(made)
    assert made.status is ForwardStatus.DONE
    assert {notice.read_at is None for notice in session.exec(select(Notice))} == {False}
