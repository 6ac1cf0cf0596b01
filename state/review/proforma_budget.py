"""The budgets beside a proforma: reading them, and the dialog that records what the carrier approved."""

import asyncio
from datetime import date
from functools import partial

import reflex as rx

from core.clock import today
from core.db import read_only
from core.errors import BillingError, InvalidInputError
from models.enums import Role
from services.billing.proforma_budgets import (
    Approval,
    ProformaBudgets,
    proforma_budgets,
    set_proforma_budget,
    take_back_proforma_budget,
)
from state.addresses import as_day, number_in
from state.guard import actor, guarded
from state.reading import read_together
from state.review.budget_rows import BudgetView, budget_view
from state.review.proforma import ProformaPage
from state.review.proforma_work import carry_out
from state.words import number_typed, whole_number

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})


class ProformaBudget(rx.State):
    """What the carrier approved for the proforma's matter, and the form that records it."""

    rows: list[BudgetView] = []
    may_set: bool = False
    is_known: bool = False
    is_open: bool = False
    today: str = ""
    problem: str = ""

    _id: int = 0
    _version: int = 0

    @rx.event
    @guarded(*_STAFF)
    async def load(self) -> None:
        """Read the budgets of the proforma that the address names; runs when the page opens."""
        self.rows, self.may_set, self.is_known, self.is_open = [], False, False, False
        self._id = number_in(self.router.url.path) or 0
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def ask(self, version: str) -> None:
        """Open the form."""
        self._version, self.problem, self.today, self.is_open = whole_number(version), "", today().isoformat(), True

    @rx.event
    @guarded(*_STAFF)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the form; nothing is saved."""
        self.is_open = is_open

    @rx.event
    @guarded(*_STAFF)
    async def record(self, form: dict[str, str]) -> None:
        """Record the budget and check the proforma against it; what is refused is said in the dialog."""
        try:
            change = partial(
                set_proforma_budget, proforma_id=self._id, expected_version=self._version, approval=_approval(form)
            )
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.problem = f"{refused.user_message} What you typed is still here."
            return
        self.is_open, self.problem = False, ""
        page = await self.get_state(ProformaPage)
        await page._after_line("The budget is recorded and the proforma checked against it.")  # noqa: SLF001 -- the page's own dialog
        await self._refresh()

    @rx.event
    @guarded(*_STAFF)
    async def take_back(self, budget_id: str, version: str) -> None:
        """Take a budget out of force; it stays in the history."""
        change = partial(
            take_back_proforma_budget,
            proforma_id=self._id,
            expected_version=whole_number(version),
            budget_id=whole_number(budget_id),
        )
        page = await self.get_state(ProformaPage)
        await page._do(change, "The budget was taken back and the proforma checked again.")  # noqa: SLF001 -- as above
        await self._refresh()

    async def _refresh(self) -> None:
        if not self._id:
            return
        try:
            found = await read_together(_read, self._id)
        except BillingError:
            # The page itself says what is wrong with the proforma.
            self.rows, self.may_set, self.is_known = [], False, False
            return
        rows = [budget_view(line) for line in found.lines]
        if rows != list(self.rows):
            self.rows = rows
        self.may_set, self.is_known = found.may_set, True


def _read(proforma_id: int) -> ProformaBudgets:
    with read_only() as session:
        return proforma_budgets(session, actor(), proforma_id=proforma_id)


def _approval(form: dict[str, str]) -> Approval:
    approved_on = _day(form.get("approved_on", ""), "the day it was approved")
    if approved_on is None:
        raise InvalidInputError("Give the day on which it was approved. Nothing was saved.")
    return Approval(
        amount=number_typed(form.get("amount", ""), "the amount"),
        approved_on=approved_on,
        code=form.get("code", ""),
        work_from=_day(form.get("work_from", ""), "the first day"),
        work_to=_day(form.get("work_to", ""), "the last day"),
        reference=form.get("reference", ""),
    )


def _day(text: str, what: str) -> date | None:
    day = as_day(text)
    if text and day is None:
        raise InvalidInputError(f"“{text[:40]}” is no date for {what}. Nothing was saved.")
    return day
