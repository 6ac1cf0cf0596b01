"""A carrier made in the app, and the register of who allowed automation on its site."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from core.clock import today
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from models import Carrier, Site, SiteAccount
from models.enums import PermissionBasis, Role
from services.actor import Actor
from services.rules.permissions import list_permissions, record_permission, withdraw_permission
from services.sites.carrier_setup import NewSite, create_account, create_carrier, list_accounts
from services.uploads.readiness import NOT_PERMITTED, check_readiness
from tests.builders import actor, actor_for, id_of, make_carrier, make_invoice, make_site_account, make_user

SITE = NewSite("Beacon Vendor Portal", "1", "https://portal.beacon.example:8443/")


@pytest.fixture
def admin(session: Session) -> Actor:
    return actor_for(make_user(session, Role.ADMIN, name="Ada Quinn"))


def make(session: Session, admin: Actor, **changes: Any) -> int:
    account = create_account(session, admin, site=changes.pop("site", SITE), label="main", law_firm_id="36-4412907")
    given = {"name": "Beacon Mutual", "client_code": "BEACON", "site_account_id": account, **changes}
    return create_carrier(session, admin, **given)


def permit(session: Session, admin: Actor, site_id: int, **changes: Any) -> int:
    given = {"basis": PermissionBasis.CARRIER, "named": "Lena Ortiz, vendor manager", "given_on": today(), **changes}
    return record_permission(session, admin, site_id=site_id, **given)


def site_of(session: Session, carrier: Carrier) -> Site:
    account = session.get(SiteAccount, carrier.site_account_id)
    assert account is not None
    site = session.get(Site, account.site_id)
    assert site is not None
    return site


def test_create_makes_site_account_and_carrier(session: Session, admin: Actor):
    carrier = session.get(Carrier, make(session, admin))
    assert carrier is not None
    site = site_of(session, carrier)
    assert (carrier.slug, carrier.client_code) == ("beacon-mutual", "BEACON")
    assert (site.slug, site.origin) == ("beacon-vendor-portal", "https://portal.beacon.example:8443")
    assert site.automation_allowed_by == ""
    assert [one.site_name for one in list_accounts(session, admin)] == ["Beacon Vendor Portal"]


def test_create_gives_a_second_site_of_a_name_its_own_slug(session: Session, admin: Actor):
    make(session, admin)
    other = session.get(Carrier, make(session, admin, name="Beacon Life", client_code="BEALIF"))
    assert other is not None
    assert site_of(session, other).slug == "beacon-vendor-portal-2"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "portal",
        "ftp://x.example",
        "http://portal.example",
        "https://u:p@portal.example",
        "https://[",
        "https://x:0x1",
    ],
)
def test_create_refuses_an_address_that_is_no_site(session: Session, admin: Actor, origin: str):
    with pytest.raises(InvalidInputError, match="address is written like"):
        make(session, admin, site=NewSite("Beacon", "1", origin))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"client_code": ""},
        {"client_code": "A|B"},
        {"client_code": "X" * 21},
        {"client_code": "TAKEN"},
        {"name": "Taken Mutual"},
    ],
)
def test_create_refuses_names_and_codes(session: Session, admin: Actor, changes: dict[str, Any]):
    make(session, admin, name="Taken Mutual", client_code="TAKEN")
    with pytest.raises(InvalidInputError):
        make(session, admin, **changes)


def test_create_refuses_an_unknown_account(session: Session, admin: Actor):
    with pytest.raises(NotFoundError):
        create_carrier(session, admin, name="Beacon", client_code="B", site_account_id=999)


def test_permission_opens_the_gate_and_its_end_closes_it(session: Session, admin: Actor):
    invoice = make_invoice(session)
    carrier = session.get(Carrier, invoice.carrier_id)
    assert carrier is not None
    site = site_of(session, carrier)
    withdraw_permission(session, admin, site_id=id_of(site), reason="Never written down")
    assert NOT_PERMITTED in check_readiness(session, [id_of(invoice)])[0].blockers
    permit(session, admin, id_of(site), reference="E-mail of 2026-11-02")
    assert NOT_PERMITTED not in check_readiness(session, [id_of(invoice)])[0].blockers
    withdraw_permission(session, admin, site_id=id_of(site), reason="The carrier changed its mind")
    assert NOT_PERMITTED in check_readiness(session, [id_of(invoice)])[0].blockers
    (entry,) = list_permissions(session, admin, site_id=id_of(site))
    assert (entry.named, entry.recorded_by) == ("Lena Ortiz, vendor manager", "Ada Quinn")
    assert entry.withdrawn_reason == "The carrier changed its mind"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"named": " "}, InvalidInputError),
        ({"given_on": today() + timedelta(days=2)}, InvalidInputError),
        ({}, WrongStateError),
    ],
    ids=["nobody", "after today", "one stands"],
)
def test_record_refuses(session: Session, admin: Actor, changes: dict[str, Any], refused: type[Exception]):
    site_id = id_of(site_of(session, make_carrier(session)))
    if not changes:
        permit(session, admin, site_id)
    with pytest.raises(refused):
        permit(session, admin, site_id, **changes)


def test_withdraw_refuses_without_reason_or_permission(session: Session, admin: Actor):
    site_id = id_of(site_of(session, make_carrier(session)))
    with pytest.raises(InvalidInputError):
        withdraw_permission(session, admin, site_id=site_id, reason=" ")
    withdraw_permission(session, admin, site_id=site_id, reason="Ended")
    with pytest.raises(WrongStateError):
        withdraw_permission(session, admin, site_id=site_id, reason="Ended")


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
def test_setting_up_is_for_admins(session: Session, role: Role):
    who, account_id = actor(role), id_of(make_site_account(session))
    for call in (
        lambda: list_accounts(session, who),
        lambda: create_account(session, who, site=SITE, label="main", law_firm_id="1"),
        lambda: create_carrier(session, who, name="B", client_code="B", site_account_id=account_id),
        lambda: list_permissions(session, who, site_id=1),
        lambda: permit(session, who, 1),
        lambda: withdraw_permission(session, who, site_id=1, reason="x"),
    ):
        with pytest.raises(DeniedError):
            call()
