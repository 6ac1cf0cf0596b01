"""Stopping and starting the traffic to a carrier or of a whole account, each with its reason."""

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from models.enums import Role
from services.sites.carriers import pause_carrier, resume_carrier
from services.sites.site_accounts import needs_new_login, pause_account, resume_account
from state.acting import ActingState
from state.guard import actor, guarded
from state.words import whole_number

_REASON = 500


class Traffic(ActingState, rx.State):
    """The dialog that pauses or resumes; `kind` is 'carrier' or 'account', '' while it is closed."""

    kind: str = ""
    name: str = ""
    is_paused: bool = False
    # The site refused the stored log-in: resuming without another one wants a word on why.
    is_login_refused: bool = False

    _target: int = 0

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def ask(self, kind: str, target: str, name: str, is_paused: bool) -> None:  # noqa: FBT001 -- a browser's event
        """Open the dialog for a carrier or an account."""
        if kind not in {"carrier", "account"}:
            raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload it.")
        self.kind, self._target, self.name, self.is_paused = kind, whole_number(target), name[:120], is_paused
        self.problem, self.kept_text, self.is_login_refused = "", "", False
        if kind == "account" and is_paused:
            wanted = self._target
            self.is_login_refused = await self._try(lambda: _is_login_refused(wanted)) or False

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Close the dialog without a change."""
        if not is_open:
            self.kind, self.problem = "", ""

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def carry_out(self, form: dict[str, str]) -> EventSpec | None:
        """Pause or resume; the reason goes into the audit trail and onto the board."""
        reason = form.get("note", "")[:_REASON]
        kind, target, is_paused, name = self.kind, self._target, self.is_paused, self.name
        same = bool(form.get("same_login"))
        done = await self._try(
            lambda: _switch(kind, target, reason, is_paused=is_paused, same_login=same), typed=reason
        )
        if not done:
            return None
        self.kind = ""
        return rx.toast.success(f"{name} runs again." if is_paused else f"{name} is paused.")


def _is_login_refused(site_account_id: int) -> bool:
    with read_only() as session:
        return needs_new_login(session, actor(), site_account_id=site_account_id)


def _switch(kind: str, target: int, reason: str, *, is_paused: bool, same_login: bool) -> bool:
    with unit_of_work() as session:
        match kind, is_paused:
            case "carrier", True:
                resume_carrier(session, actor(), carrier_id=target, note=reason)
            case "carrier", False:
                pause_carrier(session, actor(), carrier_id=target, reason=reason)
            case "account", True:
                resume_account(session, actor(), site_account_id=target, note=reason, same_login=same_login)
            case "account", False:
                pause_account(session, actor(), site_account_id=target, reason=reason)
            case _:
                raise InvalidInputError("Nothing was chosen to pause or resume. Nothing was changed; choose it again.")
    return True
