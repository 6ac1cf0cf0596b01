"""The list of invoices: what happened here beside what happened at the carrier, ageing, and the unsent ones."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import ZERO, as_dollars
from models.enums import Role
from services.asked import Asked
from services.billing.ready_work import ReadyWork, unqueued_invoices
from services.invoicing.invoice_queries import ageing
from services.invoicing.invoice_views import (
    AGES,
    InvoiceQuestion,
    InvoiceView,
    carrier_names,
    count_views,
    file_states,
    list_view,
    question_of,
)
from services.mailing.dispatching import SendResult, send_invoices
from services.mailing.mailing_list import mail_states
from state.addresses import as_number, query
from state.guard import actor, guarded
from state.invoicing.invoice_rows import InvoiceItem, invoice_item
from state.invoicing.sent_words import sent_words
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.responses.assigning import assign
from state.words import counted

_VIEW_NAMES = {
    InvoiceView.TO_DO: "For you to do",
    InvoiceView.SENDING: "On their way",
    InvoiceView.WITH_CARRIER: "With the carrier",
    InvoiceView.OWED: "Owed",
    InvoiceView.PAID: "Paid",
    InvoiceView.ALL: "All",
}
_MOST_BLOCKED = 50


@dataclass(frozen=True)
class ViewLink:
    """One view in the row of filters, with how many invoices it holds."""

    label: str
    value: str
    href: str
    count: str


@dataclass(frozen=True)
class AgeLink:
    """One bucket of what is owed."""

    label: str
    amount: str
    count: str
    href: str


@dataclass(frozen=True)
class CarrierChoice:
    """One carrier in the filter."""

    value: str
    name: str


@dataclass(frozen=True)
class NotQueued:
    """One invoice that did not go into the queue: why, and who can mend it."""

    number: str
    href: str
    reason: str
    owner: str


class Invoices(KeysetState, rx.State):
    """Every invoice that the viewer may see."""

    rows: list[InvoiceItem] = []
    view: str = InvoiceView.TO_DO.value
    views: list[ViewLink] = []
    ages: list[AgeLink] = []
    carriers: list[CarrierChoice] = []
    carrier: str = ""
    narrowed: str = ""
    unqueued_text: str = ""
    not_queued: list[NotQueued] = []

    _roles = frozenset({Role.BILLER, Role.ATTORNEY, Role.ADMIN})
    _filters = ("view", "document", "decision", "carrier", "period", "age", "answered")

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "invoice", "submission", "mailing"):
            async with self:
                await self._refresh_all()

    @rx.event
    @guarded(by_page=True)
    async def choose_carrier(self, carrier_id: str) -> EventSpec:
        """Show one carrier's invoices, or all carriers'."""
        return rx.redirect(f"/invoices{query({**self._asked, 'carrier': str(as_number(carrier_id) or '')})}")

    @rx.event
    @guarded(Role.BILLER)
    async def queue_unsent(self) -> EventSpec:
        """Put every made invoice that nobody sent yet into the queue."""
        result = await asyncio.to_thread(_queue_unsent)
        self.not_queued = [
            NotQueued(item.number, f"/invoices/{item.invoice_id}", blocker.message, blocker.owner)
            for item in result.blocked[:_MOST_BLOCKED]
            for blocker in item.blockers
        ]
        await self._refresh_all()
        return rx.toast.success(sent_words(result))

    async def _refresh_all(self) -> None:
        await self._refresh()
        await self._show_counts()

    async def _refresh(self) -> None:
        await KeysetState._refresh(self)  # noqa: SLF001 -- the mixin's own part of the same method
        asked = self._question()
        assign(self, view=asked.view.value, carrier=str(asked.carrier_id or ""), narrowed=_narrowed(asked))

    async def _show_counts(self) -> None:
        try:
            found = await asyncio.to_thread(_read_counts)
        except BillingError as error:
            self.failure = error.user_message
            return
        unsent = found.unsent
        waiting = f"{counted(len(unsent.ids), 'invoice')} for {as_dollars(unsent.amount)} not in the queue yet."
        assign(
            self,
            views=[_view_link(view, found.views[view]) for view in InvoiceView],
            ages=found.ages,
            carriers=found.carriers,
            unqueued_text=waiting if unsent.ids else "",
        )

    def _question(self) -> InvoiceQuestion:
        return question_of(Asked(self._asked, self.search))

    def _read_page(self, before: int | None) -> KeysetPage:
        with read_only() as session:
            found = list_view(session, actor(), asked=self._question(), before=before)
            ids = [row.id for row in found.rows]
            files, mails = file_states(session, ids), mail_states(session, ids)
        kept = query(self._asked)
        rows = [invoice_item(row, files.get(row.id), kept, mails.get(row.id)) for row in found.rows]
        return KeysetPage(rows, found.next_before)


@dataclass(frozen=True)
class _Counts:
    views: dict[InvoiceView, int]
    ages: list[AgeLink]
    carriers: list[CarrierChoice]
    unsent: ReadyWork


def _read_counts() -> _Counts:
    with read_only() as session:
        who = actor()
        buckets = ageing(session, who)
        unsent = unqueued_invoices(session, who) if who.has(Role.BILLER) else ReadyWork((), ZERO)
        return _Counts(
            views=count_views(session, who),
            ages=[
                AgeLink(bucket.label, as_dollars(bucket.amount), f"{bucket.count:,}", f"/invoices?age={start}")
                for bucket, start in zip(buckets, AGES, strict=True)
            ],
            carriers=[CarrierChoice(str(key), name) for key, name in carrier_names(session).items()],
            unsent=unsent,
        )


def _queue_unsent() -> SendResult:
    with unit_of_work() as session:
        unsent = unqueued_invoices(session, actor())
        return send_invoices(session, actor(), invoice_ids=unsent.ids)


def _view_link(view: InvoiceView, count: int) -> ViewLink:
    return ViewLink(_VIEW_NAMES[view], view.value, f"/invoices?view={view.value}", f"{count:,}")


def _narrowed(asked: InvoiceQuestion) -> str:
    """Return in words what the address narrows the list to beyond its view, or ''."""
    parts = [
        f"{asked.document.value}" if asked.document else "",
        f"decision {asked.decision.value}" if asked.decision else "",
        f"period to {asked.period_end:%d %b %Y}" if asked.period_end else "",
        f"answered within {counted(asked.answered_days, 'day')}" if asked.answered_days else "",
        f"owed, {asked.age} days and older" if asked.age else "owed, up to 30 days" if asked.age == 0 else "",
    ]
    return " · ".join(part for part in parts if part)
