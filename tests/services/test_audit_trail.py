"""Reading the audit trail: paging, search, order, and who may; and the marks that live screens watch."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.clock import now
from core.errors import DeniedError
from models import AuditEvent
from models.enums import Role
from models.person import User
from services.actor import Actor
from services.audit_trail import list_audit_events
from services.changes import Marks, is_floor_stale, marks_above, newest_marks
from services.listing import TableQuery

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


def test_notice_change_by_kind(trail: Session):
    before = newest_marks(trail)
    trail.add(AuditEvent(at=now(), tag="matter:closed", actor_role="system", subject_type="matter", subject_id=1))
    trail.flush()
    assert marks_above(trail, before.floor).changed_since(before) == {"matter"}
    assert before.changed_since(before) == frozenset()


def test_notice_event_that_commits_late(trail: Session):
    before = newest_marks(trail)
    assert Marks(before.floor, before.newest, {**before.counts, "matter": 1}).changed_since(before) == {"matter"}


def test_move_floor_after_much_has_happened():
    assert not is_floor_stale(Marks(0, 2000))
    assert is_floor_stale(Marks(0, 2001))
