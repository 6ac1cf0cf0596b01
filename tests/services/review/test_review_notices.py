"""What people are told of proformas: many at once in two statements, each once, read by whom it is over for."""

import pytest
from sqlmodel import Session, select

from core.db import Database
from models import Matter, Notice
from models.enums import NoticeKind, Role
from services.actor import actor_of
from services.notices import Told, list_notices, settle_many, tell_many
from services.review import proformas
from tests.builders import id_of, make_biller, make_matter, make_proforma, make_user
from tests.services.counting import counted

WAITS, REMINDER = NoticeKind.PROFORMA_WAITS, NoticeKind.PROFORMA_REMINDER


def unread(session: Session, kind: NoticeKind = WAITS) -> list[tuple[int, int]]:
    rows = session.exec(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [(row.user_id, row.subject_id) for row in rows if row.read_at is None]


def test_tell_many_tells_each_occasion_once_in_two_statements(database: Database) -> None:
    with database.unit_of_work() as session:
        one, two = (id_of(make_user(session, Role.ATTORNEY)) for _ in range(2))
    told = [Told(one, 7, "a"), Told(two, 7, "a"), Told(one, 8, "a"), Told(one, 7, "a")]
    with database.unit_of_work() as session, counted(database) as statements:
        assert tell_many(session, WAITS, "proforma", told) == 3
        assert [one.split()[0] for one in statements] == ["BEGIN", "SELECT", "INSERT"]
        assert tell_many(session, WAITS, "proforma", [*told, Told(one, 7, "b")]) == 1
        assert tell_many(session, REMINDER, "proforma", told[:1]) == 1
        assert tell_many(session, WAITS, "proforma", []) == 0
        assert unread(session) == [(one, 7), (two, 7), (one, 8), (one, 7)]


def test_settle_many_reads_them_for_everybody_or_for_one(session: Session) -> None:
    one, two = (id_of(make_user(session, Role.ATTORNEY)) for _ in range(2))
    tell_many(session, WAITS, "proforma", [Told(who, key, "a") for who in (one, two) for key in (7, 8)])
    settle_many(session, [WAITS], "proforma", [7], user_id=one)
    assert unread(session) == [(one, 8), (two, 7), (two, 8)]
    settle_many(session, [REMINDER], "proforma", [8])
    settle_many(session, [WAITS], "invoice", [8])
    settle_many(session, [WAITS], "proforma", [])
    assert len(unread(session)) == 3
    settle_many(session, [WAITS, REMINDER], "proforma", [7, 8])
    assert unread(session) == []


@pytest.mark.parametrize("way", ["approve", "return", "hold"])
def test_decision_settles_what_was_told_while_it_waited(session: Session, way: str) -> None:
    user, biller = make_user(session, Role.ATTORNEY), make_biller(session)
    proforma = make_proforma(session, matter=make_matter(session, attorney=user), status="draft")
    key, who = id_of(proforma), actor_of(user)
    proformas.send_to_review(session, biller, proforma_id=key, expected_version=1)
    assert unread(session) == [(user.id, key)]
    [row] = list_notices(session, who)
    number = session.get_one(Matter, proforma.matter_id).number
    assert (row.subject_type, row.subject.split()[0]) == ("proforma", number)
    if way == "approve":
        proformas.approve_proforma(session, who, proforma_id=key, expected_version=2)
    elif way == "return":
        proformas.return_proforma(session, who, proforma_id=key, expected_version=2, note="Vague")
    else:
        proformas.hold_proforma(session, who, proforma_id=key, expected_version=2)
    assert unread(session) == []


def test_send_again_is_an_occasion_of_its_own(session: Session) -> None:
    user, biller = make_user(session, Role.ATTORNEY), make_biller(session)
    proforma = make_proforma(session, matter=make_matter(session, attorney=user), status="draft")
    key, who = id_of(proforma), actor_of(user)
    proformas.send_to_review(session, biller, proforma_id=key, expected_version=1)
    proformas.return_proforma(session, who, proforma_id=key, expected_version=2, note="Vague")
    proformas.send_to_review(session, biller, proforma_id=key, expected_version=3)
    assert unread(session) == [(user.id, key)]
