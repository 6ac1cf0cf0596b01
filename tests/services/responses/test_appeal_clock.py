"""The clock of appeals: reminders at 7, 3 and 1 days, each once, to biller and attorney, and drafts that ran out."""

from datetime import timedelta

import pytest

from core.clock import now, today
from models import Matter, User
from models.enums import AppealStatus, DecisionStatus, NoticeKind
from services.notices import list_notices
from services.responses.appeal_clock import run_appeal_clock
from services.responses.cut_acceptances import accept_cut
from tests.builders import actor_for, id_of, make_appeal, make_cut_invoice

WINDOW = 30


def with_days_left(session, days, **columns):
    return make_cut_invoice(
        session, appeal_window_days=WINDOW, decided_at=now() - timedelta(days=WINDOW - days), **columns
    )


def people(session, invoice):
    attorney_id = session.get_one(Matter, invoice.matter_id).responsible_attorney_id
    return [actor_for(session.get_one(User, key)) for key in (invoice.finalized_by_id, attorney_id)]


@pytest.mark.parametrize(("left", "expected"), [(8, 0), (7, 1), (5, 1), (3, 1), (1, 1), (0, 1), (-1, 0)])
def test_remind_biller_and_attorney_once_of_a_day_that_comes_near(session, left, expected):
    invoice = with_days_left(session, left)
    assert (run_appeal_clock(session), run_appeal_clock(session)) == (expected, 0)
    told = [[row.kind for row in list_notices(session, who)] for who in people(session, invoice)]
    assert told == [[NoticeKind.APPEAL_DUE] * expected] * 2


def test_remind_again_at_the_next_mark(session):
    invoice = with_days_left(session, 7)
    run_appeal_clock(session)
    for days in (4, 2):
        invoice.decided_at -= timedelta(days=days)
        session.flush()
        run_appeal_clock(session)
    assert len(list_notices(session, people(session, invoice)[0])) == 3
    assert list_notices(session, people(session, invoice)[0])[0].subject == f"invoice {invoice.number}"


def test_remind_of_nothing_that_is_settled(session):
    sent, accepted = with_days_left(session, 3), with_days_left(session, 3)
    make_appeal(session, invoice_id=id_of(sent), status=AppealStatus.SENT)
    attorney = people(session, accepted)[1]
    accept_cut(session, attorney, invoice_id=id_of(accepted), line_numbers=[1], reason="Small")
    with_days_left(session, 3, decision=DecisionStatus.APPROVED)
    assert run_appeal_clock(session) == 0


def test_expire_drafts_a_day_after_their_last(session):
    invoice = make_cut_invoice(session)
    kept = make_appeal(session, invoice_id=id_of(invoice), due_on=today() - timedelta(days=1))
    gone = make_appeal(session, due_on=today() - timedelta(days=2))
    assert run_appeal_clock(session) == 1
    assert (kept.status, gone.status) == (AppealStatus.DRAFTED, AppealStatus.EXPIRED)
