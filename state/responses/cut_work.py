"""Cuts of the rejection that is open, given up: proposed, approved, declined, taken back."""

from collections.abc import Callable

import reflex as rx
from reflex_base.event import EventSpec

from models import CutAcceptance
from models.enums import Role
from services.responses import cut_acceptances
from state.guard import actor, guarded
from state.responses.rejection import RejectionPage, act, chosen_lines, forget_choice
from state.responses.rejection_forms import record_of
from state.words import whole_number

_NOTE = 500


class CutWork(rx.State):
    """Handlers only: the case is the page's."""

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def accept(self, form: dict[str, str]) -> EventSpec | None:
        """Give the chosen cuts up, or propose that."""
        page = await self.get_state(RejectionPage)
        reason, numbers, invoice_id = form.get("note", "")[:_NOTE], chosen_lines(page), int(page.item_id or 0)
        done = await act(
            page,
            lambda session: (
                cut_acceptances.accept_cut(
                    session, actor(), invoice_id=invoice_id, line_numbers=numbers, reason=reason
                ).status.value
            ),
            typed=reason,
        )
        if done is None:
            return None
        await forget_choice(page)
        told = "The cut is accepted and written off." if done == "accepted" else "Proposed; it waits for approval."
        return rx.toast.success(told)

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def approve(self, acceptance_id: str, version: str) -> EventSpec | None:
        """Approve giving a cut up."""
        verb = cut_acceptances.approve_acceptance
        return await self._settle(verb, acceptance_id, version, told="Approved; the cut is written off.")

    @rx.event
    @guarded(Role.ATTORNEY, Role.ADMIN)
    async def decline(self, form: dict[str, str]) -> EventSpec | None:
        """Decline giving a cut up, with the reason."""
        page = await self.get_state(RejectionPage)
        key, seen = record_of(form)
        note = form.get("note", "")[:_NOTE]
        done = await act(
            page,
            lambda session: (
                cut_acceptances.decline_acceptance(
                    session, actor(), acceptance_id=key, expected_version=seen, note=note
                ).status.value
            ),
            typed=note,
        )
        return rx.toast.success("Declined; the cut is open again.") if done is not None else None

    @rx.event
    @guarded(Role.BILLER, Role.ATTORNEY)
    async def take_back(self, acceptance_id: str, version: str) -> EventSpec | None:
        """Take one's own proposal back."""
        return await self._settle(cut_acceptances.withdraw_acceptance, acceptance_id, version, told="Taken back.")

    async def _settle(
        self, verb: Callable[..., CutAcceptance], acceptance_id: str, version: str, *, told: str
    ) -> EventSpec | None:
        page = await self.get_state(RejectionPage)
        key, seen = whole_number(acceptance_id), whole_number(version)
        done = await act(
            page, lambda session: verb(session, actor(), acceptance_id=key, expected_version=seen).status.value
        )
        return rx.toast.success(told) if done is not None else None
