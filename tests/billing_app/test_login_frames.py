"""The log-in form on a real socket: what is typed never comes back, in no frame, no row, no saved state, no log."""

import secrets

import pytest
from sqlalchemy import select

from models import AccountSecret, Site, SiteAccount
from tests.billing_app.portal import Portal
from tests.billing_app.socket_client import HYDRATE, STATE, tab
from tests.builders import id_of, make_carrier, make_site_account
from tests.chaos.search import files_below, finds

pytestmark = pytest.mark.slow

FORM = f"{STATE}.state___sites___login_form____login_form"
TYPED = "Canary typed&9<Wv"


def make_account(portal: Portal) -> tuple[int, str]:
    """Make a carrier's account at a site whose name is there to be found; return its id and that name."""
    shown = f"shown-on-purpose-{secrets.token_hex(4)}"
    with portal.database.unit_of_work() as session:
        account = make_site_account(session)
        session.get_one(Site, account.site_id).name = shown
        make_carrier(session, site_account=account)
        return id_of(account), shown


async def test_show_the_form_without_what_was_typed(portal: Portal):
    account, shown = make_account(portal)
    async with tab(portal.url, portal.cookie("admin")) as mine:
        await mine.send(HYDRATE, path="/carriers", patience=3)
        await mine.send(f"{FORM}.open", path="/carriers", patience=5, site_account_id=str(account))
        form = {"username": "hwr", "password": TYPED, "expires-on": "2027-03-01", "every-days": "90"}
        await mine.send(f"{FORM}.store", path="/carriers", patience=5, form=form)
        await mine.send(f"{FORM}.open", path="/carriers", patience=5, site_account_id=str(account))
        await mine.send(HYDRATE, path="/carriers", patience=5)
        frames = [frame.encode() for frame in mine.received]
    home = portal.log.parent
    assert finds(shown, frames)
    assert finds("2027-03-01", frames)
    assert not finds(TYPED, frames)
    everything = list(files_below(home))
    assert finds(shown, everything)
    assert not finds(TYPED, everything)
    with portal.database.read_only() as session:
        assert len(session.scalars(select(AccountSecret).filter_by(site_account_id=account)).all()) == 2
        assert session.get_one(SiteAccount, account).login_version == 1
