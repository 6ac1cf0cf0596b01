"""The tabs above a queue: an attorney's by whose the proformas are, billing's by the state they are in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.enums import ProformaStatus
from services.review.queue_filters import Scope
from services.review.queue_list import ScopeCounts
from services.review.review_queue import StateTotal
from state.review.queue_address import Asked

_STATES = (
    ("Waits for you", ProformaStatus.RETURNED),
    ("In review", ProformaStatus.IN_REVIEW),
    ("In approval", ProformaStatus.IN_APPROVAL),
    ("Held", ProformaStatus.HELD),
    ("Approved", ProformaStatus.APPROVED),
    ("Draft", ProformaStatus.DRAFT),
    ("Finalized", ProformaStatus.FINALIZED),
)


@dataclass(frozen=True)
class QueueTab:
    """One tab: its words, its address, how many stand under it ('' = none), and whether it is the one shown."""

    label: str
    href: str
    count: str
    is_chosen: bool


def attorneys_tabs(asked: Asked, counts: ScopeCounts) -> list[QueueTab]:
    """Return the tabs of who decides; one that a person has nothing to do with is left out."""
    found = (
        ("Waits for you", "", counts.mine.count),
        ("Urgent", Scope.URGENT.value, counts.mine.urgent_count),
        ("My approvals", Scope.APPROVALS.value, counts.approvals),
        ("Forwarded", Scope.FORWARDED.value, counts.forwarded),
        ("Delegated to you", Scope.DELEGATED.value, counts.delegated),
        ("Team", Scope.TEAM.value, counts.team),
    )
    return [
        _tab(label, Asked(scope=scope), count, is_chosen=asked.scope == scope)
        for label, scope, count in found
        if count is not None or asked.scope == scope
    ]


def billings_tabs(asked: Asked, counts: ScopeCounts, states: Mapping[ProformaStatus, StateTotal]) -> list[QueueTab]:
    """Return the tabs of who watches over everybody's."""
    return list(_billings(asked, counts, states))


def _billings(asked: Asked, counts: ScopeCounts, states: Mapping[ProformaStatus, StateTotal]) -> Iterator[QueueTab]:
    if counts.approvals is not None or asked.scope == Scope.APPROVALS:
        own = Asked(scope=Scope.APPROVALS.value)
        yield _tab("My approvals", own, counts.approvals, is_chosen=asked.scope == Scope.APPROVALS)
    for label, status in _STATES:
        is_own = status is ProformaStatus.RETURNED
        value = "" if is_own else status.value
        count = states.get(status, StateTotal()).count
        yield _tab(label, Asked(status=value), count, is_chosen=not asked.scope and asked.status == value)
        if status is ProformaStatus.IN_REVIEW:
            urgent = Asked(scope=Scope.URGENT.value)
            yield _tab("Urgent", urgent, counts.mine.urgent_count, is_chosen=asked.scope == Scope.URGENT)


def _tab(label: str, asked: Asked, count: int | None, *, is_chosen: bool) -> QueueTab:
    return QueueTab(label, asked.address, f"{count:,}" if count else "", is_chosen)
