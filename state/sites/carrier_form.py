"""A new carrier: its name and code, and an account that is there or a new one on a new site."""

import asyncio

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from models.enums import Role
from services.sites.carrier_setup import AccountChoice, NewSite, create_account, create_carrier, list_accounts
from state.acting import ActingState
from state.guard import actor, guarded
from state.words import whole_number


class CarrierForm(ActingState, rx.State):
    """The dialog; what was typed stays in the browser until the carrier is made."""

    is_open: bool = False
    accounts: list[list[str]] = []
    account: str = ""

    @rx.event
    @guarded(Role.ADMIN)
    async def ask(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Open or close the form."""
        self.is_open, self.problem, self.account = is_open, "", ""
        if is_open:
            self.accounts = [_choice(one) for one in await asyncio.to_thread(_accounts)]

    @rx.event
    @guarded(Role.ADMIN)
    async def choose_account(self, account: str) -> None:
        """Take an account that is there; '' for a new site."""
        self.account = account

    @rx.event
    @guarded(Role.ADMIN)
    async def create(self, form: dict[str, str]) -> EventSpec | None:
        """Make the carrier and go to its profile."""
        account = self.account
        made = await self._try(lambda: _create(form, account))
        if made is None:
            return None
        self.is_open = False
        return rx.redirect(f"/carriers/{made}/profile")


def _accounts() -> list[AccountChoice]:
    with read_only() as session:
        return list_accounts(session, actor())


def _create(form: dict[str, str], account: str) -> int:
    with unit_of_work() as session:
        site = NewSite(form.get("site", ""), form.get("platform", ""), form.get("origin", ""))
        account_id = (
            whole_number(account)
            if account
            else create_account(
                session, actor(), site=site, label=form.get("label", ""), law_firm_id=form.get("law_firm_id", "")
            )
        )
        return create_carrier(
            session,
            actor(),
            name=form.get("name", ""),
            client_code=form.get("client_code", ""),
            site_account_id=account_id,
        )


def _choice(account: AccountChoice) -> list[str]:
    return [str(account.site_account_id), f"{account.site_name}, account {account.label}"]
