"""Out of office: who may set it, for which days and by whom, and every way in which two absences may not cross."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from core.clock import today
from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import Absence, User
from models.enums import Role, TermStatus
from services.actor import actor_of
from services.review.absences import change_absence, end_absence, list_absences, set_absence
from services.review.reviewers import substitutes
from tests.builders import id_of, make_absence, make_biller, make_user

TODAY = today()


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


@pytest.fixture
def ben(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ben Cole")


def away(
    session: Session, user: User, substitute: User, first: int = 0, last: int = 5, by: User | None = None
) -> Absence:
    return set_absence(
        session, actor_of(by or user), user_id=id_of(user), substitute_id=id_of(substitute), from_on=day(first),
        until_on=day(last), note="Trial in Boston",
    )  # fmt: skip


def test_set_absence_is_shown_to_both_and_to_administrators(session, ana, ben) -> None:
    made = away(session, ana, ben)
    for who in (ana, ben):
        [row] = list_absences(session, actor_of(who))
        assert (row.user_name, row.substitute_name, row.note, row.is_now) == (
            "Ana Reyes", "Ben Cole", "Trial in Boston", True,
        )  # fmt: skip
    other, admin = make_user(session, Role.ATTORNEY), make_user(session, Role.ADMIN)
    assert list_absences(session, actor_of(other), of_everybody=True) == []
    assert [row.id for row in list_absences(session, actor_of(admin), of_everybody=True)] == [made.id]
    assert substitutes(session, [id_of(ana), id_of(ben)]) == {ana.id: ben.id}


def test_set_absence_of_somebody_else_is_for_administrators(session, ana, ben) -> None:
    with pytest.raises(DeniedError, match="your own absence"):
        away(session, ana, ben, by=ben)
    with pytest.raises(DeniedError):
        set_absence(
            session, make_biller(session), user_id=id_of(ana), substitute_id=id_of(ben), from_on=day(0), until_on=day(1)
        )
    admin = make_user(session, Role.ADMIN)
    assert away(session, ana, ben, by=admin).set_by_id == admin.id


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(5, 4, "before the first"), (-9, -1, "has passed"), (0, 366, "at most 366 days")],
)
def test_set_absence_refuses_days_that_cannot_be(session, ana, ben, first: int, last: int, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        away(session, ana, ben, first, last)
    assert list_absences(session, actor_of(ana)) == []


def test_set_absence_refuses_people_who_cannot_stand_in(session, ana) -> None:
    gone = make_user(session, Role.ATTORNEY)
    gone.is_active = False
    with pytest.raises(InvalidInputError, match="stands in for oneself"):
        away(session, ana, ana)
    for person in (gone, make_user(session, Role.BILLER)):
        with pytest.raises(InvalidInputError, match="Only an active attorney can stand in"):
            away(session, ana, person)
    biller = make_user(session, Role.BILLER)
    with pytest.raises(InvalidInputError, match="be stood in for"):
        away(session, biller, ana, by=make_user(session, Role.ADMIN))
    assert list_absences(session, actor_of(ana)) == []


@pytest.mark.parametrize(("first", "last", "crosses"), [(5, 9, True), (-2, 0, True), (2, 3, True), (6, 9, False)])
def test_set_absence_never_crosses_another(session, ana, ben, first: int, last: int, crosses: bool) -> None:
    third = make_user(session, Role.ATTORNEY, name="Pia Stone")
    away(session, ana, ben)
    attempts = [
        (ana, third, "Ana Reyes is away from"),
        (third, ana, "Ana Reyes is away .* too"),
        (ben, third, "Ben Cole stands in for Ana Reyes"),
    ]
    for user, substitute, sentence in attempts:
        if crosses:
            with pytest.raises(InvalidInputError, match=sentence):
                away(session, user, substitute, first, last)
    assert len(list_absences(session, actor_of(ana))) == 1
    if not crosses:
        away(session, ben, ana, first, last)
        assert len(list_absences(session, actor_of(ana))) == 2


def test_change_absence_moves_it_and_hands_it_to_another(session, ana, ben) -> None:
    third = make_user(session, Role.ATTORNEY)
    made = away(session, ana, ben)
    values = {"substitute_id": id_of(third), "from_on": day(1), "until_on": day(3)}
    with pytest.raises(StaleVersionError):
        change_absence(session, actor_of(ana), absence_id=id_of(made), expected_version=7, **values)
    change_absence(session, actor_of(ana), absence_id=id_of(made), expected_version=1, **values)
    assert (made.substitute_id, made.from_on, made.until_on, made.version) == (third.id, day(1), day(3), 2)
    assert substitutes(session, [id_of(ana)]) == {}
    with pytest.raises(InvalidInputError):
        change_absence(
            session, actor_of(ana), absence_id=id_of(made), expected_version=2, **{**values, "until_on": day(0)}
        )
    assert made.until_on == day(3)


@pytest.mark.parametrize(("first", "expected"), [(-3, day(-1)), (0, day(0)), (3, day(3))])
def test_end_absence_brings_the_attorney_back_at_once(session, ana, ben, first: int, expected: date) -> None:
    made = make_absence(session, user=ana, substitute=ben, from_on=day(first))
    end_absence(session, actor_of(ana), absence_id=id_of(made), expected_version=1)
    assert (made.status, made.until_on, substitutes(session, [id_of(ana)])) == (TermStatus.ENDED, expected, {})
    assert list_absences(session, actor_of(ana)) == []
    with pytest.raises(WrongStateError):
        change_absence(session, actor_of(ana), absence_id=id_of(made), expected_version=2, substitute_id=id_of(ben),
                       from_on=day(0), until_on=day(1))  # fmt: skip
    assert away(session, ana, ben).status is TermStatus.IN_FORCE


def test_end_absence_of_somebody_else_is_refused(session, ana, ben) -> None:
    made = make_absence(session, user=ana, substitute=ben)
    with pytest.raises(DeniedError):
        end_absence(session, actor_of(ben), absence_id=id_of(made), expected_version=1)
    assert made.status is TermStatus.IN_FORCE
