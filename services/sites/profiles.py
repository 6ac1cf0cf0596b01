"""The active profile version of each carrier, read once for a whole set of work."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, select, type_coerce
from sqlmodel import Session

from carriers.profile import CarrierProfile, load_profile
from models import CarrierProfileVersion
from services.tables import table_of


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
    asked = {} if carrier_ids is None else {"carrier_ids": list(carrier_ids)}
    return {
        carrier_id: ActiveProfile(version_id, _profile(text))
        for carrier_id, version_id, text in session.execute(_active(bool(asked)), asked)
    }


# Every edit of a proforma asks for one, so the statement is built once.
@cache
def _active(of_some: bool) -> Select[*tuple[Any, ...]]:  # noqa: FBT001 -- a cache's key
    version = table_of(CarrierProfileVersion).c
    document = type_coerce(version.document, Text)
    statement = select(version.carrier_id, version.id, document).where(version.is_active)
    return statement.where(version.carrier_id.in_(bindparam("carrier_ids", expanding=True))) if of_some else statement


# A profile never changes: a new version is another text.
@lru_cache(maxsize=256)
def _profile(text: str) -> CarrierProfile:
    return load_profile(json.loads(text))
