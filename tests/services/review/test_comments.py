"""Comments: on the whole, on a line, on an invoice; who is named is told once; nobody reads what is not theirs."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models import AuditEvent, Comment, Notice, User
from models.enums import EntryKind, NoticeKind, Role
from services.actor import Actor, actor_of
from services.invoicing.invoices import finalize_proformas
from services.review import bill_discounts, proformas
from services.review.comments import (
    LONGEST,
    About,
    CommentRow,
    add_comment,
    edit_comment,
    list_comments,
    people_to_name,
    proforma_of_invoice,
    remove_comment,
    resolve_comment,
)
from tests.builders import actor, id_of, make_user
from tests.services.review.edit_desk import EditDesk, make_edit_desk


def say(bill: EditDesk, body: str, *, who: Actor | None = None, line: int | None = None) -> Comment:
    about = About(id_of(bill.proforma), bill.ids(line)[0] if line else None)
    return add_comment(bill.session, who or bill.biller, about=about, body=body)


def read(bill: EditDesk, who: Actor | None = None) -> list[CommentRow]:
    return list_comments(bill.session, who or bill.attorney, proforma_id=id_of(bill.proforma))


def reviewer(bill: EditDesk) -> User:
    return bill.session.get_one(User, bill.proforma.reviewer_id)


def test_a_comment_is_read_by_those_who_see_the_bill(bill: EditDesk) -> None:
    say(bill, "  Is this ours?\n")
    say(bill, "Yes", who=bill.attorney, line=2)
    first, second = read(bill)
    assert (first.body, first.line_number, first.is_own) == ("Is this ours?", None, False)
    assert (second.line_number, second.is_own, second.author) == (2, True, reviewer(bill).name)
    stranger = actor(Role.ATTORNEY, user_id=id_of(make_user(bill.session, Role.ATTORNEY)))
    with pytest.raises(NotFoundError, match="among yours"):
        read(bill, stranger)
    with pytest.raises(NotFoundError, match="among yours"):
        say(bill, "Hello", who=stranger)


def test_who_is_named_is_told_once_with_a_link_and_no_words(bill: EditDesk) -> None:
    ana = reviewer(bill)
    ana.name = "Ana Reyes"
    bill.session.flush()
    comment = say(bill, "@Ana Reyes please look at line 2, @ana reyes!")
    notice = bill.session.exec(select(Notice)).one()
    assert (notice.user_id, notice.kind, notice.subject_type, notice.subject_id) == (
        ana.id,
        NoticeKind.MENTIONED,
        "proforma",
        bill.proforma.id,
    )
    edit_comment(
        bill.session, bill.biller, comment_id=id_of(comment), expected_version=1, body="@Ana Reyes please look"
    )
    assert len(bill.session.exec(select(Notice)).all()) == 1
    trail = bill.session.exec(select(AuditEvent).where(AuditEvent.subject_type == "proforma")).all()
    assert "please look" not in " ".join(f"{event.note}{event.data}" for event in trail)


def test_the_longest_name_counts_and_oneself_is_not_told(bill: EditDesk) -> None:
    short = make_user(bill.session, Role.BILLER, name="Ann")
    long = make_user(bill.session, Role.BILLER, name="Ann Lee")
    me = make_user(bill.session, Role.BILLER, name="Dana Brooks")
    say(bill, "@Ann Lee and @Dana Brooks, see dana@hwr.example", who=actor_of(me))
    assert [notice.user_id for notice in bill.session.exec(select(Notice)).all()] == [long.id]
    assert short.id != long.id


def test_who_may_not_see_the_bill_is_not_named(bill: EditDesk) -> None:
    make_user(bill.session, Role.ATTORNEY, name="Other Attorney")
    with pytest.raises(InvalidInputError, match="Other Attorney may not see this bill"):
        say(bill, "Ask @Other Attorney")
    assert read(bill) == []
    names = [person.name for person in people_to_name(bill.session, bill.biller, proforma_id=id_of(bill.proforma))]
    assert reviewer(bill).name in names
    assert "Other Attorney" not in names


@pytest.mark.parametrize(("body", "sentence"), [("  ", "Write something"), ("x" * (LONGEST + 1), "up to 2,000")])
def test_a_comment_has_words_and_not_too_many(bill: EditDesk, body: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        say(bill, body)
    assert read(bill) == []


def test_only_its_author_changes_a_comment_in_the_version_seen(bill: EditDesk) -> None:
    comment = say(bill, "First words")
    key = id_of(comment)
    with pytest.raises(DeniedError, match="Only who wrote"):
        edit_comment(bill.session, bill.attorney, comment_id=key, expected_version=1, body="Mine")
    with pytest.raises(DeniedError, match="Only who wrote"):
        remove_comment(bill.session, bill.attorney, comment_id=key, expected_version=1)
    with pytest.raises(StaleVersionError):
        edit_comment(bill.session, bill.biller, comment_id=key, expected_version=7, body="Second words")
    edit_comment(bill.session, bill.biller, comment_id=key, expected_version=1, body="Second words")
    assert (read(bill)[0].body, read(bill)[0].is_edited) == ("Second words", True)
    remove_comment(bill.session, bill.biller, comment_id=key, expected_version=2)
    (gone,) = read(bill)
    assert (gone.body, gone.is_removed) == ("", True)
    with pytest.raises(StaleVersionError):
        edit_comment(bill.session, bill.biller, comment_id=key, expected_version=3, body="Again")


def test_anybody_who_sees_the_bill_marks_a_comment_done(bill: EditDesk) -> None:
    key = id_of(say(bill, "Is this ours?"))
    resolve_comment(bill.session, bill.attorney, comment_id=key, is_resolved=True)
    assert read(bill)[0].resolved_by == reviewer(bill).name
    resolve_comment(bill.session, bill.biller, comment_id=key, is_resolved=False)
    assert read(bill)[0].resolved_by == ""


def test_a_comment_outlives_its_line(bill: EditDesk) -> None:
    bill.on_bill(bill_discounts.discount_bill, kind=EntryKind.FEE_DISCOUNT, note="Courtesy", amount=Decimal(10))
    say(bill, "Why so much?", line=5)
    bill.undo()
    (row,) = read(bill)
    assert (row.line_id, row.line_number, row.body) == (None, 5, "Why so much?")


def test_an_invoice_has_the_comments_of_its_proforma(bill: EditDesk) -> None:
    say(bill, "On the draft")
    proformas.approve_proforma(
        bill.session, bill.attorney, proforma_id=id_of(bill.proforma), expected_version=bill.proforma.version
    )
    (invoice,) = finalize_proformas(bill.session, bill.biller, proforma_ids=[id_of(bill.proforma)])
    about = About(id_of(bill.proforma), invoice_id=id_of(invoice))
    add_comment(bill.session, bill.biller, about=about, body="The carrier asks about line 2")
    assert [row.invoice_number for row in read(bill)] == ["", invoice.number]
    assert proforma_of_invoice(bill.session, id_of(invoice)).id == bill.proforma.id


def test_lines_and_invoices_of_other_bills_are_refused(session: Session, bill: EditDesk) -> None:
    other = make_edit_desk(session)
    with pytest.raises(NotFoundError, match="gone from this proforma"):
        add_comment(session, bill.biller, about=About(id_of(bill.proforma), other.ids(1)[0]), body="Hello")
    assert read(bill) == []
