"""The three executors of `services.transitions`: the only code that changes a status."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, inspect, select, update
from sqlmodel import Session, col

from core.db import db_now_ms, on_commit
from core.errors import DeniedError, FencedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from core.queue import SITE_ACCOUNT, ring
from models import SiteAccount, Submission
from models.enums import SubmissionStatus
from services import audit
from services.actor import Actor
from services.transitions import Lease, Machine, Transition, find, machines_of

_CHUNK = 5000

# What people read of a state that is the machine's own.
_IN_WORDS: dict[StrEnum, str] = {SubmissionStatus.CLAIMED: "with a worker", SubmissionStatus.INTENT: "with a worker"}


@dataclass(frozen=True)
class Subject:
    """The record an audit event is about, when it stands for a whole set of changes."""

    type: str
    id: int


def apply(
    session: Session,
    actor: Actor,
    obj: Any,  # noqa: ANN401 -- any table with a machine
    verb: str,
    note: str = "",
    *,
    expected_version: int | None = None,
    **data: Any,  # noqa: ANN401 -- JSON values for the audit event
) -> None:
    """Carry out one verb on one record: permission, lock, version, state, guard, set, audit, ring after commit.

    Raises:
        DeniedError: the actor's role or the guard forbids it.
        InvalidInputError: the verb wants a reason and none was given.
        StaleVersionError: the record changed since `expected_version` was shown.
        WrongStateError: the verb does not lead on from the record's state.
    """
    machine, transition = find(type(obj), verb)
    _check_role(actor, machine, transition)
    _check_note(transition, note)
    session.refresh(obj, with_for_update=True)
    check_version(obj, expected_version)
    _check_state(machine, transition, obj)
    _check_guard(actor, transition, obj)
    before = getattr(obj, machine.column)
    setattr(obj, machine.column, transition.target)
    obj.version += 1
    session.add(obj)
    session.flush()
    audit.record(
        session, actor, machine.tag(transition), machine.model.__tablename__, obj.id, note=note, was=before, **data
    )
    if transition.rings:
        ring_account(session, obj.site_account_id)


def apply_many(
    session: Session,
    actor: Actor,
    model: type[Any],
    verb: str,
    where: ColumnElement[bool],
    note: str = "",
    *,
    subject: Subject | None = None,
) -> int:
    """Carry out one verb on every record that `where` selects and whose state allows it; return how many.

    One audit event a record, or a single one on `subject` with the count. Verbs with a guard are refused:
    they need each record looked at.
    """
    machine, transition = find(model, verb)
    if transition.guard is not None:
        message = f"{machine.name}.{verb} has a guard and cannot be applied to a set"
        raise LookupError(message)
    _check_role(actor, machine, transition)
    _check_note(transition, note)
    column = getattr(model, machine.column)
    ids = list(session.scalars(select(model.id).where(where, column.in_(transition.sources)).with_for_update()))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        values = {machine.column: transition.target, "version": model.version + 1}
        session.execute(_plain(update(model).where(model.id.in_(chunk)).values(values)))
    if subject is not None:
        audit.record(session, actor, machine.tag(transition), subject.type, subject.id, note=note, count=len(ids))
    else:
        audit.record_many(session, actor, machine.tag(transition), machine.model.__tablename__, ids, note=note)
    return len(ids)


def apply_fenced(
    session: Session,
    actor: Actor,
    submission_id: int,
    verb: str,
    *,
    fence: int,
    note: str = "",
    lease_ms: int = 0,
    values: dict[str, Any] | None = None,
    **data: Any,  # noqa: ANN401 -- JSON values for the audit event
) -> int:
    """Carry out a worker's verb on a ledger row, if and only if the row is still as the worker holds it.

    A verb that takes the lease wants it free or run out at `fence`, and moves the fence on by one; one that
    holds or drops it wants our `fence` and a lease that has not run out by the database's clock.
    `values` are further columns of the row, set in the same statement. Returns the fence now in force.

    Raises:
        FencedError: another worker has the row, or our lease ran out. Nothing was written; stop at once.
    """
    machine, transition = find(Submission, verb)
    _check_role(actor, machine, transition)
    takes = transition.lease is Lease.TAKE
    columns = {
        **(values or {}),
        **_lease_columns(transition.lease, fence, lease_ms),
        machine.column: transition.target,
        "version": Submission.version + 1,
    }
    statement = update(Submission).where(
        col(Submission.id) == submission_id,
        col(Submission.fence) == fence,
        _lease_condition(takes=takes),
        col(Submission.status).in_(transition.sources),
    )
    result = cast("CursorResult[Any]", session.execute(_plain(statement.values(columns))))
    if result.rowcount != 1:
        message = "Another worker has taken over this file. This one stopped and wrote nothing."
        raise FencedError(message, submission_id=submission_id, verb=verb, fence=fence)
    in_force = fence + 1 if takes else fence
    audit.record(
        session, actor, machine.tag(transition), "submission", submission_id, note=note, fence=in_force, **data
    )
    return in_force


def available(actor: Actor, obj: Any) -> list[Transition]:  # noqa: ANN401 -- any table with a machine
    """Return the verbs this actor may carry out on this record now; the buttons of a page."""
    return [
        transition
        for machine in machines_of(type(obj))
        for transition in machine.transitions.values()
        if actor.has(*transition.roles)
        and getattr(obj, machine.column) in transition.sources
        and (transition.guard is None or not transition.guard(actor, obj))
    ]


def ring_account(session: Session, site_account_id: int) -> None:
    """Ring the workers of a site account once the transaction has committed."""
    rung: set[int] = session.info.setdefault("billing_rung_accounts", set())
    if site_account_id in rung:
        return
    rung.add(site_account_id)
    fence = session.scalars(select(col(SiteAccount.fence)).where(col(SiteAccount.id) == site_account_id)).one()
    doorbell: Callable[[], Any] = partial(ring, SITE_ACCOUNT, site_account_id, fence)
    on_commit(session, cast("Callable[[], None]", doorbell))


def get(session: Session, model: type[Any], row_id: int, *, is_locked: bool = False) -> Any:  # noqa: ANN401 -- a row of the model
    """Return a record by id; locked, it is as it stands now and nobody else changes it before the transaction ends.

    Raises:
        NotFoundError: there is none.
    """
    how: dict[str, Any] = {"with_for_update": True, "populate_existing": True} if is_locked else {}
    if (found := session.get(model, row_id, **how)) is None:
        name = cast("str", inspect(model).local_table.name).replace("_", " ")
        message = f"There is no {name} with this number any more. Nothing was changed; go back to the list."
        raise NotFoundError(message, model=name, row_id=row_id)
    return found


def _lease_columns(lease: Lease, fence: int, lease_ms: int) -> dict[str, Any]:
    if lease is Lease.TAKE:
        return {"fence": fence + 1, "lease_until_ms": db_now_ms() + lease_ms}
    if lease is Lease.DROP:
        return {"lease_until_ms": None, "worker_id": None}
    return {}


def _lease_condition(*, takes: bool) -> ColumnElement[bool]:
    until = col(Submission.lease_until_ms)
    return until.is_(None) | (until <= db_now_ms()) if takes else until > db_now_ms()


def _plain(statement: Update) -> Update:
    return statement.execution_options(synchronize_session=False)


def _check_role(actor: Actor, machine: Machine, transition: Transition) -> None:
    if not actor.has(*transition.roles):
        who = " or ".join(sorted(transition.roles))
        message = f"“{transition.label}” is for the role {who}. Nothing was changed."
        raise DeniedError(message, machine=machine.name, verb=transition.verb)


def _check_note(transition: Transition, note: str) -> None:
    if transition.needs_note and not note.strip():
        message = f"“{transition.label}” needs a reason. Nothing was changed; write one and try again."
        raise InvalidInputError(message, verb=transition.verb)


def check_version(obj: Any, expected_version: int | None) -> None:  # noqa: ANN401 -- any versioned row
    """Check that a record is as it was shown; None does not ask.

    Raises:
        StaleVersionError: somebody changed it since.
    """
    if expected_version is not None and obj.version != expected_version:
        message = "Somebody changed this since you opened it. Your change was not saved; look at the new state first."
        raise StaleVersionError(message, expected=expected_version, found=obj.version)


def _check_state(machine: Machine, transition: Transition, obj: Any) -> None:  # noqa: ANN401 -- any row
    current = getattr(obj, machine.column)
    if current not in transition.sources:
        word = _IN_WORDS.get(current) or current.value.replace("_", " ")
        message = f"“{transition.label}” is not possible: it is {word} now. Nothing was changed."
        raise WrongStateError(message, machine=machine.name, verb=transition.verb, status=current)


def _check_guard(actor: Actor, transition: Transition, obj: Any) -> None:  # noqa: ANN401 -- any row
    if transition.guard is not None and (refusal := transition.guard(actor, obj)):
        raise DeniedError(refusal, verb=transition.verb)
