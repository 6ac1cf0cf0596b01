"""Playing rounds: a file a carrier, a fate at one point, and what the sites and the ledger say when all has settled."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import RedisError
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from models import Carrier, Invoice, SiteAccount, Submission
from models.enums import Role, SubmissionStatus
from services.sites.login_journal import LoginUnansweredError
from services.sites.site_accounts import resume_account
from tests.builders import actor
from tests.chaos.matrix.cells import Fault, Result, Round
from tests.chaos.matrix.field import Field
from tests.chaos.stage import SITES

_BY_MACHINE = {SubmissionStatus.READY, SubmissionStatus.CLAIMED, SubmissionStatus.INTENT}
_OUTSIDE = frozenset({Fault.NETWORK_CUT, Fault.DATABASE_KILL, Fault.REDIS_WIPE, Fault.REPLY_LOST})
_MEET_SECONDS = 45.0
_SETTLE_SECONDS = 150.0
_LISTING_SECONDS = 4.0
_CUT_SECONDS = 8.0
_WARM_SECONDS = 400


@dataclass
class _Cell:
    carrier: str
    submission_id: int
    account_id: int
    number: str
    was_met: bool = False
    doubt_after: float | None = None
    was_checked: bool = False


def warm_up(field: Field, carriers: tuple[str, ...]) -> None:
    """Let every account sign in once and send a file in peace: a log-in that never worked is not tried twice."""
    for carrier in carriers:
        field.stage.queue(carrier, 1)
    try:
        _await(field, lambda: _is_settled(field), _WARM_SECONDS)
    except TimeoutError:
        message = f"The accounts did not get warm: {field.stage.statuses()}\n{field.stage.logs()}"
        raise RuntimeError(message) from None


def play_round(field: Field, one: Round) -> list[Result]:
    """Play one round and return its cells."""
    _quieten(field)
    cells = [_arm(field, one, carrier) for carrier in one.carriers]
    if one.fault is Fault.LISTING_DELAYED:
        for carrier in one.carriers:
            field.stage.portals.control.order_fault(
                SITES[carrier][0], "delay_listing", count=2, seconds=_LISTING_SECONDS
            )
    for cell in cells:
        cell.submission_id = field.stage.queue(cell.carrier, 1)[0]
        cell.number = _number(field, cell.submission_id)
    started = time.monotonic()
    if one.fault in _OUTSIDE:
        _strike(field, one, cells)
    struck = time.monotonic()
    _settle(field, one, cells, struck)
    return [_judge(field, one, cell, time.monotonic() - started) for cell in cells]


def _arm(field: Field, one: Round, carrier: str) -> _Cell:
    account = field.stage.account_of(carrier)
    fate = "wait" if one.fault in _OUTSIDE else one.fault.value
    fate = "kill_worker" if one.fault is Fault.LISTING_DELAYED else fate
    place = field.stage.plan / str(account)
    place.mkdir(exist_ok=True)
    (place / one.point).write_text(fate)
    return _Cell(carrier, 0, account, "")


def _strike(field: Field, one: Round, cells: list[_Cell]) -> None:
    """Wait until workers stand at the point, break what the round breaks, and let them go on."""

    def has_met() -> bool:
        for cell in cells:
            cell.was_met = cell.was_met or _met(field, one, cell).exists()
        return all(cell.was_met or _status(field, cell) not in _BY_MACHINE for cell in cells)

    with suppress(TimeoutError):
        _await(field, has_met, _MEET_SECONDS)
    for cell in cells:
        if one.fault is Fault.REPLY_LOST and cell.was_met:
            site = SITES[cell.carrier][0]
            field.stage.portals.control.order_fault(site, "drop_reply", count=1, at=_page_after(one.point))
    breaks: dict[Fault, Callable[[], object]] = {
        Fault.NETWORK_CUT: field.network.cut,
        Fault.DATABASE_KILL: field.mortal.kill,
        Fault.REDIS_WIPE: field.stage.redis.flushall,
    }
    breaks.get(one.fault, lambda: None)()
    for cell in cells:
        _met(field, one, cell).unlink(missing_ok=True)
    if one.fault is Fault.NETWORK_CUT:
        time.sleep(_CUT_SECONDS)
        field.network.mend()


def _settle(field: Field, one: Round, cells: list[_Cell], struck: float) -> None:
    """Wait until no file waits for a machine, thawing the frozen once others had the time to take over."""

    def settled() -> bool:
        if time.monotonic() - struck > _thaw_after(one):
            _thaw(field)
        for cell in cells:
            cell.was_met = cell.was_met or _met(field, one, cell).exists()
            if cell.doubt_after is None and _status(field, cell) is SubmissionStatus.IN_DOUBT:
                cell.doubt_after = time.monotonic() - struck
        return _is_settled(field)

    with suppress(TimeoutError):
        _await(field, settled, _SETTLE_SECONDS)
        while _check_logins(field, cells):
            _await(field, settled, _SETTLE_SECONDS)
    _thaw(field)


def _check_logins(field: Field, cells: list[_Cell]) -> bool:
    """Play the administrator who says that a log-in is right; whether there was one to speak of.

    Two cells of one account may each break a log-in before its answer is seen. Then it is not typed again by itself.
    """
    stopped = col(SiteAccount.stopped_code) == LoginUnansweredError.code
    with field.stage.database.unit_of_work() as session:
        accounts = set(session.scalars(select(col(SiteAccount.id)).where(stopped)))
        for account_id in accounts:
            resume_account(
                session,
                actor(Role.ADMIN),
                site_account_id=account_id or 0,
                same_login=True,
                note="The carrier says that it is right.",
            )
    for cell in cells:
        cell.was_checked = cell.was_checked or cell.account_id in accounts
    return bool(accounts)


def _thaw_after(one: Round) -> float:
    return 25.0 if one.fault is Fault.FREEZE else 0.0


def _judge(field: Field, one: Round, cell: _Cell, seconds: float) -> Result:
    posts = field.stage.portals.control.posts(SITES[cell.carrier][0])
    accepted = sum(post["status"] == "accepted" and post["invoice_number"] == cell.number for post in posts)
    status = _status(field, cell)
    return Result(
        cell.carrier,
        one.point,
        one.fault,
        status.value,
        accepted,
        cell.was_met,
        round(seconds, 1),
        cell.doubt_after,
        cell.was_checked,
    )


def _quieten(field: Field) -> None:
    """Take back what an earlier round left: faults, plans, pauses, waits."""
    field.stage.portals.control.clear_faults()
    for path in field.stage.plan.glob("*/*"):
        path.unlink()
    with field.stage.database.unit_of_work() as session:
        running = {"paused_at": None, "resume_at_ms": None, "paused_reason": "", "stopped_code": ""}
        session.execute(update(SiteAccount).values(login_unanswered=0, **running))
        session.execute(update(Carrier).values(paused_at=None, paused_reason=""))


def _await(field: Field, done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        with suppress(SQLAlchemyError, RedisError):
            if done():
                return
        if time.monotonic() > until:
            raise TimeoutError
        for program in field.stage.programs:
            program.keep_running()
        time.sleep(0.1)


def _is_settled(field: Field) -> bool:
    return not _BY_MACHINE & set(field.stage.statuses())


def _status(field: Field, cell: _Cell) -> SubmissionStatus:
    with field.stage.database.read_only() as session:
        return session.scalars(select(col(Submission.status)).where(col(Submission.id) == cell.submission_id)).one()


def _number(field: Field, submission_id: int) -> str:
    with field.stage.database.read_only() as session:
        joined = select(col(Invoice.number)).join(Submission, col(Submission.invoice_id) == col(Invoice.id))
        return session.scalars(joined.where(col(Submission.id) == submission_id)).one()


def _met(field: Field, one: Round, cell: _Cell) -> Path:
    return field.stage.plan / "met" / f"{cell.account_id}.{one.point}"


def _thaw(field: Field) -> None:
    for path in (field.stage.plan / "frozen").glob("*"):
        with suppress(ProcessLookupError):
            os.kill(int(path.name), signal.SIGCONT)
        path.unlink()


def _page_after(point: str) -> str | None:
    """Return the page whose reply is lost when it is the next one asked for after a point."""
    pages = {"login": ("browser_started", "login_opened", "login_typed"), "list": ("signed_in", "claimed"),
             "upload": ("looked",), "submit": ("upload_opened", "file_chosen", "before_intent", "intent_written"),
             "result": ("decision_due", "delivered")}  # fmt: skip
    return next((page for page, points in pages.items() if point in points), None)


def play_all(field: Field, asked: Iterator[Round], until: float) -> Iterator[Result]:
    """Play rounds until they or the time (monotonic) end."""
    for one in asked:
        if time.monotonic() > until:
            return
        yield from play_round(field, one)
