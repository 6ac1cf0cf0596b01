"""A walk through a carrier's site that sends nothing, and what each of its steps saw."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from models.base import Table, stored
from models.enums import DryRunEnd, DryRunStepResult


class DryRun(Table, table=True):
    """One dry run of a profile, saved or not. It waits until `started_at`, runs until `ended_at`."""

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="carrier.id", index=True)
    site_account_id: int = Field(foreign_key="site_account.id")
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    requested_by_id: int = Field(foreign_key="app_user.id")
    requested_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = Field(default=None, index=True)
    ended_as: DryRunEnd | None = Field(default=None, sa_type=stored(DryRunEnd))
    message: str = Field(default="", max_length=1000)
    correlation_id: str = Field(default="", max_length=40)


class DryRunStep(Table, table=True):
    """One step of a dry run: what came of it, how long it took, and the page as a picture in the object store.

    `counts` holds how many elements each selector met, in the order of the step's selectors.
    """

    id: int | None = Field(default=None, primary_key=True)
    dry_run_id: int = Field(foreign_key="dry_run.id", index=True)
    position: int
    list_name: str = Field(max_length=20)
    list_position: int
    label: str = Field(max_length=80)
    result: DryRunStepResult = Field(sa_type=stored(DryRunStepResult))
    milliseconds: int = 0
    message: str = Field(default="", max_length=1000)
    counts: list[int] = Field(sa_column=Column(JSON, nullable=False))
    picture_key: str = Field(default="", max_length=255)
    picture_sha256: str = Field(default="", max_length=64)
    page_key: str = Field(default="", max_length=255)
    page_sha256: str = Field(default="", max_length=64)
