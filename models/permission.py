"""The register of who allowed a machine to work on a carrier's site."""

from datetime import date, datetime

from sqlmodel import Field

from models.base import Table, stored
from models.enums import PermissionBasis, PermissionPurpose


class SitePermission(Table, table=True):
    """One permission. Never changed, only withdrawn, so that it can be shown later who allowed what and when.

    `named` is the person at the carrier, or the counsel who read the site's terms.
    """

    id: int | None = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    purpose: PermissionPurpose = Field(default=PermissionPurpose.AUTOMATION, sa_type=stored(PermissionPurpose))
    basis: PermissionBasis = Field(sa_type=stored(PermissionBasis))
    named: str = Field(max_length=120)
    given_on: date
    reference: str = Field(default="", max_length=255)
    conditions: str = Field(default="", max_length=500)
    recorded_by_id: int = Field(foreign_key="app_user.id")
    recorded_at: datetime
    withdrawn_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = Field(default="", max_length=500)
