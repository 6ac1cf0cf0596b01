"""Whether what a carrier says fits the invoice to the cent, and what it comes to: a decision, a remark, or neither."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carriers.exchange import DecisionKind, SiteDecision, SiteFinding
from carriers.result_outcomes import DECISION_OF, ResultOutcome, ToldResult
from core.money import as_dollars

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
_WORDS = {ResultOutcome.SENT_TO_AP: "Sent to accounts payable", ResultOutcome.PAID: "Paid"}


@dataclass(frozen=True)
class BilledInvoice:
    """The invoice as it was sent: its total, and the amount of each line by number."""

    total_amount: Decimal
    lines: Mapping[int, Decimal]


@dataclass(frozen=True)
class Fit:
    """What a result comes to; `misfits` are sentences, and while there is one nothing is to be recorded."""

    decision: SiteDecision | None = None
    remark: SiteFinding | None = None
    misfits: tuple[str, ...] = ()


def fit_result(told: ToldResult, invoice: BilledInvoice) -> Fit:
    """Hold a result against its invoice."""
    kind = DECISION_OF[told.outcome]
    if kind is None:
        misfits = tuple(_payment_misfits(told, invoice))
        return Fit(misfits=misfits) if misfits else Fit(remark=SiteFinding(None, told.outcome.value, _payment(told)))
    approved = _approved_amount(told, invoice)
    if kind is DecisionKind.APPROVED and approved is not None and approved < invoice.total_amount:
        kind = DecisionKind.REDUCED  # "approved" with less than was billed is what others call reduced
    misfits = tuple(_misfits(told, invoice, kind, approved))
    return Fit(misfits=misfits) if misfits else Fit(SiteDecision(kind, approved, told.findings))


def _approved_amount(told: ToldResult, invoice: BilledInvoice) -> Decimal | None:
    """Return the amount it names, or what is left after the lines' cuts where it names none."""
    if told.approved_amount is not None:
        return told.approved_amount
    cuts = _cuts(told)
    return invoice.total_amount - cuts if cuts and told.outcome is ResultOutcome.REDUCED else None


def _cuts(told: ToldResult) -> Decimal:
    return sum((said.reduction for said in told.findings if said.reduction is not None), start=_ZERO)


def _misfits(told: ToldResult, invoice: BilledInvoice, kind: DecisionKind, approved: Decimal | None) -> Iterator[str]:
    yield from _unread(told)
    if told.billed_amount is not None and told.billed_amount != invoice.total_amount:
        yield f"It says {as_dollars(told.billed_amount)} were billed, but {as_dollars(invoice.total_amount)} were."
    if approved is not None and not (_ZERO <= approved <= invoice.total_amount and _is_cents(approved)):
        yield f"It approves {as_dollars(approved)} of an invoice of {as_dollars(invoice.total_amount)}."
    elif kind is DecisionKind.REDUCED and approved is None:
        yield "It says the invoice was reduced, but not by how much."
    elif kind is DecisionKind.REDUCED and approved == invoice.total_amount:
        yield f"It says the invoice was reduced, and approves all of its {as_dollars(invoice.total_amount)}."
    elif kind is DecisionKind.REJECTED and approved:
        yield f"It rejects the invoice and approves {as_dollars(approved)} of it."
    yield from _line_misfits(told, invoice, approved)


def _line_misfits(told: ToldResult, invoice: BilledInvoice, approved: Decimal | None) -> Iterator[str]:
    for said in told.findings:
        if said.line_item_number is None:
            continue
        number = said.line_item_number
        amount = invoice.lines.get(int(number)) if number.isdecimal() else None
        if amount is None:
            yield f"It speaks of line {number}, which the invoice does not have."
        elif said.reduction is not None and not (_is_cents(said.reduction) and said.reduction <= abs(amount)):
            yield f"It takes {as_dollars(said.reduction)} off line {number}, which is {as_dollars(amount)}."
    cuts = _cuts(told)
    if cuts and approved is not None and cuts != invoice.total_amount - approved:
        off = as_dollars(invoice.total_amount - approved)
        yield f"Its lines take {as_dollars(cuts)} off, its amounts {off}."


def _payment_misfits(told: ToldResult, invoice: BilledInvoice) -> Iterator[str]:
    yield from _unread(told)
    paid = told.paid_amount
    if paid is not None and not (_ZERO <= paid <= invoice.total_amount and _is_cents(paid)):
        yield f"It says {as_dollars(paid)} were paid of an invoice of {as_dollars(invoice.total_amount)}."


def _unread(told: ToldResult) -> Iterator[str]:
    yield from (f"'{text}' stands where an amount belongs." for text in told.unread)


def _is_cents(amount: Decimal) -> bool:
    return amount % _CENT == 0


def _payment(told: ToldResult) -> str:
    words = [_WORDS[told.outcome]]
    words += [as_dollars(told.paid_amount)] if told.paid_amount is not None else []
    words += [f"on {told.paid_on}"] if told.paid_on else []
    words += [f"reference {told.reference}"] if told.reference else []
    return " ".join(words) + "."
