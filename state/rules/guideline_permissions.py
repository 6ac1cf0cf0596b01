"""What a carrier's handlers allowed in spite of its rules: listed, recorded, ended."""

import asyncio
from datetime import date
from decimal import Decimal

import reflex as rx
from reflex_base.event import EventSpec

from core.clock import today
from core.db import unit_of_work
from core.errors import BillingError, DeniedError, InvalidInputError
from services.rules.carrier_permissions import Grant, record_permission
from services.rules.guideline_exceptions import revoke_exception
from state.addresses import as_day
from state.guard import actor, guarded
from state.live import changes
from state.rules.guideline_opening import STAFF
from state.rules.guideline_rows import Option, PermissionView, permission_view
from state.rules.guideline_work import DESK, read_permissions
from state.rules.guidelines import GuidelineEditor
from state.words import number_typed, whole_number

_NOTE = 500


class GuidelinePermissions(rx.State):
    """The permissions of the carrier on the page, the newest first."""

    rows: list[PermissionView] = []
    rules: list[Option] = []
    today: str = ""
    is_granting: bool = False
    problem: str = ""
    ending: str = ""
    ending_about: str = ""
    ending_problem: str = ""
    failure: str = ""

    @rx.event
    @guarded(*STAFF)
    async def load(self) -> None:
        """Read them; runs when the page opens, after its rules."""
        self.is_granting, self.ending = False, ""
        await self._refresh()

    @rx.event(background=True)
    @guarded(*STAFF)
    async def watch(self) -> None:
        """Keep the list up to date while the tab shows it."""
        async for _ in changes(self, "guideline_exception"):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*STAFF)
    async def ask(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Ask what was allowed, or put the question away."""
        page = await self.get_state(GuidelineEditor)
        rules = page._version.rules if page._version else ()  # noqa: SLF001 -- the page's own dialog
        titles = {card.name: card.title for card in page.cards}
        self.rules = [Option(rule.name, _rule_words(titles.get(rule.name, ""), rule.name)) for rule in rules]
        self.is_granting, self.problem, self.today = is_open, "", today().isoformat()

    @rx.event
    @guarded(*STAFF)
    async def grant(self, form: dict[str, str]) -> EventSpec | None:
        """Record what was allowed; what is refused is said in the dialog."""
        page = await self.get_state(GuidelineEditor)
        carrier_id = page._carrier_id  # noqa: SLF001 -- as above
        try:
            grant = _grant(form)
            await asyncio.to_thread(_record, carrier_id, grant)
        except DeniedError as refused:
            self.problem = refused.user_message
            return None
        except BillingError as refused:
            self.problem = f"{refused.user_message} What you typed is still here."
            return None
        self.is_granting = False
        return await self._after(page, "Recorded. Lines quote the permission from their next check on.")

    @rx.event
    @guarded(*STAFF)
    async def ask_end(self, permission_id: str) -> None:
        """Ask why a permission ends."""
        found = next((row for row in self.rows if row.id == permission_id), None)
        if found is not None:
            self.ending, self.ending_problem = found.id, ""
            self.ending_about = f"{found.rule}, for {found.whom}, allowed by {found.handler}."

    @rx.event
    @guarded(*STAFF)
    async def close_end(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the question; nothing is done."""
        if not is_open:
            self.ending = ""

    @rx.event
    @guarded(*STAFF)
    async def end(self, form: dict[str, str]) -> EventSpec | None:
        """Take the permission out of force that was asked about."""
        page = await self.get_state(GuidelineEditor)
        if not self.ending:
            return None
        try:
            await asyncio.to_thread(_end, whole_number(self.ending), form.get("note", "")[:_NOTE])
        except BillingError as refused:
            self.ending_problem = refused.user_message
            return None
        self.ending = ""
        return await self._after(page, "Ended. What was billed under it keeps quoting it.")

    async def _after(self, page: GuidelineEditor, done: str) -> EventSpec | None:
        page.done = done
        await self._refresh()
        DESK.forget(page._carrier_id)  # noqa: SLF001 -- as above
        page._tried = {}  # noqa: SLF001 -- as above
        return page._try_again() if page.may_try else None  # noqa: SLF001 -- as above

    async def _refresh(self) -> None:
        page = await self.get_state(GuidelineEditor)
        if page.failure or not page._carrier_id:  # noqa: SLF001 -- as above
            self.rows = []
            return
        try:
            found = await asyncio.to_thread(read_permissions, page._carrier_id)  # noqa: SLF001 -- as above
        except BillingError as refused:
            self.failure = refused.user_message
            return
        self.rows, self.failure = [permission_view(row) for row in found], ""


def _rule_words(title: str, name: str) -> str:
    return f"{title} ({name})" if title else name


def _grant(form: dict[str, str]) -> Grant:
    granted_on = as_day(form.get("granted_on", ""))
    if granted_on is None:
        raise InvalidInputError("Give the day on which it was allowed. Nothing was saved.")
    limit = form.get("limit", "").strip()
    return Grant(
        rule=form.get("rule", ""),
        handler=form.get("handler", ""),
        granted_on=granted_on,
        matter_number=form.get("matter", ""),
        timekeeper_code=form.get("timekeeper", ""),
        work_from=_day(form.get("work_from", "")),
        work_to=_day(form.get("work_to", "")),
        limit=_limit(limit) if limit else None,
        reference=form.get("reference", ""),
        note=form.get("note", ""),
    )


def _day(text: str) -> date | None:
    day = as_day(text)
    if text and day is None:
        raise InvalidInputError(f"“{text[:20]}” is no day. Nothing was saved; leave it empty for none.")
    return day


def _limit(text: str) -> Decimal:
    found = number_typed(text[:20], "the limit")
    if found >= 10**9:
        raise InvalidInputError("The limit is too large. Nothing was saved; leave it empty for none.")
    return found


def _record(carrier_id: int, grant: Grant) -> None:
    with unit_of_work() as session:
        record_permission(session, actor(), carrier_id=carrier_id, grant=grant)


def _end(permission_id: int, note: str) -> None:
    with unit_of_work() as session:
        revoke_exception(session, actor(), exception_id=permission_id, note=note)
