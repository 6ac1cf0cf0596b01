"""The views that the list of invoices opens in, counted; and where each listed invoice's file is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlmodel import Session

from core.clock import now
from models import Carrier, Invoice, InvoiceRevision, Mailing, Matter, Proforma, Submission, User
from models.enums import CashStatus, DecisionStatus, DocumentStatus, MailingStatus, SubmissionStatus
from services.access import sees_all_matters
from services.actor import Actor
from services.asked import Asked
from services.invoicing.invoice_queries import InvoiceFilter, InvoicePage, list_invoices
from services.sites.acceptance import answered_since, is_answered
from services.tables import one_of, table_of

_ON_ITS_WAY = (
    SubmissionStatus.READY,
    SubmissionStatus.CLAIMED,
    SubmissionStatus.INTENT,
    SubmissionStatus.DELIVERED,
)
_MAIL_ON_ITS_WAY = (MailingStatus.READY, MailingStatus.INTENT, MailingStatus.PRINTED, MailingStatus.SENT)
_OWED = (CashStatus.UNPAID, CashStatus.SHORT_PAID)
_MOST_DAYS = 3660
_I, _R, _S = table_of(Invoice), table_of(InvoiceRevision), table_of(Submission)
_M, _P, _C, _U = table_of(Matter), table_of(Proforma), table_of(Carrier), table_of(User)
_ML = table_of(Mailing)
# Both are asked at every turn of the list, so they are built once and read plain columns.
_FILES = (
    select(_S.c.invoice_id, _S.c.id, _S.c.status, _U.c.name)
    .join(_R, _R.c.id == _S.c.invoice_revision_id)
    .join(_I, _I.c.id == _S.c.invoice_id)
    .outerjoin(_U, _U.c.id == _S.c.decider_id)
    .where(_S.c.invoice_id.in_(bindparam("ids", expanding=True)), _R.c.number == _I.c.revision_number)
)
_CARRIERS = select(_C.c.id, _C.c.name).order_by(_C.c.name)
# Each bucket of `ageing` in its order: from this many days, to fewer than that many; None = without end.
AGES: dict[int, int | None] = {0: 31, 31: 61, 61: 91, 91: None}


class InvoiceView(StrEnum):
    """Which invoices to show: those that wait for billing, then along their way, then all."""

    TO_DO = "to_do"
    SENDING = "sending"
    WITH_CARRIER = "with_carrier"
    OWED = "owed"
    PAID = "paid"
    ALL = "all"


@dataclass(frozen=True)
class InvoiceQuestion:
    """What the list of invoices is asked for.

    `age` is the lower bound of a bucket of `ageing` in days, `answered_days` how many days ago the carrier answered at
    most; None = any.
    """

    view: InvoiceView = InvoiceView.TO_DO
    document: DocumentStatus | None = None
    decision: DecisionStatus | None = None
    carrier_id: int | None = None
    period_end: date | None = None
    age: int | None = None
    answered_days: int | None = None
    text: str = ""


def question_of(asked: Asked) -> InvoiceQuestion:
    """Return what the list's address asks for; whatever is no filter of the list is left out."""
    document, decision = asked.choice(DocumentStatus, "document"), asked.choice(DecisionStatus, "decision")
    age, answered = asked.number("age"), asked.number("answered")
    narrowed = bool(document or decision or age is not None or answered or asked.search)
    return InvoiceQuestion(
        view=asked.choice(InvoiceView, "view") or (InvoiceView.ALL if narrowed else InvoiceView.TO_DO),
        document=document,
        decision=decision,
        carrier_id=asked.number("carrier"),
        period_end=asked.day("period"),
        age=age if age in AGES else None,
        answered_days=answered if answered and answered <= _MOST_DAYS else None,
        text=asked.text,
    )


@dataclass(frozen=True)
class FileState:
    """Where the file of an invoice's current revision is, and who decides when it is in doubt."""

    submission_id: int
    status: SubmissionStatus
    decider_name: str


@cache
def in_view(view: InvoiceView) -> ColumnElement[bool]:
    """Return the condition of the invoices in a view."""
    document, decision = _I.c.document_status, _I.c.decision_status
    is_open, is_there = document == DocumentStatus.OPEN, document == DocumentStatus.DELIVERED
    answer_due = one_of(decision, (DecisionStatus.REJECTED, DecisionStatus.DISPUTED))
    accepted = one_of(decision, (DecisionStatus.APPROVED, DecisionStatus.REDUCED))
    conditions = {
        InvoiceView.TO_DO: or_(and_(is_open, ~_is_on_its_way()), and_(is_there, answer_due)),
        InvoiceView.SENDING: and_(is_open, _is_on_its_way()),
        InvoiceView.WITH_CARRIER: and_(is_there, decision == DecisionStatus.PENDING),
        InvoiceView.OWED: and_(is_there, accepted, one_of(_I.c.cash_status, _OWED)),
        InvoiceView.PAID: _I.c.cash_status == CashStatus.PAID,
        InvoiceView.ALL: _I.c.id > 0,
    }
    return conditions[view]


def list_view(
    session: Session, actor: Actor, *, asked: InvoiceQuestion, before: int | None = None, limit: int = 50
) -> InvoicePage:
    """Return one page of what was asked for, the newest first."""
    values = {} if asked.age is None else _age_values(asked.age)
    if asked.period_end is not None:
        values["period_end"] = asked.period_end
    if asked.answered_days is not None:
        values["answered_since"] = answered_since(asked.answered_days)
    wanted = InvoiceFilter(
        document=[asked.document] if asked.document else (),
        decision=[asked.decision] if asked.decision else (),
        carrier_id=asked.carrier_id,
        text=asked.text,
        condition=_condition(asked.view, frozenset(values), asked.age is not None),
        values=values,
    )
    return list_invoices(session, actor, wanted=wanted, before=before, limit=limit)


def current_revisions(session: Session, actor: Actor, *, asked: Asked, limit: int) -> list[int]:
    """Return the present revision of every invoice that the list shows, the newest invoice first."""
    question = question_of(asked)
    found: list[int] = []
    before: int | None = None
    while len(found) < limit:
        page = list_view(session, actor, asked=question, before=before, limit=min(500, limit - len(found)))
        found += [row.id for row in page.rows]
        before = page.next_before
        if before is None:
            break
    present = (
        select(_I.c.id, _R.c.id)
        .join(_R, (_R.c.invoice_id == _I.c.id) & (_R.c.number == _I.c.revision_number))
        .where(_I.c.id.in_(found))
    )
    revisions = {row[0]: row[1] for row in session.execute(present)}
    return [revisions[invoice_id] for invoice_id in found]


def count_views(session: Session, actor: Actor) -> dict[InvoiceView, int]:
    """Return how many invoices each view holds for this actor, in one query."""
    counted = session.execute(_counted(sees_all_matters(actor)), {"me": actor.user_id})
    return dict(zip(InvoiceView, counted.one(), strict=True))


def file_states(session: Session, invoice_ids: Sequence[int]) -> dict[int, FileState]:
    """Return the submission of each invoice's current revision, by invoice id; those never queued are absent."""
    if not invoice_ids:
        return {}
    return {
        invoice_id: FileState(submission_id, status, decider or "")
        for invoice_id, submission_id, status, decider in session.execute(_FILES, {"ids": list(invoice_ids)})
    }


def carrier_names(session: Session) -> dict[int, str]:
    """Return every carrier's name by id, in order of the names; what a filter offers."""
    return {row.id: row.name for row in session.execute(_CARRIERS)}


@cache
def _condition(view: InvoiceView, given: frozenset[str], is_aged: bool) -> ColumnElement[bool]:  # noqa: FBT001 -- a key
    conditions = [in_view(view)]
    if "period_end" in given:
        of_period = select(_P.c.id).where(_P.c.period_end == bindparam("period_end"))
        conditions.append(_I.c.proforma_id.in_(of_period))
    if "answered_since" in given:
        conditions.append(is_answered())
    return and_(*conditions, *(_aged(given) if is_aged else ()))


def _aged(given: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    """The bucket of `ageing` between the instants given; owed invoices only, as there."""
    since = func.coalesce(_I.c.delivered_at, _I.c.finalized_at)
    yield one_of(_I.c.cash_status, _OWED)
    yield ~one_of(_I.c.document_status, (DocumentStatus.SUPERSEDED, DocumentStatus.VOIDED))
    if "older_than" in given:
        yield since < bindparam("older_than")
    if "no_older_than" in given:
        yield since >= bindparam("no_older_than")


def _age_values(from_days: int) -> dict[str, Any]:
    until, values = AGES.get(from_days), {}
    if from_days:
        values["older_than"] = now() - timedelta(days=from_days)
    if until is not None:
        values["no_older_than"] = now() - timedelta(days=until)
    return values


@cache
def _counted(all_matters: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 -- a cache's key
    counts = [func.count(case((in_view(view), 1))) for view in InvoiceView]
    statement = select(*counts).select_from(_I).join(_M, _M.c.id == _I.c.matter_id)
    return statement if all_matters else statement.where(_M.c.responsible_attorney_id == bindparam("me"))


def _is_on_its_way() -> ColumnElement[bool]:
    """Whether the current revision waits in a queue, is being sent, is printed, or is there."""
    uploaded = (
        select(_S.c.id)
        .join(_R, _R.c.id == _S.c.invoice_revision_id)
        .where(
            _S.c.invoice_id == _I.c.id,
            _R.c.number == _I.c.revision_number,
            one_of(_S.c.status, _ON_ITS_WAY),
        )
        .correlate(_I)
        .exists()
    )
    mailed = (
        select(_ML.c.id)
        .join(_R, _R.c.id == _ML.c.invoice_revision_id)
        .where(
            _ML.c.invoice_id == _I.c.id,
            _R.c.number == _I.c.revision_number,
            one_of(_ML.c.status, _MAIL_ON_ITS_WAY),
        )
        .correlate(_I)
        .exists()
    )
    return or_(uploaded, mailed)
