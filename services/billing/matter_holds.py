"""How a matter is billed: its frequency, and holds on all of it until a day; what a reviewer held of its entries."""

from datetime import date

from sqlmodel import Session

from core.clock import today
from core.errors import InvalidInputError, WrongStateError
from models import Expense, Matter, TimeEntry
from models.enums import BillingFrequency, EntryKind, Role
from services import audit, lifecycle
from services.access import require
from services.actor import Actor
from services.lifecycle import check_version

_EDITORS = (Role.BILLER, Role.ADMIN)
_LONGEST_REASON = 500
_FARTHEST_DAYS = 3660


def set_frequency(
    session: Session, actor: Actor, *, matter_id: int, expected_version: int, frequency: BillingFrequency
) -> Matter:
    """Say how often a matter is billed.

    Raises:
        DeniedError, StaleVersionError, NotFoundError: nothing was changed.
    """
    matter = _locked(session, actor, matter_id, expected_version)
    before, matter.billing_frequency = matter.billing_frequency, frequency
    _changed(session, matter)
    facts = {"was": before.value, "now": frequency.value}
    audit.record(session, actor, "matter:frequency_set", "matter", matter_id, **facts)
    return matter


def hold_matter(
    session: Session, actor: Actor, *, matter_id: int, expected_version: int, until: date, reason: str
) -> Matter:
    """Bill nothing of a matter before a day, or until another day where it is held already.

    Raises:
        InvalidInputError: the day is not to come, or no reason is given.
        DeniedError, StaleVersionError, NotFoundError: nothing was changed.
    """
    if not reason.strip():
        raise InvalidInputError("Say why the matter is held. Nothing was changed; write the reason.")
    check_wake_day(until)
    matter = _locked(session, actor, matter_id, expected_version)
    if not is_held(matter):
        matter.billing_held_from = today()
    matter.billing_hold_until, matter.billing_hold_reason = until, reason.strip()[:_LONGEST_REASON]
    _changed(session, matter)
    facts = {"until": until.isoformat()}
    audit.record(session, actor, "matter:held", "matter", matter_id, note=matter.billing_hold_reason, **facts)
    return matter


def end_matter_hold(session: Session, actor: Actor, *, matter_id: int, expected_version: int) -> Matter:
    """Let a matter be billed again before its day.

    Raises:
        WrongStateError: it is not held.
        DeniedError, StaleVersionError, NotFoundError: nothing was changed.
    """
    matter = _locked(session, actor, matter_id, expected_version)
    if matter.billing_hold_until is None:
        raise WrongStateError("The matter is not held. Nothing was changed; look at it again.")
    wake_matter(session, actor, matter)
    return matter


def wake_matter(session: Session, actor: Actor, matter: Matter) -> None:
    """End a matter's hold; since when it was held stays, so that what the hold kept back is billed."""
    until = matter.billing_hold_until
    matter.billing_hold_until, matter.billing_hold_reason = None, ""
    _changed(session, matter)
    day = until.isoformat() if until else ""
    audit.record(session, actor, "matter:hold_ended", "matter", matter.id or 0, until=day)


def end_entry_hold(session: Session, actor: Actor, *, kind: EntryKind, entry_id: int) -> None:
    """Let an entry or an expense that a reviewer held be billed with the next run.

    Raises:
        WrongStateError: it is not held until a day that is to come.
        DeniedError, NotFoundError: nothing was changed.
    """
    require(actor, *_EDITORS, what="Ending a hold")
    model, name = (TimeEntry, "time_entry") if kind is EntryKind.FEE else (Expense, "expense")
    entry: TimeEntry | Expense = lifecycle.get(session, model, entry_id)
    session.refresh(entry, with_for_update=True)
    if entry.held_until is None or entry.held_until <= today():
        raise WrongStateError("It is not held any more. Nothing was changed; the next run bills it.")
    was, entry.held_until = entry.held_until, today()
    entry.version += 1
    session.add(entry)
    session.flush()
    audit.record(session, actor, f"{name}:hold_ended", name, entry_id, until=was.isoformat())


def is_held(matter: Matter) -> bool:
    """Whether nothing of a matter is billed today."""
    return matter.billing_hold_until is not None and matter.billing_hold_until > today()


def check_wake_day(until: date | None) -> None:
    """Let a day to come, or none.

    Raises:
        InvalidInputError: it is today or before, or more than ten years off.
    """
    if until is not None and not 0 < (until - today()).days <= _FARTHEST_DAYS:
        message = f"{until.day} {until:%b %Y} is no day to wait for. Nothing was changed; give one after today."
        raise InvalidInputError(message)


def _locked(session: Session, actor: Actor, matter_id: int, expected_version: int) -> Matter:
    require(actor, *_EDITORS, what="Changing how a matter is billed")
    matter: Matter = lifecycle.get(session, Matter, matter_id)
    session.refresh(matter, with_for_update=True)
    check_version(matter, expected_version)
    return matter


def _changed(session: Session, matter: Matter) -> None:
    matter.version += 1
    session.add(matter)
    session.flush()
