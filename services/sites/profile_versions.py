"""A carrier's profile as versions: read, saved, compared, put in force, taken back, copied to another carrier."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from carriers.profile import CarrierProfile, load_profile
from carriers.profile_diff import Difference, diff_profiles
from core.clock import now
from core.errors import InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import Carrier, CarrierProfileVersion, User
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.sites.profile_codes import put_rates_in_force

_NOTE = 500
_V = CarrierProfileVersion


@dataclass(frozen=True)
class ProfileVersion:
    """One saved version, without what it says; `author` is '' for one that came with the product."""

    version_id: int
    number: int
    is_active: bool
    author: str
    note: str
    created_at: datetime


def list_profile_versions(session: Session, actor: Actor, *, carrier_id: int) -> list[ProfileVersion]:
    """Return the versions of a carrier's profile, the newest first.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such carrier.
    """
    require(actor, Role.ADMIN, what="A carrier's profile")
    get(session, Carrier, carrier_id)
    statement = (
        select(col(_V.id), col(_V.number), col(_V.is_active), col(User.name), col(_V.note), col(_V.created_at))
        .outerjoin(User, col(User.id) == col(_V.author_id))
        .where(col(_V.carrier_id) == carrier_id)
        .order_by(col(_V.number).desc())
    )
    return [
        ProfileVersion(version_id or 0, number, is_active, author or "", note, at)
        for version_id, number, is_active, author, note, at in session.execute(statement)
    ]


def profile_document(session: Session, actor: Actor, *, carrier_id: int, number: int) -> dict[str, Any]:
    """Return what one version says.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such version.
    """
    require(actor, Role.ADMIN, what="A carrier's profile")
    return dict(_version(session, carrier_id, number).document)


def save_profile(
    session: Session, actor: Actor, *, carrier_id: int, expected_newest: int, document: dict[str, Any], note: str
) -> int:
    """Keep a profile as a new version and return its number; the version in force stays in force.

    `expected_newest` is the newest version that the editor knew, 0 when there was none.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: no note says why, or nothing differs from the newest version.
        InvalidProfileError: with every problem and where it stands.
        StaleVersionError: somebody else saved meanwhile.
    """
    require(actor, Role.ADMIN, what="Changing a carrier's profile")
    if not note.strip():
        raise InvalidInputError("Say in a note what changed and why. Nothing was saved; your draft is still here.")
    profile = load_profile(document)
    carrier = _locked(session, carrier_id)
    newest = _newest(session, carrier_id)
    found = newest.number if newest else 0
    if found != expected_newest:
        message = (
            f"Version {found} of {carrier.name}'s profile was saved since you opened it. Nothing was saved and your "
            "draft is still here; compare it with that version, then save again."
        )
        raise StaleVersionError(message, expected=expected_newest, found=found)
    if newest is not None and load_profile(newest.document) == profile:
        raise InvalidInputError(f"Nothing differs from version {found}, so nothing was saved.")
    return _add(session, actor, carrier_id, found + 1, profile, note)


def activate_profile(
    session: Session, actor: Actor, *, carrier_id: int, number: int, expected_active: int | None, note: str
) -> None:
    """Put a version in force; an older one is a roll-back. Files under way keep the one they began with.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: no note says why.
        InvalidProfileError: what was valid when it was saved is not any more.
        NotFoundError: there is no such version.
        StaleVersionError: another version came into force meanwhile.
        WrongStateError: it is in force already.
    """
    require(actor, Role.ADMIN, what="Activating a carrier's profile")
    if not note.strip():
        raise InvalidInputError("Say in a note why it comes into force. Nothing was changed.")
    carrier = _locked(session, carrier_id)
    version = _version(session, carrier_id, number)
    active = active_number(session, carrier_id)
    if active != expected_active:
        message = (
            f"Version {active} of {carrier.name}'s profile came into force meanwhile. Nothing was changed; look at "
            "the differences again."
        )
        raise StaleVersionError(message, expected=expected_active, found=active)
    if version.is_active:
        raise WrongStateError(f"Version {number} is in force already. Nothing was changed.")
    profile = load_profile(version.document)
    _put_in_force(session, version)
    put_rates_in_force(session, actor, carrier_id=carrier_id, people=profile.people)
    tag = "carrier:profile_rolled_back" if active is not None and number < active else "carrier:profile_activated"
    audit.record(session, actor, tag, "carrier", carrier_id, note=note.strip(), before=active, after=number)


def compare_versions(session: Session, actor: Actor, *, carrier_id: int, before: int, after: int) -> list[Difference]:
    """Return what differs between two versions, in words.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such version.
    """
    require(actor, Role.ADMIN, what="A carrier's profile")
    old, new = (_version(session, carrier_id, number).document for number in (before, after))
    return diff_profiles(load_profile(old), load_profile(new))


def compare_with_draft(
    session: Session, actor: Actor, *, carrier_id: int, number: int, document: dict[str, Any]
) -> list[Difference]:
    """Return what differs between a version and a draft that was not saved yet.

    Raises:
        InvalidProfileError: the draft is not whole yet.
    """
    require(actor, Role.ADMIN, what="A carrier's profile")
    return diff_profiles(load_profile(_version(session, carrier_id, number).document), load_profile(document))


def clone_profile(session: Session, actor: Actor, *, from_carrier_id: int, to_carrier_id: int) -> int:
    """Copy the version in force of one carrier to another as a new version, not in force; return its number.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such carrier, or the first has no version in force.
        InvalidInputError: both are the same carrier.
    """
    require(actor, Role.ADMIN, what="Copying a carrier's profile")
    if from_carrier_id == to_carrier_id:
        raise InvalidInputError("A profile is copied to another carrier. Nothing was changed; choose one.")
    source: Carrier = get(session, Carrier, from_carrier_id)
    number = active_number(session, from_carrier_id)
    if number is None:
        raise NotFoundError(f"{source.name} has no profile in force, so there is nothing to copy.")
    _locked(session, to_carrier_id)
    profile = load_profile(_version(session, from_carrier_id, number).document)
    newest = _newest(session, to_carrier_id)
    note = f"Copied from {source.name}, version {number}"
    return _add(session, actor, to_carrier_id, newest.number + 1 if newest else 1, profile, note)


def active_number(session: Session, carrier_id: int) -> int | None:
    """Return the number of the version in force, None while there is none."""
    mine = col(_V.carrier_id) == carrier_id
    return session.scalars(select(col(_V.number)).where(mine, col(_V.is_active))).first()


def _add(session: Session, actor: Actor, carrier_id: int, number: int, profile: CarrierProfile, note: str) -> int:
    version = CarrierProfileVersion(
        carrier_id=carrier_id,
        number=number,
        author_id=actor.user_id,
        note=note.strip()[:_NOTE],
        document=profile.model_dump(mode="json"),
        created_at=now(),
    )
    session.add(version)
    session.flush()
    audit.record(session, actor, "carrier:profile_saved", "carrier", carrier_id, note=version.note, number=number)
    return number


def _put_in_force(session: Session, version: CarrierProfileVersion) -> None:
    mine = col(_V.carrier_id) == version.carrier_id
    session.execute(update(_V).where(mine, col(_V.is_active)).values(is_active=False))
    session.refresh(version)
    version.is_active = True
    session.add(version)
    session.flush()


def _version(session: Session, carrier_id: int, number: int) -> CarrierProfileVersion:
    found = session.scalars(select(_V).filter_by(carrier_id=carrier_id, number=number)).first()
    if found is None:
        raise NotFoundError(f"The carrier's profile has no version {number}. Nothing was changed.")
    return found


def _newest(session: Session, carrier_id: int) -> CarrierProfileVersion | None:
    return session.scalars(select(_V).filter_by(carrier_id=carrier_id).order_by(col(_V.number).desc())).first()


def _locked(session: Session, carrier_id: int) -> Carrier:
    carrier: Carrier = get(session, Carrier, carrier_id)
    session.refresh(carrier, with_for_update=True)
    return carrier
