"""Reading the audit trail: paging, search, order, and who may; and the marks that live screens watch."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from core.clock import now
from core.errors import DeniedError
from models import AuditEvent
from models.enums import Role
from models.person import User
from services.actor import Actor
from services.audit import record
from services.audit_trail import list_audit_events
from services.listing import TableQuery
from tests.builders import actor_for, make_user

ADMIN = Actor(None, "Admin", frozenset({Role.ADMIN}))


@pytest.fixture
def trail(session: Session) -> Session:
    session.add(User(id=1, subject="s", email="d@hwr.example", name="Dana Brooks", roles=[], created_at=now()))
    session.flush()
    for number in range(1, 121):
        kind = "invoice" if number % 2 else "proforma"
        note = "100%_sure" if number == 7 else ""
        actor_id = 1 if number > 100 else None
        at = now() + timedelta(seconds=number)
        session.add(
            AuditEvent(
                at=at, tag=f"{kind}:made", actor_id=actor_id, actor_role="biller", subject_type=kind, subject_id=number,
                note=note,
            )
        )  # fmt: skip
    session.flush()
    return session


def numbers(session: Session, **query: object) -> tuple[list[int], int]:
    found = list_audit_events(session, ADMIN, query=TableQuery(**query))
    return [row.subject_id for row in found.rows], found.total


def test_list_newest_first_one_page_at_a_time(trail: Session):
    assert numbers(trail)[0] == list(range(120, 70, -1))
    assert numbers(trail, page=3) == (list(range(20, 0, -1)), 120)
    assert numbers(trail, page=99) == ([], 120)
    assert numbers(trail, page=-5)[0][0] == 120


def test_filter_by_kind_of_record(trail: Session):
    assert numbers(trail, filters={"subject": "proforma"})[1] == 60


@pytest.mark.parametrize(
    ("text", "total"), [("brooks", 20), ("100%_", 1), ("%", 1), ("_", 1), ("77", 1), ("nobody", 0)]
)
def test_search_literally(trail: Session, text: str, total: int):
    assert numbers(trail, search=text)[1] == total


def test_sort_by_known_column_only(trail: Session):
    assert numbers(trail, sort="at")[0][0] == 1
    assert numbers(trail, sort="at", descending=True)[0][0] == 120
    assert numbers(trail, sort="id; drop table")[0][0] == 120


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
def test_show_trail_to_admins_only(trail: Session, role: Role):
    with pytest.raises(DeniedError):
        list_audit_events(trail, Actor(1, "x", frozenset({role})), query=TableQuery())


def test_list_names_in_whose_place_somebody_acted(database):
    with database.unit_of_work() as session:
        ana, ben = (make_user(session, Role.ATTORNEY, name=name) for name in ("Ana Reyes", "Ben Cole"))
        admin = actor_for(make_user(session, Role.ADMIN))
        record(session, replace(actor_for(ben), on_behalf_of_id=ana.id), "proforma:approve", "proforma", 1)
        record(session, actor_for(ben), "proforma:hold", "proforma", 2)
    with database.read_only() as session:
        found = list_audit_events(session, admin, query=TableQuery()).rows
    assert [(entry.actor_name, entry.for_name) for entry in found] == [("Ben Cole", ""), ("Ben Cole", "Ana Reyes")]
