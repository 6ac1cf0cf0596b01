"""Carriers for administrators: where each bill goes, whether it may go, and with which log-in."""

from dataclasses import dataclass
from datetime import timedelta

import reflex as rx
from sqlmodel import Session

from core.clock import today
from models.enums import DeliveryChannel, Role
from services.actor import Actor
from services.listing import Listing, TableQuery
from services.mailing.delivery import list_channels
from services.sites.carrier_health import CarrierHealth, list_health
from services.sites.password_expiry import REMIND_DAYS
from services.sites.site_traffic import held_carriers
from state.guard import guarded
from state.live import changes
from state.sites.health_rows import AcceptanceItem, acceptance_item, stopped_words
from state.table import TableState
from state.uploads.traffic_words import held_words
from state.words import moment, password_end

_DELIVERY = {DeliveryChannel.EMAIL: "Invoices by e-mail", DeliveryChannel.PAPER: "Invoices on paper"}


@dataclass(frozen=True)
class CarrierItem:
    """One carrier, as text; `state` is 'running', 'held', 'waiting' or 'paused'."""

    id: str
    name: str
    client_code: str
    site: str
    platform: str
    account: str
    site_account_id: str
    last_login: str
    profile: str
    permission: str
    state: str
    reason: str
    stopped_by: str
    held: str
    acceptance: AcceptanceItem
    is_carrier_paused: bool
    is_account_paused: bool
    expires: str
    is_expiring: bool
    drift: str
    delivery: str


class Carriers(TableState, rx.State):
    """Every carrier by name."""

    rows: list[CarrierItem] = []

    _roles = frozenset({Role.ADMIN})

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "carrier", "site_account", "invoice"):
            async with self:
                await self._refresh()

    @staticmethod
    def _read(session: Session, actor: Actor, query: TableQuery) -> Listing[tuple[CarrierHealth, str, DeliveryChannel]]:
        wanted = query.checked().search.casefold()
        found = [one for one in list_health(session, actor) if wanted in one.row.searched]
        held, channels = held_carriers(session), list_channels(session)
        rows = [(one, held_words(held, one.row.carrier_id), channels[one.row.carrier_id]) for one in found]
        return Listing(rows, len(found))

    def _show(self, found: Listing[tuple[CarrierHealth, str, DeliveryChannel]]) -> None:
        self.rows = [_item(health, held, channel) for health, held, channel in found.rows]


def _item(health: CarrierHealth, held: str, channel: DeliveryChannel) -> CarrierItem:
    row, (reason, stopped_by) = health.row, stopped_words(health)
    is_paused = row.paused_at is not None or row.account_paused_at is not None
    waits = row.account_waits_until_ms is not None
    return CarrierItem(
        id=str(row.carrier_id),
        name=row.name,
        client_code=row.client_code,
        site=row.site_name,
        platform=row.platform,
        account=row.account_label,
        site_account_id=str(row.site_account_id),
        last_login=moment(row.last_login_at) if row.last_login_at else "Never",
        profile=f"v{row.profile_number}" if row.profile_number is not None else "None",
        permission=row.automation_allowed_by or "",
        state=_state(is_paused=is_paused, waits=waits, is_held=bool(held)),
        reason=reason,
        stopped_by=stopped_by,
        held=held,
        acceptance=acceptance_item(health.rate, row.carrier_id),
        is_carrier_paused=row.paused_at is not None,
        is_account_paused=row.account_paused_at is not None,
        expires=password_end(row.expires_on) if row.expires_on else "",
        is_expiring=row.expires_on is not None and row.expires_on <= today() + timedelta(days=max(REMIND_DAYS)),
        drift="" if row.is_drift_breaking is None else "Uploads will fail" if row.is_drift_breaking else "Page changed",
        delivery=_DELIVERY.get(channel, ""),
    )


def _state(*, is_paused: bool, waits: bool, is_held: bool) -> str:
    if is_paused:
        return "paused"
    if waits:
        return "waiting"
    return "held" if is_held else "running"
