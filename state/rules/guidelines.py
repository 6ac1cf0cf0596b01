"""A carrier's rules: the list in force, edited as a draft of its own, and what each would have done last month."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError, InvalidInputError
from models.enums import Role
from services.rules.guideline_drafts import (
    MOST_RULES,
    Draft,
    changes_of,
    copy_of,
    drafts_of,
    new_draft,
)
from services.rules.guideline_versions import GuidelineVersion
from state.addresses import number_before
from state.guard import guarded, require
from state.live import changes
from state.rules.guideline_opening import STAFF, RuleOpening
from state.rules.guideline_rows import (
    ChangeView,
    KindView,
    Option,
    change_view,
    kind_views,
    tally,
)
from state.rules.guideline_trying import TRIERS, chosen_month
from state.rules.guideline_work import read_active, read_months
from state.words import moment

_STEPS_BACK = 50
_LONGEST_SEARCH = 60


class GuidelineEditor(RuleOpening, rx.State):
    """The list of the carrier that the address names; what is typed stays here until it is saved or dropped."""

    carrier_name: str = ""
    in_force: str = ""
    in_force_note: str = ""
    newer: str = ""
    changes: list[ChangeView] = []
    changes_text: str = ""
    may_edit: bool = False
    can_undo: bool = False
    is_adding: bool = False
    kinds: list[KindView] = []
    done: str = ""
    is_loading: bool = True
    failure: str = ""

    _past: tuple[tuple[Draft, ...], ...] = ()
    _aside: dict[int, tuple[GuidelineVersion, tuple[Draft, ...], tuple[tuple[Draft, ...], ...]]] = {}
    _last_edit: tuple[str, str] = ("", "")
    _next_key: int = 1

    @rx.event
    @guarded(*STAFF)
    async def load(self) -> EventSpec | None:
        """Show the carrier of the address; unsaved changes to it are kept."""
        found = number_before(self.router.url.path, "guidelines") or 0
        who = require(*STAFF)
        self.may_edit, self.may_try = who.has(Role.ADMIN), who.has(*TRIERS)
        self.done, self.is_adding = "", False
        opened = self.panel.number if found == self._carrier_id else ""
        self._put_aside()
        if not await self._begin(found):
            return None
        if self._take_up(found):
            await self._look_for_newer()
        self._open_number(opened)
        self._open_named(str(self.router.url.query_parameters.get("rule", "")))
        return self._later() if self.may_try else None

    @rx.event(background=True)
    @guarded(*STAFF)
    async def watch(self) -> AsyncIterator[EventSpec]:
        """Tell when another version comes into force; an untouched list follows it."""
        async for _ in changes(self, "carrier", "guideline_exception"):
            async with self:
                followed = await self._look_for_newer()
            if followed is not None and self.may_try:
                yield followed

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_kind(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Offer the kinds of rule to add, or put the offer away."""
        self.is_adding, self.kinds = is_open, kind_views("") if is_open else []

    @rx.event
    @guarded(Role.ADMIN)
    async def find_kind(self, text: str) -> None:
        """Show the kinds that a text finds."""
        self.kinds = kind_views(text[:_LONGEST_SEARCH])

    @rx.event
    @guarded(Role.ADMIN)
    async def add(self, kind: str) -> EventSpec:
        """Add a rule of a kind at the end, and open it."""
        self.is_adding = False
        return self._take(lambda key, names: new_draft(kind, key, names))

    @rx.event
    @guarded(Role.ADMIN)
    async def duplicate(self, key: str) -> EventSpec:
        """Put a copy of a rule right behind it, and open it."""
        self._check_room()
        at = self._place(key)
        made = copy_of(self._drafts[at], self._key(), self._names())
        return self._put((*self._drafts[: at + 1], made, *self._drafts[at + 1 :]), opens=made.key)

    @rx.event
    @guarded(Role.ADMIN)
    async def remove(self, key: str) -> EventSpec:
        """Take a rule out of the list."""
        at = self._place(key)
        if self.panel.key == key:
            self._close()
        return self._put((*self._drafts[:at], *self._drafts[at + 1 :]))

    @rx.event
    @guarded(Role.ADMIN)
    async def move(self, key: str, by: int) -> EventSpec:
        """Move a rule one place up (-1) or down (1)."""
        at = self._place(key)
        to = min(max(at + (1 if by > 0 else -1), 0), len(self._drafts) - 1)
        others = (*self._drafts[:at], *self._drafts[at + 1 :])
        return self._put((*others[:to], self._drafts[at], *others[to:]))

    @rx.event
    @guarded(Role.ADMIN)
    async def undo(self) -> EventSpec | None:
        """Take the last change back."""
        if not self._past:
            return None
        *earlier, last = self._past
        self._past, self._last_edit = tuple(earlier), ("", "")
        return self._show_list(last)

    @rx.event
    @guarded(Role.ADMIN)
    async def drop(self) -> EventSpec:
        """Go back to the rules in force; undo brings the changes back."""
        version = await asyncio.to_thread(read_active, self._carrier_id)
        self._stand_on(version)
        return self._put(self._fresh(version))

    @rx.event
    @guarded(*STAFF)
    async def dismiss(self) -> None:
        """Put the last result away."""
        self.done = ""

    def _put_aside(self) -> None:
        """Keep what is not saved yet, so that a look at another carrier's rules loses nothing."""
        if self._version is not None and self.changes_text:
            self._aside[self._carrier_id] = (self._version, self._drafts, self._past)

    def _take_up(self, carrier_id: int) -> bool:
        """Go on where the carrier's list was left; False when it was left as it is in force."""
        version, drafts, past = self._aside.pop(carrier_id, (None, (), ()))
        if version is None:
            return False
        self._stand_on(version)
        self._past = past
        self._show_list(drafts)
        return True

    async def _begin(self, carrier_id: int) -> bool:
        """Read the rules in force and begin a draft of them; False when there are none to show."""
        self._carrier_id, self._version, self._drafts, self._tried = carrier_id, None, (), {}
        self.tried_text, self.trial_problem, self.removed = "", "", []
        self._close()
        try:
            version = await asyncio.to_thread(read_active, carrier_id)
            months = await asyncio.to_thread(read_months, carrier_id) if self.may_try else []
        except BillingError as refused:
            self.failure, self.is_loading, self.carrier_name = refused.user_message, False, ""
            self.cards, self.changes, self.changes_text, self.newer = [], [], "", ""
            return False
        kept = self._month if self._month in months else None
        self._month = kept or (months[0] if months else None)
        self.months = chosen_month([Option(f"{one:%Y-%m-%d}", f"{one:%B %Y}") for one in months], f"{self._month}")
        self._start(version)
        self.failure, self.is_loading = "", False
        return True

    def _start(self, version: GuidelineVersion) -> EventSpec:
        """Begin a draft of a version in force; earlier changes are forgotten."""
        self._stand_on(version)
        self._past, self._last_edit = (), ("", "")
        return self._show_list(self._fresh(version))

    def _stand_on(self, version: GuidelineVersion) -> None:
        self._version, self.carrier_name, self.newer = version, version.carrier_name, ""
        by = f" by {version.author}" if version.author else ""
        self.in_force = f"Version {version.number}, since {moment(version.created_at)}{by}"
        self.in_force_note = version.note

    def _rebase(self, version: GuidelineVersion) -> EventSpec:
        """Keep the draft and measure it against another version in force from now on."""
        origins = {rule.name: rule for rule in version.rules}
        self._stand_on(version)
        self._past = ()
        return self._show_list(
            tuple(Draft(one.key, one.kind, one.values, origins.get(one.name)) for one in self._drafts)
        )

    async def _look_for_newer(self) -> EventSpec | None:
        """Follow another version in force, or tell of it while there are changes of one's own."""
        if self._version is None:
            return None
        try:
            version = await asyncio.to_thread(read_active, self._carrier_id)
        except BillingError as refused:
            self.failure = refused.user_message
            return None
        if version.number == self._version.number:
            return None
        if not self.changes_text:
            return self._start(version)
        by = f" by {version.author}" if version.author else ""
        self.newer = (
            f"Version {version.number} came into force{by} while you were editing: “{version.note}”. Your changes are "
            "kept; saving shows what it changed before anything is overwritten."
        )
        return None

    def _put(self, drafts: tuple[Draft, ...], *, edit: tuple[str, str] = ("", ""), opens: str = "") -> EventSpec:
        """Take a changed list; several edits of one field are one step back."""
        if edit == ("", "") or edit != self._last_edit:
            self._past = (*self._past[-_STEPS_BACK:], self._drafts)
        self._last_edit, self.done = edit, ""
        return self._show_list(drafts, opens=opens, is_typed=edit != ("", ""))

    def _show_list(self, drafts: tuple[Draft, ...], *, opens: str = "", is_typed: bool = False) -> EventSpec:
        self._drafts = drafts
        if not is_typed:
            self._rounds += 1
        in_force = self._version.rules if self._version else ()
        self.changes = [change_view(one.change.value, one.title, one.sentences) for one in changes_of(in_force, drafts)]
        wrong = sum(one.read.rule is None for one in drafts)
        self.changes_text = ", ".join(
            part for part in (tally(self.changes), f"{wrong} to correct" if wrong else "") if part
        )
        self.can_undo = bool(self._past)
        self._open(opens or self.panel.key)
        return self._try_again()

    def _take(self, make: Callable[[str, list[str]], Draft]) -> EventSpec:
        """Put what `make(key, names taken)` returns at the end of the list, and open it."""
        self._check_room()
        made = make(self._key(), self._names())
        return self._put((*self._drafts, made), opens=made.key)

    def _fresh(self, version: GuidelineVersion, rules: Sequence[Any] | None = None) -> tuple[Draft, ...]:
        wanted = version.rules if rules is None else rules
        made = drafts_of(wanted, in_force=version.rules, first=self._next_key)
        self._next_key += len(made)
        return made

    def _key(self) -> str:
        self._next_key += 1
        return f"r{self._next_key - 1}"

    def _names(self) -> list[str]:
        return [one.name for one in self._drafts]

    def _check_room(self) -> None:
        if len(self._drafts) >= MOST_RULES:
            raise InvalidInputError(f"A list has at most {MOST_RULES} rules. Nothing was added; take one out first.")
