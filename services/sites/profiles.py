"""The active profile version of each carrier, read once for a whole set of work."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from carriers.profile import CarrierProfile, load_profile
from models import CarrierProfileVersion


@dataclass(frozen=True)
class ActiveProfile:
    """A carrier's record in force, and the row it was read from."""

    version_id: int
    profile: CarrierProfile


def active_profiles(session: Session, carrier_ids: Collection[int] | None = None) -> dict[int, ActiveProfile]:
    """Return the active profile by carrier id; a carrier without one is absent. None = every carrier.

    Raises:
        InvalidProfileError: a stored document is not a profile any more.
    """
    version = CarrierProfileVersion
    statement = select(col(version.carrier_id), col(version.id), col(version.document)).where(col(version.is_active))
    if carrier_ids is not None:
        statement = statement.where(col(version.carrier_id).in_(carrier_ids))
    return {
        carrier_id: ActiveProfile(version_id, load_profile(document))
        for carrier_id, version_id, document in session.execute(statement)
        if version_id is not None
    }
