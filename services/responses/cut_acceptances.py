"""Accepting a carrier's cut is a write-off: the responsible attorney approves it, above a limit somebody else too.

Nothing of the invoice changes: its lines stay as they were sent, its decision as the carrier made it, its cash as paid.
"""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, InvalidInputError, WrongStateError
from core.money import as_dollars, as_text, total
from core.settings import get_settings
from models import Appeal, CutAcceptance, CutAcceptanceLine, Invoice, Matter
from models.enums import AcceptanceStatus, AppealStatus, NoticeKind, Role
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.notices import settle_notices, tell, tell_admins
from services.responses.appeals import open_invoice
from services.responses.cuts import cuts_of
from services.row_ids import row_id

_REASON = 500
_UNDER_WAY = (AppealStatus.DRAFTED, AppealStatus.SENT)


def accept_cut(
    session: Session, actor: Actor, *, invoice_id: int, line_numbers: Sequence[int | None], reason: str
) -> CutAcceptance:
    """Give up what is left of these cuts (None = what names no line); for a biller it waits for the attorney.

    The responsible attorney's own is in force at once, up to the firm's limit; above it somebody else approves too.

    Raises:
        InvalidInputError: no reason, no line, or a line without an open cut.
        WrongStateError: an appeal or another proposal is under way.
        DeniedError, NotFoundError: not this person's.
    """
    invoice = open_invoice(session, actor, invoice_id)
    if not reason.strip():
        raise InvalidInputError("Accepting a cut writes money off, so it needs a reason. Nothing was changed.")
    _check_free(session, invoice)
    amounts = _amounts(session, invoice, line_numbers)
    acceptance = CutAcceptance(
        invoice_id=invoice_id,
        total_amount=total(amounts.values()),
        reason=reason.strip()[:_REASON],
        proposed_by_id=person_id(actor),
        proposed_at=now(),
    )
    session.add(acceptance)
    session.flush()
    key = row_id(acceptance)
    session.add_all(
        CutAcceptanceLine(cut_acceptance_id=key, line_number=number, amount=amount)
        for number, amount in amounts.items()
    )
    session.flush()
    _record(session, actor, acceptance, "proposed")
    if _is_attorney_of(session, actor, invoice) and acceptance.total_amount <= limit():
        _decide(session, actor, acceptance, "accept", "")
    else:
        _ask(session, actor, acceptance, invoice)
    return acceptance


def approve_acceptance(session: Session, actor: Actor, *, acceptance_id: int, expected_version: int) -> CutAcceptance:
    """Approve a proposal: as the responsible attorney, or, above the limit, as a second person too.

    Raises:
        DeniedError: the actor proposed it, or it is not this person's to approve.
        NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    acceptance, invoice = _open(session, actor, acceptance_id)
    _check_approver(session, actor, acceptance, invoice)
    _decide(session, actor, acceptance, "accept", "", expected_version)
    return acceptance


def decline_acceptance(
    session: Session, actor: Actor, *, acceptance_id: int, expected_version: int, note: str
) -> CutAcceptance:
    """Decline a proposal with a reason; the cut is open again.

    Raises:
        DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    acceptance, invoice = _open(session, actor, acceptance_id)
    _check_approver(session, actor, acceptance, invoice)
    _decide(session, actor, acceptance, "decline", note, expected_version)
    return acceptance


def withdraw_acceptance(session: Session, actor: Actor, *, acceptance_id: int, expected_version: int) -> CutAcceptance:
    """Take one's own proposal back.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    acceptance, _ = _open(session, actor, acceptance_id)
    if acceptance.proposed_by_id != actor.user_id:
        raise DeniedError("Only who proposed it takes it back. Nothing was changed; its approver can decline it.")
    _decide(session, actor, acceptance, "withdraw", "", expected_version)
    return acceptance


def can_approve(session: Session, actor: Actor, acceptance: CutAcceptance, invoice: Invoice) -> bool:
    """Whether the actor may approve or decline the proposal."""
    try:
        _check_approver(session, actor, acceptance, invoice)
    except DeniedError:
        return False
    return True


def limit() -> Decimal:
    """Return the dollars above which two people write off."""
    return get_settings().write_off_limit_amount


def _check_free(session: Session, invoice: Invoice) -> None:
    appeal = session.scalars(
        select(Appeal).where(col(Appeal.invoice_id) == invoice.id, col(Appeal.status).in_(_UNDER_WAY))
    ).first()
    if appeal is not None:
        what = "withdraw it" if appeal.status is AppealStatus.DRAFTED else "wait for its answer"
        message = f"Appeal {appeal.number} of {invoice.number} is {appeal.status.value}; {what} first. Nothing changed."
        raise WrongStateError(message, appeal_id=appeal.id)
    waiting = session.scalars(
        select(CutAcceptance).where(
            col(CutAcceptance.invoice_id) == invoice.id, col(CutAcceptance.status) == AcceptanceStatus.PROPOSED
        )
    ).first()
    if waiting is not None:
        amount = as_dollars(waiting.total_amount)
        message = f"Giving up {amount} of {invoice.number} waits for approval already. Nothing was changed."
        raise WrongStateError(message, acceptance_id=waiting.id)


def _amounts(session: Session, invoice: Invoice, numbers: Sequence[int | None]) -> dict[int | None, Decimal]:
    left = {cut.line_number: cut.left_amount for cut in cuts_of(session, invoice)}
    if not numbers:
        raise InvalidInputError("Choose the cuts to accept. Nothing was changed.")
    for number in numbers:
        if left.get(number, Decimal(0)) <= 0:
            place = "The invoice" if number is None else f"Line {number}"
            raise InvalidInputError(f"{place} has no open cut. Nothing was changed; look at the cuts again.")
    return {number: left[number] for number in numbers}


def _open(session: Session, actor: Actor, acceptance_id: int) -> tuple[CutAcceptance, Invoice]:
    acceptance: CutAcceptance = lifecycle.get(session, CutAcceptance, acceptance_id)
    return acceptance, visible_invoice(session, actor, acceptance.invoice_id)


def _check_approver(session: Session, actor: Actor, acceptance: CutAcceptance, invoice: Invoice) -> None:
    is_above = acceptance.total_amount > limit()
    if actor.user_id == acceptance.proposed_by_id:
        message = f"You proposed it; above {as_dollars(limit())} somebody else approves. Nothing was changed."
        raise DeniedError(message, acceptance_id=acceptance.id)
    attorney_proposed = acceptance.proposed_by_id == session.get_one(Matter, invoice.matter_id).responsible_attorney_id
    if _is_attorney_of(session, actor, invoice):
        return
    if actor.has(Role.ADMIN) and is_above and attorney_proposed:
        return
    message = "Writing off is for the matter's responsible attorney to approve. Nothing was changed."
    raise DeniedError(message, acceptance_id=acceptance.id)


def _is_attorney_of(session: Session, actor: Actor, invoice: Invoice) -> bool:
    matter = session.get_one(Matter, invoice.matter_id)
    return actor.has(Role.ATTORNEY) and matter.responsible_attorney_id == actor.user_id


def _ask(session: Session, actor: Actor, acceptance: CutAcceptance, invoice: Invoice) -> None:
    occasion, kind = str(acceptance.id), NoticeKind.CUT_TO_APPROVE
    if _is_attorney_of(session, actor, invoice):
        tell_admins(session, kind, "invoice", row_id(invoice), occasion=occasion)
        return
    attorney = session.get_one(Matter, invoice.matter_id).responsible_attorney_id
    tell(session, [attorney], kind, "invoice", row_id(invoice), occasion=occasion)


def _decide(
    session: Session,
    actor: Actor,
    acceptance: CutAcceptance,
    verb: str,
    note: str,
    expected_version: int | None = None,
) -> None:
    amount = as_text(acceptance.total_amount)
    lifecycle.apply(session, actor, acceptance, verb, note, expected_version=expected_version, amount=amount)
    acceptance.decided_by_id, acceptance.decided_at = person_id(actor), now()
    session.add(acceptance)
    session.flush()
    settle_notices(session, NoticeKind.CUT_TO_APPROVE, "invoice", acceptance.invoice_id)
    if verb == "accept":
        audit.record(session, actor, "invoice:cut_accepted", "invoice", acceptance.invoice_id, amount=amount)


def _record(session: Session, actor: Actor, acceptance: CutAcceptance, what: str) -> None:
    audit.record(
        session,
        actor,
        f"cut_acceptance:{what}",
        "cut_acceptance",
        row_id(acceptance),
        note=acceptance.reason,
        invoice_id=acceptance.invoice_id,
        amount=as_text(acceptance.total_amount),
    )
