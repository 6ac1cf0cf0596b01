"""The inbox of results: mails that wait for a person, opened as text, matched by hand, put aside and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from carriers.exchange import SiteFinding
from carriers.outcomes import amount_of
from carriers.result_mail import mail_text
from carriers.result_outcomes import ResultOutcome, ToldResult
from core.clock import now
from core.errors import DeniedError, InvalidInputError, WrongStateError
from core.settings import get_settings
from models import AuditEvent, Carrier, CarrierResult, Invoice, MailboxState, ResultMail
from models.enums import ResultMailStatus, ResultStanding, Role
from services import audit, lifecycle
from services.access import person_id, require
from services.actor import Actor, system_actor
from services.listing import contains
from services.mail_parsing import MALFORMED, parsed
from services.responses.result_mails import kept_bytes
from services.responses.told_results import DONE, Source, record_results
from services.row_ids import row_id
from services.sites.profiles import active_profiles

OUTCOMES = tuple(outcome.value for outcome in ResultOutcome)
WAITING = (ResultMailStatus.UNMATCHED, ResultMailStatus.NOT_TRUSTED)
_DESK = (Role.BILLER, Role.ADMIN)
_WHAT = "The inbox of results"
_SHOWN_TEXT = 60_000


@dataclass(frozen=True)
class MailRow:
    """One mail in the list."""

    mail_id: int
    status: ResultMailStatus
    sender: str
    subject: str
    carrier: str
    received_at: datetime
    note: str
    result_count: int


@dataclass(frozen=True)
class ResultRow:
    """One result of a mail or a report."""

    invoice_id: int | None
    invoice_number: str
    outcome: str
    amount: Decimal | None
    standing: ResultStanding
    note: str


@dataclass(frozen=True)
class MailDetail:
    """One mail as it is opened: text alone, whatever it was."""

    row: ResultMail
    carrier: str
    text: str
    results: list[ResultRow]
    history: list[AuditEvent]
    verbs: list[str]


@dataclass(frozen=True)
class HandMatch:
    """What a person read in a mail; `amount_text` is the approved one as written, `reason` the carrier's, or ''."""

    invoice_number: str
    outcome: str
    amount_text: str = ""
    reason: str = ""


def list_mails(
    session: Session,
    actor: Actor,
    *,
    statuses: Sequence[ResultMailStatus] = WAITING,
    search: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[MailRow]:
    """Return mails, the newest first; pass the last row's id as `before_id` for the next page."""
    require(actor, *_DESK, what=_WHAT)
    counted = (
        select(func.count()).where(col(CarrierResult.result_mail_id) == col(ResultMail.id)).correlate(ResultMail)
    ).scalar_subquery()
    statement = (
        select(ResultMail, col(Carrier.name), counted)
        .outerjoin(Carrier, col(Carrier.id) == col(ResultMail.carrier_id))
        .where(col(ResultMail.status).in_(statuses))
        .order_by(col(ResultMail.id).desc())
        .limit(limit)
    )
    if search.strip():
        text = search.strip()
        statement = statement.where(
            or_(contains(col(ResultMail.subject), text), contains(col(ResultMail.sender), text))
        )
    if before_id is not None:
        statement = statement.where(col(ResultMail.id) < before_id)
    return [
        MailRow(row_id(row), row.status, row.sender, row.subject, name or "", row.received_at, row.note, count)
        for row, name, count in session.execute(statement)
    ]


def count_mails(session: Session, actor: Actor) -> dict[ResultMailStatus, int]:
    """Return how many mails there are of each status."""
    require(actor, *_DESK, what=_WHAT)
    counted = session.execute(select(col(ResultMail.status), func.count()).group_by(col(ResultMail.status)))
    return {status: count for status, count in counted}  # noqa: C416 -- a row is no pair to the type checker


def mailbox_trouble(session: Session) -> tuple[str, datetime | None]:
    """Return why the mailbox cannot be read and since when; ('', None) while all is well."""
    state = session.scalars(select(MailboxState)).first()
    return (state.failure, state.failed_at) if state and state.failure else ("", None)


def open_mail(session: Session, actor: Actor, *, mail_id: int, store: ObjectStore | None = None) -> MailDetail:
    """Return a mail with its text, what it told and its history.

    Raises:
        NotFoundError: there is none, or its bytes are gone or altered.
    """
    require(actor, *_DESK, what=_WHAT)
    row: ResultMail = lifecycle.get(session, ResultMail, mail_id)
    carrier = session.get(Carrier, row.carrier_id) if row.carrier_id else None
    statement = (
        select(CarrierResult).where(col(CarrierResult.result_mail_id) == mail_id).order_by(col(CarrierResult.id))
    )
    events = select(AuditEvent).where(
        col(AuditEvent.subject_type) == "result_mail", col(AuditEvent.subject_id) == mail_id
    )
    return MailDetail(
        row,
        carrier.name if carrier else "",
        readable_text(kept_bytes(row, store or object_store(get_settings()))),
        [result_row(result) for result in session.scalars(statement)],
        list(session.scalars(events.order_by(col(AuditEvent.id)))),
        _verbs(actor, row),
    )


def match_by_hand(
    session: Session, actor: Actor, *, mail_id: int, expected_version: int, said: HandMatch
) -> CarrierResult:
    """Record what a person read in a trusted mail, the same way as what is read by itself.

    Raises:
        DeniedError: the actor is neither biller nor admin, or the mail is not trusted.
        InvalidInputError: it does not fit the invoice, or there is no such invoice; nothing was saved.
        StaleVersionError, WrongStateError: somebody was faster.
    """
    require(actor, *_DESK, what=_WHAT)
    row: ResultMail = lifecycle.get(session, ResultMail, mail_id)
    _check_trusted(row)
    invoice = session.scalars(select(Invoice).where(col(Invoice.number) == said.invoice_number.strip())).first()
    if invoice is None:
        raise InvalidInputError(f"There is no invoice {said.invoice_number.strip()}. Nothing was saved.")
    if row.carrier_id not in {None, invoice.carrier_id}:
        raise InvalidInputError(f"Invoice {invoice.number} is another carrier's than this mail. Nothing was saved.")
    lifecycle.apply(session, actor, row, "match", expected_version=expected_version, invoice_id=row_id(invoice))
    channel = active_profiles(session, [invoice.carrier_id])[invoice.carrier_id].profile.result_channel
    findings = (SiteFinding(None, "", said.reason.strip()),) if said.reason.strip() else ()
    amount = amount_of(said.amount_text) if said.amount_text.strip() else None
    unread = (said.amount_text,) if said.amount_text.strip() and amount is None else ()
    told = ToldResult(invoice.number, outcome_called(said.outcome), "by hand", amount, findings=findings, unread=unread)
    source = Source(invoice.carrier_id, channel, row.received_at, mail_id=mail_id)
    [result] = record_results(session, system_actor(person_id(actor)), source, [told])
    if result.standing not in DONE:
        raise InvalidInputError(f"{result.note} Nothing was saved; look at the mail and the invoice again.")
    row.carrier_id, row.note = invoice.carrier_id, ""
    session.add(row)
    return result


def ignore_mail(session: Session, actor: Actor, *, mail_id: int, expected_version: int, note: str) -> None:
    """Put a mail aside, with the reason.

    Raises:
        DeniedError, InvalidInputError, StaleVersionError, WrongStateError: nothing was changed.
    """
    require(actor, *_DESK, what=_WHAT)
    row: ResultMail = lifecycle.get(session, ResultMail, mail_id)
    lifecycle.apply(session, actor, row, "ignore", note, expected_version=expected_version)


def put_back(session: Session, actor: Actor, *, mail_id: int, expected_version: int) -> None:
    """Take a trusted mail back that was put aside.

    Raises:
        DeniedError: it is not trusted: nobody's word makes it so.
        StaleVersionError, WrongStateError: nothing was changed.
    """
    require(actor, *_DESK, what=_WHAT)
    row: ResultMail = lifecycle.get(session, ResultMail, mail_id)
    _check_trusted(row)
    lifecycle.apply(session, actor, row, "reconsider", expected_version=expected_version)


def outcome_called(value: str) -> ResultOutcome:
    """Return an outcome by its value.

    Raises:
        InvalidInputError: there is no such outcome.
    """
    if value not in OUTCOMES:
        raise InvalidInputError("Choose what the carrier says. Nothing was saved.")
    return ResultOutcome(value)


def readable_text(raw: bytes) -> str:
    """Return what a mail says as plain text: no markup, no pictures, nothing from elsewhere."""
    try:
        text = mail_text(parsed(raw))
    except MALFORMED:
        text = raw.decode("utf-8", "replace")
    plain = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return plain if len(plain) <= _SHOWN_TEXT else f"{plain[:_SHOWN_TEXT]}\n… (shown up to here)"


def result_row(result: CarrierResult) -> ResultRow:
    """Return a result for a list."""
    return ResultRow(
        result.invoice_id, result.invoice_number, result.outcome, result.amount, result.standing, result.note
    )


def try_mailbox_again(session: Session, actor: Actor) -> None:
    """Let the mailbox be read at the next turn, whatever refused us before.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        WrongStateError: there is no trouble.
    """
    require(actor, *_DESK, what=_WHAT)
    state = session.scalars(select(MailboxState).with_for_update()).first()
    if state is None or not state.failure:
        raise WrongStateError("The mailbox can be read; there is nothing to try again.")
    state.retry_at = now()
    session.add(state)
    audit.record(session, actor, "mailbox:try_again", "mailbox", row_id(state))


def _verbs(actor: Actor, row: ResultMail) -> list[str]:
    verbs = [transition.verb for transition in lifecycle.available(actor, row)]
    return [verb for verb in verbs if verb == "ignore" or row.is_trusted]


def _check_trusted(row: ResultMail) -> None:
    if not row.is_trusted:
        message = "This mail is not trusted, so nothing in it is recorded. Look on the carrier's own site instead."
        raise DeniedError(message, mail_id=row.id)
