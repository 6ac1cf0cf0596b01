"""Around the draft: files taken in, versions saved and put in force, dry runs watched, the permission kept."""

import asyncio
from collections.abc import Callable

import reflex as rx
from reflex_base.event import EventSpec

from core.errors import BillingError, InvalidInputError
from models.enums import PermissionBasis, Role
from services.sites.dry_runs import DryRunView
from services.sites.profile_drafts import step_lists
from state.acting import ActingState
from state.addresses import as_choice, as_day
from state.guard import guarded
from state.sites import profile_work
from state.sites.profile_editor import ProfileEditor
from state.sites.profile_rows import RunStep, Said, hits_of, run_step, run_words
from state.words import counted, moment, whole_number

_LOOK_SECONDS = 0.8
_LOOKS = 900
_NOTE = 500


class ProfileDesk(ActingState, rx.State):
    """The dialogs and the dry run of the page; the draft itself is the editor's."""

    is_importing: bool = False
    imported: str = ""
    left_out: list[Said] = []
    remarks: list[Said] = []
    is_saving: bool = False
    activating: str = ""
    compared: str = ""
    differences: list[Said] = []
    run_state: str = ""
    run_message: str = ""
    run_at: str = ""
    run_steps: list[RunStep] = []
    is_running: bool = False
    done: str = ""

    _roles = frozenset({Role.ADMIN})

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Show the newest dry run of the carrier that the editor has opened."""
        self.done, self.imported, self.left_out, self.remarks = "", "", [], []
        self.compared, self.differences, self.activating = "", [], ""
        await self._show_run()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch_run(self) -> None:
        """Show each step of the dry run as the worker tells of it, until it has ended."""
        for _ in range(_LOOKS):
            async with self:
                await self._show_run()
                if not self.is_running:
                    return
            await asyncio.sleep(_LOOK_SECONDS)

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_import(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Open or close the question for a recording or a profile's file."""
        self.is_importing, self.problem = is_open, ""

    @rx.event
    @guarded(Role.ADMIN)
    async def take_recording(self, form: dict[str, str]) -> None:
        """Put a recording, or a profile that was exported, into the draft."""
        page = await self.get_state(ProfileEditor)
        text, carrier_id, document = form.get("content", ""), page._carrier_id, page._document  # noqa: SLF001 -- its own desk
        if '"carrier-profile"' in text[:500]:
            found = await self._try(lambda: profile_work.read_file(text))
            if found is not None:
                self.is_importing, self.imported, self.left_out, self.remarks = False, found[0], [], []
                page._take(found[1], found[0], is_saved=False)  # noqa: SLF001 -- as above
            return
        read = await self._try(lambda: profile_work.read_recording(carrier_id, document, text))
        if read is None:
            return
        titles = dict(step_lists())
        parts = ", ".join(f"{titles[name]} {counted(count, 'step')}" for name, count in read.steps.items() if count)
        self.is_importing, self.imported = False, f"{read.tool}, “{read.title}”: {parts or 'no step could be carried'}."
        self.left_out = [Said(f"Step {one.number}, {one.word}", one.why) for one in read.left_out]
        self.remarks = [Said(titles.get(one.part, one.part.capitalize()), one.text) for one in read.remarks]
        page._take(read.document, "a recording", is_saved=False)  # noqa: SLF001 -- as above

    @rx.event
    @guarded(Role.ADMIN)
    async def forget_import(self) -> None:
        """Put the report of the import away."""
        self.imported, self.left_out, self.remarks = "", [], []

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_save(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Ask why the draft is saved, and show what differs from the version in force."""
        self.is_saving, self.problem, self.differences = is_open, "", []
        page = await self.get_state(ProfileEditor)
        before = page._active or page._newest  # noqa: SLF001 -- as above
        if is_open and before and not page.problems:
            carrier_id, document = page._carrier_id, page._document  # noqa: SLF001 -- as above
            await self._compare(lambda: profile_work.differences(carrier_id, before, document))

    @rx.event
    @guarded(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> None:
        """Save the draft as a new version; it is not in force yet."""
        page = await self.get_state(ProfileEditor)
        note, newest = form.get("note", "")[:_NOTE], page._newest  # noqa: SLF001 -- as above
        carrier_id, document = page._carrier_id, page._document  # noqa: SLF001 -- as above
        number = await self._try(lambda: profile_work.save(carrier_id, newest, document, note), typed=note)
        if number is None:
            return
        self.is_saving, self.differences = False, []
        self.done = f"Saved as version {number}. Activate it to put it in force."
        page._saved, page.draft_of = document, f"version {number}"  # noqa: SLF001 -- as above
        await page._refresh()  # noqa: SLF001 -- as above

    @rx.event
    @guarded(Role.ADMIN)
    async def ask_activate(self, number: str) -> None:
        """Show what a version changes, and ask why it comes into force."""
        page = await self.get_state(ProfileEditor)
        wanted, active, carrier_id = whole_number(number), page._active, page._carrier_id  # noqa: SLF001 -- as above
        self.activating, self.problem, self.differences = number, "", []
        if active is not None:
            await self._compare(lambda: profile_work.differences(carrier_id, active, wanted))

    @rx.event
    @guarded(Role.ADMIN)
    async def close_activate(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Leave the version in force."""
        if not is_open:
            self.activating, self.differences, self.problem = "", [], ""

    @rx.event
    @guarded(Role.ADMIN)
    async def activate(self, form: dict[str, str]) -> None:
        """Put the version in force that was asked about."""
        page = await self.get_state(ProfileEditor)
        number, note = whole_number(self.activating), form.get("note", "")[:_NOTE]
        carrier_id, active = page._carrier_id, page._active  # noqa: SLF001 -- as above
        if await self._try(lambda: profile_work.activate(carrier_id, number, active, note), typed=note):
            self.activating, self.differences = "", []
            self.done = f"Version {number} is in force. Files under way keep the version they began with."
            await page._refresh()  # noqa: SLF001 -- as above

    @rx.event
    @guarded(Role.ADMIN)
    async def compare(self, number: str) -> None:
        """Show in words how a version differs from the one in force."""
        page = await self.get_state(ProfileEditor)
        wanted, active, carrier_id = whole_number(number), page._active, page._carrier_id  # noqa: SLF001 -- as above
        if active is None:
            raise InvalidInputError("No version is in force yet, so there is nothing to compare with.")
        await self._compare(lambda: profile_work.differences(carrier_id, active, wanted))
        self.compared = f"Version {wanted} against version {active}, which is in force"

    @rx.event
    @guarded(Role.ADMIN)
    async def close_compare(self) -> None:
        """Put the comparison away."""
        self.compared, self.differences = "", []

    @rx.event
    @guarded(Role.ADMIN)
    async def dismiss(self) -> None:
        """Put the last message away."""
        self.done = ""

    @rx.event
    @guarded(Role.ADMIN)
    async def dry_run(self) -> EventSpec | None:
        """Walk through the site with the draft as it stands, and watch."""
        page = await self.get_state(ProfileEditor)
        carrier_id, document = page._carrier_id, page._document  # noqa: SLF001 -- as above
        if await self._try(lambda: profile_work.ask_dry_run(carrier_id, document)) is None:
            return None
        return ProfileDesk.watch_run

    @rx.event
    @guarded(Role.ADMIN)
    async def permit(self, form: dict[str, str]) -> None:
        """Record who allowed automation on the site."""
        page = await self.get_state(ProfileEditor)
        basis, day = as_choice(PermissionBasis, form.get("basis", "")), as_day(form.get("given_on", ""))
        if basis is None or day is None:
            self.problem = "Choose on what it rests, and the day. Nothing was recorded."
            return
        typed = (form.get("named", ""), day, form.get("reference", ""), form.get("conditions", ""))
        site_id = page._site_id  # noqa: SLF001 -- as above
        if await self._try(lambda: profile_work.permit(site_id, basis, *typed)):
            self.done = "Recorded. Files of every carrier on this site may be sent."
            await page._refresh()  # noqa: SLF001 -- as above

    @rx.event
    @guarded(Role.ADMIN)
    async def withdraw(self, form: dict[str, str]) -> None:
        """End the permission of the site."""
        page = await self.get_state(ProfileEditor)
        site_id, reason = page._site_id, form.get("note", "")[:_NOTE]  # noqa: SLF001 -- as above
        if await self._try(lambda: profile_work.withdraw(site_id, reason), typed=reason):
            self.done = "Withdrawn. Nothing more is queued for this site."
            await page._refresh()  # noqa: SLF001 -- as above

    async def _compare(self, work: Callable[[], list[tuple[str, str]]]) -> None:
        found = await self._try(work)
        self.differences = [Said(part, text) for part, text in found or []]

    async def _show_run(self) -> None:
        page = await self.get_state(ProfileEditor)
        carrier_id = page._carrier_id  # noqa: SLF001 -- as above
        try:
            run = await asyncio.to_thread(profile_work.read_run, carrier_id) if carrier_id else None
        except BillingError as refused:
            self.problem, run = refused.user_message, None
        self.is_running = run is not None and run.ended_as is None
        self.run_state, self.run_message = (run_words(run), run.message) if run else ("", "")
        self.run_at = moment(run.requested_at) if run else ""
        titles = dict(step_lists())
        self.run_steps = [run_step(step, titles) for step in run.steps] if run else []
        page._show_hits(_hits(run) if run else {})  # noqa: SLF001 -- as above


def _hits(run: DryRunView) -> dict[str, list[str]]:
    hits: dict[str, list[str]] = {}
    for step in run.steps:
        listed = hits.setdefault(step.list_name, [])
        listed.extend([""] * (step.list_position - len(listed)))
        listed.append(hits_of(step.counts))
    return hits
