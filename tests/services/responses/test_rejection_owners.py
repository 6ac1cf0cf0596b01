"""Handing a rejection on: to one person who is told, back to anybody, and refused where it makes no sense."""

import pytest
from sqlmodel import col, select

from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models import AuditEvent, Matter
from models.enums import NoticeKind, Role
from services.notices import count_unread, list_notices
from services.responses.rejection_owners import hand_on_rejection, list_owners
from services.responses.rejections import list_rejections
from tests.builders import actor, actor_for, id_of, make_biller, make_cut_invoice, make_user


@pytest.fixture
def biller(session):
    return make_biller(session)


@pytest.fixture
def invoice(session):
    return make_cut_invoice(session)


def hand_on(session, who, invoice, owner_id, *, version=None, note=""):
    seen = invoice.version if version is None else version
    return hand_on_rejection(
        session, who, invoice_id=id_of(invoice), expected_version=seen, owner_id=owner_id, note=note
    )


def attorney_of(session, invoice):
    return session.get_one(Matter, invoice.matter_id).responsible_attorney_id


def test_hand_on_names_the_person_in_the_queue_and_tells_them(session, biller, invoice):
    lee = make_user(session, Role.BILLER, name="Lee Park")
    hand_on(session, biller, invoice, id_of(lee), note="You know the adjuster")
    [row] = list_rejections(session, biller)
    assert (row.owner_name, invoice.version) == ("Lee Park", 2)
    [notice] = list_notices(session, actor_for(lee))
    assert (notice.kind, notice.subject_id) == (NoticeKind.REJECTION_HANDED_ON, invoice.id)
    event = session.exec(select(AuditEvent).where(col(AuditEvent.tag) == "invoice:rejection_handed_on")).one()
    assert (event.note, event.data["owner_id"]) == ("You know the adjuster", lee.id)


def test_hand_on_again_takes_the_notice_of_the_one_before_away(session, biller, invoice):
    lee, attorney = make_user(session, Role.BILLER), attorney_of(session, invoice)
    hand_on(session, biller, invoice, id_of(lee))
    hand_on(session, biller, invoice, attorney)
    assert [count_unread(session, actor(Role.BILLER, user_id=one)) for one in (lee.id, attorney)] == [0, 1]
    hand_on(session, biller, invoice, None)
    assert list_rejections(session, biller)[0].owner_name == ""
    assert count_unread(session, actor(Role.ATTORNEY, user_id=attorney)) == 0


def test_take_it_oneself_tells_nobody(session, biller, invoice):
    hand_on(session, biller, invoice, biller.user_id)
    assert count_unread(session, biller) == 0


def test_owners_are_active_billers_and_the_matters_attorney(session, biller, invoice):
    gone, other = make_user(session, Role.BILLER), make_user(session, Role.ATTORNEY)
    gone.is_active = False
    session.flush()
    found = dict(list_owners(session, invoice))
    assert {biller.user_id, attorney_of(session, invoice)} <= set(found)
    assert not {gone.id, other.id} & set(found)
    for wrong in (gone.id, other.id, 999_999):
        with pytest.raises(InvalidInputError, match="Only billing"):
            hand_on(session, biller, invoice, wrong)


def test_hand_on_is_refused_to_others_and_on_an_old_view(session, biller, invoice):
    with pytest.raises(StaleVersionError):
        hand_on(session, biller, invoice, biller.user_id, version=9)
    with pytest.raises(NotFoundError):
        hand_on(session, actor_for(make_user(session, Role.ATTORNEY)), invoice, biller.user_id)
    with pytest.raises(DeniedError):
        hand_on(session, actor(Role.SYSTEM), invoice, biller.user_id)
    assert invoice.rejection_owner_id is None
