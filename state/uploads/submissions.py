"""The board of submissions: carriers by state with counts, and the files behind each count."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from core.money import as_dollars
from models.enums import Role
from services.sites.carrier_health import CarrierHealth, list_health
from services.sites.site_traffic import Held, held_carriers
from services.uploads.submission_board import BoardLane, BoardRow, Column, list_lanes, list_submissions
from services.uploads.submission_tasks import Sending, list_tasks, todays_sending
from state.addresses import as_choice, as_number, query
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.responses.assigning import assign
from state.sites.health_rows import (
    NO_ANSWER,
    AcceptanceItem,
    acceptance_item,
    all_acceptance,
    last_login,
    stopped_words,
)
from state.sites.pace_words import time_left
from state.uploads.traffic_words import held_words
from state.words import moment

_PAGE = 50
_NEXT = {
    Column.READY: ("Goes by itself", "The portal"),
    Column.RUNNING: ("Is being sent now", "The portal"),
    Column.DELIVERED: ("The carrier decides", ""),
    Column.REFUSED: ("Correct the invoice", "Billing"),
    Column.NEEDS_ATTENTION: ("Mend and retry", "Billing"),
    Column.IN_DOUBT: ("Decide: is it there?", "Billing"),
}
_LOOKED_FOR = ("Is looked for on the site now", "The portal")


@dataclass(frozen=True)
class LaneCell:
    """One count of the board, linking to its files."""

    column: str
    count: str
    is_zero: bool
    href: str


@dataclass(frozen=True)
class Lane:
    """One carrier: its counts, why and by whom it stands still, until when its site's hours or pace hold it back.

    `last_login` is of its account, `acceptance` of its answers.
    """

    carrier_id: str
    carrier: str
    site_account_id: str
    site: str
    cells: list[LaneCell]
    delivered_amount: str
    stopped: str
    stopped_by: str
    held: str
    last_login: str
    acceptance: AcceptanceItem
    is_carrier_paused: bool
    is_account_paused: bool


@dataclass(frozen=True)
class SubmissionItem:
    """One file in the list, with what happens next and who has it; `key` is its id and version, as in '12.3'."""

    id: str
    href: str
    status: str
    invoice_number: str
    invoice_href: str
    matter_number: str
    carrier: str
    amount: str
    receipt: str
    error: str
    attempt: str
    next_step: str
    next_who: str
    deadline: str
    is_overdue: bool
    is_looked_for: bool
    key: str


NO_SUBMISSION = SubmissionItem(
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", is_overdue=False, is_looked_for=False, key=""
)


class Submissions(KeysetState, rx.State):
    """Every carrier's files; opens on those that wait for a person."""

    rows: list[SubmissionItem] = []
    lanes: list[Lane] = []
    column: str = ""
    carrier_id: str = ""
    title: str = "Waiting for you"
    totals: list[LaneCell] = []
    acceptance: AcceptanceItem = NO_ANSWER
    sent_done: int = 0
    sent_total: int = 0
    sent_left: str = ""

    _roles = frozenset({Role.BILLER, Role.ADMIN})
    _filters = ("column", "carrier")

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep board and list up to date while the tab shows them."""
        async for _ in changes(self, "submission", "carrier", "site_account", "invoice"):
            async with self:
                await self._refresh_all()

    async def _refresh_all(self) -> None:
        await self._refresh()
        try:
            board = await asyncio.to_thread(_read_board)
        except BillingError as error:
            self.failure = error.user_message
            return
        column, carrier_id = self._chosen()
        assign(
            self,
            column=column.value if column else "",
            carrier_id=str(carrier_id or ""),
            lanes=[_lane(lane, board.health[lane.carrier_id], board.held) for lane in board.lanes],
            acceptance=all_acceptance([board.health[lane.carrier_id] for lane in board.lanes]),
            totals=[_cell(column, sum(lane.counts[column] for lane in board.lanes), None) for column in Column],
        )
        named = next((lane.carrier_name for lane in board.lanes if lane.carrier_id == carrier_id), "")
        what = column.value.replace("_", " ").capitalize() if column else "Waiting for you"
        assign(self, title=f"{what} · {named}" if named else what)
        self._show_sending(board.sending)

    def _show_sending(self, sending: Sending) -> None:
        is_over = sending.done == sending.total
        done, total = (0, 0) if is_over else (sending.done, sending.total)
        assign(self, sent_done=done, sent_total=total, sent_left=time_left(sending.seconds_left))

    def _chosen(self) -> tuple[Column | None, int | None]:
        return as_choice(Column, self._asked.get("column", "")), as_number(self._asked.get("carrier", ""))

    def _read_page(self, before: int | None) -> KeysetPage:
        column, carrier_id = self._chosen()
        text, kept = self.search[:60], query(self._asked)
        with read_only() as session:
            if column is None and not text:
                tasks = list_tasks(session, actor(), carrier_id=carrier_id)
                return KeysetPage([submission_item(row, kept) for row in tasks], None)
            found = list_submissions(
                session,
                actor(),
                column=column,
                carrier_id=carrier_id,
                search=text,
                before_id=before,
                limit=_PAGE + 1,
            )
        rows = found[:_PAGE]
        return KeysetPage(
            [submission_item(row, kept) for row in rows], rows[-1].submission_id if len(found) > _PAGE else None
        )


@dataclass(frozen=True)
class _Board:
    lanes: list[BoardLane]
    health: dict[int, CarrierHealth]
    sending: Sending
    held: Held


def _read_board() -> _Board:
    with read_only() as session:
        health = {one.row.carrier_id: one for one in list_health(session, actor())}
        return _Board(list_lanes(session, actor()), health, todays_sending(session, actor()), held_carriers(session))


def submission_item(row: BoardRow, kept: str = "") -> SubmissionItem:
    """Return the row; `kept` keeps the list's filters in the address of the detail."""
    step, who = _LOOKED_FOR if row.is_looked_for else _NEXT[row.column]
    return SubmissionItem(
        id=str(row.submission_id),
        href=f"/submissions/{row.submission_id}{kept}",
        status=row.status.value,
        invoice_number=row.invoice_number,
        invoice_href=f"/invoices/{row.invoice_id}",
        matter_number=row.matter_number,
        carrier=row.carrier_name,
        amount=as_dollars(row.amount),
        receipt=row.receipt_number,
        error=row.error_message,
        attempt=f"attempt {row.attempt}" if row.attempt > 1 else "",
        next_step=step,
        next_who=who if row.is_looked_for else row.decider_name or who or row.carrier_name,
        deadline=f"by {moment(row.decide_by)}" if row.decide_by else "",
        is_overdue=row.is_overdue,
        is_looked_for=row.is_looked_for,
        key=f"{row.submission_id}.{row.version}",
    )


def _lane(lane: BoardLane, health: CarrierHealth, held: Held) -> Lane:
    stopped, stopped_by = stopped_words(health)
    return Lane(
        carrier_id=str(lane.carrier_id),
        carrier=lane.carrier_name,
        site_account_id=str(lane.site_account_id),
        site=health.row.site_name,
        cells=[_cell(column, lane.counts[column], lane.carrier_id) for column in Column],
        delivered_amount=as_dollars(lane.delivered_amount),
        stopped=stopped,
        stopped_by=stopped_by,
        held=held_words(held, lane.carrier_id),
        last_login=last_login(health),
        acceptance=acceptance_item(health.rate, lane.carrier_id),
        is_carrier_paused=lane.is_paused,
        is_account_paused=health.row.account_paused_at is not None,
    )


def _cell(column: Column, count: int, carrier_id: int | None) -> LaneCell:
    address = query({"column": column.value, "carrier": str(carrier_id or "")})
    return LaneCell(column.value, f"{count:,}", count == 0, f"/submissions{address}")
