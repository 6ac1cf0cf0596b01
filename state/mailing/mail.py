"""The list of what goes by e-mail and on paper: what a person must do, what waits, what left."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.db import read_only
from core.errors import BillingError
from core.money import as_dollars
from models.enums import DeliveryChannel, MailingStatus, Role
from services.mailing.mailing_list import MailingRow, MailView, count_mail_views, list_mailings
from state.addresses import as_choice, as_number, query
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.responses.assigning import assign
from state.words import day, moment

_PAGE = 50
_VIEW_NAMES = {
    MailView.TO_DO: "For you to do",
    MailView.MAILS: "E-mails",
    MailView.TO_PRINT: "To print",
    MailView.TO_POST: "To post",
    MailView.SENT: "Sent",
    MailView.ALL: "All",
}
_STEPS = {
    MailingStatus.READY: ("Waits to be mailed", "The portal"),
    MailingStatus.INTENT: ("Is being mailed", "The portal"),
    MailingStatus.PRINTED: ("Post it", "Billing"),
    MailingStatus.BOUNCED: ("Mend the address and send again", "Billing"),
    MailingStatus.NEEDS_ATTENTION: ("Mend and send again", "Billing"),
    MailingStatus.IN_DOUBT: ("Decide: did it leave?", "Billing"),
    MailingStatus.SENT: ("Answer the invoice", "The payor"),
    MailingStatus.WITHDRAWN: ("Nothing: it was withdrawn", ""),
}


@dataclass(frozen=True)
class MailItem:
    """One mailing, as text; `channel` and `status` are words of their vocabularies."""

    id: str
    href: str
    invoice_number: str
    invoice_href: str
    matter_number: str
    payor: str
    channel: str
    status: str
    goes_to: str
    amount: str
    queued: str
    left: str
    error: str
    next_step: str
    next_who: str


@dataclass(frozen=True)
class MailViewLink:
    """One view in the row of filters, with how many it holds."""

    label: str
    value: str
    href: str
    count: str


NO_MAILING = MailItem(*[""] * 15)


class Mail(KeysetState, rx.State):
    """Invoices that go by e-mail or on paper."""

    rows: list[MailItem] = []
    view: str = MailView.TO_DO.value
    views: list[MailViewLink] = []

    _roles = frozenset({Role.BILLER, Role.ADMIN})
    _filters = ("view", "carrier")

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "mailing", "print_batch"):
            async with self:
                await self._refresh_all()

    async def _refresh_all(self) -> None:
        await self._refresh()
        try:
            counts = await asyncio.to_thread(_counts)
        except BillingError as error:
            self.failure = error.user_message
            return
        assign(self, views=[_view_link(view, counts[view]) for view in MailView])

    async def _refresh(self) -> None:
        await KeysetState._refresh(self)  # noqa: SLF001 -- the mixin's own part of the same method
        assign(self, view=self._view().value)

    def _view(self) -> MailView:
        default = MailView.ALL if self.search else MailView.TO_DO
        return as_choice(MailView, self._asked.get("view", "")) or default

    def _read_page(self, before: int | None) -> KeysetPage:
        carrier_id = as_number(self._asked.get("carrier", ""))
        with read_only() as session:
            found = list_mailings(
                session,
                actor(),
                view=self._view(),
                carrier_id=carrier_id,
                text=self.search[:60],
                before=before,
                limit=_PAGE + 1,
            )
        kept = query(self._asked)
        rows = [mail_item(row, kept) for row in found[:_PAGE]]
        return KeysetPage(rows, found[_PAGE - 1].id if len(found) > _PAGE else None)


def mail_item(row: MailingRow, query: str = "") -> MailItem:
    """Return the row; `query` keeps the list's filters in the address of the detail."""
    is_paper = row.channel is DeliveryChannel.PAPER
    waits_for_printer = is_paper and row.status is MailingStatus.READY
    step, who = ("Print it", "Billing") if waits_for_printer else _STEPS[row.status]
    left = f"{day(row.sent_on)}{f', {row.sent_by}' if row.sent_by else ''}" if row.sent_on else ""
    return MailItem(
        id=str(row.id),
        href=f"/mail/{row.id}{query}",
        invoice_number=row.invoice_number,
        invoice_href=f"/invoices/{row.invoice_id}",
        matter_number=row.matter_number,
        payor=row.carrier_name,
        channel=row.channel.value,
        status=row.status.value,
        goes_to="Post" if is_paper else row.addresses,
        amount=as_dollars(row.amount),
        queued=f"{row.queued_by}, {moment(row.queued_at)}",
        left=left,
        error=row.error_message,
        next_step=step,
        next_who=who,
    )


def _counts() -> dict[MailView, int]:
    with read_only() as session:
        return count_mail_views(session, actor())


def _view_link(view: MailView, count: int) -> MailViewLink:
    return MailViewLink(_VIEW_NAMES[view], view.value, f"/mail?view={view.value}", f"{count:,}")
