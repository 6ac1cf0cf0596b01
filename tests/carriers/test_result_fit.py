"""What a carrier says is recorded only when it fits the invoice to the cent."""

from decimal import Decimal

import pytest

from carriers.exchange import DecisionKind, SiteFinding
from carriers.outcomes import amount_of
from carriers.result_fit import BilledInvoice, fit_result
from carriers.result_outcomes import DECISION_OF, ResultOutcome, ToldResult, told_result

INVOICE = BilledInvoice(Decimal("1500.00"), {1: Decimal("1000.00"), 2: Decimal("500.00")})
O = ResultOutcome  # noqa: E741 -- a table of them follows


def told(outcome: ResultOutcome, amount: str = "", *cuts: tuple[str | None, str], **more) -> ToldResult:
    findings = tuple(SiteFinding(line, "", "Too much", Decimal(cut)) for line, cut in cuts)
    return ToldResult("INV-1", outcome, approved_amount=Decimal(amount) if amount else None, findings=findings, **more)


@pytest.mark.parametrize(
    ("result", "kind", "amount"),
    [
        (told(O.RECEIVED), DecisionKind.PENDING, None),
        (told(O.PENDING_CLIENT), DecisionKind.PENDING, None),
        (told(O.PENDING_VENDOR), DecisionKind.DISPUTED, None),
        (told(O.FILE_ERROR), DecisionKind.REJECTED, None),
        (told(O.REJECTED, "0.00"), DecisionKind.REJECTED, "0.00"),
        (told(O.APPROVED), DecisionKind.APPROVED, None),
        (told(O.APPROVED, "1500.00"), DecisionKind.APPROVED, "1500.00"),
        (told(O.APPROVED, "1460.00"), DecisionKind.REDUCED, "1460.00"),
        (told(O.REDUCED, "1460.00", ("1", "15.00"), ("2", "25.00")), DecisionKind.REDUCED, "1460.00"),
        (told(O.REDUCED, "", ("1", "15.00"), (None, "25.00")), DecisionKind.REDUCED, "1460.00"),
        (told(O.DISPUTED, "1460.00", ("1", "40.00")), DecisionKind.DISPUTED, "1460.00"),
    ],
)
def test_fit_gives_the_decision(result, kind, amount):
    fit = fit_result(result, INVOICE)
    assert fit.misfits == ()
    assert (fit.decision.kind, fit.decision.approved_amount) == (kind, Decimal(amount) if amount else None)
    assert fit.decision.findings == result.findings


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (told(O.APPROVED, "1500.01"), "approves $1,500.01 of an invoice of $1,500.00"),
        (told(O.APPROVED, "-1.00"), "approves -$1.00"),
        (told(O.REDUCED, "1460.005"), "approves $1,460.01"),
        (told(O.REDUCED), "not by how much"),
        (told(O.REDUCED, "1500.00"), "approves all of its $1,500.00"),
        (told(O.REJECTED, "10.00"), "rejects the invoice and approves $10.00"),
        (told(O.REDUCED, "1460.00", ("1", "30.00")), "take $30.00 off, its amounts $40.00"),
        (told(O.REDUCED, "900.00", ("2", "600.00")), "takes $600.00 off line 2, which is $500.00"),
        (told(O.DISPUTED, "", ("1", "0.005")), "off line 1"),
        (told(O.REDUCED, "1460.00", ("7", "40.00")), "speaks of line 7, which the invoice does not have"),
        (told(O.REDUCED, "1460.00", ("1a", "40.00")), "speaks of line 1a"),
        (told(O.APPROVED, billed_amount=Decimal("1400.00")), "says $1,400.00 were billed"),
        (told(O.APPROVED, unread=("n/a",)), "'n/a' stands where an amount belongs"),
        (told(O.PAID, paid_amount=Decimal("1600.00")), "says $1,600.00 were paid"),
    ],
)
def test_fit_shows_what_does_not_fit_and_gives_nothing(result, why):
    fit = fit_result(result, INVOICE)
    assert (fit.decision, fit.remark) == (None, None)
    assert why in " ".join(fit.misfits)


def test_fit_makes_a_payment_a_remark():
    paid = told(O.PAID, paid_amount=Decimal("1460.00"), paid_on="12/01/2026", reference="EFT 77")
    assert fit_result(paid, INVOICE).remark == SiteFinding(
        None, "paid", "Paid $1,460.00 on 12/01/2026 reference EFT 77."
    )
    assert fit_result(told(O.SENT_TO_AP), INVOICE).remark.message == "Sent to accounts payable."


def test_every_outcome_has_its_meaning():
    assert set(DECISION_OF) == set(ResultOutcome)


def test_told_result_reads_amounts_to_the_cent_and_names_what_is_none():
    known = {"paid in full": ResultOutcome.APPROVED}
    said = {"invoice_number": "7", "decision": "Paid in FULL", "amount": "$1,460.50", "billed": "see site"}
    result = told_result(said, known, (), amount_of)
    assert (result.approved_amount, result.unread) == (Decimal("1460.50"), ("see site",))
    assert amount_of("9" * 40) is None
    assert "'Gone' about invoice '7'" in told_result({**said, "decision": "Gone"}, known, (), amount_of)
