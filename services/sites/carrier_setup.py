"""A new carrier with its site and its account. It can be walked through at once, and sent to once that is permitted."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from models import Carrier, Site, SiteAccount
from models.enums import Role
from services import audit
from services.access import require
from services.actor import Actor
from services.lifecycle import get
from services.row_ids import row_id

_CLIENT_CODE = re.compile(r"[^\s|\[\]]{1,20}")


@dataclass(frozen=True)
class NewSite:
    """A site that is not known yet: its name, the platform it runs on, and scheme, host and port."""

    name: str
    platform: str
    origin: str


@dataclass(frozen=True)
class AccountChoice:
    """One account that a new carrier may use."""

    site_account_id: int
    site_name: str
    label: str


def list_accounts(session: Session, actor: Actor) -> list[AccountChoice]:
    """Return every account, by site and label.

    Raises:
        DeniedError: the actor is no admin.
    """
    require(actor, Role.ADMIN, what="Setting up a carrier")
    statement = (
        select(col(SiteAccount.id), col(Site.name), col(SiteAccount.label))
        .join(Site, col(Site.id) == col(SiteAccount.site_id))
        .order_by(col(Site.name), col(SiteAccount.label))
    )
    return [AccountChoice(found or 0, site, label) for found, site, label in session.execute(statement)]


def create_account(session: Session, actor: Actor, *, site: NewSite, label: str, law_firm_id: str) -> int:
    """Create a site with one account and return the account's id. Nobody has allowed automation there yet.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: something is missing, or the site's address is none.
    """
    require(actor, Role.ADMIN, what="Setting up a carrier")
    _check_filled({"site's name": site.name, "account's label": label, "law firm id": law_firm_id})
    new = Site(
        slug=_free_slug(session, Site, site.name),
        name=site.name.strip()[:120],
        platform=site.platform.strip()[:60] or "own",
        origin=_origin(site.origin),
    )
    session.add(new)
    session.flush()
    account = SiteAccount(site_id=row_id(new), label=label.strip()[:80], law_firm_id=law_firm_id.strip()[:20])
    session.add(account)
    session.flush()
    audit.record(session, actor, "site:created", "site", row_id(new), origin=new.origin)
    return row_id(account)


def create_carrier(session: Session, actor: Actor, *, name: str, client_code: str, site_account_id: int) -> int:
    """Create a carrier on an account and return its id; it has no profile yet.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: name or code is missing, taken, or cannot stand in a LEDES file.
        NotFoundError: there is no such account.
    """
    require(actor, Role.ADMIN, what="Setting up a carrier")
    _check_filled({"carrier's name": name, "client code": client_code})
    code = client_code.strip()
    if not _CLIENT_CODE.fullmatch(code):
        raise InvalidInputError(
            "The client code has at most 20 characters, no spaces, no | and no brackets. Correct it."
        )
    _check_free(session, col(Carrier.client_code) == code, f"The client code {code} belongs to another carrier.")
    _check_free(session, col(Carrier.name) == name.strip(), "A carrier of this name is there already.")
    get(session, SiteAccount, site_account_id)
    carrier = Carrier(
        slug=_free_slug(session, Carrier, name),
        name=name.strip()[:120],
        client_code=code,
        site_account_id=site_account_id,
    )
    session.add(carrier)
    session.flush()
    audit.record(session, actor, "carrier:created", "carrier", row_id(carrier), client_code=code)
    return row_id(carrier)


def _check_filled(fields: dict[str, str]) -> None:
    missing = [name for name, text in fields.items() if not text.strip()]
    if missing:
        raise InvalidInputError(f"Enter the {' and the '.join(missing)}. Nothing was created.")


def _check_free(session: Session, condition: Any, problem: str) -> None:  # noqa: ANN401 -- a SQL condition
    if session.scalars(select(col(Carrier.id)).where(condition)).first() is not None:
        raise InvalidInputError(f"{problem} Nothing was created; choose another.")


def _origin(address: str) -> str:
    wrong = InvalidInputError(
        "The site's address is written like https://portal.carrier.example, without name and password. Nothing was "
        "created; correct it."
    )
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as broken:
        raise wrong from broken
    is_local = host in {"localhost", "127.0.0.1"} or host.endswith(".localhost")
    if not host or "@" in parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and is_local)):
        raise wrong
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"[:255]


def _free_slug(session: Session, model: type[Site | Carrier], name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "carrier"
    taken = set(session.scalars(select(col(model.slug)).where(col(model.slug).startswith(base))))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@dataclass(frozen=True)
class CarrierHead:
    """What stands above a carrier's profile.

    `permission` is '' while nobody has allowed automation, `form_lane_consent` while nobody has consented to the fast
    lane.
    """

    name: str
    client_code: str
    site_id: int
    site_name: str
    origin: str
    account_label: str
    permission: str
    form_lane_consent: str = ""


def carrier_head(session: Session, actor: Actor, *, carrier_id: int) -> CarrierHead:
    """Return a carrier with its site and account.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such carrier.
    """
    require(actor, Role.ADMIN, what="A carrier's profile")
    carrier: Carrier = get(session, Carrier, carrier_id)
    account: SiteAccount = get(session, SiteAccount, carrier.site_account_id)
    site: Site = get(session, Site, account.site_id)
    return CarrierHead(
        carrier.name,
        carrier.client_code,
        row_id(site),
        site.name,
        site.origin,
        account.label,
        site.automation_allowed_by,
        site.form_lane_allowed_by,
    )
