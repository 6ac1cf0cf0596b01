"""A carrier's guidelines as versions of its profile: read, saved as a new version in force, listed, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError, NotFoundError, StaleVersionError
from guidelines.rules import Rule, dump_rules, parse_rules
from models import Carrier, CarrierProfileVersion, User
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.row_ids import row_id

_NOTE = 500


@dataclass(frozen=True)
class GuidelineVersion:
    """The rules of one version of a carrier's profile; `author` is '' for one that came with the product."""

    carrier_id: int
    carrier_name: str
    number: int
    is_active: bool
    author: str
    note: str
    created_at: datetime
    rules: tuple[Rule, ...]


class InvalidRulesError(InvalidInputError):
    """A list of rules that may not be saved; `problems` are (place of the rule from 0, parameter, what is wrong)."""

    code = "invalid_rules"

    def __init__(self, problems: Sequence[tuple[int, str, str]]) -> None:
        listed = "; ".join(f"rule {at + 1}{f', {name}' if name else ''}: {what}" for at, name, what in problems)
        super().__init__(f"The guidelines were not saved. Correct {listed}.", problems=len(problems))
        self.problems = tuple(problems)


def read_rules(data: Sequence[dict[str, Any]]) -> tuple[Rule, ...]:
    """Read a list of rules from plain data.

    Raises:
        InvalidRulesError: with every problem found, each with the place of its rule and the parameter.
    """
    try:
        return parse_rules(data)
    except ValidationError as wrong:
        raise InvalidRulesError([_problem(error["loc"], error["msg"]) for error in wrong.errors()]) from wrong


def active_guidelines(session: Session, actor: Actor, *, carrier_id: int) -> GuidelineVersion:
    """Return the rules in force.

    Raises:
        NotFoundError: there is no such carrier, or it has no active profile.
    """
    found = next((one for one in list_guidelines(session, actor, carrier_id=carrier_id) if one.is_active), None)
    if found is None:
        raise NotFoundError("The carrier has no active profile, so it has no guidelines. Activate a profile first.")
    return found


def list_guidelines(session: Session, actor: Actor, *, carrier_id: int) -> list[GuidelineVersion]:
    """Return the rules of all versions of a carrier's profile, the newest first.

    Raises:
        DeniedError: the actor works on no bills.
        NotFoundError: there is no such carrier.
    """
    require(actor, Role.ADMIN, Role.BILLER, Role.ATTORNEY, what="A carrier's guidelines")
    carrier: Carrier = get(session, Carrier, carrier_id)
    version = CarrierProfileVersion
    statement = (
        select(version, col(User.name))
        .outerjoin(User, col(User.id) == col(version.author_id))
        .where(col(version.carrier_id) == carrier_id)
        .order_by(col(version.number).desc())
    )
    return [_version(carrier, row, author or "") for row, author in session.execute(statement)]


def save_guidelines(
    session: Session,
    actor: Actor,
    *,
    carrier_id: int,
    expected_number: int,
    rules: Sequence[dict[str, Any]],
    note: str,
) -> GuidelineVersion:
    """Put a list of rules in force as a new version; everything else of the profile stays as it is.

    `expected_number` is the version that was in force when the list was opened.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: no note says why, or the list is the one in force already.
        InvalidRulesError: a rule is not right.
        StaleVersionError: another version came into force meanwhile.
    """
    require(actor, Role.ADMIN, what="Changing a carrier's guidelines")
    if not note.strip():
        raise InvalidInputError("Say in a note what changed and why. Nothing was saved; your list is still here.")
    read = read_rules(rules)
    carrier: Carrier = get(session, Carrier, carrier_id)
    session.refresh(carrier, with_for_update=True)
    before = _active(session, carrier_id)
    if before is None or before.number != expected_number:
        message = (
            f"{carrier.name}'s guidelines were changed since you opened them. Nothing was saved and your list is still "
            "here; compare it with the version in force, then save again."
        )
        raise StaleVersionError(message, expected=expected_number, found=before.number if before else None)
    document = {**before.document, "guidelines": dump_rules(read)}
    if read_rules(before.document["guidelines"]) == read:
        raise InvalidInputError("Nothing differs from the guidelines in force, so nothing was saved.")
    return _activate(session, actor, carrier, before, document, note.strip())


def _activate(
    session: Session,
    actor: Actor,
    carrier: Carrier,
    before: CarrierProfileVersion,
    document: dict[str, Any],
    note: str,
) -> GuidelineVersion:
    version = CarrierProfileVersion
    carrier_id = row_id(carrier)
    session.execute(
        update(version).where(col(version.carrier_id) == carrier_id, col(version.is_active)).values(is_active=False)
    )
    newest = session.scalars(
        select(col(version.number)).where(col(version.carrier_id) == carrier_id).order_by(col(version.number).desc())
    ).first()
    made = CarrierProfileVersion(
        carrier_id=carrier_id,
        number=(newest or before.number) + 1,
        author_id=actor.user_id,
        note=note[:_NOTE],
        is_active=True,
        document=document,
        created_at=now(),
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor,
        "carrier:guidelines_changed",
        "carrier",
        carrier_id,
        note=note,
        before=before.number,
        after=made.number,
    )
    author = session.get(User, actor.user_id) if actor.user_id is not None else None
    return _version(carrier, made, author.name if author else "")


def _active(session: Session, carrier_id: int) -> CarrierProfileVersion | None:
    version = CarrierProfileVersion
    return session.scalars(
        select(version)
        .where(col(version.carrier_id) == carrier_id, col(version.is_active))
        .execution_options(populate_existing=True)
    ).first()


def _version(carrier: Carrier, row: CarrierProfileVersion, author: str) -> GuidelineVersion:
    return GuidelineVersion(
        carrier_id=row.carrier_id,
        carrier_name=carrier.name,
        number=row.number,
        is_active=row.is_active,
        author=author,
        note=row.note,
        created_at=row.created_at,
        rules=read_rules(row.document["guidelines"]),
    )


def _problem(where: tuple[int | str, ...], what: str) -> tuple[int, str, str]:
    at = next((part for part in where if isinstance(part, int)), 0)
    names = [str(part) for part in where[2:]] if len(where) > 2 else []  # noqa: PLR2004 -- place, kind, then parameter
    return at, ".".join(names), what.removeprefix("Value error, ")


__all__ = [
    "GuidelineVersion",
    "InvalidRulesError",
    "active_guidelines",
    "list_guidelines",
    "read_rules",
    "save_guidelines",
]
