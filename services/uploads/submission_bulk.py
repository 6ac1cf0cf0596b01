"""Many files at once: what a verb would do to those that were selected, and doing it, with every skip named.

What a person saw is told by versions: a file that changed since is skipped, never guessed at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from core.db import db_now_ms
from core.errors import BillingError, InvalidInputError
from models import Carrier, Invoice, Site, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import ring_account
from services.sites.carriers import pause_carrier, resume_carrier
from services.sites.site_accounts import pause_account, resume_account
from services.uploads.submissions import retry

LARGEST = 200
_S = SubmissionStatus
_NOT_SENT_AGAIN = {
    _S.CLAIMED: "is being sent now",
    _S.INTENT: "is being sent now",
    _S.DELIVERED: "is delivered",
    _S.REFUSED: "was refused: correct the invoice",
    _S.IN_DOUBT: "is in doubt: decide it first",
}


class BulkVerb(StrEnum):
    """What can be done to many at once; the last four to the carriers or accounts of the files."""

    SEND_AGAIN = "send_again"
    PAUSE_CARRIERS = "pause_carriers"
    RESUME_CARRIERS = "resume_carriers"
    PAUSE_ACCOUNTS = "pause_accounts"
    RESUME_ACCOUNTS = "resume_accounts"

    @property
    def needs_note(self) -> bool:
        """Whether it wants a reason."""
        return self in {BulkVerb.PAUSE_CARRIERS, BulkVerb.PAUSE_ACCOUNTS}


@dataclass(frozen=True)
class Seen:
    """A file as the person saw it."""

    submission_id: int
    version: int


@dataclass(frozen=True)
class BulkItem:
    """One file, carrier or account by its name; `reason` says why it is skipped, '' when it is not."""

    row_id: int
    name: str
    reason: str = ""


@dataclass(frozen=True)
class BulkPlan:
    """What a verb does, and what it leaves alone."""

    done: tuple[BulkItem, ...]
    skipped: tuple[BulkItem, ...]


def plan_bulk(session: Session, actor: Actor, *, verb: BulkVerb, seen: Sequence[Seen]) -> BulkPlan:
    """Return what `carry_out_bulk` would do now, and skip, without doing it.

    Raises:
        DeniedError: the actor is no biller; an admin may pause and resume.
        InvalidInputError: nothing is selected, or too much.
    """
    _check(actor, verb, seen)
    return _parted(_items(session, verb, seen))


def carry_out_bulk(session: Session, actor: Actor, *, verb: BulkVerb, seen: Sequence[Seen], note: str = "") -> BulkPlan:
    """Do it to all that still stand as they were seen; what changed meanwhile is skipped and named.

    Raises:
        DeniedError: the actor is no biller; an admin may pause and resume.
        InvalidInputError: nothing is selected, or too much, or a pause has no reason.
    """
    _check(actor, verb, seen)
    if verb.needs_note and not note.strip():
        raise InvalidInputError("Pausing needs a reason. Nothing was changed; write one and try again.")
    act = _ACTS[verb]
    versions = {one.submission_id: one.version for one in seen}
    return _parted([_done(session, actor, act, item, versions, note) for item in _items(session, verb, seen)])


def _check(actor: Actor, verb: BulkVerb, seen: Sequence[Seen]) -> None:
    roles = (Role.BILLER,) if verb is BulkVerb.SEND_AGAIN else (Role.BILLER, Role.ADMIN)
    require(actor, *roles, what="Changing many files at once")
    if not seen:
        raise InvalidInputError("No file is selected. Nothing was changed; tick some first.")
    if len(seen) > LARGEST:
        raise InvalidInputError(f"At most {LARGEST} files at once. Nothing was changed; select fewer.")


def _parted(items: Iterable[BulkItem]) -> BulkPlan:
    found = list(items)
    return BulkPlan(tuple(one for one in found if not one.reason), tuple(one for one in found if one.reason))


_Act = Callable[[Session, Actor, BulkItem, dict[int, int], str], None]


def _done(session: Session, actor: Actor, act: _Act, item: BulkItem, versions: dict[int, int], note: str) -> BulkItem:
    if item.reason:
        return item
    try:
        with session.begin_nested():
            act(session, actor, item, versions, note)
    except BillingError as refused:
        return BulkItem(item.row_id, item.name, refused.user_message)
    return item


def _items(session: Session, verb: BulkVerb, seen: Sequence[Seen]) -> list[BulkItem]:
    if verb is BulkVerb.SEND_AGAIN:
        return _files(session, seen)
    ids = [one.submission_id for one in seen]
    if verb in {BulkVerb.PAUSE_CARRIERS, BulkVerb.RESUME_CARRIERS}:
        return _carriers(session, ids, pauses=verb is BulkVerb.PAUSE_CARRIERS)
    return _accounts(session, ids, pauses=verb is BulkVerb.PAUSE_ACCOUNTS)


def _files(session: Session, seen: Sequence[Seen]) -> list[BulkItem]:
    statement = (
        select(Submission, col(Invoice.number))
        .join(Invoice, col(Invoice.id) == col(Submission.invoice_id))
        .where(col(Submission.id).in_([one.submission_id for one in seen]))
        .order_by(col(Invoice.number))
    )
    versions = {one.submission_id: one.version for one in seen}
    present = session.scalars(select(db_now_ms())).one()
    return [
        BulkItem(row.id or 0, f"Invoice {number}", _why_not(row, versions[row.id or 0], present))
        for row, number in session.execute(statement)
    ]


def _why_not(row: Submission, version: int, present: int) -> str:
    said = _NOT_SENT_AGAIN.get(row.status, "")
    if not said and row.status is _S.READY and row.due_at_ms <= present:
        said = "is in the queue already"
    if row.version == version:
        return said
    return f"changed since you saw it: it {said}" if said else "changed since you saw it: look at it first"


def _carriers(session: Session, ids: list[int], *, pauses: bool) -> list[BulkItem]:
    chosen = select(col(Submission.carrier_id)).where(col(Submission.id).in_(ids))
    statement = (
        select(col(Carrier.id), col(Carrier.name), col(Carrier.paused_at))
        .where(col(Carrier.id).in_(chosen))
        .order_by(col(Carrier.name))
    )
    return [
        BulkItem(carrier_id or 0, name, _already(is_paused=paused_at is not None, pauses=pauses))
        for carrier_id, name, paused_at in session.execute(statement)
    ]


def _accounts(session: Session, ids: list[int], *, pauses: bool) -> list[BulkItem]:
    chosen = select(col(Submission.site_account_id)).where(col(Submission.id).in_(ids))
    statement = (
        select(SiteAccount, col(Site.name))
        .join(Site, col(Site.id) == col(SiteAccount.site_id))
        .where(col(SiteAccount.id).in_(chosen))
        .order_by(col(Site.name), col(SiteAccount.label))
    )
    items = []
    for account, site in session.execute(statement):
        reason = _already(is_paused=account.paused_at is not None, pauses=pauses)
        if not reason and not pauses and account.needs_new_login:
            reason = "its log-in was refused: store the right one, or resume it by itself"
        items.append(BulkItem(account.id or 0, f"{site}, account {account.label}", reason))
    return items


def _already(*, is_paused: bool, pauses: bool) -> str:
    if is_paused is pauses:
        return "is paused already" if pauses else "is running already"
    return ""


def _send_again(session: Session, actor: Actor, item: BulkItem, versions: dict[int, int], note: str) -> None:
    row = session.get_one(Submission, item.row_id, with_for_update=True)
    if row.status is _S.READY and row.version == versions[item.row_id]:
        row.due_at_ms = session.scalars(select(db_now_ms())).one()
        row.version += 1
        session.add(row)
        session.flush()
        audit.record(session, actor, "submission:hurried", "submission", item.row_id, note=note)
        ring_account(session, row.site_account_id)
        return
    retry(session, actor, submission_id=item.row_id, expected_version=versions[item.row_id], note=note)


def _pause_carrier(session: Session, actor: Actor, item: BulkItem, _versions: dict[int, int], note: str) -> None:
    pause_carrier(session, actor, carrier_id=item.row_id, reason=note)


def _resume_carrier(session: Session, actor: Actor, item: BulkItem, _versions: dict[int, int], note: str) -> None:
    resume_carrier(session, actor, carrier_id=item.row_id, note=note)


def _pause_account(session: Session, actor: Actor, item: BulkItem, _versions: dict[int, int], note: str) -> None:
    pause_account(session, actor, site_account_id=item.row_id, reason=note)


def _resume_account(session: Session, actor: Actor, item: BulkItem, _versions: dict[int, int], note: str) -> None:
    resume_account(session, actor, site_account_id=item.row_id, note=note)


_ACTS: dict[BulkVerb, _Act] = {
    BulkVerb.SEND_AGAIN: _send_again,
    BulkVerb.PAUSE_CARRIERS: _pause_carrier,
    BulkVerb.RESUME_CARRIERS: _resume_carrier,
    BulkVerb.PAUSE_ACCOUNTS: _pause_account,
    BulkVerb.RESUME_ACCOUNTS: _resume_account,
}
