"""Entering a carrier's log-in: written, sealed, never shown again, not even to who typed it."""

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.crypto import Secret
from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from models.enums import Role
from services.account_logins import AccountLogin, LoginField, account_login
from services.account_secrets import store_secret
from state.acting import ActingState
from state.guard import actor, guarded
from state.words import counted, moment, whole_number

_LONGEST = 1000


@dataclass(frozen=True)
class FieldRow:
    """One field of the form; `stored` says when a value was stored last, or that none is."""

    name: str
    label: str
    hint: str
    stored: str
    is_secret: bool


class LoginForm(ActingState, rx.State):
    """The write-only form of one account. What is typed goes through a handler and stays in no variable."""

    is_open: bool = False
    title: str = ""
    used_by: str = ""
    fields: list[FieldRow] = []
    # Grows with each success, so that the browser makes an empty form of it.
    round: int = 0

    _site_account_id: int = 0

    @rx.event
    @guarded(Role.ADMIN)
    async def open(self, site_account_id: str) -> None:
        """Open the form of an account."""
        wanted = whole_number(site_account_id)
        login = await self._try(lambda: _read(wanted))
        if login is not None:
            self._site_account_id, self.is_open = wanted, True
            self._show(login)

    @rx.event
    @guarded(Role.ADMIN)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Close the form."""
        if not is_open:
            self.is_open, self.problem, self.round = False, "", self.round + 1

    @rx.event
    @guarded(Role.ADMIN)
    async def store(self, form: dict[str, str]) -> EventSpec | None:
        """Seal every value that was typed; fields left empty keep what is stored."""
        target = self._site_account_id
        typed = {name: Secret(value[:_LONGEST]) for name, value in form.items() if value.strip()}
        count = await self._try(lambda: _store(target, typed))
        if count is None:
            return None
        self.is_open, self.round = False, self.round + 1
        return rx.toast.success(f"{counted(count, 'value')} stored. Workers use them from the next log-in on.")

    def _show(self, login: AccountLogin) -> None:
        self.title = f"{login.site_name}, account {login.label}"
        self.used_by = ", ".join(login.carriers)
        self.fields = [_field(field) for field in login.fields]


def _read(site_account_id: int) -> AccountLogin:
    with read_only() as session:
        return account_login(session, actor(), site_account_id=site_account_id)


def _store(site_account_id: int, typed: dict[str, Secret]) -> int:
    if not typed:
        raise InvalidInputError("Nothing was typed. The stored log-in was kept; type what shall change.")
    with unit_of_work() as session:
        known = {field.name for field in account_login(session, actor(), site_account_id=site_account_id).fields}
        if not typed.keys() <= known:
            raise InvalidInputError("The page sent a field this site does not have. The stored log-in was kept.")
        for name, value in typed.items():
            store_secret(session, actor(), site_account_id=site_account_id, field=name, value=value)
    return len(typed)


def _field(field: LoginField) -> FieldRow:
    hint = "The secret shown when two-step sign-in was set up (base32)." if field.kind == "one_time_code" else ""
    stored = f"Stored {moment(field.stored_at)}" if field.stored_at else "Not stored yet"
    return FieldRow(field.name, field.label, hint, stored, field.kind != "plain")
