"""Forms of a profile's draft for what a carrier agreed to: hours and pace, fast lane, codes, people and rates."""

from collections.abc import Callable

import reflex as rx

from models.enums import PermissionBasis, PermissionPurpose, Role
from services.sites import profile_codes, profile_traffic
from services.sites.profile_drafts import Document
from state.acting import ActingState
from state.addresses import as_day
from state.guard import guarded
from state.sites import profile_work
from state.sites.profile_editor import ProfileEditor
from state.words import counted

TIME_ZONES = profile_traffic.TIME_ZONES
_NOTE = 500
_LANE = PermissionPurpose.FORM_LANE


class ProfileRules(ActingState, rx.State):
    """What was said of the last change; the draft itself is the editor's. `problem_of` names the form it belongs to."""

    problem_of: str = ""
    done: str = ""
    people_offered: str = ""
    form_round: int = 0

    _roles = frozenset({Role.ADMIN})

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Begin with nothing said."""
        self._clear()

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_traffic(self, form: dict[str, str]) -> None:
        """Take over hours and pace."""
        await self._change("traffic", lambda draft: profile_traffic.with_traffic(draft, form))

    @rx.event
    @guarded(Role.ADMIN)
    async def switch_lane(self, is_on: bool) -> None:  # noqa: FBT001 -- what the switch sends
        """Ask for the fast lane, or not any more."""
        editor = await self.get_state(ProfileEditor)
        carrier_id = editor._carrier_id  # noqa: SLF001 -- its own desk
        await self._change("lane", lambda draft: profile_work.switch_form_lane(carrier_id, draft, is_on=is_on))

    @rx.event
    @guarded(Role.ADMIN)
    async def consent(self, form: dict[str, str]) -> None:
        """Record who at the carrier consented to the fast lane."""
        editor = await self.get_state(ProfileEditor)
        self._clear()
        if (day := as_day(form.get("given_on", ""))) is None:
            self.problem, self.problem_of = "On: enter the day. Nothing was recorded.", "lane"
            return
        site_id = editor._site_id  # noqa: SLF001 -- as above
        typed = (form.get("named", ""), day, form.get("reference", ""), form.get("conditions", ""))
        if await self._try(lambda: profile_work.permit(site_id, PermissionBasis.CARRIER, *typed, _LANE)):
            self.done = "Recorded. The fast lane can be switched on now."
            await editor._refresh()  # noqa: SLF001 -- as above
        self._place("lane")

    @rx.event
    @guarded(Role.ADMIN)
    async def withdraw(self, form: dict[str, str]) -> None:
        """End the consent; files go by the browser from the next visit on."""
        editor = await self.get_state(ProfileEditor)
        self._clear()
        site_id, reason = editor._site_id, form.get("note", "")[:_NOTE]  # noqa: SLF001 -- as above
        if await self._try(lambda: profile_work.withdraw(site_id, reason, _LANE), typed=reason):
            self.done = "Withdrawn. Files go by the browser from the next visit on, whatever a profile asks for."
            await editor._refresh()  # noqa: SLF001 -- as above
        self._place("lane")

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_codes(self, form: dict[str, str]) -> None:
        """Take over the codes that the carrier takes."""
        await self._change("codes", lambda draft: profile_codes.with_code_lists(draft, form))

    @rx.event
    @guarded(Role.ADMIN)
    async def keep_people(self, form: dict[str, str]) -> None:
        """Take over the people and rates that the carrier approved."""
        text = form.get("people", "")
        await self._change("people", lambda draft: profile_work.keep_people(draft, text))

    @rx.event
    @guarded(Role.ADMIN)
    async def offer_rates(self) -> None:
        """Put the rates by person that are billed today into the form, to begin with; nothing is kept yet."""
        editor = await self.get_state(ProfileEditor)
        self._clear()
        carrier_id = editor._carrier_id  # noqa: SLF001 -- as above
        found = await self._try(lambda: profile_work.rates_in_force(carrier_id))
        if found is not None:
            self.people_offered = found
            self.done = (
                f"{counted(len(found.splitlines()), 'rate')} in force by person. Change them here, then keep them."
            )
            self.form_round += 1
        self._place("people")

    async def _change(self, place: str, work: Callable[[Document], Document]) -> None:
        editor = await self.get_state(ProfileEditor)
        document = editor._document  # noqa: SLF001 -- as above
        self._clear()
        changed = await self._try(lambda: work(document))
        if changed is not None:
            editor._change(changed)  # noqa: SLF001 -- as above
            self.people_offered = ""
        self._place(place)

    def _place(self, place: str) -> None:
        self.problem_of = place if self.problem or self.done else ""

    def _clear(self) -> None:
        self.problem, self.problem_of, self.done = "", "", ""
