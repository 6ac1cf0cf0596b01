"""The list of mail and paper: views that are counted, pages by key, one with its history, copies of what was sent."""

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, NotFoundError
from models import Invoice
from models.enums import DeliveryChannel, MailingStatus, Role
from services.mailing.mailing_list import (
    MailView,
    count_mail_views,
    get_mailing,
    list_mailings,
    mail_states,
    read_mail_copy,
)
from services.mailing.mailings import withdraw
from tests.builders import actor, id_of, make_biller, make_mailing

S, PAPER = MailingStatus, DeliveryChannel.PAPER
ADMIN = actor(Role.ADMIN, user_id=1)
KINDS = [
    (DeliveryChannel.EMAIL, S.READY), (DeliveryChannel.EMAIL, S.INTENT), (DeliveryChannel.EMAIL, S.NEEDS_ATTENTION),
    (DeliveryChannel.EMAIL, S.IN_DOUBT), (DeliveryChannel.EMAIL, S.SENT), (PAPER, S.READY), (PAPER, S.PRINTED),
    (PAPER, S.SENT), (PAPER, S.WITHDRAWN),
]  # fmt: skip


def test_each_view_lists_what_it_counts(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        for channel, status in KINDS:
            make_mailing(session, channel=channel, status=status)
        counts = count_mail_views(session, ADMIN)
        listed = {view: len(list_mailings(session, ADMIN, view=view)) for view in MailView}
    assert counts == listed
    assert counts == {
        MailView.TO_DO: 2, MailView.MAILS: 2, MailView.TO_PRINT: 1, MailView.TO_POST: 1, MailView.SENT: 2,
        MailView.ALL: 9,
    }  # fmt: skip


def test_pages_follow_one_another_by_key(session: Session) -> None:
    made = [id_of(make_mailing(session)) for _ in range(5)]
    first = list_mailings(session, ADMIN, limit=3)
    second = list_mailings(session, ADMIN, limit=3, before=first[-1].id)
    assert [row.id for row in (*first, *second)] == made[::-1]


def test_list_is_narrowed_by_payor_and_by_the_beginning_of_a_number(session: Session) -> None:
    one, other = make_mailing(session), make_mailing(session)
    number = session.get_one(Invoice, one.invoice_id).number
    assert [row.id for row in list_mailings(session, ADMIN, text=number)] == [one.id]
    assert [row.id for row in list_mailings(session, ADMIN, carrier_id=other.carrier_id)] == [other.id]
    assert list_mailings(session, ADMIN, text="%") == []


def test_one_shows_its_history_and_the_verbs_of_its_viewer(session: Session) -> None:
    row, biller = make_mailing(session), make_biller(session)
    paper = make_mailing(session, channel=PAPER)
    assert [verb for verb, _ in get_mailing(session, biller, mailing_id=id_of(row)).verbs] == ["withdraw"]
    assert [verb for verb, _ in get_mailing(session, biller, mailing_id=id_of(paper)).verbs] == ["print", "withdraw"]
    assert get_mailing(session, ADMIN, mailing_id=id_of(row)).verbs == ()
    withdraw(session, biller, mailing_id=id_of(row), expected_version=1, note="Wrong claim")
    found = get_mailing(session, biller, mailing_id=id_of(row))
    assert [(event.tag, event.note) for event in found.history] == [("mailing:withdraw", "Wrong claim")]


def test_invoices_show_the_mailing_of_their_present_revision(session: Session) -> None:
    row, gone = make_mailing(session, status=S.IN_DOUBT), make_mailing(session, status=S.WITHDRAWN)
    states = mail_states(session, [row.invoice_id, gone.invoice_id])
    assert {key: (found.mailing_id, found.status) for key, found in states.items()} == {
        row.invoice_id: (row.id, S.IN_DOUBT)
    }
    session.exec(select(Invoice).where(Invoice.id == row.invoice_id)).one().revision_number = 2
    session.flush()
    assert mail_states(session, [row.invoice_id]) == {}
    assert mail_states(session, []) == {}


def test_no_copy_of_a_mail_that_was_not_made(session: Session) -> None:
    row = make_mailing(session, channel=PAPER)
    with pytest.raises(NotFoundError, match="no copy of a mail"):
        read_mail_copy(session, ADMIN, mailing_id=id_of(row))


def test_list_is_for_the_desk(session: Session) -> None:
    row, attorney = make_mailing(session), actor(Role.ATTORNEY, user_id=5)
    for refused in (
        lambda: list_mailings(session, attorney),
        lambda: count_mail_views(session, attorney),
        lambda: get_mailing(session, attorney, mailing_id=id_of(row)),
        lambda: read_mail_copy(session, attorney, mailing_id=id_of(row)),
    ):
        with pytest.raises(DeniedError):
            refused()
