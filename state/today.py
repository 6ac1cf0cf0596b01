"""Today: what the viewer must do next, how far the cycle is, what is blocked and by whom."""

import asyncio
from dataclasses import dataclass

import reflex as rx

from core.clock import now, today
from core.db import read_only
from core.errors import BillingError
from core.money import as_dollars
from models.enums import Role
from services.next_steps import Step, StepKind, next_steps
from services.overview import Blocked, Overview, StateCount, get_overview
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.reporting.charts import NO_CHART, burn_chart
from state.reporting.report_links import open_to
from state.responses.assigning import assign
from state.review.queue_rows import QueueRow, queue_row
from state.words import counted, day, due

_STEPS = {
    StepKind.IN_DOUBT: ("Decide files in doubt", "The site may have them; nothing is sent twice.", "in_doubt"),
    StepKind.NEEDS_ATTENTION: ("Look at files that stopped", "The site asked for something.", "needs_attention"),
    StepKind.REFUSED: ("Correct refused files", "The carrier's site did not take them.", "refused"),
    StepKind.MAIL_IN_DOUBT: ("Decide mails in doubt", "They may have left; none is sent twice.", ""),
    StepKind.MAIL_STOPPED: ("Look at mails that stopped", "Their payors have not got them.", ""),
    StepKind.MAIL_BOUNCED: ("Look at mails that came back", "A mail server returned them; mend the address.", ""),
    StepKind.APPROVAL: ("Approve proformas", "Their attorneys have, and your approval is asked for too.", ""),
    StepKind.RETURNED: ("Correct returned proformas", "Their attorneys left a note.", "returned"),
    StepKind.APPROVED: ("Make invoices of approved proformas", "Numbered, checked, ready to send.", ""),
    StepKind.UNQUEUED: ("Queue finished invoices", "Numbered, not yet on their way to the carriers.", ""),
    StepKind.TO_PRINT: ("Print invoices for the post", "Their payors take them on paper.", ""),
    StepKind.TO_POST: ("Post printed invoices", "Then record the day.", ""),
    StepKind.DRAFT: ("Send drafts to review", "Billed, not yet with their attorneys.", "draft"),
    StepKind.PAUSED_ACCOUNT: ("Mend paused accounts", "Their files wait until somebody resumes them.", ""),
    StepKind.EXPIRING_PASSWORD: ("Change passwords that end soon", "On the carrier's site, then here.", ""),
    StepKind.PAUSED_CARRIER: ("Mend paused carriers", "Their files wait until somebody resumes them.", ""),
}
_STEP_PAGES = {
    StepKind.APPROVED: "/billing",
    StepKind.UNQUEUED: "/invoices",
    StepKind.PAUSED_ACCOUNT: "/carriers",
    StepKind.PAUSED_CARRIER: "/carriers",
    StepKind.EXPIRING_PASSWORD: "/carriers",
    StepKind.MAIL_IN_DOUBT: "/mail?view=to_do",
    StepKind.MAIL_STOPPED: "/mail?view=to_do",
    StepKind.MAIL_BOUNCED: "/mail?view=to_do",
    StepKind.TO_PRINT: "/mail?view=to_print",
    StepKind.TO_POST: "/mail?view=to_post",
    StepKind.APPROVAL: "/review?scope=approvals",
    StepKind.RETURNED: "/review?status=returned",
    StepKind.DRAFT: "/review?status=draft",
}
_CYCLE = (
    # machine, state, words, tone; in the order a bill goes through them. A finalized proforma shows as its invoice.
    ("proforma", "draft", "Draft", "grey"),
    ("proforma", "in_review", "In review", "blue"),
    ("proforma", "in_approval", "In approval", "blue"),
    ("proforma", "returned", "Returned", "amber"),
    ("proforma", "held", "Held", "amber"),
    ("proforma", "approved", "Approved", "teal"),
    ("document", "open", "To deliver", "iris"),
    ("document", "delivered", "Delivered", "green"),
)
_BLOCKED = {
    "review": ("Overdue for review", "/review?status=in_review&age=overdue"),
    "returned": ("Returned, not corrected yet", "/review?status=returned"),
    "doubt": ("In doubt", "/submissions?column=in_doubt"),
    "attention": ("Needs attention", "/submissions?column=needs_attention"),
    "refused": ("Refused by the site", "/submissions?column=refused"),
    "mail_doubt": ("Mail in doubt", "/mail?view=to_do"),
    "mail_stopped": ("Mail stopped", "/mail?view=to_do"),
    "paused": ("Carrier or account paused", "/submissions"),
}


@dataclass(frozen=True)
class StepRow:
    """One kind of work that waits, with where it is done."""

    title: str
    hint: str
    count: str
    amount: str
    due: str
    href: str


@dataclass(frozen=True)
class CycleRow:
    """One state of the cycle's bills; `share` is its part of the bar in percent, as text."""

    word: str
    tone: str
    count: str
    amount: str
    share: str
    href: str


@dataclass(frozen=True)
class BlockedRow:
    """What waits for somebody else, and for whom."""

    what: str
    who: str
    count: str
    amount: str
    href: str


class Today(rx.State):
    """The numbers of the first page for the person who looks."""

    greeting: str = ""
    date_text: str = ""
    queue: list[QueueRow] = []
    queue_count: str = ""
    queue_hint: str = ""
    queue_href: str = "/review"
    steps: list[StepRow] = []
    has_queue: bool = False
    cycle: list[CycleRow] = []
    cycle_title: str = ""
    days_left: str = ""
    days_hint: str = ""
    done_text: str = ""
    done_hint: str = ""
    burn_points: list[dict] = []
    burn_summary: str = ""
    burn_href: str = ""
    blocked: list[BlockedRow] = []
    hours_saved: str = ""
    hours_hint: str = ""
    is_loading: bool = True
    failure: str = ""

    @rx.event
    @guarded()
    async def load(self) -> None:
        """Read everything; runs when the page opens."""
        await self._refresh()

    @rx.event(background=True)
    @guarded()
    async def watch(self) -> None:
        """Keep the page up to date while the tab shows it."""
        async for _ in changes(
            self, "proforma", "invoice", "submission", "carrier", "site_account", pace=WIDE_PACE_SECONDS
        ):
            async with self:
                await self._refresh()

    async def _refresh(self) -> None:
        try:
            overview, steps = await asyncio.to_thread(_read)
        except BillingError as error:
            self.failure, self.is_loading = error.user_message, False
            return
        assign(self, steps=[_step(step) for step in steps])
        self._show_person(overview, sum(step.count for step in steps))
        self._show_cycle(overview)
        assign(self, blocked=[_blocked(found) for found in overview.blocked])
        self.hours_saved = f"{overview.hours_saved:f}"
        self.hours_hint = f"{counted(overview.files_delivered, 'file')} at 3 minutes each this year"
        self.failure, self.is_loading = "", False

    def _show_person(self, overview: Overview, waiting: int) -> None:
        who, is_attorney = actor(), actor().has(Role.ATTORNEY)
        self.greeting = f"Today, {who.name.split()[0]}"
        self.date_text = f"{now():%A} {day(today())}"
        self.has_queue = who.has(Role.ATTORNEY, Role.BILLER)
        queue = [queue_row(item) for item in overview.queue] if self.has_queue else []
        assign(self, queue=queue)
        # A biller's queue, the returned ones, is among the steps already.
        waiting += overview.queue_count if is_attorney else 0
        self.queue_count = f"{waiting:,}" if self.has_queue else ""
        self.queue_href = self.steps[0].href if self.steps and not queue else "/review"
        urgent = "urgent" if is_attorney else "overdue"
        self.queue_hint = f"{overview.urgent_count:,} {urgent}" if overview.urgent_count else f"None {urgent}"

    def _show_cycle(self, overview: Overview) -> None:
        chart = burn_chart(overview.burn) if overview.burn else NO_CHART
        assign(self, burn_points=chart.points, burn_summary=chart.summary)
        if overview.cycle_end is None or overview.burn is None:
            self.cycle, self.cycle_title, self.days_left = [], "", ""
            return
        self.burn_href = f"/reports?report=cycle&to={overview.cycle_end:%Y-%m}"
        closes = overview.burn.closes
        left = (closes - today()).days
        self.cycle_title = f"{overview.cycle_end:%B %Y}"
        self.days_left = f"{max(left, 0)}"
        self.days_hint = f"until {closes.day} {closes:%B}" if left >= 0 else f"closed {closes.day} {closes:%B}"
        found = {(count.machine, str(count.state)): count for count in overview.states}
        shown = [
            (found[machine, state], word, tone) for machine, state, word, tone in _CYCLE if (machine, state) in found
        ]
        in_all = sum(count.count for count, _, _ in shown)
        period = overview.cycle_end.isoformat()
        assign(self, cycle=[_cycle(count, word, tone, in_all, period) for count, word, tone in shown])
        done = sum(count.count for count, word, _ in shown if word == "Delivered")
        self.done_text, self.done_hint = f"{done:,} of {in_all:,}", "bills delivered"


def _read() -> tuple[Overview, tuple[Step, ...]]:
    with read_only() as session:
        return get_overview(session, actor()), next_steps(session, actor())


def _step(step: Step) -> StepRow:
    title, hint, column = _STEPS[step.kind]
    return StepRow(
        title=title,
        hint=hint,
        count=f"{step.count:,}",
        amount=as_dollars(step.amount) if step.amount else "",
        due=due(step.due_on) if step.due_on else "",
        href=_STEP_PAGES.get(step.kind, f"/submissions?column={column}"),
    )


def _cycle(found: StateCount, word: str, tone: str, in_all: int, period: str) -> CycleRow:
    page = {"proforma": "/review?status={}&period={}", "document": "/invoices?document={}&period={}"}[found.machine]
    return CycleRow(
        word=word,
        tone=tone,
        count=f"{found.count:,}",
        amount=as_dollars(found.amount),
        share=f"{found.count * 100 // max(in_all, 1)}",
        href=page.format(found.state, period),
    )


def _blocked(found: Blocked) -> BlockedRow:
    what, href = _BLOCKED[found.kind]
    shown = open_to(href, is_staff=actor().has(Role.BILLER, Role.ADMIN)) or "/reports?report=blocked"
    return BlockedRow(what, found.owner, f"{found.count:,}", as_dollars(found.amount), shown)
