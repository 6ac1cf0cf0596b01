"""Every message and what became of it; for administrators."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import get_database, read_only
from core.errors import BillingError
from models.enums import DeliveryStatus, NotificationChannel, Role
from services.notifications.addresses import trust_address
from services.notifications.delivery_board import (
    TROUBLE,
    VIEWS,
    BouncingRow,
    DeliveryRow,
    count_deliveries,
    list_bouncing,
    list_deliveries,
    resend,
    withdraw,
)
from state.acting import ActingState
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.responses.assigning import assign
from state.words import counted, moment, whole_number

ADMIN = frozenset({Role.ADMIN})
_PAGE = 50
_CHANNELS = {NotificationChannel.EMAIL: "E-mail", NotificationChannel.SMS: "Text", NotificationChannel.SLACK: "Slack"}


@dataclass(frozen=True)
class DeliveryItem:
    """One message, as text."""

    id: str
    version: str
    person: str
    channel: str
    address: str
    status: str
    what: str
    when: str
    failure: str
    can_resend: bool
    can_withdraw: bool


@dataclass(frozen=True)
class BouncingItem:
    """One person whose mail comes back, as text."""

    user_id: str
    person: str
    address: str
    reason: str
    since: str
    waiting: str


class DeliveryBoard(ActingState, KeysetState, rx.State):
    """Messages of everybody; opens on those that did not arrive."""

    rows: list[DeliveryItem] = []
    bouncing: list[BouncingItem] = []
    view: str = ""
    trouble: str = ""
    waiting: str = ""
    sent: str = ""
    done: str = ""

    _roles = ADMIN
    _filters = ("view",)

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "notification_delivery", "user"):
            async with self:
                await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def resend(self, delivery_id: str, version: str) -> None:
        """Send a message again."""
        number, shown = whole_number(delivery_id), whole_number(version)
        done = await self._try(lambda: _resend(number, shown))
        self.done = "It is sent again now." if done else ""
        await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def withdraw(self, delivery_id: str, version: str) -> None:
        """Take a message that waits out of the queue."""
        number, shown = whole_number(delivery_id), whole_number(version)
        done = await self._try(lambda: _withdraw(number, shown))
        self.done = "It is not sent. Its notices stay in the bell." if done else ""
        await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def trust(self, user_id: str) -> None:
        """Send mail to a person's address again."""
        number = whole_number(user_id)
        done = await self._try(lambda: _trust(number))
        self.done = "Mail is sent there again; what waited goes now." if done else ""
        await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def dismiss(self) -> None:
        """Put the message away."""
        self.done = ""

    async def _refresh_all(self) -> None:
        await self._refresh()
        try:
            counts, bouncing = await asyncio.to_thread(_read)
        except BillingError as error:
            self.failure = error.user_message
            return
        view = self._asked.get("view", "")
        assign(
            self,
            view=view if view in VIEWS else "",
            trouble=_count(counts, ""),
            waiting=_count(counts, "waiting"),
            sent=_count(counts, "sent"),
            bouncing=[_bouncing(row) for row in bouncing],
        )

    def _read_page(self, before: int | None) -> KeysetPage:
        statuses = VIEWS.get(self._asked.get("view", ""), TROUBLE)
        with read_only() as session:
            found = list_deliveries(
                session, actor(), statuses=statuses, search=self.search[:60], before_id=before, limit=_PAGE + 1
            )
        rows = found[:_PAGE]
        return KeysetPage([_item(row) for row in rows], rows[-1].delivery_id if len(found) > _PAGE else None)


def _item(row: DeliveryRow) -> DeliveryItem:
    tries = f", {counted(row.attempts, 'try').replace('trys', 'tries')}" if row.attempts > 1 else ""
    verb = "Due" if row.status in VIEWS["waiting"] else "Tried"
    when = f"Sent {moment(row.sent_at)}" if row.sent_at else f"{verb} {moment(row.due_at)}{tries}"
    return DeliveryItem(
        id=str(row.delivery_id),
        version=str(row.version),
        person=row.person,
        channel=_CHANNELS[row.channel],
        address=row.address,
        status=row.status.value,
        what="Test" if row.is_test else counted(row.notices, "notice"),
        when=when,
        failure=row.failure,
        can_resend="resend" in row.verbs,
        can_withdraw="drop" in row.verbs,
    )


def _bouncing(row: BouncingRow) -> BouncingItem:
    return BouncingItem(
        user_id=str(row.user_id),
        person=row.person,
        address=row.address,
        reason=row.reason,
        since=moment(row.since) if row.since else "",
        waiting=f"{counted(row.waiting, 'mail')} waiting" if row.waiting else "",
    )


def _read() -> tuple[dict[DeliveryStatus, int], list[BouncingRow]]:
    with read_only() as session:
        return count_deliveries(session, actor()), list_bouncing(session, actor())


def _count(counts: dict[DeliveryStatus, int], view: str) -> str:
    return f"{sum(counts.get(status, 0) for status in VIEWS[view]):,}"


def _resend(delivery_id: int, version: int) -> bool:
    get_database().transact(lambda session: resend(session, actor(), delivery_id=delivery_id, expected_version=version))
    return True


def _withdraw(delivery_id: int, version: int) -> bool:
    get_database().transact(
        lambda session: withdraw(session, actor(), delivery_id=delivery_id, expected_version=version)
    )
    return True


def _trust(user_id: int) -> bool:
    get_database().transact(lambda session: trust_address(session, actor(), user_id=user_id))
    return True
