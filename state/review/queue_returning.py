"""Returning from the queue with reasons, approving over a block with a note, and sending again what was mended."""

import asyncio
from dataclasses import dataclass
from functools import partial

import reflex as rx

from core.errors import BillingError, InvalidInputError
from models.enums import ReturnReason, Role
from services.review.proformas import return_proforma, send_to_review
from services.review.queue_list import QueueItem
from services.review.returns import REASON_WORDS, Reason
from state.guard import guarded
from state.review.review_work import carry_out, read_mended
from state.words import whole_number

_MOST_NUMBERS = 60


@dataclass(frozen=True)
class ReasonChoice:
    """One reason to tick, with the lines that its findings name already."""

    value: str
    words: str
    lines: str


class Returning(rx.State, mixin=True):
    """The dialogs; `returning` and `sending` are the ids of what they are about, '' while closed."""

    returning: str = ""
    returning_title: str = ""
    return_reasons: list[ReasonChoice] = []
    return_problem: str = ""
    sending: str = ""
    sending_title: str = ""
    sending_changes: str = ""
    sending_problem: str = ""

    _items: list[QueueItem] = []
    _returning_version: int = 0
    _sending_version: int = 0

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def ask_return(self, proforma_id: str, version: str) -> None:
        """Open the reasons that go back to billing."""
        chosen, self._returning_version = whole_number(proforma_id), whole_number(version)
        self.returning_title = self._name_of(chosen)
        self.return_reasons = [ReasonChoice(one.value, _words(one), "") for one in ReturnReason]
        self.returning, self.return_problem = str(chosen), ""

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def close_return(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the reasons without sending them."""
        self.returning = self.returning if is_open else ""

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def send_return(self, form: dict[str, str]) -> None:
        """Give the proforma back with the reasons; what is wrong is said in the dialog, which keeps the text."""
        chosen, seen = whole_number(self.returning), self._returning_version
        try:
            change = partial(
                return_proforma,
                proforma_id=chosen,
                expected_version=seen,
                note=form.get("note", ""),
                reasons=_reasons(form),
            )
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.return_problem = f"{refused.user_message} Your note is still here."
            await self._refresh()
            self._returning_version = self._version_of(chosen, seen)
            return
        self.returning = ""
        self._say(f"{self.returning_title} is with billing, with your reasons.")
        await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def ask_send(self, proforma_id: str, version: str) -> None:
        """Open what was mended since it was returned, before it is sent again."""
        chosen, self._sending_version = whole_number(proforma_id), whole_number(version)
        item = next((one for one in self._items if one.row.id == chosen), None)
        if item is None:
            raise InvalidInputError("It is not in this list any more. Nothing was sent; reload the page.")
        mended = await asyncio.to_thread(read_mended, item)
        self.sending_title, self.sending_problem = self._name_of(chosen), ""
        self.sending_changes = f"{mended[:1].upper()}{mended[1:]}." if mended else "Nothing was changed since."
        self.sending = str(chosen)

    @rx.event
    @guarded(Role.BILLER)
    async def close_send(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close it; nothing is sent."""
        self.sending = self.sending if is_open else ""

    @rx.event
    @guarded(Role.BILLER)
    async def send_again(self, form: dict[str, str]) -> None:
        """Send it to review again; its attorney sees what was mended, and the answer."""
        chosen, seen = whole_number(self.sending), self._sending_version
        try:
            change = partial(
                send_to_review, proforma_id=chosen, expected_version=seen, note=form.get("note", "").strip()
            )
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.sending_problem = f"{refused.user_message} Your answer is still here."
            await self._refresh()
            self._sending_version = self._version_of(chosen, seen)
            return
        self.sending = ""
        self._say(f"{self.sending_title} is with its attorney again, with what was mended.")
        await self._refresh()

    def _name_of(self, proforma_id: int) -> str:
        raise NotImplementedError

    def _version_of(self, proforma_id: int, otherwise: int) -> int:
        return next((one.row.version for one in self._items if one.row.id == proforma_id), otherwise)

    def _say(self, said: str) -> None:
        raise NotImplementedError

    async def _refresh(self) -> None:
        raise NotImplementedError


def _words(reason: ReturnReason) -> str:
    words = REASON_WORDS[reason]
    return f"{words[:1].upper()}{words[1:]}"


def _reasons(form: dict[str, str]) -> list[Reason]:
    """Return the reasons ticked in a form, with the lines typed beside them."""
    return [Reason(one, _numbers(form.get(f"lines_{one}", ""))) for one in ReturnReason if form.get(f"reason_{one}")]


def _numbers(text: str) -> tuple[int, ...]:
    parts = text.replace(",", " ").split()
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts) or len(parts) > _MOST_NUMBERS:  # noqa: PLR2004
        raise InvalidInputError(
            f"“{text.strip()[:40]}” are no line numbers. Nothing was returned; write them as in 2, 5."
        )
    return tuple(sorted({int(part) for part in parts}))
