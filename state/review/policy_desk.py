"""How the firm reviews, as an administrator sets it: what is urgent, reminders, closing days, the cap of approving."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from core.money import as_dollars
from models.enums import Role
from services.review.review_policy import (
    Policy,
    Rules,
    add_closing_day,
    get_policy,
    list_closing_days,
    remove_closing_day,
    set_policy,
)
from state.acting import ActingState
from state.addresses import as_day
from state.guard import actor, guarded
from state.responses.assigning import assign
from state.words import day, number_typed, whole_number

_DAYS = ("urgent_after_days", "remind_after_days", "remind_every_days", "escalate_after_days")
_HOURS = ("remind_from_hour", "remind_until_hour")


@dataclass(frozen=True)
class PolicyView:
    """The rules as their form shows them."""

    version: str = ""
    urgent_after_days: str = ""
    is_reminding: bool = True
    remind_after_days: str = ""
    remind_every_days: str = ""
    escalate_after_days: str = ""
    remind_from_hour: str = ""
    remind_until_hour: str = ""
    can_forward_authority: bool = True
    most: str = ""


@dataclass(frozen=True)
class ClosingRow:
    """One day on which the firm is closed."""

    on: str
    when: str
    name: str


class PolicyDesk(ActingState, rx.State):
    """The form of the rules, drawn anew by `form_round` when they were saved, and the closing days."""

    policy: PolicyView = PolicyView()
    closing: list[ClosingRow] = []
    form_round: int = 0
    closing_problem: str = ""
    done: str = ""

    @rx.event
    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read both; runs when the page opens."""
        self.problem, self.closing_problem, self.done = "", "", ""
        self.form_round += 1
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> None:
        """Set the rules; what is wrong is said in the form, which keeps what was typed."""
        version = self.policy.version
        if await self._try(lambda: _save(version, form)):
            self.done = "Saved. It holds for everybody from now on."
            self.form_round += 1
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def close_firm(self, form: dict[str, str]) -> None:
        """Close the firm on a day."""
        before, self.problem = self.problem, ""
        saved = await self._try(lambda: _close(form))
        self.closing_problem, self.problem = self.problem, before
        if saved:
            self.done = "Saved. Nobody is reminded on that day, and it does not count."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def open_firm(self, on: str) -> None:
        """Open the firm on a day again."""
        if await self._try(lambda: _open(on)):
            self.done = "The day counts again."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _refresh(self) -> None:
        policy, closing = await asyncio.to_thread(_read)
        assign(self, policy=policy, closing=closing)


def _read() -> tuple[PolicyView, list[ClosingRow]]:
    with read_only() as session:
        closing = [ClosingRow(on.isoformat(), day(on), name) for on, name in list_closing_days(session)]
        return _view(get_policy(session)), closing


def _save(version: str, form: dict[str, str]) -> bool:
    numbers = {name: _whole(form, name) for name in (*_DAYS, *_HOURS)}
    rules = Rules(
        **numbers,
        is_reminding=bool(form.get("is_reminding")),
        can_forward_authority=bool(form.get("can_forward_authority")),
        most_amount=number_typed(form.get("most", ""), "the firm's cap"),
    )
    with unit_of_work() as session:
        set_policy(session, actor(), expected_version=whole_number(version), rules=rules)
    return True


def _whole(form: dict[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):  # noqa: PLR2004 -- no day count is longer
        what = name.replace("_", " ")
        raise InvalidInputError(f"“{text[:20]}” is no whole number for “{what}”. Nothing was saved; give digits.")
    return int(text)


def _close(form: dict[str, str]) -> bool:
    on = as_day(form.get("on", ""))
    if on is None:
        raise InvalidInputError("Give the day as a date. Nothing was saved.")
    with unit_of_work() as session:
        add_closing_day(session, actor(), closed_on=on, name=form.get("name", ""))
    return True


def _open(on: str) -> bool:
    found = as_day(on)
    if found is None:
        raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload the page.")
    with unit_of_work() as session:
        remove_closing_day(session, actor(), closed_on=found)
    return True


def _view(policy: Policy) -> PolicyView:
    rules = policy.rules
    return PolicyView(
        version=str(policy.version),
        is_reminding=rules.is_reminding,
        can_forward_authority=rules.can_forward_authority,
        most=as_dollars(rules.most_amount).removeprefix("$").removesuffix(".00"),
        **{name: str(getattr(rules, name)) for name in (*_DAYS, *_HOURS)},
    )
