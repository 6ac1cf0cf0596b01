"""What a carrier cut: by line and beside the lines, each word once, and what is left of it."""

from decimal import Decimal

import pytest

from models import AppealLine, CutAcceptanceLine, Proforma
from models.enums import AcceptanceStatus, AppealStatus, DecisionStatus
from services.responses.cuts import cuts_of, load_cuts
from tests.builders import make_appeal, make_cut_acceptance, make_cut_invoice, make_revision, make_submission, say
from tests.builders.appeals import file_of
from tests.builders.base import add, id_of
from tests.services.counting import counted

D = DecisionStatus


def amounts(session, invoice):
    return {cut.line_number: str(cut.cut_amount) for cut in cuts_of(session, invoice)}


def test_cuts_of_a_reduction_are_what_the_site_took_off_each_line(session):
    invoice = make_cut_invoice(session, cuts={1: "100.00", 2: "27.50"})
    assert amounts(session, invoice) == {1: "100.00", 2: "27.50"}


def test_cuts_of_a_reduction_keep_what_names_no_line(session):
    invoice = make_cut_invoice(session, cuts={1: "100.00"}, approved_amount=Decimal("700.00"))
    assert amounts(session, invoice) == {1: "100.00", None: "55.00"}
    assert cuts_of(session, invoice)[1].message == "Cut without naming a line."


@pytest.mark.parametrize(
    ("decision", "cuts", "expected"),
    [
        (D.REJECTED, {}, {None: "855.00"}),
        (D.REJECTED, {1: "0.00"}, {1: "427.50", None: "427.50"}),
        (D.DISPUTED, {2: "50.00"}, {2: "50.00"}),
        (D.DISPUTED, {}, {None: "855.00"}),
        (D.APPROVED, {1: "9.00"}, {}),
        (D.PENDING, {1: "9.00"}, {}),
    ],
)
def test_cuts_follow_the_decision(session, decision, cuts, expected):
    assert amounts(session, make_cut_invoice(session, decision=decision, cuts=cuts)) == expected


def test_cuts_count_a_repeated_finding_once_and_the_newest_file_alone(session):
    invoice = make_cut_invoice(session)
    say(
        session,
        file_of(session, invoice),
        line_number=1,
        amount="100.00",
        code="block_billing",
        message="Block billed.",
    )
    assert amounts(session, invoice) == {1: "100.00"}
    invoice.revision_number = 2

    make_revision(session, invoice, session.get_one(Proforma, invoice.proforma_id), number=2)
    say(session, make_submission(session, invoice), line_number=2, amount="100.00")
    assert amounts(session, invoice) == {2: "100.00"}


def test_cuts_never_exceed_their_line(session):
    invoice = make_cut_invoice(session, cuts={1: "900.00"}, approved_amount=Decimal("427.50"))
    assert amounts(session, invoice) == {1: "427.50"}


def test_left_is_what_no_appeal_restored_and_nobody_gave_up(session):

    invoice = make_cut_invoice(session, cuts={1: "100.00", 2: "60.00"})
    appeal = make_appeal(session, invoice_id=id_of(invoice), status=AppealStatus.PARTLY_UPHELD)
    add(
        session,
        AppealLine(
            appeal_id=id_of(appeal), line_number=1, asked_amount=Decimal(100), granted_amount=Decimal(40), reason="x"
        ),
    )
    invoice.approved_amount = Decimal("735.00")
    given_up = make_cut_acceptance(session, invoice_id=id_of(invoice), status=AcceptanceStatus.ACCEPTED)
    add(session, CutAcceptanceLine(cut_acceptance_id=id_of(given_up), line_number=2, amount=Decimal("60.00")))
    found = {cut.line_number: (cut.cut_amount, cut.left_amount) for cut in cuts_of(session, invoice)}
    assert found == {1: (Decimal("100.00"), Decimal("60.00")), 2: (Decimal("60.00"), Decimal(0))}


def test_load_cuts_needs_four_statements_for_any_number(database, session):
    invoices = [make_cut_invoice(session) for _ in range(3)]
    session.flush()
    with counted(database) as statements:
        found = load_cuts(session, invoices)
    assert len(found) == 3
    assert len(statements) == 4
