"""What the dispatcher asks the database: which site accounts have due work and nobody at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlmodel import Session, col

from carriers.errors import ReceiptMissingError
from core.db import db_now_ms
from core.settings import Settings
from models import Carrier, Invoice, Site, SiteAccount, Submission
from models.enums import SubmissionStatus
from services.responses.decisions import due_decisions_condition
from services.sites.site_traffic import Held, held_carriers
from services.uploads import ledger
from services.uploads.leases import is_not_waiting
from services.uploads.workers import register_worker


@dataclass(frozen=True)
class DueAccount:
    """An account to ring for; the fence tells one ring from the next, `files` is how many wait there."""

    site_account_id: int
    fence: int
    files: int = 0


def list_due_accounts(session: Session) -> list[DueAccount]:
    """Return the accounts that want a worker, the largest backlog first.

    They have a due, unleased file or a due decision, and are free, running, not waiting, and within their site's hours
    and pace. Starting with the largest backlog keeps the last worker from being left alone with it.
    """
    held = held_carriers(session)
    account_id, files = col(SiteAccount.id), _due_files_count(held)
    statement = select(account_id, col(SiteAccount.fence), files).where(_wants_a_worker(held))
    statement = statement.order_by(files.desc(), account_id)
    return [DueAccount(found, fence, many) for found, fence, many in session.execute(statement) if found is not None]


def others_wait(session: Session, *, site_account_id: int) -> bool:
    """Whether another account wants a worker and has none."""
    others = select(col(SiteAccount.id)).where(
        col(SiteAccount.id) != site_account_id, _wants_a_worker(held_carriers(session))
    )
    return session.scalars(others.limit(1)).first() is not None


def has_unlooked(session: Session) -> bool:
    """Whether some file with an abandoned intent belongs to a paused account."""
    return session.scalars(_stranded_rows().limit(1)).first() is not None


def doubt_unlooked(session: Session, settings: Settings) -> int:
    """Put files with an abandoned intent in doubt where nobody can look: their account is paused. Returns how many."""
    stranded = _lock_stranded(session)
    if not stranded:
        return 0
    worker_id = register_worker(session)
    for row in stranded:
        claim = ledger.take(session, row, worker_id=worker_id, lease_ms=settings.lease_seconds * 1000)
        error = ReceiptMissingError(_site_name(session, row))
        ledger.doubt(session, claim, error, decide_hours=settings.doubt_decide_hours)
    return len(stranded)


def _wants_a_worker(held: Held) -> ColumnElement[bool]:
    until, account_id = col(SiteAccount.lease_until_ms), col(SiteAccount.id)
    has_file = select(col(Submission.id)).where(
        col(Submission.site_account_id) == account_id, ledger.due_files(held=held)
    )
    has_decision = (
        select(col(Invoice.id))
        .join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
        .where(col(Carrier.site_account_id) == account_id, due_decisions_condition(held.closed))
    )
    return and_(
        col(SiteAccount.paused_at).is_(None),
        col(SiteAccount.login_refused_at).is_(None),
        is_not_waiting(),
        or_(until.is_(None), until <= db_now_ms()),
        or_(has_file.exists(), has_decision.exists()),
    )


def _due_files_count(held: Held) -> ScalarSelect[int]:
    waiting = col(Submission.site_account_id) == col(SiteAccount.id)
    return select(func.count()).select_from(Submission).where(waiting, ledger.due_files(held=held)).scalar_subquery()


def _stranded_rows() -> Select[Submission]:
    until = col(Submission.lease_until_ms)
    return (
        select(Submission)
        .join(SiteAccount, col(SiteAccount.id) == col(Submission.site_account_id))
        .where(
            col(Submission.status) == SubmissionStatus.INTENT,
            until.is_(None) | (until <= db_now_ms()),
            col(SiteAccount.paused_at).is_not(None),
        )
    )


def _lock_stranded(session: Session) -> Sequence[Submission]:
    """Lock the accounts first and then their files, as whoever works on them does."""
    found = session.execute(
        _stranded_rows().with_only_columns(col(Submission.id), col(Submission.site_account_id))
    ).all()
    if not found:
        return []
    accounts = select(col(SiteAccount.id)).where(col(SiteAccount.id).in_({account for _, account in found}))
    session.scalars(accounts.order_by(col(SiteAccount.id)).with_for_update()).all()
    still = _stranded_rows().where(col(Submission.id).in_([row_id for row_id, _ in found]))
    return session.scalars(still.order_by(col(Submission.id)).with_for_update(of=Submission)).all()


def _site_name(session: Session, row: Submission) -> str:
    named = (
        select(col(Site.name))
        .join(SiteAccount, col(SiteAccount.site_id) == col(Site.id))
        .where(col(SiteAccount.id) == row.site_account_id)
    )
    return session.scalars(named).one()
