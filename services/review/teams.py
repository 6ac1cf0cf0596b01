"""Teams of attorneys: an administrator says who is in which and who leads; a lead sees what waits for the team."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError
from models import Team, TeamMember, User
from models.enums import Role
from services import audit, lifecycle
from services.access import require
from services.actor import Actor
from services.review.people import check_person
from services.row_ids import row_id

_LONGEST_NAME = 80


@dataclass(frozen=True)
class TeamRow:
    """One team, its lead and its members by name."""

    id: int
    version: int
    name: str
    lead_id: int
    lead_name: str
    members: tuple[tuple[int, str], ...]


def create_team(session: Session, actor: Actor, *, name: str, lead_id: int, member_ids: Collection[int]) -> Team:
    """Make a team.

    Raises:
        DeniedError: only administrators.
        InvalidInputError: the name is taken or none, or a person cannot be in it.
    """
    require(actor, Role.ADMIN, what="Setting teams")
    team = Team(name=_checked_name(session, name, None), lead_id=_checked_lead(session, lead_id), created_at=now())
    _check_members(session, member_ids, None)
    session.add(team)
    session.flush()
    _put(session, team, member_ids)
    _record(session, actor, "team:made", team, member_ids)
    return team


def change_team(
    session: Session,
    actor: Actor,
    *,
    team_id: int,
    expected_version: int,
    name: str,
    lead_id: int,
    member_ids: Collection[int],
) -> Team:
    """Give a team another name, lead or members.

    Raises:
        DeniedError, InvalidInputError, NotFoundError, StaleVersionError: nothing was changed.
    """
    require(actor, Role.ADMIN, what="Setting teams")
    team = _open(session, team_id, expected_version)
    words, lead = _checked_name(session, name, team_id), _checked_lead(session, lead_id)
    _check_members(session, member_ids, team_id)
    team.name, team.lead_id = words, lead
    team.version += 1
    session.flush()
    _put(session, team, member_ids)
    _record(session, actor, "team:changed", team, member_ids)
    return team


def delete_team(session: Session, actor: Actor, *, team_id: int, expected_version: int) -> None:
    """Take a team apart; its people stay, the audit trail says who was in it.

    Raises:
        DeniedError, NotFoundError, StaleVersionError: nothing was changed.
    """
    require(actor, Role.ADMIN, what="Setting teams")
    team = _open(session, team_id, expected_version)
    members = session.scalars(select(col(TeamMember.user_id)).where(col(TeamMember.team_id) == team_id)).all()
    _record(session, actor, "team:deleted", team, members)
    session.execute(delete(TeamMember).where(col(TeamMember.team_id) == team_id))
    session.delete(team)
    session.flush()


def list_teams(session: Session, actor: Actor) -> list[TeamRow]:
    """Return all teams by name, in two statements."""
    require(actor, Role.ADMIN, what="Listing the teams")
    people = session.execute(
        select(col(TeamMember.team_id), col(User.id), col(User.name))
        .join(User, col(User.id) == col(TeamMember.user_id))
        .order_by(col(User.name))
    )
    members: dict[int, list[tuple[int, str]]] = {}
    for team_id, user_id, name in people:
        members.setdefault(team_id, []).append((user_id or 0, name))
    teams = session.execute(
        select(Team, col(User.name)).join(User, col(User.id) == col(Team.lead_id)).order_by(col(Team.name))
    )
    return [
        TeamRow(row_id(team), team.version, team.name, team.lead_id, lead, tuple(members.get(row_id(team), ())))
        for team, lead in teams
    ]


def _open(session: Session, team_id: int, expected_version: int) -> Team:
    team: Team = lifecycle.get(session, Team, team_id)
    session.refresh(team, with_for_update=True)
    lifecycle.check_version(team, expected_version)
    return team


def _checked_name(session: Session, name: str, team_id: int | None) -> str:
    words = " ".join(name.split())
    if not words or len(words) > _LONGEST_NAME:
        raise InvalidInputError(f"A team needs a name of 1 to {_LONGEST_NAME} characters. Nothing was saved.")
    taken = session.scalars(select(col(Team.id)).where(func.lower(col(Team.name)) == words.lower())).first()
    if taken is not None and taken != team_id:
        raise InvalidInputError(f"There is a team {words} already. Nothing was saved; choose another name.")
    return words


def _checked_lead(session: Session, lead_id: int) -> int:
    return check_person(session, lead_id, Role.ATTORNEY, as_what="lead a team")


def _check_members(session: Session, member_ids: Collection[int], team_id: int | None) -> None:
    if not member_ids:
        raise InvalidInputError("A team needs at least one attorney. Nothing was saved; choose its people.")
    for user_id in member_ids:
        check_person(session, user_id, Role.ATTORNEY, as_what="be in a team")
    elsewhere = session.execute(
        select(col(User.name), col(Team.name))
        .join(TeamMember, col(TeamMember.user_id) == col(User.id))
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(col(User.id).in_(member_ids), col(Team.id) != (team_id or 0))
        .order_by(col(User.name))
    ).first()
    if elsewhere is not None:
        message = f"{elsewhere[0]} is in team {elsewhere[1]}, and nobody is in two. Nothing was saved."
        raise InvalidInputError(message)


def _put(session: Session, team: Team, member_ids: Collection[int]) -> None:
    session.execute(delete(TeamMember).where(col(TeamMember.team_id) == row_id(team)))
    session.add_all(TeamMember(user_id=user_id, team_id=row_id(team)) for user_id in sorted(set(member_ids)))
    session.flush()


def _record(session: Session, actor: Actor, tag: str, team: Team, member_ids: Collection[int]) -> None:
    facts = {"name": team.name, "lead_id": team.lead_id, "member_ids": sorted(set(member_ids))}
    audit.record(session, actor, tag, "team", row_id(team), note="", **facts)
