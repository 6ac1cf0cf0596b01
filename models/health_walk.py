"""Nightly walks through carriers' sites that send nothing, what each page looked like, and how it drifted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from models.base import Table, stored
from models.enums import DriftEnd, WalkEnd


class HealthWalk(Table, table=True):
    """One walk of one carrier's profile. It waits until `due_at` and its turn, runs from `started_at` to `ended_at`.

    `night` is the night it was planned for, None where a person asked. `lists` says how far each step list came,
    `stopped` what the pages would have sent: method, host, path and kind.
    """

    __table_args__ = (
        UniqueConstraint("carrier_id", "night"),
        Index("ix_health_walk_waiting", "ended_at", "started_at", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    site_account_id: int = Field(foreign_key="site_account.id")
    version_id: int | None = Field(default=None, foreign_key="carrier_profile_version.id")
    night: date | None = None
    requested_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    requested_at: datetime
    due_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_as: WalkEnd | None = Field(default=None, sa_type=stored(WalkEnd))
    message: str = Field(default="", max_length=1000)
    lists: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    stopped: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    correlation_id: str = Field(default="", max_length=40)


class PageView(Table, table=True):
    """One page as one walk saw it. `sheet` is a PageSheet as JSON; a page that looks as its base has no picture."""

    __table_args__ = (Index("ix_page_view_page", "version_id", "page_key"),)

    id: int | None = Field(default=None, primary_key=True)
    health_walk_id: int = Field(foreign_key="health_walk.id", index=True)
    version_id: int = Field(foreign_key="carrier_profile_version.id")
    page_key: str = Field(max_length=80)
    position: int
    fingerprint: str = Field(max_length=64)
    sheet: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    picture_key: str = Field(default="", max_length=255)
    picture_sha256: str = Field(default="", max_length=64)


class PageBase(Table, table=True):
    """What a page of a profile version should look like: its first view, or one that an administrator accepted."""

    __table_args__ = (UniqueConstraint("version_id", "page_key"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="carrier_profile_version.id")
    page_key: str = Field(max_length=80)
    page_view_id: int = Field(foreign_key="page_view.id")
    accepted_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    accepted_at: datetime


class PageDrift(Table, table=True):
    """A page that differs from its base, until it is settled. `changes` are PageChange rows as JSON.

    `is_breaking` tells that uploads will fail by it; `base_view_id` is None where the page was never seen whole.
    """

    __table_args__ = (Index("ix_page_drift_open", "carrier_id", "settled_at"),)

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id")
    version_id: int = Field(foreign_key="carrier_profile_version.id")
    page_key: str = Field(max_length=80)
    base_view_id: int | None = Field(default=None, foreign_key="page_view.id")
    page_view_id: int = Field(foreign_key="page_view.id")
    fingerprint: str = Field(max_length=64)
    is_breaking: bool
    changes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    seen_at: datetime
    last_seen_at: datetime
    settled_at: datetime | None = None
    settled_as: DriftEnd | None = Field(default=None, sa_type=stored(DriftEnd))
    settled_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    note: str = Field(default="", max_length=500)
