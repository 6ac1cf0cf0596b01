"""Receipts of expenses: attached beside a proforma's line, checked, kept in the object store, opened by who may see it.

Attaching and removing check the proforma again at once, so that a rule which wants a receipt asks no more.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from adapters.object_store import ObjectStore, object_store
from core.clock import now
from core.errors import BillingError, InvalidInputError, NotFoundError, WrongStateError
from core.ids import new_correlation_id, sha256_hex
from core.settings import get_settings
from models import Expense, ExpenseReceipt, Matter, Proforma, ProformaLine, User
from services import audit, lifecycle
from services.access import person_id, sees_all_matters
from services.actor import Actor
from services.billing.receipt_marks import is_on_file
from services.papers import Paper, kind_of_paper, name_of_paper
from services.review.line_edits import check_may_edit, check_open, settle
from services.review.proforma_findings import lines_of
from services.review.proforma_queries import visible_proforma
from services.review.reviewers import acting, may_see_matter
from services.row_ids import row_id


class ReceiptAlteredError(BillingError):
    """The stored bytes are not the ones that were recorded."""

    code = "receipt_altered"
    status_code = 409


@dataclass(frozen=True)
class ReceiptRow:
    """One receipt in a list."""

    id: int
    expense_id: int
    name: str
    media_type: str
    byte_count: int
    added_by: str
    added_at: datetime


def attach_receipt(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    expected_version: int,
    name: str,
    content: bytes,
    store: ObjectStore | None = None,
) -> ExpenseReceipt:
    """Keep a PDF, PNG or JPEG as a receipt of the line's expense; several may stand beside one expense.

    The responsible attorney and billing may. The same bytes twice are refused.

    Raises:
        InvalidInputError: no expense, no such kind of file, empty, too large, or there already.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was saved.
        UnavailableError: the store cannot be reached.
    """
    line, proforma = _open(session, actor, line_id, expected_version)
    if line.expense_id is None:
        raise InvalidInputError("Receipts belong to expenses; this line is a fee. Nothing was saved.", line_id=line_id)
    media_type, suffix = kind_of_paper(content, "receipt")
    digest = sha256_hex(content)
    if any(one.sha256 == digest for one in _of_expenses(session, [line.expense_id])):
        raise InvalidInputError("This very file is attached already. Nothing was saved.", line_id=line_id)
    key = f"receipts/{line.expense_id}/{new_correlation_id()}.{suffix}"
    (store or object_store(get_settings())).put(key, content, media_type)
    receipt = ExpenseReceipt(
        expense_id=line.expense_id,
        name=name_of_paper(name, suffix, "receipt"),
        media_type=media_type,
        byte_count=len(content),
        object_key=key,
        sha256=digest,
        added_by_id=person_id(actor),
        added_at=now(),
    )
    session.add(receipt)
    _check_again(session, actor, proforma, line, "proforma:receipt_attached")
    return receipt


def remove_receipt(
    session: Session, actor: Actor, *, line_id: int, receipt_id: int, expected_version: int
) -> ExpenseReceipt:
    """Take a receipt away from the line's expense; its bytes stay in the store.

    Raises:
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    line, proforma = _open(session, actor, line_id, expected_version)
    receipt: ExpenseReceipt = lifecycle.get(session, ExpenseReceipt, receipt_id)
    if receipt.expense_id != line.expense_id:
        raise NotFoundError("There is no such receipt on this line. Nothing was changed.", receipt_id=receipt_id)
    if receipt.removed_at is not None:
        raise WrongStateError("This receipt was removed before. Nothing was changed.", receipt_id=receipt_id)
    receipt.removed_at, receipt.removed_by_id = now(), person_id(actor)
    _check_again(session, actor, proforma, line, "proforma:receipt_removed")
    return receipt


def receipts_of(session: Session, expense_ids: list[int]) -> dict[int, tuple[ReceiptRow, ...]]:
    """Return the receipts on file by expense, the oldest first, in one statement; the caller checked who looks."""
    if not expense_ids:
        return {}
    statement = (
        select(ExpenseReceipt, col(User.name))
        .join(User, col(User.id) == col(ExpenseReceipt.added_by_id))
        .where(col(ExpenseReceipt.expense_id).in_(expense_ids), is_on_file())
        .order_by(col(ExpenseReceipt.id))
    )
    found: dict[int, tuple[ReceiptRow, ...]] = {}
    for receipt, who in session.execute(statement):
        found[receipt.expense_id] = (*found.get(receipt.expense_id, ()), _row(receipt, who))
    return found


def read_receipt(session: Session, actor: Actor, *, receipt_id: int, store: ObjectStore | None = None) -> Paper:
    """Return one receipt: for billers and admins, and attorneys on their own matters; a removed one too.

    Raises:
        NotFoundError: there is none, or it is not this person's to see.
        ReceiptAlteredError: the bytes do not have the recorded checksum.
    """
    receipt = session.get(ExpenseReceipt, receipt_id)
    if receipt is None or not _may_see(session, actor, receipt):
        message = "There is no such receipt among your matters. Nothing was opened; go back to the line."
        raise NotFoundError(message, receipt_id=receipt_id)
    content = (store or object_store(get_settings())).get(receipt.object_key)
    if sha256_hex(content) != receipt.sha256:
        message = "This receipt was altered after it was attached, so it is not shown. Tell an administrator."
        raise ReceiptAlteredError(message, receipt_id=receipt_id)
    return Paper(receipt.name, receipt.media_type, content)


def _open(session: Session, actor: Actor, line_id: int, expected_version: int) -> tuple[ProformaLine, Proforma]:
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, line.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_may_edit(actor, proforma, only_codes=True)
    check_open(proforma, expected_version)
    return line, proforma


def _check_again(session: Session, actor: Actor, proforma: Proforma, line: ProformaLine, tag: str) -> None:
    session.flush()
    proforma_id = row_id(proforma)
    settle(session, proforma, lines_of(session, proforma_id))
    who = acting(session, actor, proforma)
    audit.record(session, who, tag, "proforma", proforma_id, line_number=line.line_number)


def _of_expenses(session: Session, expense_ids: list[int]) -> list[ExpenseReceipt]:
    statement = select(ExpenseReceipt).where(col(ExpenseReceipt.expense_id).in_(expense_ids), is_on_file())
    return list(session.scalars(statement))


def _may_see(session: Session, actor: Actor, receipt: ExpenseReceipt) -> bool:
    if sees_all_matters(actor):
        return True
    expense = session.get(Expense, receipt.expense_id)
    return expense is not None and may_see_matter(session, actor, session.get_one(Matter, expense.matter_id))


def _row(receipt: ExpenseReceipt, who: str) -> ReceiptRow:
    return ReceiptRow(
        row_id(receipt), receipt.expense_id, receipt.name, receipt.media_type, receipt.byte_count, who, receipt.added_at
    )
