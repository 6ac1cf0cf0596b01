"""Finding records for the command palette; row rules as everywhere."""

from datetime import date

import pytest
from sqlmodel import Session

from core.clock import now
from models import Matter
from models.enums import Role
from models.person import User
from services.actor import Actor
from services.lookup import find_records
from tests.builders import make_carrier


@pytest.fixture
def matters(session: Session) -> Session:
    for number in (1, 2):
        email = f"{number}@hwr.example"
        session.add(User(id=number, subject=email, email=email, name=email, roles=["attorney"], created_at=now()))
    session.flush()
    for number in range(20):
        session.add(
            Matter(
                number=f"2024-{number:05d}",
                name=f"Doe v. Harbor {number}",
                responsible_attorney_id=1 + number % 2,
                opened_on=date(2024, 1, 1),
            )
        )
    session.flush()
    return session


def found(session: Session, role: Role, text: str) -> list[str]:
    return [hit.number for hit in find_records(session, Actor(1, "x", frozenset({role})), text=text)]


def test_find_matter_by_number_or_name(matters: Session):
    assert found(matters, Role.BILLER, "00007") == ["2024-00007"]
    assert found(matters, Role.BILLER, " harbor 7 ") == ["2024-00007"]


def test_find_own_matters_only_as_attorney(matters: Session):
    assert found(matters, Role.ATTORNEY, "00007") == []
    assert found(matters, Role.ATTORNEY, "00008") == ["2024-00008"]


@pytest.mark.parametrize(("text", "count"), [("", 0), ("2", 0), ("%%", 0), ("2024", 6), ("x" * 5000, 0)])
def test_answer_few_and_only_to_a_real_question(matters: Session, text: str, count: int):
    assert len(found(matters, Role.BILLER, text)) == count


def test_find_matters_with_the_id_of_their_page(matters: Session):
    (hit,) = find_records(matters, Actor(1, "x", frozenset({Role.BILLER})), text="00007")
    assert hit.id is not None
    assert matters.get_one(Matter, hit.id).number == hit.number


def test_find_carriers_with_their_id(session: Session):
    carrier = make_carrier(session, name="Cedar Valley Mutual")
    for role in (Role.BILLER, Role.ADMIN, Role.ATTORNEY):
        (hit,) = find_records(session, Actor(1, "x", frozenset({role})), text="cedar valley")
        assert (hit.kind, hit.number, hit.id) == ("carrier", "Cedar Valley Mutual", carrier.id)
