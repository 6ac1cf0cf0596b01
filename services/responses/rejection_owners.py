"""To whom a rejection was handed on: one person who is told by name; anybody in billing while there is none."""

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import DeniedError, InvalidInputError
from models import Invoice, Matter, User
from models.enums import NoticeKind, Role
from services import audit
from services.access import require
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.lifecycle import check_version
from services.notices import settle_notices, tell
from services.row_ids import row_id

_NOTE = 500


def hand_on_rejection(
    session: Session, actor: Actor, *, invoice_id: int, expected_version: int, owner_id: int | None, note: str = ""
) -> Invoice:
    """Let one person see to a rejection, or anybody in billing with None. The person is told, the one before no longer.

    Raises:
        DeniedError: the actor is neither billing nor the matter's responsible attorney.
        InvalidInputError: nobody who could see to it.
        StaleVersionError, NotFoundError: nothing was changed.
    """
    require(actor, Role.BILLER, Role.ATTORNEY, Role.ADMIN, what="Handing a rejection on")
    invoice = visible_invoice(session, actor, invoice_id)
    session.refresh(invoice, with_for_update=True)
    matter = session.get_one(Matter, invoice.matter_id)
    if not actor.has(Role.BILLER, Role.ADMIN) and matter.responsible_attorney_id != actor.user_id:
        raise DeniedError("Only billing or the matter's responsible attorney hands it on. Nothing was changed.")
    check_version(invoice, expected_version)
    if owner_id is not None and owner_id not in dict(list_owners(session, invoice)):
        raise InvalidInputError("Only billing or the matter's responsible attorney can see to it. Choose another.")
    before, invoice.rejection_owner_id = invoice.rejection_owner_id, owner_id
    invoice.version += 1
    session.add(invoice)
    session.flush()
    _tell(session, actor, invoice, before, note.strip()[:_NOTE])
    return invoice


def list_owners(session: Session, invoice: Invoice) -> list[tuple[int, str]]:
    """Return who can see to a rejection, by name: active billers and the matter's responsible attorney."""
    attorney_id = session.get_one(Matter, invoice.matter_id).responsible_attorney_id
    rows = session.execute(
        select(col(User.id), col(User.name), col(User.roles)).where(col(User.is_active)).order_by(col(User.name))
    )
    return [
        (found, name)
        for found, name, roles in rows
        if found is not None and (Role.BILLER in roles or found == attorney_id)
    ]


def _tell(session: Session, actor: Actor, invoice: Invoice, before: int | None, note: str) -> None:
    key, owner_id, kind = row_id(invoice), invoice.rejection_owner_id, NoticeKind.REJECTION_HANDED_ON
    audit.record(
        session, actor, "invoice:rejection_handed_on", "invoice", key, note=note, owner_id=owner_id, former_id=before
    )
    settle_notices(session, kind, "invoice", key)
    if owner_id is not None and owner_id != actor.user_id:
        tell(session, [owner_id], kind, "invoice", key, occasion=f"{invoice.version}")
