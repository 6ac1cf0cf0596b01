"""Many files of the board at once: ticked, asked about with what would happen, done, and told what was skipped."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from models.enums import Role
from services.uploads.submission_bulk import LARGEST, BulkItem, BulkPlan, BulkVerb, Seen, carry_out_bulk, plan_bulk
from state.acting import ActingState
from state.addresses import as_choice
from state.guard import actor, guarded
from state.uploads.submissions import Submissions
from state.words import counted, whole_number

_REASON = 500
_ASKED = {
    BulkVerb.SEND_AGAIN: ("Send again", "sends", "file"),
    BulkVerb.PAUSE_CARRIERS: ("Pause the carriers", "pauses", "carrier"),
    BulkVerb.RESUME_CARRIERS: ("Resume the carriers", "resumes", "carrier"),
    BulkVerb.PAUSE_ACCOUNTS: ("Pause the accounts", "pauses", "account"),
    BulkVerb.RESUME_ACCOUNTS: ("Resume the accounts", "resumes", "account"),
}


@dataclass(frozen=True)
class BulkLine:
    """One file, carrier or account of the list in the dialog; `reason` is why it is left alone."""

    name: str
    reason: str


class BulkWork(ActingState, rx.State):
    """What is ticked, as 'id.version' of each file as it was seen, and the dialog about it."""

    ticked: list[str] = []
    verb: str = ""
    title: str = ""
    summary: str = ""
    action: str = ""
    needs_note: bool = False
    will: list[BulkLine] = []
    will_not: list[BulkLine] = []
    is_over: bool = False

    _roles = frozenset({Role.BILLER, Role.ADMIN})

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def tick(self, key: str) -> None:
        """Tick a file, or take its tick away."""
        if key in self.ticked:
            self.ticked = [one for one in self.ticked if one != key]
        elif len(self.ticked) < LARGEST:
            _seen(key)
            self.ticked = [*self.ticked, key]

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def tick_all(self) -> None:
        """Tick every file on the page, or none where all are ticked already."""
        page = await self.get_state(Submissions)
        shown = [row.key for row in page.rows[:LARGEST]]
        self.ticked = [] if set(shown) <= set(self.ticked) else shown

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def clear(self) -> None:
        """Take every tick away."""
        self.ticked = []

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def ask(self, verb: str) -> None:
        """Open the dialog with what the verb would do now."""
        chosen, seen = _verb(verb), [_seen(key) for key in self.ticked]
        plan = await self._try(lambda: _plan(chosen, seen))
        if plan is None:
            return
        title, does, noun = _ASKED[chosen]
        self.verb, self.title, self.needs_note, self.is_over = chosen.value, title, chosen.needs_note, False
        self.summary = f"This {does} {counted(len(plan.done), noun)}."
        self.action = title if plan.done else ""
        self._show(plan)

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Close the dialog; what was not done stays ticked."""
        if not is_open:
            self.verb, self.problem = "", ""

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def carry_out(self, form: dict[str, str]) -> EventSpec | None:
        """Do it; where something was left alone, the dialog stays and names it."""
        note, chosen, seen = form.get("note", "")[:_REASON], _verb(self.verb), [_seen(key) for key in self.ticked]
        plan = await self._try(lambda: _carry_out(chosen, seen, note), typed=note)
        if plan is None:
            return None
        noun = _ASKED[chosen][2]
        self.ticked = []
        self.is_over, self.summary = True, f"Done for {counted(len(plan.done), noun)}."
        self._show(plan)
        if plan.skipped:
            return None
        self.verb = ""
        return rx.toast.success(self.summary)

    def _show(self, plan: BulkPlan) -> None:
        self.will, self.will_not = [_line(one) for one in plan.done], [_line(one) for one in plan.skipped]


def _verb(text: str) -> BulkVerb:
    found = as_choice(BulkVerb, text)
    if found is None:
        raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload it.")
    return found


def _seen(key: str) -> Seen:
    submission_id, _, version = key.partition(".")
    return Seen(whole_number(submission_id), whole_number(version))


def _line(item: BulkItem) -> BulkLine:
    return BulkLine(item.name, item.reason)


def _plan(verb: BulkVerb, seen: list[Seen]) -> BulkPlan:
    with read_only() as session:
        return plan_bulk(session, actor(), verb=verb, seen=seen)


def _carry_out(verb: BulkVerb, seen: list[Seen], note: str) -> BulkPlan:
    with unit_of_work() as session:
        return carry_out_bulk(session, actor(), verb=verb, seen=seen, note=note)
