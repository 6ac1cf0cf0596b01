"""The preview of a billing run as people read it: each proforma to be, each thing left with its reason and owner."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.clock import today
from core.money import total
from models.enums import EntryKind
from services.billing.billing_selection import SENTENCES, BlockedItem, Reason, Selection
from services.billing.work_ageing import WorkAge, work_by_age


@dataclass(frozen=True)
class ProposedProforma:
    """One proforma that the run will make; `is_early` where it was not the matter's turn."""

    matter_id: int
    matter_number: str
    matter_name: str
    carrier_name: str
    reviewer_id: int
    reviewer_name: str
    line_count: int
    amount: Decimal
    is_early: bool = False


@dataclass(frozen=True)
class LineLeft:
    """One entry or expense that will not be billed; `amount` is None where no rate is known."""

    kind: EntryKind
    entry_id: int
    worked_on: date
    timekeeper_name: str
    units: Decimal
    amount: Decimal | None


@dataclass(frozen=True)
class Obstacle:
    """What keeps work of one matter from being billed: why, what to do, and who can do it.

    `amount` is the sum of the lines whose rate is known; `detail` says when the matter is next, or until when it waits.
    """

    reason: Reason
    sentence: str
    owner: str
    matter_id: int
    matter_number: str
    matter_name: str
    lines: tuple[LineLeft, ...]
    amount: Decimal
    detail: str = ""

    @property
    def line_count(self) -> int:
        """How many lines are left for this reason."""
        return len(self.lines)


@dataclass(frozen=True)
class RunPreview:
    """What a run of this period would do now."""

    period_start: date
    period_end: date
    proformas: tuple[ProposedProforma, ...]
    obstacles: tuple[Obstacle, ...]
    ageing: tuple[WorkAge, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Dollars and cents that would be billed."""
        return total(proforma.amount for proforma in self.proformas)

    @property
    def line_count(self) -> int:
        """Lines that would be billed."""
        return sum(proforma.line_count for proforma in self.proformas)

    @property
    def blocked_amount(self) -> Decimal:
        """Dollars and cents that would stay in work in progress, where the rate is known."""
        return total(obstacle.amount for obstacle in self.obstacles)


def preview_of(selection: Selection) -> RunPreview:
    """Tell a selection for people."""
    proposed = tuple(
        ProposedProforma(
            matter_id=bill.matter.id,
            matter_number=bill.matter.number,
            matter_name=bill.matter.name,
            carrier_name=bill.payor.carrier_name,
            reviewer_id=bill.matter.reviewer_id,
            reviewer_name=bill.matter.reviewer_name,
            line_count=len(bill.lines),
            amount=bill.amount,
            is_early=bill.is_early,
        )
        for bill in selection.bills
    )
    obstacles = tuple(_obstacles(selection))
    ages = work_by_age(selection, today())
    return RunPreview(selection.period_start, selection.period_end, proposed, obstacles, ages)


def _obstacles(selection: Selection) -> Iterator[Obstacle]:
    for matter, blocked in selection.blocked:
        groups: dict[tuple[Reason, str, str], list[BlockedItem]] = defaultdict(list)
        for item in blocked:
            groups[item.reason, item.owner, item.detail].append(item)
        for (reason, owner, detail), items in groups.items():
            yield Obstacle(
                reason=reason,
                sentence=SENTENCES[reason],
                owner=owner,
                matter_id=matter.id,
                matter_number=matter.number,
                matter_name=matter.name,
                lines=tuple(_line_left(selection, left) for left in items),
                amount=total(left.amount for left in items if left.amount is not None),
                detail=detail,
            )


def _line_left(selection: Selection, left: BlockedItem) -> LineLeft:
    item = left.item
    who = selection.timekeepers.get(item.timekeeper_id) if item.timekeeper_id is not None else None
    name = who.name if who else ""
    return LineLeft(item.kind, item.id, item.worked_on, name, item.entered_units, left.amount)
