"""Corrected invoices: a new revision after a refusal, the carrier's own way after a rejection, and voiding.

A file that a site refused was never an invoice there: revision 2 keeps the number. An invoice that the carrier
rejected goes back by the profile's rule: under the same number (reopened), under its number with a suffix, or under a
new number. The latter two replace it, are linked to it, and say so in formats that can. Lowering money is a write-off,
so only the matter's responsible attorney may do that.
"""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, WrongStateError
from core.money import as_text
from models import (
    Carrier,
    Invoice,
    InvoiceLine,
    InvoiceRevision,
    Matter,
    MatterPayor,
    SiteAccount,
)
from models.enums import DecisionStatus, DocumentStatus, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.inserts import every_column
from services.invoicing.corrected_lines import LineChange, corrected_lines
from services.invoicing.invoice_documents import BilledLine, LedesFile, Paper, columns_of, make_file, visible_invoice
from services.invoicing.invoice_numbers import take_numbers
from services.invoicing.invoice_voids import check_not_on_its_way
from services.row_ids import row_id
from services.sites.profiles import ActiveProfile, active_profiles

_NUMBER_LENGTH = 20


def correct_invoice(
    session: Session, actor: Actor, *, invoice_id: int, line_changes: Mapping[int, LineChange], reason: str
) -> Invoice:
    """Make the corrected revision of a refused or rejected invoice; `line_changes` by line number of the current one.

    Returns the invoice to send: the same one, or its replacement with a suffix.

    Raises:
        InvalidInputError: no reason, no such line, or a value that breaks a rule.
        DeniedError: the amount would go down and the actor is not the responsible attorney.
        WrongStateError: the invoice is on its way, delivered and not rejected, superseded or voided.
    """
    require(actor, Role.BILLER, Role.ATTORNEY, what="Correcting an invoice")
    _need_reason(reason)
    invoice = visible_invoice(session, actor, invoice_id)
    session.refresh(invoice, with_for_update=True)
    _check_may_correct(session, invoice)
    current = _current_revision(session, invoice)
    active = _active_profile(session, invoice)
    lines = corrected_lines(session, current, line_changes)
    _check_amount(session, actor, invoice, sum((line.total_amount for line in lines), start=Decimal(0)))
    if invoice.document_status is DocumentStatus.OPEN:
        return _revise(session, actor, invoice, current, active, lines, reason)
    if active.profile.money.resubmission == "same_number":
        lifecycle.apply(session, actor, invoice, "reopen", reason)
        lifecycle.apply(session, actor, invoice, "reset_decision", reason)
        return _revise(session, actor, invoice, current, active, lines, reason)
    return _replace(session, actor, invoice, current, active, lines, reason)


def _check_may_correct(session: Session, invoice: Invoice) -> None:
    rejected = (
        invoice.document_status is DocumentStatus.DELIVERED and invoice.decision_status is DecisionStatus.REJECTED
    )
    if invoice.document_status is DocumentStatus.OPEN:
        check_not_on_its_way(session, invoice)
    elif not rejected:
        message = (
            f"Invoice {invoice.number} is {invoice.document_status.value} and its decision is "
            f"{invoice.decision_status.value}; only a refused or rejected one can be corrected. Nothing was changed."
        )
        raise WrongStateError(message, invoice_id=invoice.id)


def _current_revision(session: Session, invoice: Invoice) -> InvoiceRevision:
    return session.scalars(
        select(InvoiceRevision).where(
            col(InvoiceRevision.invoice_id) == invoice.id, col(InvoiceRevision.number) == invoice.revision_number
        )
    ).one()


def _active_profile(session: Session, invoice: Invoice) -> ActiveProfile:
    active = active_profiles(session, [invoice.carrier_id]).get(invoice.carrier_id)
    if active is None:
        message = "The carrier has no active profile. Nothing was changed; ask an administrator to activate one."
        raise InvalidInputError(message, carrier_id=invoice.carrier_id)
    return active


def _check_amount(session: Session, actor: Actor, invoice: Invoice, amount: Decimal) -> None:
    matter: Matter = lifecycle.get(session, Matter, invoice.matter_id)
    is_attorney = actor.has(Role.ATTORNEY) and actor.user_id == matter.responsible_attorney_id
    if amount < invoice.total_amount and not is_attorney:
        message = (
            "The correction would lower the invoice, which is a write-off: only the matter's responsible attorney "
            "may make it. Nothing was changed."
        )
        raise DeniedError(message, invoice_id=invoice.id)
    if not (actor.has(Role.BILLER) or is_attorney):
        raise DeniedError("Only billing or the matter's responsible attorney corrects it. Nothing was changed.")


def _revise(
    session: Session,
    actor: Actor,
    invoice: Invoice,
    current: InvoiceRevision,
    active: ActiveProfile,
    lines: tuple[BilledLine, ...],
    reason: str,
) -> Invoice:
    file = make_file(_paper(session, invoice, current, lines), active.profile)
    before = invoice.total_amount
    invoice.revision_number += 1
    _store_revision(session, invoice, current, active, file, reason)
    _record(session, actor, invoice, file, before, reason)
    return invoice


def _replace(
    session: Session,
    actor: Actor,
    old: Invoice,
    current: InvoiceRevision,
    active: ActiveProfile,
    lines: tuple[BilledLine, ...],
    reason: str,
) -> Invoice:
    lifecycle.apply(session, actor, old, "supersede", reason)
    new = Invoice(
        number=_next_number(session, old.number, active),
        proforma_id=old.proforma_id,
        matter_id=old.matter_id,
        carrier_id=old.carrier_id,
        matter_payor_id=old.matter_payor_id,
        replaces_invoice_id=old.id,
        total_amount=old.total_amount,
        finalized_by_id=person_id(actor),
        finalized_at=now(),
    )
    session.add(new)
    session.flush()
    file = make_file(_paper(session, new, current, lines), active.profile)
    _store_revision(session, new, current, active, file, reason)
    _record(session, actor, new, file, old.total_amount, reason)
    return new


def _next_number(session: Session, number: str, active: ActiveProfile) -> str:
    if active.profile.money.resubmission == "suffix":
        return _next_suffix(number)
    return take_numbers(session, invoice_date=today(), count=1)[0]


def _next_suffix(number: str) -> str:
    """'2026-000123' -> '2026-000123-R1' -> '2026-000123-R2'."""
    base, _, count = number.partition("-R")
    following = f"{base}-R{int(count or 0) + 1}"
    if len(following) > _NUMBER_LENGTH:
        raise InvalidInputError("The invoice's number cannot take another suffix. Nothing was changed; void it.")
    return following


def _paper(session: Session, invoice: Invoice, current: InvoiceRevision, lines: tuple[BilledLine, ...]) -> Paper:
    carrier: Carrier = lifecycle.get(session, Carrier, invoice.carrier_id)
    account: SiteAccount = lifecycle.get(session, SiteAccount, carrier.site_account_id)
    matter: Matter = lifecycle.get(session, Matter, invoice.matter_id)
    payor: MatterPayor = lifecycle.get(session, MatterPayor, invoice.matter_payor_id)
    return Paper(
        number=invoice.number,
        invoice_date=current.invoice_date,
        client_code=carrier.client_code,
        matter_number=matter.number,
        claim_number=payor.claim_number,
        law_firm_id=account.law_firm_id,
        period_start=current.period_start,
        period_end=current.period_end,
        lines=lines,
        matter_name=matter.name,
        client_name=carrier.name,
        replaces_number=_replaced(session, invoice),
    )


def _replaced(session: Session, invoice: Invoice) -> str:
    """Return the number of the invoice that this one replaces; '' for none."""
    old = session.get(Invoice, invoice.replaces_invoice_id) if invoice.replaces_invoice_id is not None else None
    return old.number if old else ""


def _store_revision(
    session: Session,
    invoice: Invoice,
    current: InvoiceRevision,
    active: ActiveProfile,
    file: LedesFile,
    reason: str,
) -> None:
    amount = sum((line.total_amount for line in file.lines), start=Decimal(0))
    invoice.total_amount = amount
    invoice.version += 1
    revision = InvoiceRevision(
        invoice_id=row_id(invoice),
        number=invoice.revision_number,
        reason=reason.strip()[:500],
        invoice_date=current.invoice_date,
        period_start=current.period_start,
        period_end=current.period_end,
        total_amount=amount,
        line_count=len(file.lines),
        carrier_profile_version_id=active.version_id,
        file_name=file.name,
        file_sha256=file.sha256,
        file_content=file.content,
        created_at=now(),
    )
    session.add(revision)
    session.flush()
    rows = [{"invoice_revision_id": revision.id, **columns_of(line)} for line in file.lines]
    session.execute(every_column(InvoiceLine), rows)


def _record(session: Session, actor: Actor, invoice: Invoice, file: LedesFile, before: Decimal, reason: str) -> None:
    audit.record(
        session,
        actor,
        "invoice:corrected",
        "invoice",
        row_id(invoice),
        note=reason,
        number=invoice.number,
        revision=invoice.revision_number,
        amount=[as_text(before), as_text(invoice.total_amount)],
        sha256=file.sha256,
        replaces_invoice_id=invoice.replaces_invoice_id,
        characters_replaced=file.changes_for_audit(),
    )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInputError("A correction needs a reason. Nothing was changed; write one.")
