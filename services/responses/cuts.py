"""What carriers cut of invoices: by line, with what an appeal brought back and what the firm gave up of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from core.money import ZERO, total
from models import (
    Appeal,
    AppealLine,
    CutAcceptance,
    CutAcceptanceLine,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Mailing,
    SiteFinding,
    Submission,
)
from models.enums import AcceptanceStatus, AppealStatus, DecisionStatus
from services.row_ids import row_id

CUT = (DecisionStatus.REDUCED, DecisionStatus.DISPUTED, DecisionStatus.REJECTED)
WHOLE = None
_NO_LINE = {
    DecisionStatus.REDUCED: "Cut without naming a line.",
    DecisionStatus.REJECTED: "Rejected without naming a line.",
    DecisionStatus.DISPUTED: "Disputed without naming a line.",
}
Amounts = Mapping[tuple[int, int | None], Decimal]


@dataclass(frozen=True)
class Cut:
    """What the carrier took off one line (None = named no line), in the site's own words.

    `restored_amount` is what appeals brought back, `accepted_amount` what the firm gave up.
    """

    line_number: int | None
    cut_amount: Decimal
    code: str
    message: str
    restored_amount: Decimal = ZERO
    accepted_amount: Decimal = ZERO

    @property
    def left_amount(self) -> Decimal:
        """What nobody has settled yet."""
        return max(self.cut_amount - self.restored_amount - self.accepted_amount, ZERO)

    @property
    def place(self) -> str:
        """Return where it is, for people: 'line 3'."""
        return "the invoice" if self.line_number is None else f"line {self.line_number}"


@dataclass
class _Facts:
    findings: dict[int, list[SiteFinding]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[tuple[int, int | None], Decimal] = field(default_factory=dict)
    restored: Amounts = field(default_factory=dict)
    accepted: Amounts = field(default_factory=dict)


def cuts_of(session: Session, invoice: Invoice) -> tuple[Cut, ...]:
    """Return one invoice's cuts, by line; () unless its carrier reduced, disputed or rejected it."""
    return load_cuts(session, [invoice])[row_id(invoice)]


def load_cuts(session: Session, invoices: Sequence[Invoice]) -> dict[int, tuple[Cut, ...]]:
    """Return the cuts by invoice id, in five statements whatever their number.

    Of what the site said, what belongs to the newest file counts, and each word of it once: a dispute that becomes a
    reduction repeats its findings.
    """
    ids = [row_id(invoice) for invoice in invoices if invoice.decision_status in CUT]
    facts = _load(session, ids) if ids else _Facts()
    return {row_id(invoice): _cuts(invoice, facts) for invoice in invoices}


def current_findings(session: Session, invoice_ids: Sequence[int]) -> dict[int, list[SiteFinding]]:
    """Return what the carrier said about each invoice's newest file, each finding once, in the order it was said."""
    newest = (
        select(func.max(col(Submission.id)))
        .where(col(Submission.invoice_id).in_(invoice_ids))
        .group_by(col(Submission.invoice_id))
    )
    said = or_(col(SiteFinding.submission_id).in_(newest), _of_newest_mailing(invoice_ids))
    statement = select(SiteFinding).where(said).order_by(col(SiteFinding.id))
    found: dict[tuple[int, int | None, str, str], SiteFinding] = {}
    for one in session.scalars(statement):
        found[one.invoice_id, one.line_number, one.code, one.message] = one
    by_invoice: dict[int, list[SiteFinding]] = defaultdict(list)
    for one in found.values():
        by_invoice[one.invoice_id].append(one)
    return by_invoice


def _of_newest_mailing(invoice_ids: Sequence[int]) -> ColumnElement[bool]:
    """What was said since an invoice was last queued to go by e-mail or on paper; it belongs to no submission."""
    last = (
        select(func.max(col(Mailing.queued_at)))
        .where(col(Mailing.invoice_id) == col(SiteFinding.invoice_id))
        .correlate(SiteFinding)
        .scalar_subquery()
    )
    return and_(
        col(SiteFinding.submission_id).is_(None),
        col(SiteFinding.invoice_id).in_(invoice_ids),
        col(SiteFinding.created_at) >= last,
    )


def _load(session: Session, ids: Sequence[int]) -> _Facts:
    lines = session.execute(
        select(col(InvoiceRevision.invoice_id), col(InvoiceLine.line_number), col(InvoiceLine.total_amount))
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        .join(Invoice, col(Invoice.id) == col(InvoiceRevision.invoice_id))
        .where(col(Invoice.id).in_(ids), col(InvoiceRevision.number) == col(Invoice.revision_number))
    )
    restored = session.execute(
        select(col(Appeal.invoice_id), col(AppealLine.line_number), col(AppealLine.granted_amount))
        .join(Appeal, col(Appeal.id) == col(AppealLine.appeal_id))
        .where(
            col(Appeal.invoice_id).in_(ids),
            col(Appeal.status).in_((AppealStatus.UPHELD, AppealStatus.PARTLY_UPHELD, AppealStatus.DENIED)),
        )
    )
    accepted = session.execute(
        select(col(CutAcceptance.invoice_id), col(CutAcceptanceLine.line_number), col(CutAcceptanceLine.amount))
        .join(CutAcceptance, col(CutAcceptance.id) == col(CutAcceptanceLine.cut_acceptance_id))
        .where(col(CutAcceptance.invoice_id).in_(ids), col(CutAcceptance.status) == AcceptanceStatus.ACCEPTED)
    )
    return _Facts(
        current_findings(session, ids),
        {(invoice_id, number): amount for invoice_id, number, amount in lines},
        _summed((row[0], row[1], row[2]) for row in restored),
        _summed((row[0], row[1], row[2]) for row in accepted),
    )


def _summed(rows: Iterable[tuple[int, int | None, Decimal | None]]) -> Amounts:
    sums: dict[tuple[int, int | None], Decimal] = defaultdict(lambda: ZERO)
    for invoice_id, number, amount in rows:
        sums[invoice_id, number] += amount or ZERO
    return sums


def _cuts(invoice: Invoice, facts: _Facts) -> tuple[Cut, ...]:
    if invoice.decision_status not in CUT:
        return ()
    key = row_id(invoice)
    said: dict[int | None, list[SiteFinding]] = defaultdict(list)
    for finding in facts.findings.get(key, ()):
        known = finding.line_number if (key, finding.line_number) in facts.lines else None
        said[known].append(finding)
    amounts: dict[int | None, Decimal] = {
        number: _amount(invoice, found, facts.lines[key, number])
        for number, found in said.items()
        if number is not None
    }
    rest = _at_stake(invoice, facts, amounts) - total(amounts.values())
    if rest > 0:
        amounts[WHOLE] = rest
    return tuple(
        _cut(invoice, number, amount, said.get(number, ()), facts)
        for number, amount in sorted(amounts.items(), key=lambda one: (one[0] is None, one[0] or 0))
        if amount > 0
    )


def _amount(invoice: Invoice, said: Sequence[SiteFinding], line_amount: Decimal) -> Decimal:
    """Return what was taken off a line, never more than it; what is disputed or rejected is at stake as a whole."""
    taken = total(finding.reduction_amount or ZERO for finding in said)
    is_reduced = invoice.decision_status is DecisionStatus.REDUCED
    return min(taken, line_amount) if is_reduced or taken else line_amount


def _at_stake(invoice: Invoice, facts: _Facts, amounts: Mapping[int | None, Decimal]) -> Decimal:
    named = total(amounts.values())
    if invoice.decision_status is DecisionStatus.REJECTED:
        return invoice.total_amount
    if invoice.decision_status is DecisionStatus.DISPUTED:
        return named or invoice.total_amount
    if invoice.approved_amount is None:
        return named
    restored = total(amount for (invoice_id, _), amount in facts.restored.items() if invoice_id == invoice.id)
    return invoice.total_amount - invoice.approved_amount + restored


def _cut(invoice: Invoice, number: int | None, amount: Decimal, said: Sequence[SiteFinding], facts: _Facts) -> Cut:
    key = (row_id(invoice), number)
    return Cut(
        line_number=number,
        cut_amount=amount,
        code=next((finding.code for finding in said if finding.code), ""),
        message=" ".join(dict.fromkeys(finding.message for finding in said)) or _NO_LINE[invoice.decision_status],
        restored_amount=facts.restored.get(key, ZERO),
        accepted_amount=facts.accepted.get(key, ZERO),
    )
