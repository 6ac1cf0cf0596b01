"""What each rule of an edited list would have done over a month of bills, said while it is edited."""

import asyncio
from collections.abc import Sequence
from datetime import date

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError
from models.enums import Role
from services.rules.guideline_drafts import Draft, name_problems
from services.rules.guideline_trials import TriedRule
from services.rules.guideline_versions import GuidelineVersion
from state.addresses import as_day
from state.guard import guarded
from state.rules.guideline_rows import ExampleView, Option, RuleCard, RulePanel, did_words, rule_card
from state.rules.guideline_work import Trials, examples, try_drafts
from state.words import counted

TRIERS = frozenset({Role.ADMIN, Role.BILLER})
_PAUSE_SECONDS = 0.15


class RuleTrials(rx.State, mixin=True):
    """The cards of the list with what was found, and the month it was found on."""

    cards: list[RuleCard] = []
    removed: list[str] = []
    may_try: bool = False
    months: list[Option] = []
    tried_text: str = ""
    is_trying: bool = False
    trial_problem: str = ""
    panel: RulePanel = RulePanel()
    examples: list[ExampleView] = []

    _carrier_id: int = 0
    _version: GuidelineVersion | None = None
    _drafts: tuple[Draft, ...] = ()
    _month: date | None = None
    _tried: dict[str, tuple[Draft, TriedRule]] = {}
    _asked: int = 0

    @rx.event
    @guarded(*TRIERS)
    async def choose_month(self, month: str) -> EventSpec | None:
        """Try the rules on another month."""
        if (day := as_day(month)) is None:
            return None
        self._month, self._tried, self.months = day.replace(day=1), {}, chosen_month(self.months, month)
        return self._try_again()

    @rx.event(background=True)
    @guarded(*TRIERS)
    async def try_out(self) -> None:
        """Say what every rule would have done; only the last of several quick changes is tried."""
        async with self:
            asked, carrier_id, month = self._asked, self._carrier_id, self._month
            drafts, in_force = self._drafts, self._version.rules if self._version else ()
        await asyncio.sleep(_PAUSE_SECONDS)
        async with self:
            if asked != self._asked or month is None:
                return
        try:
            found = await asyncio.to_thread(try_drafts, carrier_id, month, drafts, in_force)
        except BillingError as refused:
            async with self:
                self.trial_problem, self.is_trying = refused.user_message, False
            return
        async with self:
            if asked == self._asked:
                await self._show_trials(drafts, found)

    def _try_again(self) -> EventSpec:
        self._asked += 1
        self.is_trying = self.may_try
        self._show_cards()
        return self._later()

    def _show_cards(self) -> None:
        shared = name_problems(self._drafts)
        self.cards = [
            rule_card(draft, at, shared=shared.get(draft.key, ""), tried=self._result(draft), is_tried=self.may_try)
            for at, draft in enumerate(self._drafts, start=1)
        ]

    def _result(self, draft: Draft) -> TriedRule | None:
        """Return what this very draft would have done, when it was tried."""
        then, found = self._tried.get(draft.key, (None, None))
        is_same = then is not None and then.read.rule == draft.read.rule and then.origin == draft.origin
        return found if is_same else None

    async def _show_trials(self, drafts: Sequence[Draft], found: Trials) -> None:
        self._tried = {one.key: (one, found.by_key[one.key]) for one in drafts if one.key in found.by_key}
        on = [counted(found.month.invoices, "invoice") if found.month.invoices else ""]
        on += [counted(found.month.proformas, "proforma") if found.month.proformas else ""]
        bills = " and ".join(part for part in on if part) or "no bills"
        self.tried_text = f"{bills}, {counted(found.month.lines, 'line')}, read {found.month.read_at:%H:%M} UTC"
        self.removed = [f"{one.result.kind.replace('_', ' ').capitalize()}: {did_words(one)}" for one in found.removed]
        self.is_trying, self.trial_problem = False, ""
        self._show_cards()
        await self._show_examples()

    async def _show_examples(self) -> None:
        found = self._tried.get(self.panel.key)
        self.examples = []
        if found and self.may_try and self._month and self._result(found[0]) is not None:
            self.examples = await asyncio.to_thread(examples, self._carrier_id, self._month, found[1])

    def _later(self) -> EventSpec:
        """Return the event that tries the list, to follow the one that changed it."""
        return type(self).try_out()  # type: ignore[misc]  # asked of its class, a handler gives its event


def chosen_month(months: Sequence[Option], chosen: str) -> list[Option]:
    """Return the months with one of them chosen."""
    return [Option(one.value, one.words, one.value == chosen) for one in months]
