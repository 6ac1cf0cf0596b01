"""Teams of attorneys: who belongs together, and who leads."""

from datetime import datetime

from sqlmodel import Field

from models.base import Table


class Team(Table, table=True):
    """Some attorneys and their lead, who need not be one of them; the lead sees what waits for them."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    lead_id: int = Field(foreign_key="app_user.id", index=True)
    version: int = 1
    created_at: datetime


class TeamMember(Table, table=True):
    """One attorney's team; nobody is in two."""

    user_id: int = Field(foreign_key="app_user.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
