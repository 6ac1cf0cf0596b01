"""Teams, as an administrator sets them."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

import reflex as rx

from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from models.enums import Role
from services.review.people import list_people
from services.review.teams import TeamRow, change_team, create_team, delete_team, list_teams
from state.acting import ActingState
from state.guard import actor, guarded
from state.responses.assigning import assign
from state.words import whole_number

_MEMBER = "member_"


@dataclass(frozen=True)
class TeamView:
    """One team, as text; `member_ids` are those whose boxes are ticked in its form."""

    id: str = ""
    version: str = ""
    name: str = ""
    lead_id: str = ""
    lead: str = ""
    members: str = ""
    member_ids: tuple[str, ...] = ()


class TeamDesk(ActingState, rx.State):
    """All teams, and the form of one; `editing.id` is '' for a new one."""

    teams: list[TeamView] = []
    attorneys: list[list[str]] = []
    is_open: bool = False
    editing: TeamView = TeamView()
    done: str = ""

    @rx.event
    @guarded(Role.ADMIN)
    async def load(self) -> None:
        """Read the teams; runs when the page opens."""
        self.is_open, self.problem, self.done = False, "", ""
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def ask(self, team_id: str) -> None:
        """Open the form of a team that is there, or of a new one for ''."""
        self.editing = next((team for team in self.teams if team.id == team_id), TeamView())
        self.is_open, self.problem = True, ""

    @rx.event
    @guarded(Role.ADMIN)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the form; nothing is saved."""
        self.is_open = is_open

    @rx.event
    @guarded(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> None:
        """Make or change the team; what is wrong is said in the form, which keeps what was typed."""
        key, version = self.editing.id, self.editing.version
        if await self._try(lambda: _save(key, version, form)):
            self.is_open, self.done = False, "Saved. Its lead sees what waits for the team."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def delete(self, team_id: str, version: str) -> None:
        """Take a team apart."""
        chosen, seen = whole_number(team_id), whole_number(version)
        if await self._try(lambda: _delete(chosen, seen)):
            self.done = "The team is gone. Its people are in none."
        await self._refresh()

    @rx.event
    @guarded(Role.ADMIN)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    async def _refresh(self) -> None:
        teams, people = await asyncio.to_thread(_read)
        assign(self, teams=teams, attorneys=people)


def _read() -> tuple[list[TeamView], list[list[str]]]:
    with read_only() as session:
        teams = [_view(row) for row in list_teams(session, actor())]
        return teams, [[str(key), name] for key, name in list_people(session, Role.ATTORNEY)]


def _save(team_id: str, version: str, form: dict[str, str]) -> bool:
    if not form.get("lead"):
        raise InvalidInputError("Say who leads the team. Nothing was saved; choose an attorney.")
    ticked = [whole_number(name.removeprefix(_MEMBER)) for name, value in form.items() if _is_ticked(name, value)]
    values: dict[str, Any] = {
        "name": form.get("name", ""), "lead_id": whole_number(form["lead"]), "member_ids": ticked,
    }  # fmt: skip
    with unit_of_work() as session:
        save = partial(create_team, session, actor())
        if team_id:
            seen = whole_number(version)
            save = partial(change_team, session, actor(), team_id=whole_number(team_id), expected_version=seen)
        save(**values)
    return True


def _delete(team_id: int, version: int) -> bool:
    with unit_of_work() as session:
        delete_team(session, actor(), team_id=team_id, expected_version=version)
    return True


def _is_ticked(name: str, value: str) -> bool:
    return name.startswith(_MEMBER) and bool(value)


def _view(row: TeamRow) -> TeamView:
    return TeamView(
        id=str(row.id),
        version=str(row.version),
        name=row.name,
        lead_id=str(row.lead_id),
        lead=row.lead_name,
        members=", ".join(name for _, name in row.members),
        member_ids=tuple(str(key) for key, _ in row.members),
    )
