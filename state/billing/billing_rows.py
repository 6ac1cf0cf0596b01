"""The preview of a billing run and the runs made so far, as rows of text."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import as_dollars, total
from models.enums import ProformaStatus
from services.billing.billing_preview import Obstacle, ProposedProforma
from services.billing.billing_runs import RunRow
from services.billing.billing_selection import Reason
from services.billing.work_ageing import WorkAge
from state.words import counted, day, moment

_OWNERS_SHOWN = 3
_MATTERS_SHOWN = 60
_IN_ORDER = (
    (ProformaStatus.DRAFT, "draft"),
    (ProformaStatus.IN_REVIEW, "in review"),
    (ProformaStatus.IN_APPROVAL, "in approval"),
    (ProformaStatus.RETURNED, "returned"),
    (ProformaStatus.HELD, "held"),
    (ProformaStatus.APPROVED, "approved"),
    (ProformaStatus.FINALIZED, "invoiced"),
)


@dataclass(frozen=True)
class Proposal:
    """One proforma that the run will make; `is_chosen` unless its matter was left out.

    `early` is why it is billed although it is not its turn.
    """

    matter_id: str
    matter_number: str
    matter_name: str
    carrier: str
    reviewer: str
    line_count: str
    amount: str
    is_chosen: bool
    early: str = ""


@dataclass(frozen=True)
class ObstacleMatter:
    """What stays in one matter for one reason, and who can change that; `why` is what is its own of the reason.

    `may_bill` where the matter's turn alone is in the way.
    """

    id: str
    may_bill: bool
    why: str
    number: str
    name: str
    owner: str
    line_count: str
    amount: str


@dataclass(frozen=True)
class ObstacleGroup:
    """Everything that is left for one reason."""

    reason: str
    sentence: str
    owners: str
    line_count: str
    amount: str
    matters: list[ObstacleMatter]
    more: str


@dataclass(frozen=True)
class AgeItem:
    """Work in progress of one age."""

    label: str
    amount: str
    count: str


@dataclass(frozen=True)
class RunItem:
    """One run with what may still be done about it."""

    id: str
    period: str
    made: str
    states: str
    amount: str
    drafts: str
    can_send: bool
    can_undo: bool
    is_undone: bool
    href: str


def proposal(found: ProposedProforma, *, is_chosen: bool, early: str = "") -> Proposal:
    """Return the row of one proforma to be."""
    return Proposal(
        matter_id=str(found.matter_id),
        matter_number=found.matter_number,
        matter_name=found.matter_name,
        carrier=found.carrier_name,
        reviewer=found.reviewer_name,
        line_count=str(found.line_count),
        amount=as_dollars(found.amount),
        is_chosen=is_chosen,
        early=early if found.is_early else "",
    )


def obstacle_groups(obstacles: Sequence[Obstacle]) -> list[ObstacleGroup]:
    """Group what is left by reason, the dearest first; what is on proformas already stands last."""
    groups: dict[str, list[Obstacle]] = defaultdict(list)
    for obstacle in obstacles:
        groups[obstacle.reason].append(obstacle)
    ordered = sorted(groups.values(), key=_urgency)
    return [_group(group) for group in ordered]


def held_back(obstacles: Sequence[Obstacle]) -> list[Obstacle]:
    """Return what somebody must mend; work on a live proforma is on its way already."""
    return [obstacle for obstacle in obstacles if obstacle.reason is not Reason.ON_LIVE_PROFORMA]


def _urgency(group: list[Obstacle]) -> tuple[bool, Decimal]:
    return not held_back(group), -total(obstacle.amount for obstacle in group)


def _group(group: list[Obstacle]) -> ObstacleGroup:
    owners = sorted({obstacle.owner for obstacle in group})
    others = f" and {len(owners) - _OWNERS_SHOWN} more" if len(owners) > _OWNERS_SHOWN else ""
    dearest = sorted(group, key=lambda obstacle: obstacle.amount, reverse=True)
    hidden = len(group) - _MATTERS_SHOWN
    return ObstacleGroup(
        reason=group[0].reason.replace("_", " ").capitalize(),
        sentence=group[0].sentence,
        owners=", ".join(owners[:_OWNERS_SHOWN]) + others,
        line_count=counted(sum(obstacle.line_count for obstacle in group), "line"),
        amount=as_dollars(total(obstacle.amount for obstacle in group)),
        matters=[_matter(obstacle) for obstacle in dearest[:_MATTERS_SHOWN]],
        more=f"and {counted(hidden, 'smaller matter')}" if hidden > 0 else "",
    )


def _matter(obstacle: Obstacle) -> ObstacleMatter:
    return ObstacleMatter(
        str(obstacle.matter_id),
        obstacle.reason is Reason.NOT_DUE,
        obstacle.detail,
        obstacle.matter_number,
        obstacle.matter_name,
        obstacle.owner,
        counted(obstacle.line_count, "line"),
        as_dollars(obstacle.amount) if obstacle.amount else "rate unknown",
    )


def age_items(ages: Sequence[WorkAge]) -> list[AgeItem]:
    """Return work in progress by age as text; lines without a rate have no dollars yet, and that is said."""
    return [
        AgeItem(
            age.label,
            as_dollars(age.amount),
            counted(age.count, "line") + (f", {age.unrated} without a rate" if age.unrated else ""),
        )
        for age in ages
    ]


def run_item(row: RunRow) -> RunItem:
    """Return the row of one run."""
    drafts = row.proformas.get(ProformaStatus.DRAFT, 0)
    is_undone = row.undone_at is not None
    counts = [f"{row.proformas[status]} {word}" for status, word in _IN_ORDER if row.proformas.get(status)]
    return RunItem(
        id=str(row.id),
        period=f"{day(row.period_start)} to {day(row.period_end)}",
        made=f"{row.started_by}, {moment(row.created_at)}",
        states=" · ".join(counts) or "nothing left",
        amount=as_dollars(row.billed_amount),
        drafts=counted(drafts, "draft"),
        can_send=bool(drafts) and not is_undone,
        can_undo=not is_undone and not row.proformas.get(ProformaStatus.FINALIZED),
        is_undone=is_undone,
        href=f"/review?period={row.period_end.isoformat()}",
    )
