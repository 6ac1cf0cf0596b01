"""How the firm reviews: as it comes, as an administrator sets it, closing days, and the caps of approving at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.clock import now, today
from core.db import Database
from core.errors import DeniedError, InvalidInputError, StaleVersionError
from models import AuditEvent
from models.enums import Role
from services.actor import Actor, actor_of
from services.review import proformas
from services.review.review_policy import (
    USUAL_CAP,
    Policy,
    Rules,
    add_closing_day,
    cap_of,
    get_policy,
    list_closing_days,
    remove_closing_day,
    set_cap,
    set_policy,
)
from tests.builders import make_biller, make_user
from tests.builders.clock import business_day_ahead
from tests.services.counting import counted


@pytest.fixture
def boss(session: Session) -> Actor:
    return actor_of(make_user(session, Role.ADMIN))


@pytest.fixture
def ana(session: Session) -> Actor:
    return actor_of(make_user(session, Role.ATTORNEY))


def test_policy_is_as_it_comes_until_somebody_sets_it(session, boss) -> None:
    assert get_policy(session) == Policy()
    set_policy(session, boss, expected_version=1, rules=Rules(urgent_after_days=2, most_amount=Decimal(900)))
    found = get_policy(session)
    assert (found.rules.urgent_after_days, found.rules.most_amount, found.version) == (2, Decimal(900), 2)
    event = session.exec(select(AuditEvent).where(AuditEvent.tag == "review_policy:changed")).one()
    assert event.data["changed"] == {"urgent_after_days": ["5", "2"], "most_amount": ["2000000.00", "900.00"]}
    with pytest.raises(StaleVersionError):
        set_policy(session, boss, expected_version=1, rules=Rules())


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (Rules(urgent_after_days=0), "business days"),
        (Rules(remind_every_days=61), "business days"),
        (Rules(remind_after_days=8), "before the attorney"),
        (Rules(remind_from_hour=18), "a later one"),
        (Rules(remind_until_hour=25), "a later one"),
        (Rules(most_amount=Decimal(0)), "firm's cap"),
        (Rules(most_amount=Decimal("1.001")), "firm's cap"),
    ],
)
def test_set_policy_refuses_what_cannot_be(session, boss, rules: Rules, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        set_policy(session, boss, expected_version=1, rules=rules)
    assert get_policy(session).rules == Rules()


def test_policy_and_closing_days_are_for_administrators(session, ana) -> None:
    for who in (ana, make_biller(session)):
        with pytest.raises(DeniedError):
            set_policy(session, who, expected_version=1, rules=Rules())
        with pytest.raises(DeniedError):
            add_closing_day(session, who, closed_on=today(), name="Retreat")
        with pytest.raises(DeniedError):
            remove_closing_day(session, who, closed_on=today())


def test_closing_days_count_as_no_business_days(database: Database) -> None:
    with database.unit_of_work() as session:
        boss = actor_of(make_user(session, Role.ADMIN))
        day = business_day_ahead()
        add_closing_day(session, boss, closed_on=day, name="  Firm retreat ")
        add_closing_day(session, boss, closed_on=day + timedelta(days=1), name="Stock-taking")
        with pytest.raises(InvalidInputError, match="closed already"):
            add_closing_day(session, boss, closed_on=day, name="Again")
        with pytest.raises(InvalidInputError, match="what the closing day is for"):
            add_closing_day(session, boss, closed_on=day + timedelta(days=9), name=" ")
    with database.read_only() as session, counted(database) as statements:
        assert not get_policy(session).calendar.is_open(day)
        assert len(statements) == 1
        assert list_closing_days(session)[0] == (day, "Firm retreat")
    with database.unit_of_work() as session:
        remove_closing_day(session, boss, closed_on=day)
        assert [name for _, name in list_closing_days(session)] == ["Stock-taking"]


def test_policy_tells_what_is_urgent_in_business_days() -> None:
    policy = Policy(Rules(urgent_after_days=5))
    before = policy.urgent_before()
    assert policy.days_waited(before - timedelta(microseconds=1)) >= 5
    assert policy.days_waited(before) < 5
    assert policy.days_waited(now()) == 0


def test_cap_is_chosen_by_each_within_the_firms(session, boss, ana) -> None:
    assert cap_of(session, ana) == USUAL_CAP
    assert set_cap(session, ana, amount=Decimal(40_000)) == cap_of(session, ana) == Decimal(40_000)
    assert cap_of(session, boss) == USUAL_CAP
    set_policy(session, boss, expected_version=1, rules=Rules(most_amount=Decimal(10_000)))
    assert cap_of(session, ana) == Decimal(10_000)
    for amount in (Decimal(0), Decimal("10000.01"), Decimal("5.001")):
        with pytest.raises(InvalidInputError, match=r"between \$1 and \$10,000"):
            set_cap(session, ana, amount=amount)


def test_approve_clean_keeps_to_the_firms_cap(session, boss, ana) -> None:
    set_policy(session, boss, expected_version=1, rules=Rules(most_amount=Decimal(10_000)))
    with pytest.raises(InvalidInputError, match="firm's own"):
        proformas.approve_clean(session, ana, seen={}, cap_amount=Decimal(10_001))
    assert proformas.approve_clean(session, ana, seen={}, cap_amount=Decimal(10_000)).approved == ()
