"""Appeals: drafted by the site's route, with reasons and papers, sent in time, answered to the cent."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.object_store import LocalObjectStore
from carriers.profile import MoneyTerms
from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AppealLine, AuditEvent, GuidelineException, InvoiceLine, Matter, Proforma, ProformaLine
from models.enums import AppealStatus, CashStatus, DecisionStatus, DocumentStatus, FindingAction, Role
from services.responses import appeal_documents, appeals
from services.responses.appeal_routes import WrongRouteError, due_date, route_of
from services.responses.appeal_texts import TO_FILL
from services.responses.appeals import AskedLine, draft_appeal, record_answer, send_appeal, withdraw_appeal
from tests.builders import actor, id_of, make_appeal, make_biller, make_cut_invoice, make_finding
from tests.builders.base import NOW, add

A = AppealStatus
PDF = b"%PDF-1.7 a letter"
WHY = {1: AskedLine("The hearing ran long; see the order.")}


@pytest.fixture
def biller(session):
    return make_biller(session)


def draft(session, biller, invoice, lines=None, **more):
    return draft_appeal(session, biller, invoice_id=id_of(invoice), lines=WHY if lines is None else lines, **more)


def send(session, biller, appeal, **changes):
    given = {"expected_version": appeal.version, "sent_on": today(), "reference": "APL-1", **changes}
    return send_appeal(session, biller, appeal_id=id_of(appeal), **given)


def answer(session, biller, appeal, granted, **changes):
    given = {"expected_version": appeal.version, "answered_on": today(), "answer": "See letter", **changes}
    return record_answer(session, biller, appeal_id=id_of(appeal), granted=granted, **given)


def test_draft_asks_for_the_cut_by_the_last_day_of_the_window(session, biller):
    invoice = make_cut_invoice(session, appeal_window_days=30)
    appeal = draft(session, biller, invoice)
    [line] = appeals.lines_of(session, id_of(appeal))
    assert (appeal.number, appeal.status, appeal.due_on) == (1, A.DRAFTED, today() + timedelta(days=30))
    assert (line.line_number, line.asked_amount, line.reason) == (1, Decimal("100.00"), WHY[1].reason)
    assert session.exec(select(AuditEvent).where(AuditEvent.tag == "appeal:drafted")).one().data["lines"] == [1]


def test_draft_quotes_the_permission_that_the_check_quoted(session, biller):
    invoice = make_cut_invoice(session)
    line = session.exec(select(InvoiceLine).where(InvoiceLine.line_number == 1)).first()
    permission = add(
        session,
        GuidelineException(
            carrier_id=invoice.carrier_id,
            rule="block_billing",
            matter_id=invoice.matter_id,
            work_from=date(2026, 10, 1),
            handler="Priya Nair",
            granted_on=date(2026, 10, 3),
            reference="e-mail of 3 October",
            created_by_id=invoice.finalized_by_id,
            created_at=NOW,
        ),
    )
    found = make_finding(
        session,
        session.get_one(Proforma, invoice.proforma_id),
        line=session.get_one(ProformaLine, line.proforma_line_id),
        action=FindingAction.ALLOWED,
    )
    found.exception_id = permission.id
    session.flush()
    [asked] = appeals.lines_of(session, id_of(draft(session, biller, invoice, {1: AskedLine()})))
    number = session.get_one(Matter, invoice.matter_id).number
    assert asked.exception_id == permission.id
    assert asked.reason == (
        f"Priya Nair allowed this on 2026-10-03 (e-mail of 3 October), for matter {number}, work from 2026-10-01. "
        "We ask that $100.00 be restored."
    )


def test_draft_finds_a_permission_by_the_sites_code(session, biller):
    invoice = make_cut_invoice(session, code="Block-Billing")
    for rule, to in (("block_billing", None), ("travel_time", None), ("block_billing", date(2020, 1, 1))):
        add(
            session,
            GuidelineException(
                carrier_id=invoice.carrier_id, rule=rule, handler=f"{rule} {to}", granted_on=date(2026, 10, 1),
                work_to=to, created_by_id=invoice.finalized_by_id, created_at=NOW,
            ),
        )  # fmt: skip
    [asked] = appeals.lines_of(session, id_of(draft(session, biller, invoice, {1: AskedLine()})))
    assert asked.reason.startswith("block_billing None allowed this on 2026-10-01, for all matters.")


def test_draft_without_a_permission_leaves_the_reason_to_be_written(session, biller):
    appeal = draft(session, biller, make_cut_invoice(session), {1: AskedLine()})
    with pytest.raises(InvalidInputError, match="Write the reason for line 1"):
        send(session, biller, appeal)
    assert TO_FILL in appeals.lines_of(session, id_of(appeal))[0].reason
    appeals.change_appeal(
        session, biller, appeal_id=id_of(appeal), expected_version=appeal.version, reasons={1: "It was a trial."}
    )
    assert send(session, biller, appeal).status is A.SENT


@pytest.mark.parametrize(
    ("terms", "columns", "lines", "sentence"),
    [
        ({}, {"appeal_window_days": 0}, (1,), "takes no appeals.*accept the cut"),
        ({}, {"decided_at": datetime(2026, 1, 5, tzinfo=UTC)}, (1,), "last day to appeal .* 2026-03-06: 60 days"),
        ({}, {}, (None,), "single lines, never of a whole invoice; choose the lines"),
        ({}, {"decision": DecisionStatus.REJECTED}, (None,), "goes back corrected, under the same number"),
        ({}, {"decision": DecisionStatus.REJECTED, "resubmission": "suffix"}, (None,), "with a suffix"),
        ({"kind": "second_review"}, {}, (1,), "no appeals of single lines.*second review"),
        ({"kind": "before_payment"}, {"cash_status": CashStatus.SHORT_PAID}, (1,), "only before it pays.*short paid"),
    ],
)
def test_draft_refuses_a_wrong_route_and_says_the_right_one(session, biller, terms, columns, lines, sentence):
    invoice = make_cut_invoice(session, appeal=terms, **columns)
    with pytest.raises(WrongRouteError, match=sentence):
        draft(session, biller, invoice, dict.fromkeys(lines, AskedLine("x")))
    assert session.exec(select(AppealLine)).all() == []


def test_draft_refuses_one_more_than_the_site_takes(session, biller):
    invoice = make_cut_invoice(session, appeal={"max_count": 1})
    make_appeal(session, invoice_id=id_of(invoice), status=A.WITHDRAWN)
    assert route_of(session, invoice).sentence.endswith("within 60 days of the decision. Appeal 1 of 1.")
    answer(session, biller, send(session, biller, draft(session, biller, invoice)), {})
    with pytest.raises(WrongRouteError, match=r"takes one appeal of an invoice.*accept the cut"):
        draft(session, biller, invoice)


def test_draft_refuses_a_second_one_under_way_and_what_was_not_cut(session, biller):
    invoice = make_cut_invoice(session)
    with pytest.raises(InvalidInputError, match="Line 2 has no open cut"):
        draft(session, biller, invoice, {2: AskedLine("x")})
    with pytest.raises(InvalidInputError, match="between"):
        draft(session, biller, invoice, {1: AskedLine("x", Decimal("100.01"))})
    with pytest.raises(InvalidInputError, match="Choose the cuts"):
        draft(session, biller, invoice, {})
    draft(session, biller, invoice)
    with pytest.raises(WrongStateError, match="change or withdraw it first"):
        draft(session, biller, invoice)
    for columns in ({"decision": DecisionStatus.APPROVED}, {"document_status": DocumentStatus.SUPERSEDED}):
        with pytest.raises(WrongStateError, match="no cut to appeal"):
            draft(session, biller, make_cut_invoice(session, **columns))


def test_second_review_takes_every_cut_of_the_invoice(session, biller):
    invoice = make_cut_invoice(
        session, appeal={"kind": "second_review"}, cuts={1: "100.00", 2: "20.00"}, approved_amount=Decimal("700.00")
    )
    appeal = draft(session, biller, invoice, {None: AskedLine("Please look again."), 2: AskedLine("A hearing.")})
    lines = appeals.lines_of(session, id_of(appeal))
    assert [(line.line_number, str(line.asked_amount)) for line in lines] == [
        (1, "100.00"), (2, "20.00"), (None, "35.00")
    ]  # fmt: skip
    assert [line.reason for line in lines][1:] == ["A hearing.", "Please look again."]


def test_send_wants_proof_a_possible_day_and_the_version_that_was_seen(session, biller):
    appeal = draft(session, biller, make_cut_invoice(session))
    with pytest.raises(InvalidInputError, match="proves the sending"):
        send(session, biller, appeal, reference=" ")
    for day in (today() + timedelta(days=1), today() - timedelta(days=1)):
        with pytest.raises(InvalidInputError, match="between the decision and today"):
            send(session, biller, appeal, sent_on=day)
    with pytest.raises(StaleVersionError):
        send(session, biller, appeal, expected_version=9)
    with pytest.raises(DeniedError):
        send(session, actor(Role.ATTORNEY, user_id=1), appeal)
    sent = send(session, biller, appeal)
    assert (sent.status, sent.sent_by_id, sent.reference, sent.sent_on) == (A.SENT, biller.user_id, "APL-1", today())


def test_send_after_the_last_day_is_refused(session, biller):
    invoice = make_cut_invoice(session, decided_at=now() - timedelta(days=70))
    appeal = make_appeal(session, invoice_id=id_of(invoice), due_on=today() - timedelta(days=10))
    with pytest.raises(WrongRouteError, match="cannot be sent"):
        send(session, biller, appeal)


@pytest.mark.parametrize(
    ("granted", "status", "decision", "accepted"),
    [
        ({1: "100.00"}, A.UPHELD, DecisionStatus.APPROVED, "855.00"),
        ({1: "40.00"}, A.PARTLY_UPHELD, DecisionStatus.REDUCED, "795.00"),
        ({}, A.DENIED, DecisionStatus.REDUCED, "755.00"),
    ],
)
def test_answer_moves_the_accepted_amount_and_nothing_else(session, biller, granted, status, decision, accepted):
    invoice = make_cut_invoice(session)
    appeal = send(session, biller, draft(session, biller, invoice))
    answered = answer(session, biller, appeal, {number: Decimal(amount) for number, amount in granted.items()})
    assert (answered.status, invoice.decision_status, str(invoice.approved_amount)) == (status, decision, accepted)
    assert (invoice.cash_status, invoice.total_amount) == (CashStatus.UNPAID, Decimal("855.00"))


@pytest.mark.parametrize(
    ("decision", "accepted"), [(DecisionStatus.REJECTED, "60.00"), (DecisionStatus.DISPUTED, "487.50")]
)
def test_answer_starts_from_what_the_cuts_leave_where_the_site_gave_no_sum(session, biller, decision, accepted):
    invoice = make_cut_invoice(session, decision=decision, cuts={1: "427.50"}, appeal={"kind": "before_payment"})
    appeal = send(session, biller, draft(session, biller, invoice))
    answer(session, biller, appeal, {1: Decimal(60)})
    assert (invoice.decision_status, str(invoice.approved_amount)) == (DecisionStatus.REDUCED, accepted)


def test_answer_refuses_more_than_was_asked_and_foreign_lines(session, biller):
    appeal = send(session, biller, draft(session, biller, make_cut_invoice(session)))
    with pytest.raises(InvalidInputError, match=r"between \$0.00 and \$100.00"):
        answer(session, biller, appeal, {1: Decimal("100.01")})
    with pytest.raises(NotFoundError, match="not on the appeal"):
        answer(session, biller, appeal, {7: Decimal(1)})
    with pytest.raises(InvalidInputError, match="between the sending and today"):
        answer(session, biller, appeal, {}, answered_on=today() + timedelta(days=1))
    assert appeal.status is A.SENT


def test_withdraw_puts_a_draft_away_but_not_one_that_was_sent(session, biller):
    invoice = make_cut_invoice(session)
    appeal = draft(session, biller, invoice)
    withdraw_appeal(session, biller, appeal_id=id_of(appeal), expected_version=appeal.version)
    sent = send(session, biller, draft(session, biller, invoice))
    assert (appeal.status, sent.number) == (A.WITHDRAWN, 2)
    with pytest.raises(WrongStateError):
        withdraw_appeal(session, biller, appeal_id=id_of(sent), expected_version=sent.version)


def test_attorneys_draft_for_their_own_matters_alone(session, biller):
    invoice = make_cut_invoice(session)
    own = session.get_one(Matter, invoice.matter_id).responsible_attorney_id
    with pytest.raises(NotFoundError):
        draft(session, actor(Role.ATTORNEY, user_id=own + 1000), invoice)
    with pytest.raises(DeniedError):
        draft(session, actor(Role.ADMIN, user_id=own), invoice)
    assert draft(session, actor(Role.ATTORNEY, user_id=own), invoice).drafted_by_id == own


def test_documents_are_attached_opened_removed_and_bound_by_checksum(session, biller, tmp_path: Path):
    store = LocalObjectStore(tmp_path)
    appeal = draft(session, biller, make_cut_invoice(session))
    given = {"appeal_id": id_of(appeal), "name": "../Order of court.pdf", "content": PDF, "store": store}
    document = appeal_documents.attach_document(session, biller, expected_version=1, **given)
    assert [row.name for row in appeal_documents.documents_of(session, id_of(appeal))] == ["Order of court.pdf"]
    with pytest.raises(InvalidInputError, match="attached already"):
        appeal_documents.attach_document(session, biller, expected_version=2, **given)
    with pytest.raises(InvalidInputError, match="PDF, PNG or JPEG"):
        appeal_documents.attach_document(session, biller, expected_version=2, **{**given, "content": b"MZ"})
    key = id_of(document)
    assert appeal_documents.read_document(session, biller, document_id=key, store=store).content == PDF
    store.put(document.object_key, b"%PDF-other", "application/pdf")
    with pytest.raises(appeal_documents.AppealDocumentAlteredError):
        appeal_documents.read_document(session, biller, document_id=key, store=store)
    appeal_documents.remove_document(session, biller, appeal_id=id_of(appeal), document_id=key, expected_version=2)
    assert appeal_documents.documents_of(session, id_of(appeal)) == []


def test_documents_are_refused_where_the_site_takes_none(session, biller, tmp_path: Path):
    appeal = draft(session, biller, make_cut_invoice(session, appeal={"documents": False}))
    with pytest.raises(WrongRouteError, match="takes no documents"):
        appeal_documents.attach_document(
            session, biller, appeal_id=id_of(appeal), expected_version=1, name="a.pdf", content=PDF,
            store=LocalObjectStore(tmp_path),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "days", "expected"),
    [
        ({}, 30, date(2026, 11, 29)),
        ({"days": "business"}, 3, date(2026, 11, 4)),
        ({"days": "business"}, 10, date(2026, 11, 13)),
        ({"clock": "delivery"}, 30, date(2026, 10, 31)),
        ({}, 0, None),
    ],
)
def test_due_date_follows_the_sites_clock(terms, days, expected):
    money = MoneyTerms.model_validate({"appeal_window_days": days, "appeal": terms, "payment_terms_days": 30})
    friday = datetime(2026, 10, 30, 23, 30, tzinfo=UTC)
    assert due_date(money, decided_at=friday, delivered_at=datetime(2026, 10, 1, tzinfo=UTC)) == expected
    assert due_date(money, decided_at=None, delivered_at=None) is None
