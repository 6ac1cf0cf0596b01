"""The neutral outcomes of an invoice at a carrier, and what each means for us: one enum, one map."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from carriers.exchange import DecisionKind, SiteFinding

AmountReader = Callable[[str], Decimal | None]


class ResultOutcome(StrEnum):
    """What a carrier may say of an invoice: the statuses of the LEDES interface, with reduced, disputed and pending."""

    RECEIVED = "received"
    PENDING = "pending"
    PENDING_CLIENT = "pending_client"
    PENDING_TAX_AUTHORITY = "pending_tax_authority"
    PENDING_VENDOR = "pending_vendor"
    DELIVERED_TO_CLIENT = "delivered_to_client"
    FILE_ERROR = "file_error"
    APPROVED = "approved"
    REDUCED = "reduced"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    SENT_TO_AP = "sent_to_ap"
    PAID = "paid"


DECISION_OF: dict[ResultOutcome, DecisionKind | None] = {
    ResultOutcome.RECEIVED: DecisionKind.PENDING,
    ResultOutcome.PENDING: DecisionKind.PENDING,
    ResultOutcome.PENDING_CLIENT: DecisionKind.PENDING,
    ResultOutcome.PENDING_TAX_AUTHORITY: DecisionKind.PENDING,
    ResultOutcome.PENDING_VENDOR: DecisionKind.DISPUTED,
    ResultOutcome.DELIVERED_TO_CLIENT: DecisionKind.PENDING,
    ResultOutcome.FILE_ERROR: DecisionKind.REJECTED,
    ResultOutcome.APPROVED: DecisionKind.APPROVED,
    ResultOutcome.REDUCED: DecisionKind.REDUCED,
    ResultOutcome.DISPUTED: DecisionKind.DISPUTED,
    ResultOutcome.REJECTED: DecisionKind.REJECTED,
    # Money on its way decides nothing by itself: it is kept as a remark, and cash is booked from the remittance.
    ResultOutcome.SENT_TO_AP: None,
    ResultOutcome.PAID: None,
}
"""The decision that an outcome is; None where it is a remark about an invoice decided before."""


@dataclass(frozen=True)
class ToldResult:
    """What a mail or a report says about one invoice; amounts in dollars and cents, None where it says nothing.

    Attributes:
        decision_word: the carrier's own word for the outcome.
        paid_on, reference: of a payment, as the carrier writes them.
        unread: amounts that are no amounts, as they were written; such a result is never applied.
    """

    invoice_number: str
    outcome: ResultOutcome
    decision_word: str = ""
    approved_amount: Decimal | None = None
    billed_amount: Decimal | None = None
    paid_amount: Decimal | None = None
    paid_on: str = ""
    reference: str = ""
    findings: tuple[SiteFinding, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultReading:
    """What a mail or a report says; `unclear` are sentences for a person about what could not be understood."""

    results: tuple[ToldResult, ...] = ()
    unclear: tuple[str, ...] = ()


def told_result(
    said: dict[str, str], known: dict[str, ResultOutcome], findings: tuple[SiteFinding, ...], amount_of: AmountReader
) -> ToldResult | str:
    """Return what the facts `said` mean, or the sentence that says why they mean nothing."""
    number, word = said.get("invoice_number", ""), said.get("decision", "")
    outcome = known.get(word.lower())
    if not number or outcome is None:
        return f"It says '{word}' about invoice '{number}', which the profile does not know."
    amounts = {name: amount_of(said[name]) for name in ("amount", "billed", "paid") if said.get(name)}
    return ToldResult(
        number,
        outcome,
        word,
        amounts.get("amount"),
        amounts.get("billed"),
        amounts.get("paid"),
        said.get("paid_on", ""),
        said.get("reference", ""),
        findings,
        tuple(said[name] for name, amount in amounts.items() if amount is None),
    )
