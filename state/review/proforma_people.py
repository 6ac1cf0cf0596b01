"""Who has one proforma: steps of its approval, in whose hands it is, what it was returned with; and handing it on."""

from dataclasses import dataclass

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from models.enums import ApprovalStatus, ApproverKind, Role
from services.review.approval_desk import StepRow, steps_of
from services.review.queue_list import QueueItem, queue_item
from state.addresses import number_in
from state.guard import actor, guarded
from state.reading import read_together
from state.responses.assigning import assign
from state.review.queue_handing import Handing, SheetView
from state.review.queue_returning import Returning
from state.review.queue_rows import queue_row
from state.words import day

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_STANDS = {
    ApprovalStatus.PENDING: "comes later",
    ApprovalStatus.WAITING: "is asked",
    ApprovalStatus.NOT_NEEDED: "not needed, another sufficed",
}


@dataclass(frozen=True)
class StepView:
    """One step of the approval; `tone` is a badge's."""

    stage: str
    who: str
    stands: str
    note: str
    tone: str


class ProformaPeople(Returning, Handing, rx.State):
    """Beside the proforma that the address names."""

    steps: list[StepView] = []
    part: str = ""
    hands: str = ""
    hands_note: str = ""
    mended: str = ""
    item_id: str = ""
    done: str = ""

    _id: int = 0

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Read who has it; runs when the page opens."""
        self._id, self.done = number_in(self.router.url.path) or 0, ""
        self.sheet, self.forwarding, self.giving_back, self.returning = SheetView(), "", False, ""
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _refresh(self) -> None:
        if not self._id:
            return
        try:
            item, steps = await read_together(_read, self._id)
        except BillingError:
            # The proforma's own part of the page says what is wrong.
            self._items, self.steps = [], []
            assign(self, part="", hands="", hands_note="", mended="", item_id="")
            return
        row = queue_row(item)
        self._items: list[QueueItem] = [item]
        assign(self, steps=[_step(step) for step in steps], part=row.part, hands=row.hands, item_id=row.id)
        assign(self, hands_note=row.hands_note, mended=row.mended)

    def _say(self, said: str, *, undo: dict[int, int] | None = None, is_held: bool = False) -> None:  # noqa: ARG002 -- the page's own verbs take it back
        self.done = said

    def _name_of(self, proforma_id: int) -> str:
        found = (item.row.matter_number for item in self._items if item.row.id == proforma_id)
        return next(found, f"proforma {proforma_id}")

    def _version_of(self, proforma_id: int, otherwise: int) -> int:
        return next((item.row.version for item in self._items if item.row.id == proforma_id), otherwise)


def _read(proforma_id: int) -> tuple[QueueItem, list[StepRow]]:
    with read_only() as session:
        return queue_item(session, actor(), proforma_id=proforma_id), steps_of(session, proforma_id)


def _step(row: StepRow) -> StepView:
    who = row.approver_name or ("Any administrator" if row.kind is ApproverKind.ADMIN else "Somebody")
    stage = f"Stage {row.stage}"
    if row.status is ApprovalStatus.GIVEN and row.given_at is not None:
        in_place = f" by {row.given_by}" if row.given_by != row.approver_name else ""
        return StepView(stage, who, f"approved{in_place} on {day(row.given_at.date())}", row.note, "green")
    tone = "blue" if row.status is ApprovalStatus.WAITING else "grey"
    return StepView(stage, who, _STANDS.get(row.status, row.status.value), row.note, tone)
