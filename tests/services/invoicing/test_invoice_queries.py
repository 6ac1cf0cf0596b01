"""The Invoices page and Today: filters, paging, ageing, detail, numbers of a person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from core.clock import now, today
from core.errors import NotFoundError
from models import Matter, Proforma
from models.enums import DecisionStatus, DocumentStatus, ProformaStatus, ReceiptSource, Role, SubmissionStatus
from services import overview
from services.invoicing import invoice_queries
from services.invoicing.invoice_queries import InvoiceFilter
from tests.builders import actor, id_of, make_biller, make_invoice, make_matter, make_proforma, make_submission


def numbers(session: Session, **wanted: object) -> list[str]:
    page = invoice_queries.list_invoices(session, make_biller(session), wanted=InvoiceFilter(**wanted))
    return [row.number for row in page.rows]


def test_list_invoices_filters_by_both_states(session: Session) -> None:
    make_invoice(session, number="A-1")
    delivered, pending = DocumentStatus.DELIVERED, DecisionStatus.PENDING
    make_invoice(session, number="A-2", document_status=delivered, decision_status=pending)
    make_invoice(session, number="A-3", document_status=delivered, decision_status=DecisionStatus.REDUCED)
    assert numbers(session) == ["A-3", "A-2", "A-1"]
    assert numbers(session, document=[delivered]) == ["A-3", "A-2"]
    assert numbers(session, document=[delivered], decision=[pending]) == ["A-2"]


def test_list_invoices_searches_numbers_and_claims(session: Session) -> None:
    invoice = make_invoice(session, matter=make_matter(session, number="0042-7", claim_number="HM-0001"), number="B-1")
    make_invoice(session, number="C-1")
    for text in ("B-", "0042", "HM-0001"):
        assert numbers(session, text=text) == ["B-1"]
    assert numbers(session, text="%") == []
    assert numbers(session, matter_id=invoice.matter_id, carrier_id=invoice.carrier_id) == ["B-1"]


def test_list_invoices_pages_without_gap_or_repeat(session: Session) -> None:
    made = [make_invoice(session).number for _ in range(5)]
    biller = make_biller(session)
    seen: list[str] = []
    before = None
    while True:
        page = invoice_queries.list_invoices(session, biller, before=before, limit=2)
        seen += [row.number for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert seen == made[::-1]


def test_list_invoices_shows_attorneys_their_own(session: Session) -> None:
    invoice = make_invoice(session)
    make_invoice(session)
    attorney = actor(Role.ATTORNEY, user_id=session.get_one(Matter, invoice.matter_id).responsible_attorney_id)
    page = invoice_queries.list_invoices(session, attorney)
    assert [row.id for row in page.rows] == [invoice.id]
    with pytest.raises(NotFoundError, match="among yours"):
        invoice_queries.get_invoice(session, actor(Role.ATTORNEY, user_id=-1), invoice_id=id_of(invoice))


def test_ageing_counts_what_is_owed_by_age(session: Session) -> None:
    for days in (0, 30, 31, 61, 91, 400):
        make_invoice(session, finalized_at=now() - timedelta(days=days, minutes=1))
    make_invoice(session, document_status=DocumentStatus.VOIDED, finalized_at=now())
    found = invoice_queries.ageing(session, make_biller(session))
    assert [(bucket.label, bucket.count) for bucket in found] == [
        ("0-30 days", 2),
        ("31-60 days", 1),
        ("61-90 days", 1),
        ("over 90 days", 2),
    ]
    assert found[0].amount == Decimal("1710.00")
    assert len(numbers(session, min_age_days=91)) == 2


def test_get_invoice_shows_lines_and_what_may_be_done(session: Session) -> None:
    invoice = make_invoice(session, lines=3)
    detail = invoice_queries.get_invoice(session, make_biller(session), invoice_id=id_of(invoice))
    assert [line.line_number for line in detail.lines] == [1, 2, 3]
    assert [revision.number for revision in detail.revisions] == [1]
    assert ("void", "Void") in detail.verbs
    assert detail.row.age_days >= 0


def test_overview_tells_an_attorney_what_waits(session: Session) -> None:
    mine = make_proforma(session, due_on=today() - timedelta(days=1))
    make_proforma(session)
    told = overview.get_overview(session, actor(Role.ATTORNEY, user_id=mine.reviewer_id))
    assert [item.row.id for item in told.queue] == [mine.id]
    assert (told.queue_count, told.urgent_count) == (1, 1)
    assert [(state.machine, state.state, state.count) for state in told.states] == [
        ("proforma", ProformaStatus.IN_REVIEW, 1)
    ]


def test_overview_tells_billing_what_is_blocked_and_by_whom(session: Session) -> None:
    late = make_proforma(session, due_on=today() - timedelta(days=2))
    make_proforma(session, status=ProformaStatus.RETURNED)
    doubt = make_submission(session, make_invoice(session), status=SubmissionStatus.IN_DOUBT)
    told = overview.get_overview(session, make_biller(session))
    assert [(blocked.kind, blocked.count) for blocked in told.blocked] == [("review", 1), ("returned", 1), ("doubt", 1)]
    assert told.queue_count == 1
    assert late.id is not None
    assert doubt.id is not None


def test_overview_counts_hours_saved_by_the_machine(session: Session) -> None:
    for source in (ReceiptSource.SITE, ReceiptSource.SITE, ReceiptSource.PERSON):
        make_submission(
            session,
            make_invoice(session, document_status=DocumentStatus.DELIVERED),
            status=SubmissionStatus.DELIVERED,
            receipt_source=source,
            delivered_at=now(),
        )
    told = overview.get_overview(session, make_biller(session))
    assert (told.files_delivered, told.minutes_saved, told.hours_saved) == (2, 6, Decimal("0.1"))


def test_overview_of_an_empty_firm_is_quiet(session: Session) -> None:
    told = overview.get_overview(session, make_biller(session))
    assert (told.queue, told.states, told.blocked, told.cycle_end) == ((), (), (), None)
    assert session.get(Proforma, 1) is None
