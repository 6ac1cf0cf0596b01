"""What the review queue does in a thread: one read, and one transaction a change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from core.db import read_only, unit_of_work
from core.errors import BillingError
from models import Proforma
from models.enums import ProformaStatus, Role
from services.actor import Actor
from services.changes import Record
from services.invoicing.invoice_views import carrier_names
from services.review.people import list_people
from services.review.proformas import (
    ApproveAllResult,
    approve_clean,
    approve_proforma,
    hold_proforma,
    reopen_proforma,
    resume_proforma,
)
from services.review.queue_list import Queue, QueueItem, list_queue, queue_pulse
from services.review.returns import changes_since, returns_of
from services.review.review_policy import cap_of, get_policy, set_cap
from services.review.review_queue import StateTotal, review_totals
from state.guard import actor
from state.review.known_flags import flags_of
from state.review.queue_address import Asked, filter_of, is_watching
from state.review.queue_rows import QueueRow, queue_row
from state.review.return_words import changes_words

Change = Callable[[Session, Actor], object]


class Found(NamedTuple):
    """The queue as read, its rows as shown, and, for who watches over all, how much is in each state."""

    queue: Queue
    shown: list[QueueRow]
    states: dict[ProformaStatus, StateTotal]


@dataclass(frozen=True)
class Approved:
    """One approval: whether others are asked next, and the version to take it back by; None where that cannot be."""

    goes_on: bool
    version: int | None


def read(asked: Asked, wanted: int) -> Found:
    """Return at most `wanted` rows of what the address asks for."""
    who = actor()
    filters = filter_of(asked, who)
    with read_only() as session:
        queue = list_queue(session, who, wanted=filters, limit=wanted)
        flags = flags_of(session, who, queue.items)
        states = review_totals(session, who, period_end=filters.period_end) if is_watching(who) else {}
    # Still in the thread: hundreds of rows as text would hold up everybody's events.
    can_send = who.has(Role.BILLER)
    shown = [queue_row(item, flags.get(item.row.id, ()), can_send=can_send) for item in queue.items]
    return Found(queue, shown, states)


def read_queue_pulse(concerns: Collection[Record]) -> tuple[int, ...]:
    """Return what is another after each change of a proforma in an attorney's queue."""
    with read_only() as session:
        return queue_pulse(session, concerns)


def read_carriers() -> list[list[str]]:
    """Return the carriers to narrow a queue to: id and name."""
    with read_only() as session:
        return [[str(key), name] for key, name in carrier_names(session).items()]


def carry_out(change: Change) -> object:
    """Run one change in a transaction of its own and return what it gives."""
    with unit_of_work() as session:
        return change(session, actor())


def approve(proforma_id: int, version: int, note: str = "") -> Approved:
    """Approve one as the actor may, in a transaction of its own."""
    with unit_of_work() as session:
        before = session.get(Proforma, proforma_id)
        was_in_review = before is not None and before.status is ProformaStatus.IN_REVIEW
        proforma = approve_proforma(session, actor(), proforma_id=proforma_id, expected_version=version, note=note)
        is_done = proforma.status is ProformaStatus.APPROVED
        # A step beside the attorney's is given for good; the attorney's own approval may be taken back.
        is_own = was_in_review and proforma.status is not ProformaStatus.IN_REVIEW
        return Approved(not is_done, proforma.version if is_own else None)


def approve_all(seen: Mapping[int, int], cap: Decimal) -> ApproveAllResult:
    """Approve the clean ones in the versions seen, and keep the cap as the actor's own."""
    with unit_of_work() as session:
        set_cap(session, actor(), amount=cap)
        return approve_clean(session, actor(), seen=seen, cap_amount=cap)


def read_cap() -> tuple[Decimal, Decimal]:
    """Return up to how much the actor approves at once, and the firm's own cap."""
    with read_only() as session:
        policy = get_policy(session)
        return cap_of(session, actor(), policy), policy.rules.most_amount


def hold(proforma_id: int, version: int) -> int:
    """Put one aside; return the version to resume it by."""
    with unit_of_work() as session:
        return hold_proforma(session, actor(), proforma_id=proforma_id, expected_version=version).version


def undo(versions: Mapping[int, int], *, is_held: bool) -> dict[int, str]:
    """Reopen, or resume, each by itself; return those that stay as they are, with the reason."""
    kept: dict[int, str] = {}
    take_back = resume_proforma if is_held else reopen_proforma
    for proforma_id, version in versions.items():
        try:
            with unit_of_work() as session:
                take_back(session, actor(), proforma_id=proforma_id, expected_version=version)
        except BillingError as refused:
            kept[proforma_id] = refused.user_message
    return kept


def read_attorneys(besides: Sequence[int | None]) -> tuple[list[list[str]], bool]:
    """Return whom a proforma can be forwarded to, id and name, and whether the approval may go along."""
    with read_only() as session:
        people = list_people(session, Role.ATTORNEY)
        may_hand_on = get_policy(session).rules.can_forward_authority
    return [[str(key), name] for key, name in people if key not in besides], may_hand_on


def read_mended(item: QueueItem) -> str:
    """Return in words what was changed since one was returned."""
    with read_only() as session:
        found = returns_of(session, [item.row.id]).get(item.row.id)
        since: datetime | None = found.returned_at if found else None
        return changes_words(changes_since(session, item.row.id, since)) if since else ""
