"""Rejections: the queue by last day, and reductions added up by reason, carrier or attorney."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal

import reflex as rx

from core.clock import today
from core.db import read_only
from core.errors import BillingError
from core.money import as_dollars, total
from models.enums import Role
from services.responses.reductions import Reduction, ReductionBy, list_reductions
from services.responses.rejections import RejectionKind, RejectionRow, RejectionStep, list_rejections
from state.addresses import as_choice, query
from state.guard import actor, guarded
from state.keyset import KeysetPage, KeysetState
from state.live import changes
from state.responses.assigning import assign
from state.words import due

_SOON_DAYS = 7
_STEPS = {
    RejectionStep.CORRECT: ("Correct and resend", "Billing"),
    RejectionStep.APPEAL: ("Appeal or accept", "Billing"),
    RejectionStep.ACCEPT: ("Accept the cut: too late to appeal", "Billing"),
    RejectionStep.SEND: ("Send the appeal", "Billing"),
    RejectionStep.ANSWER: ("Answer the appeal", ""),
    RejectionStep.APPROVE: ("Approve the write-off", ""),
}
STAFF = frozenset({Role.BILLER, Role.ATTORNEY, Role.ADMIN})


@dataclass(frozen=True)
class RejectionItem:
    """One invoice in the queue, as text."""

    id: str
    href: str
    number: str
    matter_number: str
    matter_name: str
    carrier: str
    attorney: str
    kind: str
    total: str
    open: str
    due: str
    next_step: str
    next_who: str
    is_late: bool
    is_soon: bool


@dataclass(frozen=True)
class ReductionItem:
    """One reason, carrier or attorney with what was cut; `share` is its percent of all, for the bar."""

    name: str
    invoices: str
    lines: str
    cut: str
    restored: str
    accepted: str
    left: str
    share: str


NO_REJECTION = RejectionItem("", "", "", "", "", "", "", "", "", "", "", "", "", is_late=False, is_soon=False)


class Rejections(KeysetState, rx.State):
    """What waits, and what was cut in a year; attorneys see their own matters."""

    rows: list[RejectionItem] = []
    view: str = "queue"
    by: str = ReductionBy.REASON.value
    reductions: list[ReductionItem] = []
    reduced_total: ReductionItem = ReductionItem(*[""] * 8)
    open_count: str = ""
    open_amount: str = ""
    soon_count: str = ""
    soon_amount: str = ""
    late_count: str = ""

    _roles = STAFF
    _filters = ("view", "by")

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the queue up to date while the tab shows it."""
        async for _ in changes(self, "invoice", "appeal", "cut_acceptance", "submission"):
            async with self:
                await self._refresh_all()

    async def _refresh_all(self) -> None:
        by = as_choice(ReductionBy, self._asked.get("by", "")) or ReductionBy.REASON
        view = self._asked.get("view", "queue")
        assign(self, view=view if view in {"queue", "reductions", "rules"} else "queue", by=by.value)
        await self._refresh()
        try:
            rows = await asyncio.to_thread(_read_all)
            found = await asyncio.to_thread(_read_reductions, by) if self.view == "reductions" else []
        except BillingError as error:
            self.failure = error.user_message
            return
        self._show_figures(rows)
        if self.view == "reductions":
            whole = total(one.cut_amount for one in found)
            assign(self, reductions=[_reduction(one, whole) for one in found], reduced_total=_total(found))

    def _show_figures(self, rows: list[RejectionRow]) -> None:
        soon = [row for row in rows if row.due_on and 0 <= (row.due_on - today()).days <= _SOON_DAYS]
        late = [row for row in rows if row.step is RejectionStep.ACCEPT]
        assign(self, open_count=f"{len(rows):,}", open_amount=as_dollars(total(row.open_amount for row in rows)))
        assign(self, soon_count=f"{len(soon):,}", soon_amount=as_dollars(total(row.open_amount for row in soon)))
        assign(self, late_count=f"{len(late):,}")

    def _read_page(self, before: int | None) -> KeysetPage:  # noqa: ARG002 -- what waits is one page
        kept = query(self._asked)
        with read_only() as session:
            rows = list_rejections(session, actor(), text=self.search[:60])
        return KeysetPage([rejection_item(row, kept) for row in rows], None)


def rejection_item(row: RejectionRow, kept: str = "") -> RejectionItem:
    """Return the row; `kept` keeps the page's filters in the address of the detail."""
    step, who = _STEPS[row.step]
    days = (row.due_on - today()).days if row.due_on else None
    is_waiting = row.step in {RejectionStep.ANSWER, RejectionStep.APPROVE}
    return RejectionItem(
        id=str(row.invoice_id),
        href=f"/rejections/{row.invoice_id}{kept}",
        number=row.number,
        matter_number=row.matter_number,
        matter_name=row.matter_name,
        carrier=row.carrier_name,
        attorney=row.attorney_name,
        kind=row.kind.value,
        total=as_dollars(row.total_amount),
        open=as_dollars(row.open_amount),
        due="Sent" if row.step is RejectionStep.ANSWER else due(row.due_on) if row.due_on else "",
        is_late=days is not None and days < 0 and not is_waiting,
        is_soon=days is not None and 0 <= days <= _SOON_DAYS and not is_waiting,
        next_step=step,
        next_who=_who(row, who),
    )


def _who(row: RejectionRow, desk: str) -> str:
    """Return who has it: to whom it was handed on where it is the desk's, else the carrier or the attorney."""
    if desk:
        return row.owner_name or desk
    return row.carrier_name if row.step is RejectionStep.ANSWER else row.attorney_name


def _read_all() -> list[RejectionRow]:
    with read_only() as session:
        return list_rejections(session, actor())


def _read_reductions(by: ReductionBy) -> list[Reduction]:
    with read_only() as session:
        return list_reductions(session, actor(), by=by)


def _reduction(one: Reduction, whole: Decimal) -> ReductionItem:
    share = int(one.cut_amount * 100 / whole) if whole else 0
    return ReductionItem(
        name=one.name,
        invoices=f"{one.invoices:,}",
        lines=f"{one.lines:,}",
        cut=as_dollars(one.cut_amount),
        restored=as_dollars(one.restored_amount),
        accepted=as_dollars(one.accepted_amount),
        left=as_dollars(one.left_amount),
        share=f"{max(share, 1)}%",
    )


def _total(found: list[Reduction]) -> ReductionItem:
    return ReductionItem(
        name="All",
        invoices="",
        lines=f"{sum(one.lines for one in found):,}",
        cut=as_dollars(total(one.cut_amount for one in found)),
        restored=as_dollars(total(one.restored_amount for one in found)),
        accepted=as_dollars(total(one.accepted_amount for one in found)),
        left=as_dollars(total(one.left_amount for one in found)),
        share="100%",
    )


__all__ = ["NO_REJECTION", "RejectionItem", "RejectionKind", "Rejections", "rejection_item"]
