"""Reading mailings: pages of them, how many wait in each view, and one with its history and what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, case, func, or_, select
from sqlmodel import Session

from adapters.object_store import ObjectStore, object_store
from core.errors import NotFoundError
from core.ids import sha256_hex
from core.settings import get_settings
from models import Carrier, Invoice, InvoiceRevision, Mailing, Matter, User
from models.enums import DeliveryChannel, MailingStatus, Role
from services.access import require
from services.actor import Actor
from services.lifecycle import available, get
from services.listing import ESCAPE, beginning
from services.review.proforma_queries import HistoryRow, history_of
from services.tables import one_of, table_of

_Rows = Select[*tuple[Any, ...]]
_ML, _I, _R = table_of(Mailing), table_of(Invoice), table_of(InvoiceRevision)
_M, _C, _U = table_of(Matter), table_of(Carrier), table_of(User)
_WHAT = "Mail and paper"
_OF_PAPER = frozenset({"print", "print_again", "post"})


class MailView(StrEnum):
    """Which mailings to show: what a person must do first, then along their way, then all."""

    TO_DO = "to_do"
    MAILS = "mails"
    TO_PRINT = "to_print"
    TO_POST = "to_post"
    SENT = "sent"
    ALL = "all"


@dataclass(frozen=True)
class MailingRow:
    """One mailing in a list; `sent_by` is '' where the machine sent it."""

    id: int
    version: int
    invoice_id: int
    invoice_number: str
    revision_id: int
    matter_number: str
    carrier_name: str
    channel: DeliveryChannel
    status: MailingStatus
    addresses: str
    amount: Decimal
    queued_at: datetime
    queued_by: str
    sent_on: date | None
    sent_by: str
    print_batch_id: int | None
    error_message: str


@dataclass(frozen=True)
class MailingDetail:
    """One mailing: what was sent under which id, its history, and the verbs open to the viewer."""

    row: MailingRow
    subject: str
    message_id: str
    sha256: str
    note: str
    history: tuple[HistoryRow, ...]
    verbs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MailState:
    """Where an invoice's present revision is on its way by mail or post."""

    mailing_id: int
    channel: DeliveryChannel
    status: MailingStatus


@cache
def _in_view(view: MailView) -> ColumnElement[bool]:
    status, channel = _ML.c.status, _ML.c.channel
    by_email, by_paper = channel == DeliveryChannel.EMAIL, channel == DeliveryChannel.PAPER
    stopped = one_of(status, (MailingStatus.NEEDS_ATTENTION, MailingStatus.IN_DOUBT, MailingStatus.BOUNCED))
    waiting = status == MailingStatus.READY
    conditions = {
        MailView.TO_DO: stopped,
        MailView.MAILS: and_(by_email, one_of(status, (MailingStatus.READY, MailingStatus.INTENT))),
        MailView.TO_PRINT: and_(by_paper, waiting),
        MailView.TO_POST: status == MailingStatus.PRINTED,
        MailView.SENT: status == MailingStatus.SENT,
        MailView.ALL: _ML.c.id > 0,
    }
    return conditions[view]


def list_mailings(
    session: Session,
    actor: Actor,
    *,
    view: MailView = MailView.ALL,
    carrier_id: int | None = None,
    text: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[MailingRow]:
    """Return mailings, the newest first, below the id `before`; `text` begins an invoice, matter or claim number.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what=_WHAT)
    asked: dict[str, Any] = {"limit": limit}
    if carrier_id is not None:
        asked["carrier_id"] = carrier_id
    if text.strip():
        asked["beginning"] = beginning(text.strip())
    if before is not None:
        asked["before"] = before
    return [_row(found) for found in session.execute(_listed(view, frozenset(asked)), asked)]


def count_mail_views(session: Session, actor: Actor) -> dict[MailView, int]:
    """Return how many mailings each view holds, in one query.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    require(actor, Role.BILLER, Role.ADMIN, what=_WHAT)
    return dict(zip(MailView, session.execute(_counted()).one(), strict=True))


def get_mailing(session: Session, actor: Actor, *, mailing_id: int) -> MailingDetail:
    """Return one mailing with everything known about it.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        NotFoundError: there is none.
    """
    require(actor, Role.BILLER, Role.ADMIN, what=_WHAT)
    mailing: Mailing = get(session, Mailing, mailing_id)
    found = session.execute(_headers().where(_ML.c.id == mailing_id)).one()
    return MailingDetail(
        row=_row(found),
        subject=mailing.subject,
        message_id=mailing.message_id,
        sha256=mailing.sha256,
        note=mailing.note,
        history=history_of(session, "mailing", mailing_id),
        verbs=tuple((one.verb, one.label) for one in available(actor, mailing) if _fits(mailing, one.verb)),
    )


def _fits(mailing: Mailing, verb: str) -> bool:
    return mailing.channel is DeliveryChannel.PAPER or verb not in _OF_PAPER


def read_mail_copy(
    session: Session, actor: Actor, *, mailing_id: int, store: ObjectStore | None = None
) -> tuple[str, bytes]:
    """Return the mail as it was sent, or begun to be sent, with a name for its file.

    Raises:
        DeniedError: the actor is neither biller nor admin.
        NotFoundError: none was made yet, or the stored one is damaged.
    """
    require(actor, Role.BILLER, Role.ADMIN, what=_WHAT)
    mailing: Mailing = get(session, Mailing, mailing_id)
    if not mailing.object_key:
        raise NotFoundError("This invoice was not sent by mail yet, so there is no copy of a mail.")
    content = (store or object_store(get_settings())).get(mailing.object_key)
    if sha256_hex(content) != mailing.sha256:
        raise NotFoundError("The stored copy of this mail is damaged, so it is not shown. A backup has it.")
    return f"mail-{mailing_id}.eml", content


def mail_states(session: Session, invoice_ids: Sequence[int]) -> dict[int, MailState]:
    """Return the mailing of each invoice's present revision, by invoice id; those that were never mailed are absent."""
    if not invoice_ids:
        return {}
    found = session.execute(_STATES, {"ids": list(invoice_ids)})
    return {invoice_id: MailState(mailing_id, channel, status) for invoice_id, mailing_id, channel, status in found}


_STATES = (
    select(_ML.c.invoice_id, _ML.c.id, _ML.c.channel, _ML.c.status)
    .join(_R, _R.c.id == _ML.c.invoice_revision_id)
    .join(_I, _I.c.id == _ML.c.invoice_id)
    .where(
        _ML.c.invoice_id.in_(bindparam("ids", expanding=True)),
        _R.c.number == _I.c.revision_number,
        _ML.c.status != MailingStatus.WITHDRAWN,
    )
)


@cache
def _listed(view: MailView, given: frozenset[str]) -> _Rows:
    starts = bindparam("beginning", type_=String())
    conditions = {
        "carrier_id": _ML.c.carrier_id == bindparam("carrier_id"),
        "before": _ML.c.id < bindparam("before"),
        "beginning": or_(_I.c.number.like(starts, escape=ESCAPE), _M.c.number.like(starts, escape=ESCAPE)),
    }
    wanted = [condition for name, condition in conditions.items() if name in given]
    return _headers().where(_in_view(view), *wanted).order_by(_ML.c.id.desc()).limit(bindparam("limit"))


def _headers() -> _Rows:
    sender = _U.alias("sender")
    return (
        select(
            _ML.c.id,
            _ML.c.version,
            _ML.c.invoice_id,
            _ML.c.invoice_revision_id,
            _ML.c.channel,
            _ML.c.status,
            _ML.c.addresses,
            _ML.c.queued_at,
            _ML.c.sent_on,
            _ML.c.print_batch_id,
            _ML.c.error_message,
            _I.c.number.label("invoice_number"),
            _R.c.total_amount,
            _M.c.number.label("matter_number"),
            _C.c.name.label("carrier_name"),
            _U.c.name.label("queued_by"),
            sender.c.name.label("sent_by"),
        )
        .join(_I, _I.c.id == _ML.c.invoice_id)
        .join(_R, _R.c.id == _ML.c.invoice_revision_id)
        .join(_M, _M.c.id == _I.c.matter_id)
        .join(_C, _C.c.id == _ML.c.carrier_id)
        .join(_U, _U.c.id == _ML.c.queued_by_id)
        .outerjoin(sender, sender.c.id == _ML.c.sent_by_id)
    )


@cache
def _counted() -> _Rows:
    return select(*(func.count(case((_in_view(view), 1))) for view in MailView)).select_from(_ML)


def _row(found: Row[*tuple[Any, ...]]) -> MailingRow:
    return MailingRow(
        id=found.id,
        version=found.version,
        invoice_id=found.invoice_id,
        invoice_number=found.invoice_number,
        revision_id=found.invoice_revision_id,
        matter_number=found.matter_number,
        carrier_name=found.carrier_name,
        channel=found.channel,
        status=found.status,
        addresses=found.addresses,
        amount=found.total_amount,
        queued_at=found.queued_at,
        queued_by=found.queued_by,
        sent_on=found.sent_on,
        sent_by=found.sent_by or "",
        print_batch_id=found.print_batch_id,
        error_message=found.error_message,
    )
