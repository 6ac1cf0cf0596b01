"""Returning with reasons, line by line, and sending again with what was mended since."""

import pytest
from sqlmodel import Session, select

from core.errors import InvalidInputError
from models import BillingRun, Notice, Proforma, ProformaLine, ProformaReturnReason, User
from models.enums import NoticeKind, ProformaStatus, ReturnReason, Role
from services.actor import Actor, actor_of
from services.billing import billing_runs
from services.review import proforma_edits, proformas
from services.review.returns import Reason, changes_since, in_words, returns_of
from tests.builders import (
    id_of,
    make_absence,
    make_biller,
    make_finding,
    make_forward,
    make_matter,
    make_proforma,
    make_user,
)

VAGUE, CODE, OTHER = ReturnReason.TOO_VAGUE, ReturnReason.WRONG_CODE, ReturnReason.OTHER


@pytest.fixture
def ana(session: Session) -> User:
    return make_user(session, Role.ATTORNEY, name="Ana Reyes")


@pytest.fixture
def biller(session: Session) -> Actor:
    return make_biller(session)


@pytest.fixture
def proforma(session: Session, ana: User) -> Proforma:
    return make_proforma(session, matter=make_matter(session, attorney=ana))


def give_back(session: Session, user: User, proforma: Proforma, *reasons: Reason, note: str = "") -> None:
    proformas.return_proforma(
        session, actor_of(user), proforma_id=id_of(proforma), expected_version=proforma.version, note=note,
        reasons=reasons,
    )  # fmt: skip


def line(session: Session, proforma: Proforma, number: int) -> ProformaLine:
    wanted = (ProformaLine.proforma_id == proforma.id) & (ProformaLine.line_number == number)
    return session.exec(select(ProformaLine).where(wanted)).one()


def test_return_keeps_several_reasons_by_line_and_tells_billing(session, ana, proforma) -> None:
    make_forward(session, proforma=proforma)
    give_back(session, ana, proforma, Reason(VAGUE, (1, 2)), Reason(CODE), note="See the guidelines")
    assert proforma.status is ProformaStatus.RETURNED
    assert proforma.return_note == "Too vague (lines 1, 2); wrong code. See the guidelines"
    row = returns_of(session, [id_of(proforma)])[id_of(proforma)]
    assert (row.who, row.reasons, row.note) == (
        "Ana Reyes", (Reason(VAGUE, (1, 2)), Reason(CODE)), "See the guidelines",
    )  # fmt: skip
    assert (row.sent_again_at, row.changes) == (None, ())
    assert len(session.exec(select(ProformaReturnReason)).all()) == 3
    starter = session.get_one(BillingRun, proforma.billing_run_id).started_by_id
    told = session.exec(select(Notice.user_id).where(Notice.kind == NoticeKind.PROFORMA_RETURNED)).all()
    assert told == [starter]


def test_return_in_anothers_place_names_both(session, ana, proforma) -> None:
    ben = make_user(session, Role.ATTORNEY, name="Ben Cole")
    make_absence(session, user=ana, substitute=ben)
    give_back(session, ben, proforma, Reason(ReturnReason.HOLD))
    assert returns_of(session, [id_of(proforma)])[id_of(proforma)].who == "Ben Cole for Ana Reyes"


@pytest.mark.parametrize(
    ("reasons", "note", "sentence"),
    [
        ((), "", "tick one, or write a note"),
        ((Reason(OTHER),), "  ", "tick one, or write a note"),
        ((Reason(VAGUE, (1, 9, 12)),), "", "no line 9, 12 on it"),
        ((Reason(VAGUE, tuple(range(1, 102))),), "", "At most 100"),
    ],
)
def test_return_refuses_what_says_nothing(session, ana, proforma, reasons, note: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        give_back(session, ana, proforma, *reasons, note=note)
    assert (proforma.status, returns_of(session, [id_of(proforma)])) == (ProformaStatus.IN_REVIEW, {})


def test_return_with_a_note_alone_counts_as_other(session, ana, proforma) -> None:
    give_back(session, ana, proforma, note="Ask me first")
    assert proforma.return_note == "Ask me first"
    assert returns_of(session, [id_of(proforma)])[id_of(proforma)].reasons == (Reason(OTHER),)


def test_send_again_says_line_by_line_what_was_mended(session, ana, biller, proforma) -> None:
    make_finding(session, proforma)
    give_back(session, ana, proforma, Reason(CODE, (2,)))
    for code in ("L120", "L130"):
        proforma_edits.edit_line(
            session, biller, line_id=id_of(line(session, proforma, 2)), expected_version=proforma.version,
            task_code=code,
        )  # fmt: skip
    was = line(session, proforma, 1).task_code
    proformas.send_to_review(
        session, biller, proforma_id=id_of(proforma), expected_version=proforma.version, note="Done, thank you"
    )
    row = returns_of(session, [id_of(proforma)])[id_of(proforma)]
    assert row.sent_again_at is not None
    assert (row.answer, [change.line_number for change in row.changes]) == ("Done, thank you", [2])
    assert row.changes[0].values == (("task_code", was, "L130"),)
    assert (proforma.status, row.changes[0].is_text_changed) == (ProformaStatus.IN_REVIEW, False)
    told = session.exec(select(Notice).where(Notice.kind == NoticeKind.PROFORMA_RETURNED)).one()
    assert told.read_at is not None


def test_changes_since_leaves_out_what_was_before_and_what_came_to_nothing(session, ana, proforma) -> None:
    who, one = actor_of(ana), line(session, proforma, 1)
    was = one.task_code
    proforma_edits.edit_line(session, who, line_id=id_of(one), expected_version=1, task_code="L120")
    give_back(session, ana, proforma, Reason(VAGUE))
    since = returns_of(session, [id_of(proforma)])[id_of(proforma)].returned_at
    assert changes_since(session, id_of(proforma), since) == []
    for code in ("L130", "L120"):
        proforma_edits.edit_line(session, who, line_id=id_of(one), expected_version=proforma.version, task_code=code)
    assert was != "L130"
    assert changes_since(session, id_of(proforma), since) == []


def test_narratives_are_said_to_be_changed_and_never_told(session, ana, proforma) -> None:
    give_back(session, ana, proforma, Reason(VAGUE, (1,)))
    since = returns_of(session, [id_of(proforma)])[id_of(proforma)].returned_at
    ana.timekeeper_id = line(session, proforma, 1).timekeeper_id
    session.flush()
    proforma_edits.edit_line(
        session, actor_of(ana), line_id=id_of(line(session, proforma, 1)), expected_version=proforma.version,
        narrative="Draft the reply to the motion",
    )  # fmt: skip
    [change] = changes_since(session, id_of(proforma), since)
    assert (change.is_text_changed, change.values) == (True, ())


def test_run_sent_again_closes_returns_too(session, ana, biller, proforma) -> None:
    give_back(session, ana, proforma, Reason(VAGUE))
    assert billing_runs.send_run_to_review(session, biller, run_id=proforma.billing_run_id) == 1
    assert returns_of(session, [id_of(proforma)])[id_of(proforma)].sent_again_at is not None


def test_voided_one_waits_for_nothing(session, ana, biller, proforma) -> None:
    give_back(session, ana, proforma, Reason(VAGUE))
    proformas.void_proforma(session, biller, proforma_id=id_of(proforma), expected_version=proforma.version)
    assert returns_of(session, [id_of(proforma)])[id_of(proforma)].sent_again_at is not None


@pytest.mark.parametrize(
    ("reasons", "note", "words"),
    [
        ((Reason(OTHER),), "Ask me", "Ask me"),
        ((Reason(OTHER, (3,)),), "", "Other (line 3)."),
        ((Reason(ReturnReason.RATE),), "", "Rate."),
    ],
)
def test_in_words_reads_as_a_sentence(reasons, note: str, words: str) -> None:
    assert in_words(reasons, note) == words
