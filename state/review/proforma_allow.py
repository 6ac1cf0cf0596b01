"""The dialog that records what the carrier allowed: who, when, where it is written, for which work."""

import asyncio
from datetime import date
from functools import partial

import reflex as rx

from core.clock import today
from core.errors import BillingError, InvalidInputError
from models.enums import Role
from services.review.proforma_permissions import Permission, allow_finding, take_back
from state.addresses import as_day
from state.guard import guarded, require
from state.review.proforma import ProformaPage
from state.review.proforma_work import carry_out
from state.words import whole_number

_STAFF = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
_WIDE = frozenset({Role.BILLER, Role.ADMIN})


class AllowDialog(rx.State):
    """The question who at the carrier allowed what a finding is about."""

    is_open: bool = False
    about: str = ""
    today: str = ""
    may_choose_all: bool = False
    has_person: bool = False
    problem: str = ""

    _finding_id: int = 0
    _version: int = 0

    @rx.event
    @guarded(Role.ATTORNEY, Role.BILLER, Role.ADMIN)
    async def load(self) -> None:
        """Begin with no question; one that was left open with its page is not asked again."""
        self.is_open = False

    @rx.event
    @guarded(*_STAFF)
    async def ask(self, finding_id: str, message: str, line_id: str, version: str) -> None:
        """Open the dialog for a finding."""
        self._finding_id, self._version = whole_number(finding_id), whole_number(version)
        self.about, self.has_person, self.problem = message[:1000], line_id != "", ""
        self.today, self.is_open = today().isoformat(), True
        self.may_choose_all = require().has(*_WIDE)

    @rx.event
    @guarded(*_STAFF)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the dialog; nothing is saved."""
        self.is_open = is_open

    @rx.event
    @guarded(*_STAFF)
    async def allow(self, form: dict[str, str]) -> None:
        """Record the permission and check the proforma again; what is refused is said in the dialog."""
        try:
            change = partial(
                allow_finding,
                finding_id=self._finding_id,
                expected_version=self._version,
                permission=_permission(form),
            )
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            self.problem = f"{refused.user_message} What you typed is still here."
            return
        self.is_open, self.problem = False, ""
        page = await self.get_state(ProformaPage)
        await page._after_line("Recorded and checked again. The line quotes the permission; an appeal can too.")  # noqa: SLF001 -- the page's own dialog

    @rx.event
    @guarded(*_STAFF)
    async def withdraw(self, finding_id: str, version: str) -> None:
        """Take the permission back that a finding quotes."""
        change = partial(take_back, finding_id=whole_number(finding_id), expected_version=whole_number(version))
        page = await self.get_state(ProformaPage)
        await page._do(change, "The permission was taken back and the proforma checked again.")  # noqa: SLF001 -- as above


def _permission(form: dict[str, str]) -> Permission:
    granted_on = as_day(form.get("granted_on", ""))
    if granted_on is None:
        raise InvalidInputError("Give the day on which it was allowed. Nothing was saved.")
    return Permission(
        handler=form.get("handler", ""),
        granted_on=granted_on,
        reference=form.get("reference", ""),
        note=form.get("note", ""),
        all_matters=form.get("matters") == "all",
        everybody=form.get("people") == "all",
        work_to=_last_day(form.get("work_to", "")),
    )


def _last_day(text: str) -> date | None:
    day = as_day(text)
    if text and day is None:
        raise InvalidInputError("The last day is no date. Nothing was saved; leave it empty for no end.")
    return day
