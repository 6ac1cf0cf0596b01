"""The active profile version of each carrier, read once for a whole set of work."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Text, select, type_coerce
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
    document = type_coerce(col(version.document), Text)
    statement = select(col(version.carrier_id), col(version.id), document).where(col(version.is_active))
    if carrier_ids is not None:
        statement = statement.where(col(version.carrier_id).in_(carrier_ids))
    return {
        carrier_id: ActiveProfile(version_id, _profile(text))
        for carrier_id, version_id, text in session.execute(statement)
        if version_id is not None
    }


# Every edit of a proforma asks for one; a profile never changes, a new version is another text.
@lru_cache(maxsize=256)
def _profile(text: str) -> CarrierProfile:
    return load_profile(json.loads(text))
