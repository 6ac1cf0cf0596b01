"""A timekeeper's answers to what waits: declined with a reason, and what an answer leaves in the page."""

import asyncio

import reflex as rx

from core.errors import BillingError
from models.enums import Role
from state.guard import guarded
from state.review.proforma_work import Change, carry_out
from state.waiting import Waiting
from state.words import whole_number

STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})


class Answering(rx.State, mixin=True):
    """One inbox of questions; `declining` is the id of the question that is being declined, '' while none is."""

    problem: str = ""
    problem_of: str = ""
    declining: str = ""
    declining_problem: str = ""
    done: str = ""
    is_loading: bool = True

    @rx.event
    @guarded(*STAFF)
    async def ask_decline(self, waiting_id: str) -> None:
        """Ask why it is declined."""
        self.declining, self.declining_problem = str(whole_number(waiting_id)), ""

    @rx.event
    @guarded(*STAFF)
    async def close_decline(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is done."""
        if not is_open:
            self.declining = ""

    @rx.event
    @guarded(*STAFF)
    async def decline(self, form: dict[str, str]) -> None:
        """Refuse what was asked about, with the reason."""
        change = self._decline(self.declining, form.get("note", ""))
        if change is None:
            self.declining = ""
            return
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.declining_problem = f"{refused.user_message} What you typed is still here."
            return
        self.declining = ""
        await self._after("Declined. Who proposed it sees your reason; the line is billed as you entered it.")

    @rx.event
    @guarded(*STAFF)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _answer(self, waiting_id: str, change: Change, done: str) -> None:
        """Carry out an answer; where it is refused, the card says why."""
        try:
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self._refuse(waiting_id, refused)
            return
        await self._after(done)

    def _refuse(self, waiting_id: str, refused: BillingError) -> None:
        self.problem_of, self.problem = waiting_id, refused.user_message

    async def _say_gone(self, what: str) -> None:
        self.problem_of, self.problem = "", f"This {what} does not wait any more. Nothing was changed."
        await self._refresh()

    async def _after(self, done: str) -> None:
        self.done, self.problem, self.problem_of = done, "", ""
        await self._refresh()
        await (await self.get_state(Waiting))._count_again()  # noqa: SLF001 -- the same count on the same page

    def _start_anew(self) -> None:
        self.done, self.problem, self.problem_of, self.declining = "", "", "", ""

    def _decline(self, waiting_id: str, reason: str) -> Change | None:
        """Return what declines a question; None where it does not wait any more."""
        raise NotImplementedError

    async def _refresh(self) -> None:
        """Read what waits once more."""
        raise NotImplementedError
