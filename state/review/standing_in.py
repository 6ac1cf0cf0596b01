"""Who stands in for whom: one's own absence and delegations, and everybody's for an administrator."""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import reflex as rx
from sqlmodel import Session

from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from core.money import as_dollars
from models.enums import Role
from services.actor import Actor
from services.review.absences import change_absence, end_absence, list_absences, set_absence
from services.review.delegations import grant_delegation, list_delegations, revoke_delegation
from services.review.people import list_people
from services.review.review_policy import cap_of, get_policy, set_cap
from state.acting import ActingState
from state.addresses import as_day
from state.guard import actor, guarded
from state.live import changes
from state.responses.assigning import assign
from state.review.standing_rows import NO_ABSENCE, AbsenceView, DelegationView, absence_view, delegation_view
from state.words import number_typed, whole_number

_WHO = frozenset({Role.ATTORNEY, Role.ADMIN})
_EVERYBODYS = "/people"


class StandingIn(ActingState, rx.State):
    """Absences and delegations; on the administrator's page everybody's, on one's own those one has to do with."""

    absences: list[AbsenceView] = []
    delegations: list[DelegationView] = []
    attorneys: list[list[str]] = []
    is_everybodys: bool = False
    is_attorney: bool = False
    today: str = ""
    cap: str = ""
    most: str = ""
    is_setting: bool = False
    editing: AbsenceView = NO_ABSENCE
    is_granting: bool = False
    done: str = ""
    cap_problem: str = ""
    is_loading: bool = True

    @rx.event
    @guarded(*_WHO)
    async def load(self) -> None:
        """Read what the page shows; runs when it opens."""
        self.is_everybodys = self.router.url.path.rstrip("/") == _EVERYBODYS and actor().has(Role.ADMIN)
        self.is_setting, self.is_granting, self.done, self.problem, self.cap_problem = False, False, "", "", ""
        self.is_attorney = actor().has(Role.ATTORNEY)
        await self._refresh()

    @rx.event(background=True)
    @guarded(*_WHO)
    async def watch(self) -> None:
        """Keep the page up to date while the tab shows it."""
        async for _ in changes(self, "absence", "delegation"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*_WHO)
    async def ask_absence(self, absence_id: str) -> None:
        """Open the form of an absence that is there, or of a new one for ''."""
        self.editing = next((row for row in self.absences if row.id == absence_id), NO_ABSENCE)
        self.is_setting, self.problem = True, ""

    @rx.event
    @guarded(*_WHO)
    async def close_absence(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the form; nothing is set."""
        self.is_setting = is_open

    @rx.event
    @guarded(*_WHO)
    async def save_absence(self, form: dict[str, str]) -> None:
        """Set or change the absence; what is wrong is said in the form, which keeps what was typed."""
        editing = self.editing
        if await self._try(lambda: _save(editing.id, editing.version, form)):
            self.is_setting = False
            self.done = "Saved. The substitute acts from the first to the last day."
            await self._refresh()

    @rx.event
    @guarded(*_WHO)
    async def end_absence(self, absence_id: str, version: str) -> None:
        """End an absence at once: its attorney is back."""
        change = partial(end_absence, absence_id=whole_number(absence_id), expected_version=whole_number(version))
        if await self._try(lambda: _carry_out(change)):
            self.done = "Ended. Nobody stands in any more."
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def ask_grant(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Open or close the form that lets somebody act."""
        self.is_granting, self.problem = is_open, ""

    @rx.event
    @guarded(Role.ATTORNEY)
    async def grant(self, form: dict[str, str]) -> None:
        """Let another attorney act for the viewer."""
        if await self._try(lambda: _carry_out(_granting(form))):
            self.is_granting = False
            self.done = "Saved. It holds from now on, until you revoke it."
            await self._refresh()

    @rx.event
    @guarded(*_WHO)
    async def revoke(self, delegation_id: str, version: str) -> None:
        """End a delegation at once."""
        chosen, seen = whole_number(delegation_id), whole_number(version)
        change = partial(revoke_delegation, delegation_id=chosen, expected_version=seen)
        if await self._try(lambda: _carry_out(change)):
            self.done = "Revoked. It holds no longer."
        await self._refresh()

    @rx.event
    @guarded(Role.ATTORNEY)
    async def save_cap(self, form: dict[str, str]) -> None:
        """Choose up to how much to approve at once."""
        before, self.problem = self.problem, ""
        saved = await self._try(lambda: _carry_out(_capping(form)))
        self.cap_problem, self.problem = self.problem, before
        if saved:
            self.done = "Saved. It is offered the next time you approve many at once."
        await self._refresh()

    @rx.event
    @guarded(*_WHO)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _refresh(self) -> None:
        found = await asyncio.to_thread(_read, self.is_everybodys)
        assign(self, absences=found[0], delegations=found[1], attorneys=found[2], cap=found[3], most=found[4])
        assign(self, today=today().isoformat(), is_loading=False)


def _read(is_everybodys: bool) -> tuple[list[AbsenceView], list[DelegationView], list[list[str]], str, str]:  # noqa: FBT001
    who = actor()
    with read_only() as session:
        policy = get_policy(session)
        return (
            [absence_view(row, who.user_id) for row in list_absences(session, who, of_everybody=is_everybodys)],
            [delegation_view(row, who.user_id) for row in list_delegations(session, who, of_everybody=is_everybodys)],
            [[str(key), name] for key, name in list_people(session, Role.ATTORNEY)],
            as_dollars(cap_of(session, who, policy)).removeprefix("$").removesuffix(".00"),
            as_dollars(policy.rules.most_amount),
        )


def _carry_out(change: Callable[[Session, Actor], object]) -> bool:
    with unit_of_work() as session:
        change(session, actor())
    return True


def _save(absence_id: str, version: str, form: dict[str, str]) -> bool:
    values: dict[str, Any] = {
        "substitute_id": _chosen(form, "substitute", "who stands in"),
        "from_on": _day(form, "from_on", "the first day"),
        "until_on": _day(form, "until_on", "the last day"),
        "note": form.get("note", ""),
    }
    if absence_id:
        key, seen = whole_number(absence_id), whole_number(version)
        return _carry_out(partial(change_absence, absence_id=key, expected_version=seen, **values))
    user_id = whole_number(form["user"]) if form.get("user") else actor().user_id or 0
    return _carry_out(partial(set_absence, user_id=user_id, **values))


def _granting(form: dict[str, str]) -> Callable[[Session, Actor], object]:
    return partial(
        grant_delegation,
        delegate_id=_chosen(form, "delegate", "who may act"),
        matter_number=form.get("matter", ""),
        can_approve=bool(form.get("can_approve")),
        until_on=_day(form, "until_on", "the last day") if form.get("until_on") else None,
        note=form.get("note", ""),
    )


def _capping(form: dict[str, str]) -> Callable[[Session, Actor], object]:
    return partial(set_cap, amount=number_typed(form.get("cap", ""), "the cap"))


def _chosen(form: dict[str, str], name: str, what: str) -> int:
    if not form.get(name):
        raise InvalidInputError(f"Say {what}. Nothing was saved; choose an attorney.")
    return whole_number(form[name])


def _day(form: dict[str, str], name: str, what: str) -> date:
    found = as_day(form.get(name, ""))
    if found is None:
        raise InvalidInputError(f"Give {what} as a date. Nothing was saved.")
    return found
