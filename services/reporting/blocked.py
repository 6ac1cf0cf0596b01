"""What stands still, with whom, and since when: reviews that are late, returned bills, files and mails, carriers."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal, select
from sqlmodel import Session

from adapters.spreadsheets import Kind, SheetColumn
from core.clock import today, utc
from core.money import ZERO
from models import Carrier, Invoice, Mailing, Matter, Proforma, SiteAccount, Submission, User
from models.enums import DocumentStatus, MailingStatus, ProformaStatus, SubmissionStatus
from services.reporting.question import AnySelect, ReportQuestion, of_invoices, of_proformas
from services.reporting.table import Report, ReportTable, Span, added_up, count, money, text
from services.tables import table_of

_I, _M, _P, _S, _ML = (table_of(model) for model in (Invoice, Matter, Proforma, Submission, Mailing))
_C, _A, _U = table_of(Carrier), table_of(SiteAccount), table_of(User)
_FILES = {
    SubmissionStatus.IN_DOUBT: "File in doubt",
    SubmissionStatus.NEEDS_ATTENTION: "File needs attention",
    SubmissionStatus.REFUSED: "File refused by the site",
}
_MAILS = {MailingStatus.IN_DOUBT: "Mail in doubt", MailingStatus.NEEDS_ATTENTION: "Mail stopped"}
_Row = tuple[str, str, int, Decimal, date | None]


def blocked(session: Session, question: ReportQuestion) -> tuple[ReportTable, ...]:
    """Return what waits for somebody now, whatever its month."""
    columns = (text("What"), text("With"), count("Bills"), money("Amount"), SheetColumn("Oldest", Kind.DAY))
    rows = sorted(_rows(session, question), key=lambda row: (row[0], -row[2], row[1]))
    return (ReportTable("blocked", "Blocked, and by whom", columns, tuple(rows), tuple(added_up(rows, columns))),)


def _rows(session: Session, question: ReportQuestion) -> Iterator[_Row]:
    yield from _read(session, "Overdue for review", _overdue(question))
    yield from _read(session, "Returned, not corrected yet", _returned(question))
    for status, word in _FILES.items():
        yield from _read(session, word, _files(question, status))
    for stopped, word in _MAILS.items():
        yield from _read(session, word, _mails(question, stopped))
    yield from _read(session, "Carrier or account paused", _paused(question))


def _read(session: Session, what: str, statement: AnySelect) -> Iterator[_Row]:
    for who, bills, amount, oldest in session.execute(statement):
        if bills:
            yield what, who, bills, amount or ZERO, _as_day(oldest)


def _overdue(question: ReportQuestion) -> AnySelect:
    columns = (_U.c.name, func.count(), func.sum(_P.c.billed_amount), func.min(_P.c.due_on))
    return (
        select(*columns)
        .select_from(_P)
        .join(_M, _M.c.id == _P.c.matter_id)
        .join(_U, _U.c.id == _P.c.reviewer_id)
        .where(_P.c.status == ProformaStatus.IN_REVIEW, _P.c.due_on < today(), *of_proformas(question, _P, _M))
        .group_by(_U.c.id, _U.c.name)
    )


def _returned(question: ReportQuestion) -> AnySelect:
    columns = (literal("Billing"), func.count(), func.sum(_P.c.billed_amount), func.min(_P.c.due_on))
    return (
        select(*columns)
        .select_from(_P)
        .join(_M, _M.c.id == _P.c.matter_id)
        .where(_P.c.status == ProformaStatus.RETURNED, *of_proformas(question, _P, _M))
    )


def _files(question: ReportQuestion, status: SubmissionStatus) -> AnySelect:
    columns = (_U.c.name, func.count(), func.sum(_I.c.total_amount), func.min(_S.c.created_at))
    who = func.coalesce(_S.c.decider_id, _S.c.queued_by_id)
    statement = select(*columns).select_from(_S).join(_I, _I.c.id == _S.c.invoice_id).join(_U, _U.c.id == who)
    return _open(statement, question).where(_S.c.status == status).group_by(_U.c.id, _U.c.name)


def _mails(question: ReportQuestion, status: MailingStatus) -> AnySelect:
    columns = (_U.c.name, func.count(), func.sum(_I.c.total_amount), func.min(_ML.c.queued_at))
    statement = select(*columns).select_from(_ML).join(_I, _I.c.id == _ML.c.invoice_id)
    named = statement.join(_U, _U.c.id == _ML.c.queued_by_id)
    return _open(named, question).where(_ML.c.status == status).group_by(_U.c.id, _U.c.name)


def _paused(question: ReportQuestion) -> AnySelect:
    columns = (_C.c.name, func.count(), func.sum(_I.c.total_amount), func.min(_S.c.created_at))
    statement = (
        select(*columns)
        .select_from(_S)
        .join(_I, _I.c.id == _S.c.invoice_id)
        .join(_C, _C.c.id == _S.c.carrier_id)
        .join(_A, _A.c.id == _S.c.site_account_id)
    )
    stands = _C.c.paused_at.is_not(None) | _A.c.paused_at.is_not(None)
    return _open(statement, question).where(_S.c.status == SubmissionStatus.READY, stands).group_by(_C.c.id, _C.c.name)


def _open(statement: AnySelect, question: ReportQuestion) -> AnySelect:
    return statement.join(_M, _M.c.id == _I.c.matter_id).where(
        _I.c.document_status == DocumentStatus.OPEN, *of_invoices(question, _I, _M)
    )


def _as_day(oldest: Any) -> date | None:  # noqa: ANN401 -- a day or an instant
    return utc(oldest).date() if isinstance(oldest, datetime) else oldest


BLOCKED = Report("blocked", "Blocked", "What waits for whom, and since when.", blocked, Span.NOW)
