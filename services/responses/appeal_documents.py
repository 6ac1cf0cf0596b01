"""Papers that go with an appeal: attached to a draft, kept in the object store, opened by who may see the invoice."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from core.clock import now
from core.errors import BillingError, InvalidInputError, NotFoundError, WrongStateError
from core.ids import new_correlation_id, sha256_hex
from core.settings import get_settings
from models import Appeal, AppealDocument, User
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.invoicing.invoice_documents import visible_invoice
from services.papers import Paper, kind_of_paper, name_of_paper
from services.responses.appeal_routes import WrongRouteError, route_of
from services.responses.appeals import open_draft, touch
from services.row_ids import row_id


class AppealDocumentAlteredError(BillingError):
    """The stored bytes are not the ones that were attached."""

    code = "appeal_document_altered"
    status_code = 409


@dataclass(frozen=True)
class DocumentRow:
    """One document in a list."""

    id: int
    name: str
    byte_count: int
    added_by: str
    added_at: datetime


def attach_document(
    session: Session,
    actor: Actor,
    *,
    appeal_id: int,
    expected_version: int,
    name: str,
    content: bytes,
    store: ObjectStore | None = None,
) -> AppealDocument:
    """Put a PDF, PNG or JPEG with a draft. The same bytes twice are refused.

    Raises:
        WrongRouteError: the site takes no documents.
        InvalidInputError: no such kind of file, empty, too large, or there already.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was saved.
        UnavailableError: the store cannot be reached.
    """
    appeal = open_draft(session, actor, appeal_id, expected_version)
    route = route_of(session, visible_invoice(session, actor, appeal.invoice_id))
    if not route.terms.documents:
        message = f"{route.carrier_name} takes no documents with an appeal. Nothing was saved; say it in the reasons."
        raise WrongRouteError(message, appeal_id=appeal_id)
    media_type, suffix = kind_of_paper(content, "document")
    digest = sha256_hex(content)
    if any(one.sha256 == digest for one in _of(session, appeal_id)):
        raise InvalidInputError("This very file is attached already. Nothing was saved.", appeal_id=appeal_id)
    key = f"appeals/{appeal_id}/{new_correlation_id()}.{suffix}"
    (store or object_store(get_settings())).put(key, content, media_type)
    document = AppealDocument(
        appeal_id=appeal_id,
        name=name_of_paper(name, suffix, "document"),
        media_type=media_type,
        byte_count=len(content),
        object_key=key,
        sha256=digest,
        added_by_id=person_id(actor),
        added_at=now(),
    )
    session.add(document)
    touch(session, appeal)
    audit.record(session, actor, "appeal:document_attached", "appeal", appeal_id, sha256=digest)
    return document


def remove_document(
    session: Session, actor: Actor, *, appeal_id: int, document_id: int, expected_version: int
) -> AppealDocument:
    """Take a document off a draft; its bytes stay in the store.

    Raises:
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    appeal = open_draft(session, actor, appeal_id, expected_version)
    document: AppealDocument = lifecycle.get(session, AppealDocument, document_id)
    if document.appeal_id != appeal_id:
        raise NotFoundError("There is no such document on this appeal. Nothing was changed.", document_id=document_id)
    if document.removed_at is not None:
        raise WrongStateError("This document was removed before. Nothing was changed.", document_id=document_id)
    document.removed_at, document.removed_by_id = now(), person_id(actor)
    touch(session, appeal)
    audit.record(session, actor, "appeal:document_removed", "appeal", appeal_id, sha256=document.sha256)
    return document


def documents_of(session: Session, appeal_id: int) -> list[DocumentRow]:
    """Return the documents on an appeal, the oldest first; the caller checked who looks."""
    statement = (
        select(AppealDocument, col(User.name))
        .join(User, col(User.id) == col(AppealDocument.added_by_id))
        .where(col(AppealDocument.appeal_id) == appeal_id, col(AppealDocument.removed_at).is_(None))
        .order_by(col(AppealDocument.id))
    )
    return [
        DocumentRow(row_id(one), one.name, one.byte_count, who, one.added_at) for one, who in session.execute(statement)
    ]


def read_document(session: Session, actor: Actor, *, document_id: int, store: ObjectStore | None = None) -> Paper:
    """Return one document, a removed one too, to who may see the invoice.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
        AppealDocumentAlteredError: the bytes do not have the recorded checksum.
    """
    document: AppealDocument = lifecycle.get(session, AppealDocument, document_id)
    appeal: Appeal = lifecycle.get(session, Appeal, document.appeal_id)
    visible_invoice(session, actor, appeal.invoice_id)
    content = (store or object_store(get_settings())).get(document.object_key)
    if sha256_hex(content) != document.sha256:
        message = "This document was altered after it was attached, so it is not shown. Tell an administrator."
        raise AppealDocumentAlteredError(message, document_id=document_id)
    return Paper(document.name, document.media_type, content)


def _of(session: Session, appeal_id: int) -> list[AppealDocument]:
    on_it = (col(AppealDocument.appeal_id) == appeal_id) & col(AppealDocument.removed_at).is_(None)
    return list(session.scalars(select(AppealDocument).where(on_it)))
