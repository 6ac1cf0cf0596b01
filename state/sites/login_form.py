"""Entering a carrier's log-in: written, sealed, never shown again, not even to who typed it."""

from dataclasses import dataclass
from datetime import date

import reflex as rx
from reflex_base.event import EventSpec

from core.crypto import Secret
from core.db import read_only, unit_of_work
from core.errors import InvalidInputError
from models.enums import Role
from services.sites.account_logins import AccountLogin, LoginField, account_login
from services.sites.account_secrets import delete_login, store_login
from services.sites.password_expiry import set_expiry
from state.acting import ActingState
from state.guard import actor, guarded
from state.words import counted, moment, whole_number

_LONGEST = 1000
# With a dash, so that no field of a log-in is ever called so.
EXPIRES_ON, EVERY_DAYS = "expires-on", "every-days"


@dataclass(frozen=True)
class FieldRow:
    """One field of the form; `stored` says when a value was changed last and by whom, or that none is stored."""

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
    expires_on: str = ""
    every_days: str = ""
    has_login: bool = False
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
            self._close()

    @rx.event
    @guarded(Role.ADMIN)
    async def store(self, form: dict[str, str]) -> EventSpec | None:
        """Seal every value that was typed, and store until when it is good; fields left empty keep what is stored."""
        target = self._site_account_id
        dates = {name: form[name].strip()[:20] for name in (EXPIRES_ON, EVERY_DAYS) if name in form}
        typed = {name: Secret(value[:_LONGEST]) for name, value in form.items() if name not in dates and value.strip()}
        told = await self._try(lambda: _store(target, typed, dates))
        if told is None:
            return None
        self._close()
        return rx.toast.success(told)

    @rx.event
    @guarded(Role.ADMIN)
    async def delete(self) -> EventSpec | None:
        """Delete what is stored; the account stands still until a log-in is stored again."""
        target = self._site_account_id
        count = await self._try(lambda: _delete(target))
        if count is None:
            return None
        self._close()
        return rx.toast.success(
            f"{counted(count, 'value')} deleted. The account's files wait until a log-in is stored."
        )

    def _close(self) -> None:
        self.is_open, self.problem, self.round = False, "", self.round + 1

    def _show(self, login: AccountLogin) -> None:
        self.title = f"{login.site_name}, account {login.label}"
        self.used_by = ", ".join(login.carriers)
        self.fields = [_field(field) for field in login.fields]
        self.expires_on = login.expires_on.isoformat() if login.expires_on else ""
        self.every_days = str(login.every_days or "")
        self.has_login = any(field.stored_at for field in login.fields)


def _read(site_account_id: int) -> AccountLogin:
    with read_only() as session:
        return account_login(session, actor(), site_account_id=site_account_id)


def _store(site_account_id: int, typed: dict[str, Secret], dates: dict[str, str]) -> str:
    """Store what was typed; return what to say about it."""
    with unit_of_work() as session:
        login = account_login(session, actor(), site_account_id=site_account_id)
        if not typed.keys() <= {field.name for field in login.fields}:
            raise InvalidInputError("The page sent a field this site does not have. The stored log-in was kept.")
        expires_on, every_days = _expiry(login, dates)
        is_new_day = (expires_on, every_days) != (login.expires_on, login.every_days)
        if not typed and not is_new_day:
            raise InvalidInputError("Nothing was typed. The stored log-in was kept; type what shall change.")
        if typed:
            store_login(session, actor(), site_account_id=site_account_id, values=typed)
        set_expiry(
            session,
            actor(),
            site_account_id=site_account_id,
            expires_on=expires_on,
            every_days=every_days,
            has_new_password=any(field.name in typed for field in login.fields if field.kind == "secret"),
        )
    stored = f"{counted(len(typed), 'value')} stored. Workers use them from the next log-in on."
    return stored if typed else "Stored until when the password is good."


def _expiry(login: AccountLogin, dates: dict[str, str]) -> tuple[date | None, int | None]:
    """Return what the form says of the password's end; what it does not say stays.

    Raises:
        InvalidInputError: it is no day, or no number of days.
    """
    on, every = dates.get(EXPIRES_ON), dates.get(EVERY_DAYS)
    try:
        expires_on = login.expires_on if on is None else date.fromisoformat(on) if on else None
        every_days = login.every_days if every is None else int(every) if every else None
    except ValueError as wrong:
        message = "That is no day, or no number of days. Nothing was stored; correct it and store again."
        raise InvalidInputError(message) from wrong
    return expires_on, every_days


def _delete(site_account_id: int) -> int:
    with unit_of_work() as session:
        return delete_login(session, actor(), site_account_id=site_account_id)


def _field(field: LoginField) -> FieldRow:
    hint = "The secret shown when two-step sign-in was set up (base32)." if field.kind == "one_time_code" else ""
    by = f" by {field.stored_by}" if field.stored_by else ""
    stored = f"Changed {moment(field.stored_at)}{by}" if field.stored_at else "Not stored yet"
    return FieldRow(field.name, field.label, hint, stored, field.kind != "plain")
