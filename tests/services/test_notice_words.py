"""What notices say: every kind has its words, every record its name, and no narrative is ever in either."""

import pytest
from sqlmodel import select

from core.clock import now
from models import Notice, Proforma, ProformaLine
from models.enums import NoticeKind, Role
from services.notice_kinds import KINDS, kinds_for
from services.notice_words import path_of, words_of
from services.notices import NoticeRow, list_notices, mark_all_read, notice_rows, page_notices, tell
from tests.builders import (
    actor_for,
    id_of,
    make_carrier,
    make_invoice,
    make_notice,
    make_proforma,
    make_site_account,
    make_split,
    make_submission,
    make_user,
)

K = NoticeKind
LONGEST_STORED = 20


def row(kind: NoticeKind, subject_type: str = "proforma", subject: str = "2026-0012 Baker", occasion: str = "x"):
    return NoticeRow(1, kind, subject_type, 7, subject, "", occasion, now(), None, 9)


def test_every_kind_has_facts_words_and_a_name_that_fits():
    for kind in NoticeKind:
        title, hint = words_of(row(kind, occasion="2026-11-28/3"))
        assert title[:1] == title[:1].upper()
        assert "2026-0012 Baker" in title or kind is K.CUT_OFF_NEAR
        assert hint.endswith(".")
        assert len(kind.value) <= LONGEST_STORED
    assert set(KINDS) == set(NoticeKind)
    assert all(facts.what.endswith(".") and facts.roles for facts in KINDS.values())


def test_count_a_kind_in_words():
    assert KINDS[K.PROFORMA_WAITS].counted(1) == "1 proforma to review"
    assert KINDS[K.PROFORMA_WAITS].counted(1204) == "1,204 proformas to review"
    assert [KINDS[kind].many for kind in (K.ATTESTATION_WAITS, K.ADDRESS_BOUNCES)] == [
        "entries of yours to attest",
        "addresses that bounces",
    ]
    assert KINDS[K.MENTIONED].title == "Comments for you"


def test_kinds_are_those_of_the_roles():
    attorney = kinds_for(frozenset({Role.ATTORNEY}))
    assert K.PROFORMA_WAITS in attorney
    assert K.ACCOUNT_STOPPED not in attorney
    assert set(kinds_for(frozenset({Role.ADMIN}))) == set(NoticeKind)
    assert kinds_for(frozenset()) == []


@pytest.mark.parametrize(
    ("kind", "occasion", "words"),
    [
        (K.PROFORMA_REMINDER, "2026-11-28/3", "2026-0012 Baker still waits for your review by 28 Nov 2026"),
        (K.PROFORMA_REMINDER, "second", "2026-0012 Baker still waits for your review"),
        (K.PROFORMA_REMINDER, "20261129T101500/2", "2026-0012 Baker still waits for your review"),
        (K.APPEAL_DUE, "2026-12-01/7", "Last day to appeal 2026-0012 Baker: 1 Dec 2026"),
    ],
)
def test_say_a_day_where_the_occasion_names_one(kind, occasion, words):
    assert words_of(row(kind, occasion=occasion))[0] == words


@pytest.mark.parametrize(
    ("subject_type", "kind", "path"),
    [
        ("proforma", K.PROFORMA_WAITS, "/proforma/9"),
        ("proforma_line", K.MENTIONED, "/proforma/9"),
        ("proforma", K.MENTIONED, "/proforma/7#comments"),
        ("invoice", K.MENTIONED, "/invoices/7#comments"),
        ("matter", K.HOLD_ENDS, "/matters/9"),
        ("comment", K.MENTIONED, "/review"),
        ("split_proposal", K.ATTESTATION_WAITS, "/attest"),
        ("report", K.REPORT_READY, "/reports/9"),
        ("invoice", K.APPEAL_DUE, "/rejections/9"),
        ("submission", K.DOUBT_ASSIGNED, "/submissions/9"),
        ("user", K.ADDRESS_BOUNCES, "/notifications/deliveries"),
        ("carrier", K.PAGE_DRIFT, "/carriers/7/profile"),
        ("something_new", K.APPROVAL_WAITS, "/notifications"),
    ],
)
def test_lead_to_the_row(subject_type, kind, path):
    assert path_of(row(kind, subject_type)) == path


def first_line(session, proforma: Proforma) -> ProformaLine:
    return session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).first()


def test_name_every_kind_of_record_with_a_statement_each(session):
    person = make_user(session, Role.ADMIN)
    proforma = make_proforma(session)
    line, split = first_line(session, proforma), make_split(session)
    account, carrier, invoice = make_site_account(session), make_carrier(session, name="Harbor"), make_invoice(session)
    submission = make_submission(session, invoice)
    subjects = [
        ("proforma", id_of(proforma)), ("proforma_line", id_of(line)), ("split_proposal", id_of(split)),
        ("site_account", id_of(account)), ("carrier", id_of(carrier)), ("invoice", id_of(invoice)),
        ("submission", id_of(submission)), ("user", id_of(person)), ("matter", proforma.matter_id),
        ("report", 12), ("comment", 3),
    ]  # fmt: skip
    notices = [make_notice(session, person, subject=subject) for subject in subjects]
    found = {one.subject_type: one for one in notice_rows(session, notices)}
    number = found["proforma"].look_for
    assert found["proforma"].subject.startswith(f"{number} ")
    assert found["matter"].subject == found["proforma"].subject
    assert found["proforma_line"].subject == f"line {line.line_number} of {number}"
    assert (found["proforma_line"].page_id, found["split_proposal"].page_id) == (proforma.id, split.proforma_id)
    assert found["site_account"].subject.endswith(", account main")
    assert (found["carrier"].subject, found["user"].subject) == ("Harbor", person.name)
    assert found["invoice"].subject == found["submission"].subject == f"invoice {invoice.number}"
    assert (found["report"].subject, found["comment"].subject) == ("report 12", "a comment")


def test_name_a_record_that_is_gone_by_its_noun(session):
    person = make_user(session)
    [found] = notice_rows(session, [make_notice(session, person, subject=("proforma", 4711))])
    assert words_of(found)[0] == "Proforma 4711 waits for your review"


def test_name_no_narrative(session):
    person, line = make_user(session), first_line(session, make_proforma(session))
    line.billed_narrative = "Telephone conference regarding coverage defence"
    [found] = notice_rows(session, [make_notice(session, person, K.MENTIONED, subject=("proforma_line", id_of(line)))])
    assert "coverage" not in " ".join([*words_of(found), found.subject, path_of(found)])


@pytest.fixture
def reader(session):
    return make_user(session, Role.ATTORNEY)


def test_page_notices_newest_first_by_kind_and_unread(session, reader):
    told = [make_notice(session, reader, kind) for kind in (K.MENTIONED, K.PROFORMA_WAITS, K.PROFORMA_WAITS)]
    make_notice(session, make_user(session))
    told[2].read_at = now()
    session.flush()
    who = actor_for(reader)
    ids = [one.id for one in told]
    everything = [one.notice_id for one in page_notices(session, who, limit=10)]
    assert everything == ids[::-1]
    assert [one.notice_id for one in page_notices(session, who, unread_only=True, limit=10)] == [ids[1], ids[0]]
    assert [one.notice_id for one in page_notices(session, who, kind=K.PROFORMA_WAITS, limit=1)] == [ids[2]]
    assert [one.notice_id for one in page_notices(session, who, before_id=ids[1], limit=10)] == [ids[0]]


def test_mark_all_read_of_one_kind_or_all(session, reader):
    for kind in (K.MENTIONED, K.PROFORMA_WAITS, K.PROFORMA_WAITS):
        make_notice(session, reader, kind)
    other = make_notice(session, make_user(session))
    assert mark_all_read(session, actor_for(reader), kind=K.PROFORMA_WAITS) == 2
    assert mark_all_read(session, actor_for(reader)) == 1
    session.refresh(other)
    assert other.read_at is None
    assert all(one.read_at for one in list_notices(session, actor_for(reader)))


def test_tell_needs_no_more_than_people_kind_and_record(session, reader):
    number = id_of(make_proforma(session))
    assert tell(session, [id_of(reader)], K.PROFORMA_WAITS, "proforma", number, occasion="sent") == 1
    assert session.get_one(Notice, list_notices(session, actor_for(reader))[0].notice_id).planned_at is None
