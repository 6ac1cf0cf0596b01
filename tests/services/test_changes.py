"""What the change feed finds out: which records changed, whose queue and whose bell that concerns, each once."""

import pytest
from sqlmodel import Session, select

from core.clock import now
from core.db import Database
from models import AuditEvent, Notice
from models.enums import NoticeKind, Role
from services.actor import actor_of
from services.audit import record
from services.changes import Marks, changed_since, newest_marks
from services.notices import mark_read, tell
from services.review.comments import About, add_comment
from tests.builders import actor, id_of, make_proforma, make_user
from tests.services.counting import counted

ADMIN = actor(Role.ADMIN)


def happen(session: Session, kind: str, record_id: int) -> int:
    """Write an event about a record and return its id."""
    event = AuditEvent(at=now(), tag=f"{kind}:changed", actor_role="system", subject_type=kind, subject_id=record_id)
    session.add(event)
    session.flush()
    return id_of(event)


def test_tell_which_record_changed_and_only_once(session: Session) -> None:
    happen(session, "matter", 1)
    marks = newest_marks(session)
    happen(session, "matter", 2)
    happen(session, "invoice", 7)
    marks, records = changed_since(session, marks)
    assert records == {("matter", 2), ("invoice", 7)}
    assert changed_since(session, marks) == (marks, frozenset())


def test_ask_once_while_nothing_happens(database: Database, session: Session) -> None:
    happen(session, "matter", 1)
    marks = newest_marks(session)
    with counted(database) as seen:
        changed_since(session, marks, {1})
    assert len(seen) == 1


def test_tell_of_event_that_commits_late(session: Session) -> None:
    first, second = happen(session, "matter", 1), happen(session, "invoice", 2)
    marks = Marks(newest=second, seen=frozenset({second}))
    marks, records = changed_since(session, marks)
    assert records == {("matter", 1)}
    assert marks.seen == {first, second}


def test_forget_what_is_long_past() -> None:
    assert Marks().after(range(1, 2001)).floor == 0
    moved = Marks().after(range(1, 2002))
    assert (moved.floor, moved.newest, len(moved.seen)) == (1501, 2001, 500)


def test_tell_whose_queue_a_proforma_is_in(session: Session) -> None:
    proforma = make_proforma(session)
    session.flush()
    marks = newest_marks(session)
    record(session, ADMIN, "proforma:line_edited", "proforma", id_of(proforma))
    session.flush()
    assert changed_since(session, marks)[1] == {("proforma", id_of(proforma)), ("queue_of", proforma.reviewer_id)}


def test_tell_what_was_said_apart(session: Session) -> None:
    proforma = make_proforma(session)
    biller = make_user(session, Role.BILLER)
    session.flush()
    marks = newest_marks(session)
    add_comment(session, actor_of(biller), about=About(id_of(proforma)), body="Is this ours?")
    assert ("comments_of", id_of(proforma)) in changed_since(session, marks)[1]


def test_ring_for_whom_something_was_told(session: Session) -> None:
    ana, ben = id_of(make_user(session, Role.ATTORNEY)), id_of(make_user(session, Role.ATTORNEY))
    session.flush()
    marks = newest_marks(session, {ana, ben})
    tell(session, [ana], NoticeKind.MENTIONED, "matter", 1, occasion="first")
    happen(session, "matter", 1)
    marks, records = changed_since(session, marks, {ana, ben})
    assert records == {("matter", 1), ("notices_of", ana)}
    [notice] = session.exec(select(Notice)).all()
    mark_read(session, actor(Role.ATTORNEY, user_id=ana), notice_ids=[id_of(notice)])
    happen(session, "matter", 1)
    assert ("notices_of", ana) in changed_since(session, marks, {ana, ben})[1]


@pytest.mark.parametrize("is_told", [True, False])
def test_ring_for_who_has_just_begun_to_listen(session: Session, is_told: bool) -> None:
    ana = id_of(make_user(session, Role.ATTORNEY))
    session.flush()
    marks = newest_marks(session)
    if is_told:
        tell(session, [ana], NoticeKind.MENTIONED, "matter", 1, occasion="first")
    happen(session, "matter", 1)
    # Whether it was told before or after the page read its notices cannot be known, so the page looks.
    assert ("notices_of", ana) in changed_since(session, marks, {ana})[1]
