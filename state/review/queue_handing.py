"""What else may be done with one proforma of the queue: put it aside, forward it, give or take it back, remind."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import reflex as rx

from core.errors import BillingError, InvalidInputError
from models.enums import ProformaStatus, Role
from services.review.forwards import forward_proforma, give_back, take_back
from services.review.proforma_queries import WITH_PEOPLE
from services.review.queue_list import QueueItem
from services.review.review_clock import remind_now
from services.review.reviewers import Part
from state.guard import actor, guarded
from state.review.review_work import carry_out, hold, read_attorneys
from state.words import whole_number

_STAFF = (Role.ATTORNEY, Role.BILLER, Role.ADMIN)


@dataclass(frozen=True)
class SheetView:
    """One proforma's further steps; `id` is '' while the sheet is closed."""

    id: str = ""
    version: str = ""
    title: str = ""
    hands: str = ""
    can_return: bool = False
    can_hold: bool = False
    can_forward: bool = False
    can_give_back: bool = False
    can_take_back: bool = False
    can_remind: bool = False
    is_empty: bool = True


class Handing(rx.State, mixin=True):
    """The sheet of further steps, and the dialogs of those that want words."""

    sheet: SheetView = SheetView()
    sheet_problem: str = ""
    forwarding: str = ""
    forward_people: list[list[str]] = []
    can_hand_on: bool = False
    forward_problem: str = ""
    giving_back: bool = False
    give_back_problem: str = ""

    _items: list[QueueItem] = []
    _sheet_version: int = 0

    @rx.event
    @guarded(*_STAFF)
    async def open_sheet(self, proforma_id: str) -> None:
        """Open what else may be done with one of the list."""
        item = self._item(whole_number(proforma_id))
        self.sheet, self.sheet_problem = _sheet(item), ""
        self._sheet_version = item.row.version

    @rx.event
    @guarded(*_STAFF)
    async def close_sheet(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close it; nothing is done."""
        self.sheet = self.sheet if is_open else SheetView()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def hold(self) -> None:
        """Put the sheet's proforma aside, with the way back."""
        key, version, title = whole_number(self.sheet.id), self._sheet_version, self.sheet.title
        now_at = await self._do(partial(hold, key, version))
        if isinstance(now_at, int):
            self._say(f"{title} is on hold.", undo={key: now_at}, is_held=True)
            await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def ask_forward(self) -> None:
        """Open whom the sheet's proforma can be forwarded to."""
        item = self._item(whole_number(self.sheet.id))
        besides = (item.row.reviewer_id, actor().user_id)
        self.forward_people, self.can_hand_on = await asyncio.to_thread(read_attorneys, besides)
        self.forwarding, self.forward_problem = self.sheet.title, ""
        self.sheet = SheetView(id=self.sheet.id)

    @rx.event
    @guarded(Role.ATTORNEY)
    async def close_forward(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close it; nothing is forwarded."""
        if not is_open:
            self.forwarding, self.sheet = "", SheetView()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def forward(self, form: dict[str, str]) -> None:
        """Put it into the chosen attorney's hands with the note."""
        title, to = self.forwarding, form.get("to", "")
        try:
            if not to:
                raise InvalidInputError("Choose who looks at it. Nothing was forwarded.")
            change = partial(
                forward_proforma,
                proforma_id=whole_number(self.sheet.id),
                expected_version=self._sheet_version,
                to_id=whole_number(to),
                note=form.get("note", ""),
                with_authority=bool(form.get("with_authority")),
            )
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.forward_problem = f"{refused.user_message} Your note is still here."
            await self._refresh()
            self._sheet_version = self._version_of(whole_number(self.sheet.id), self._sheet_version)
            return
        name = next((name for key, name in self.forward_people if key == to), "another attorney")
        self.forwarding, self.sheet = "", SheetView()
        self._say(f"{title} is with {name}. You stay responsible; it stands under Forwarded.")
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def ask_give_back(self) -> None:
        """Open the answer to who forwarded it."""
        self.giving_back, self.give_back_problem = True, ""
        self.sheet = SheetView(id=self.sheet.id, title=self.sheet.title, hands=self.sheet.hands)

    @rx.event
    @guarded(Role.ATTORNEY)
    async def close_give_back(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close it; it stays with the viewer."""
        if not is_open:
            self.giving_back, self.sheet = False, SheetView()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def give_back(self, form: dict[str, str]) -> None:
        """Give it back to its owner with the answer."""
        title, note = self.sheet.title, form.get("note", "")
        try:
            forward = self._forward_of(whole_number(self.sheet.id))
            change = partial(give_back, forward_id=forward[0], expected_version=forward[1], note=note)
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.give_back_problem = f"{refused.user_message} Your answer is still here."
            await self._refresh()
            return
        self.giving_back, self.sheet = False, SheetView()
        self._say(f"{title} is back with its attorney, with your answer.")
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def take_back(self) -> None:
        """Take the sheet's proforma back from whom it was forwarded to."""
        title, forward = self.sheet.title, self._forward_of(whole_number(self.sheet.id))
        change = partial(take_back, forward_id=forward[0], expected_version=forward[1])
        if await self._do(partial(carry_out, change)) is not None:
            self._say(f"{title} is back with you.")
            await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def remind(self) -> None:
        """Remind whom the sheet's proforma waits for."""
        title = self.sheet.title
        change = partial(remind_now, proforma_id=whole_number(self.sheet.id))
        if await self._do(partial(carry_out, change)) is not None:
            self._say(f"Whom {title} waits for was reminded.")
            await self._refresh()

    async def _do(self, work: Callable[[], object]) -> object | None:
        """Carry out a step of the sheet; what is refused is said in it."""
        try:
            done = await asyncio.to_thread(work)
        except BillingError as refused:
            self.sheet_problem = refused.user_message
            await self._refresh()
            return None
        self.sheet = SheetView()
        return done

    def _item(self, proforma_id: int) -> QueueItem:
        found = next((one for one in self._items if one.row.id == proforma_id), None)
        if found is None:
            raise InvalidInputError("It is not in this list any more. Nothing was changed; reload the page.")
        return found

    def _forward_of(self, proforma_id: int) -> tuple[int, int]:
        forward = self._item(proforma_id).forward
        if forward is None:
            raise InvalidInputError("It is in nobody's hands any more. Nothing was changed; reload the page.")
        return forward.id, forward.version

    def _version_of(self, proforma_id: int, otherwise: int) -> int:
        raise NotImplementedError

    def _say(self, said: str, *, undo: dict[int, int] | None = None, is_held: bool = False) -> None:
        raise NotImplementedError

    async def _refresh(self) -> None:
        raise NotImplementedError


def _sheet(item: QueueItem) -> SheetView:
    right, row = item.right, item.row
    decides = right is not None and right.may_decide and row.status is ProformaStatus.IN_REVIEW
    is_receiver = right is not None and right.part is Part.FORWARDED
    has_forward = item.forward is not None
    watches = right is None or right.part is Part.TEAM_LEAD or (has_forward and not is_receiver)
    can = {
        "can_return": item.can_return,
        "can_hold": decides,
        "can_forward": decides and not is_receiver and not has_forward,
        "can_give_back": is_receiver and has_forward,
        "can_take_back": decides and not is_receiver and has_forward,
        "can_remind": watches and row.status in WITH_PEOPLE,
    }
    hands = f"With {item.forward.to_name}: “{item.forward.note}”" if item.forward else ""
    return SheetView(
        id=str(row.id), version=str(row.version), title=row.matter_number, hands=hands, **can,
        is_empty=not any(can.values()),
    )  # fmt: skip
