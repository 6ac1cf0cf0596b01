"""Appeals: drafted from a carrier's cuts by the site's route, sent by a person, answered, withdrawn.

What was billed stays as it is; an answer that restores money raises the invoice's accepted amount. Cash is untouched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from core.money import ZERO, as_dollars, as_text, round_half_up, total
from models import Appeal, AppealLine, Invoice, Matter
from models.enums import AppealStatus, NoticeKind, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.notices import settle_notices
from services.responses.appeal_routes import Route, WrongRouteError, check_route, route_of
from services.responses.appeal_texts import TO_FILL, SuggestedReason, suggest_reasons
from services.responses.cuts import Cut, cuts_of
from services.row_ids import row_id

_REASON, _LETTER, _REFERENCE, _ANSWER = 4000, 8000, 120, 1000


@dataclass(frozen=True)
class AskedLine:
    """What is asked for one line: '' takes the suggested reason, no amount asks for all that was cut."""

    reason: str = ""
    amount: Decimal | None = None


def draft_appeal(
    session: Session, actor: Actor, *, invoice_id: int, lines: Mapping[int | None, AskedLine], letter: str = ""
) -> Appeal:
    """Draft an appeal of cut lines by number; None = the invoice as a whole, with every cut's reason below it.

    Raises:
        WrongRouteError: the site takes no such appeal; the sentence says which way is right.
        WrongStateError: nothing was cut, or another appeal is under way.
        InvalidInputError: no line, a line that was not cut, or more than was cut.
        DeniedError, NotFoundError: not this person's.
    """
    invoice = open_invoice(session, actor, invoice_id)
    route = route_of(session, invoice)
    if not lines:
        raise InvalidInputError("Choose the cuts to appeal. Nothing was drafted.")
    check_route(session, invoice, route, lines, on=today())
    asked = _asked(session, invoice, lines)
    number = session.scalars(
        select(func.coalesce(func.max(col(Appeal.number)), 0)).where(col(Appeal.invoice_id) == invoice_id)
    ).one()
    appeal = Appeal(
        invoice_id=invoice_id,
        number=number + 1,
        route=route.kind,
        due_on=route.due_on or today(),
        asked_amount=total(values["asked_amount"] for values in asked),
        letter=letter.strip()[:_LETTER],
        drafted_by_id=person_id(actor),
        drafted_at=now(),
    )
    session.add(appeal)
    session.flush()
    session.add_all(AppealLine(appeal_id=row_id(appeal), **values) for values in asked)
    session.flush()
    _record(session, actor, appeal, "drafted", lines=[values["line_number"] for values in asked])
    return appeal


def change_appeal(
    session: Session,
    actor: Actor,
    *,
    appeal_id: int,
    expected_version: int,
    reasons: Mapping[int | None, str],
    letter: str | None = None,
) -> Appeal:
    """Rewrite reasons of a draft by line number, and its letter.

    Raises:
        InvalidInputError: a line that is not on it.
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    appeal = open_draft(session, actor, appeal_id, expected_version)
    lines = {line.line_number: line for line in lines_of(session, appeal_id)}
    for number, reason in reasons.items():
        if number not in lines:
            raise InvalidInputError("This line is not on the appeal. Nothing was changed; look at it again.")
        lines[number].reason = reason.strip()[:_REASON]
    if letter is not None:
        appeal.letter = letter.strip()[:_LETTER]
    touch(session, appeal)
    _record(session, actor, appeal, "changed", lines=list(reasons))
    return appeal


def send_appeal(
    session: Session, actor: Actor, *, appeal_id: int, expected_version: int, sent_on: date, reference: str
) -> Appeal:
    """Record that the appeal was sent by hand, on which day and with what proof: the site's reference, or a mail's.

    Raises:
        WrongRouteError: it was sent after the last day.
        InvalidInputError: no proof, a day that cannot be, or a line without its reason.
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    require(actor, Role.BILLER, what="Sending an appeal")
    appeal: Appeal = lifecycle.get(session, Appeal, appeal_id)
    invoice = open_invoice(session, actor, appeal.invoice_id)
    if not reference.strip():
        raise InvalidInputError("Give the site's reference, or what proves the sending. Nothing was changed.")
    if sent_on > today() or (invoice.decided_at and sent_on < invoice.decided_at.date()):
        raise InvalidInputError("It can only have been sent between the decision and today. Nothing was changed.")
    route = route_of(session, invoice)
    if sent_on > appeal.due_on:
        message = f"The last day was {appeal.due_on:%Y-%m-%d}: {route.window}. Nothing was changed; it cannot be sent."
        raise WrongRouteError(message, appeal_id=appeal_id)
    _check_reasons(session, appeal, route)
    lifecycle.apply(session, actor, appeal, "send", expected_version=expected_version, sent_on=sent_on.isoformat())
    appeal.sent_by_id, appeal.sent_at, appeal.sent_on = person_id(actor), now(), sent_on
    appeal.reference = reference.strip()[:_REFERENCE]
    session.add(appeal)
    session.flush()
    settle_notices(session, NoticeKind.APPEAL_DUE, "invoice", appeal.invoice_id)
    return appeal


def record_answer(
    session: Session,
    actor: Actor,
    *,
    appeal_id: int,
    expected_version: int,
    granted: Mapping[int | None, Decimal],
    answered_on: date,
    answer: str,
) -> Appeal:
    """Record the carrier's answer: dollars granted by line number; a line that is left out was denied.

    Raises:
        InvalidInputError: an amount below nothing or above what was asked, a day that cannot be, a line not on it.
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    require(actor, Role.BILLER, Role.SYSTEM, what="Recording an answer")
    appeal: Appeal = lifecycle.get(session, Appeal, appeal_id)
    invoice = open_invoice(session, actor, appeal.invoice_id)
    if answered_on > today() or (appeal.sent_on and answered_on < appeal.sent_on):
        raise InvalidInputError("It can only have been answered between the sending and today. Nothing was changed.")
    lines = lines_of(session, appeal_id)
    amounts = _granted(lines, granted)
    sum_granted = total(amounts.values())
    verb = "deny" if not sum_granted else "uphold" if sum_granted == appeal.asked_amount else "uphold_partly"
    before = _accepted_before(session, invoice)
    lifecycle.apply(
        session, actor, appeal, verb, answer, expected_version=expected_version, granted=as_text(sum_granted)
    )
    for line in lines:
        line.granted_amount = amounts[line.line_number]
    appeal.granted_amount, appeal.answered_on, appeal.answer = sum_granted, answered_on, answer.strip()[:_ANSWER]
    session.add_all([appeal, *lines])
    session.flush()
    if sum_granted:
        _restore(session, actor, invoice, before + sum_granted)
    return appeal


def withdraw_appeal(session: Session, actor: Actor, *, appeal_id: int, expected_version: int) -> Appeal:
    """Put a draft away; it counts as no appeal.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: nothing was changed.
    """
    appeal: Appeal = lifecycle.get(session, Appeal, appeal_id)
    open_invoice(session, actor, appeal.invoice_id)
    lifecycle.apply(session, actor, appeal, "withdraw", expected_version=expected_version)
    return appeal


def open_invoice(session: Session, actor: Actor, invoice_id: int) -> Invoice:
    """Return an invoice, locked, that billing or its responsible attorney works on.

    Raises:
        DeniedError, NotFoundError: it is not this person's.
    """
    require(actor, Role.BILLER, Role.ATTORNEY, Role.SYSTEM, what="An appeal")
    invoice = visible_invoice(session, actor, invoice_id)
    matter: Matter = lifecycle.get(session, Matter, invoice.matter_id)
    if not actor.has(Role.BILLER, Role.SYSTEM) and matter.responsible_attorney_id != actor.user_id:
        raise DeniedError("Only billing or the matter's responsible attorney appeals. Nothing was changed.")
    session.refresh(invoice, with_for_update=True)
    return invoice


def open_draft(session: Session, actor: Actor, appeal_id: int, expected_version: int) -> Appeal:
    """Return an appeal, locked, that can still be changed.

    Raises:
        DeniedError, NotFoundError, StaleVersionError, WrongStateError: otherwise.
    """
    appeal: Appeal = lifecycle.get(session, Appeal, appeal_id)
    open_invoice(session, actor, appeal.invoice_id)
    session.refresh(appeal, with_for_update=True)
    lifecycle.check_version(appeal, expected_version)
    if appeal.status is not AppealStatus.DRAFTED:
        word = appeal.status.value.replace("_", " ")
        raise WrongStateError(f"The appeal is {word}, so it cannot be changed. Nothing was changed.")
    return appeal


def lines_of(session: Session, appeal_id: int) -> list[AppealLine]:
    """Return an appeal's lines, the whole invoice last."""
    rows = session.scalars(select(AppealLine).where(col(AppealLine.appeal_id) == appeal_id))
    return sorted(rows, key=lambda line: (line.line_number is None, line.line_number or 0))


def touch(session: Session, appeal: Appeal) -> None:
    """Count a change of a draft, so that who saw it before is told."""
    appeal.version += 1
    session.add(appeal)
    session.flush()


def _asked(session: Session, invoice: Invoice, lines: Mapping[int | None, AskedLine]) -> list[dict[str, Any]]:
    """Return the columns of the lines to be, checked before anything is written."""
    cuts = cuts_of(session, invoice)
    left = {cut.line_number: cut for cut in cuts if cut.left_amount > 0}
    wanted = dict(lines)
    if None in wanted:
        # The whole invoice: every cut is on it, each with its own reason; what names no line keeps the first one.
        wanted = {number: lines.get(number, lines[None] if number is None else AskedLine()) for number in left}
    suggested = suggest_reasons(session, invoice, cuts)
    return [_asked_line(left, number, asked, suggested) for number, asked in wanted.items()]


def _asked_line(
    left: Mapping[int | None, Cut],
    number: int | None,
    asked: AskedLine,
    suggested: Mapping[int | None, SuggestedReason],
) -> dict[str, Any]:
    cut = left.get(number)
    if cut is None:
        place = "The invoice" if number is None else f"Line {number}"
        raise InvalidInputError(f"{place} has no open cut. Nothing was drafted; look at the cuts again.")
    amount = cut.left_amount if asked.amount is None else round_half_up(asked.amount)
    if not 0 < amount <= cut.left_amount:
        message = f"Of {cut.place} between $0.01 and {as_dollars(cut.left_amount)} can be asked. Nothing was drafted."
        raise InvalidInputError(message)
    reason = asked.reason.strip()[:_REASON]
    quoted = suggested[number]
    return {
        "line_number": number,
        "asked_amount": amount,
        "reason": reason or quoted.text,
        "exception_id": quoted.exception_id,
    }


def _check_reasons(session: Session, appeal: Appeal, route: Route) -> None:
    lines = lines_of(session, row_id(appeal))
    open_lines = [line for line in lines if TO_FILL in line.reason or (route.terms.reason_per_line and not line.reason)]
    if open_lines or TO_FILL in appeal.letter:
        named = ", ".join("the invoice" if one.line_number is None else f"line {one.line_number}" for one in open_lines)
        message = f"Write the reason for {named or 'the letter'} to the end first. Nothing was changed."
        raise InvalidInputError(message, appeal_id=appeal.id)


def _granted(lines: list[AppealLine], granted: Mapping[int | None, Decimal]) -> dict[int | None, Decimal]:
    asked = {line.line_number: line.asked_amount for line in lines}
    if set(granted) - set(asked):
        raise NotFoundError("The answer names a line that is not on the appeal. Nothing was changed.")
    amounts = {number: round_half_up(granted.get(number, ZERO)) for number in asked}
    for number, amount in amounts.items():
        if not 0 <= amount <= asked[number]:
            place = "the invoice" if number is None else f"line {number}"
            message = f"For {place} between $0.00 and {as_dollars(asked[number])} can be granted. Nothing was changed."
            raise InvalidInputError(message)
    return amounts


def _accepted_before(session: Session, invoice: Invoice) -> Decimal:
    """Return what the carrier accepts before the answer; where it gave no sum, what its cuts leave."""
    if invoice.approved_amount is not None:
        return invoice.approved_amount
    return invoice.total_amount - total(cut.cut_amount - cut.restored_amount for cut in cuts_of(session, invoice))


def _restore(session: Session, actor: Actor, invoice: Invoice, accepted: Decimal) -> None:
    verb = "restore_all" if accepted >= invoice.total_amount else "restore_part"
    lifecycle.apply(session, actor, invoice, verb, accepted=as_text(accepted))
    invoice.approved_amount, invoice.decision_due_at_ms = min(accepted, invoice.total_amount), None
    session.add(invoice)
    session.flush()


def _record(session: Session, actor: Actor, appeal: Appeal, what: str, **data: Any) -> None:  # noqa: ANN401 -- JSON values for the audit event
    audit.record(
        session,
        actor,
        f"appeal:{what}",
        "appeal",
        row_id(appeal),
        invoice_id=appeal.invoice_id,
        number=appeal.number,
        asked=as_text(appeal.asked_amount),
        due_on=appeal.due_on.isoformat(),
        **data,
    )
