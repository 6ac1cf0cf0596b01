"""Files on somebody's LEDES workbench: kept for a while, seen by nobody else."""

from datetime import datetime

from sqlmodel import Field

from models.base import Table, stored
from models.enums import LedesFileOrigin


class LedesFile(Table, table=True):
    """One file of one person. Its bytes are in the object store; the row goes when they go.

    `made_from` is the name of the file that a mended or converted one was made from, '' of an uploaded one.
    """

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="app_user.id", index=True)
    origin: LedesFileOrigin = Field(sa_type=stored(LedesFileOrigin))
    name: str = Field(max_length=120)
    made_from: str = Field(default="", max_length=120)
    size_bytes: int
    sha256: str = Field(max_length=64)
    object_key: str = Field(max_length=160)
    created_at: datetime
    expires_at: datetime = Field(index=True)
