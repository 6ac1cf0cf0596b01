"""The carriers of the practice firm, the sites where they take bills, and the log-ins there."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from carriers.seeds import seed_profiles
from core.crypto import Secret
from core.key_ring import KeyRing
from sandbox.firm import data

_PLATFORMS = {
    1: "classic-form",
    2: "staged-files",
    3: "single-page",
    4: "frames",
    5: "two-step",
    6: "intake",
    7: "drafts",
    8: "matched-documents",
    9: "bulk-report",
    10: "eventual-list",
}
_WITH_ONE_TIME_CODES = 5
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass
class Sites:
    """The rows of `site`, `site_account`, `account_secret`, `carrier`, `carrier_profile_version`.

    `accounts` holds the log-ins in clear, by site slug: the practice sites must know them too.
    """

    sites: list[dict[str, Any]] = field(default_factory=list)
    site_accounts: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[dict[str, Any]] = field(default_factory=list)
    carriers: list[dict[str, Any]] = field(default_factory=list)
    profiles: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[str, dict[str, str | None]] = field(default_factory=dict)


def open_accounts(random: Random, key_ring: KeyRing, *, law_firm_id: str, port: int, at: datetime) -> Sites:
    """Make every site, one account on each, and the carriers behind them with their active profiles."""
    sites = Sites()
    for identity, site in enumerate(data.document("carriers")["sites"], 1):
        sites.sites.append(_site(identity, site, port))
        sites.site_accounts.append(_account(identity, law_firm_id))
        sites.accounts[site["slug"]] = _log_in(random, site)
        sites.secrets += _sealed(key_ring, identity, sites.accounts[site["slug"]], len(sites.secrets), at)
    profiles = seed_profiles()
    for identity, carrier in enumerate(carrier_facts(), 1):
        account_id = next(row["id"] for row in sites.sites if row["slug"] == carrier["site"])
        sites.carriers.append(_carrier(identity, carrier, account_id))
        sites.profiles.append(_profile(identity, profiles[carrier["slug"]].model_dump(mode="json"), at))
    return sites


def carrier_facts() -> list[dict[str, Any]]:
    """Return what is known of each carrier; a carrier's id in the database is its place here, from 1."""
    facts: list[dict[str, Any]] = data.document("carriers")["carriers"]
    return facts


def _site(identity: int, site: dict[str, Any], port: int) -> dict[str, Any]:
    return {
        "id": identity, "slug": site["slug"], "name": site["title"], "platform": _PLATFORMS[site["platform"]],
        "origin": f"http://{site['slug']}.localhost:{port}",
        "automation_allowed_by": f"Vendor relations, {site['title']}: practice site, any hour, upload lane",
    }  # fmt: skip


def _account(site_id: int, law_firm_id: str) -> dict[str, Any]:
    """Return the firm's one account on a site; it has the site's id."""
    return {
        "id": site_id, "site_id": site_id, "label": "Billing department", "law_firm_id": law_firm_id, "fence": 0,
        "paused_reason": "",
    }  # fmt: skip


def _log_in(random: Random, site: dict[str, Any]) -> dict[str, str | None]:
    with_codes = site["platform"] == _WITH_ONE_TIME_CODES
    return {
        "username": f"hwr-{site['slug']}",
        "password": "".join(random.choices(_LETTERS, k=18)),
        "totp": base64.b32encode(random.randbytes(20)).decode() if with_codes else None,
    }


def _sealed(
    key_ring: KeyRing, account_id: int, log_in: dict[str, str | None], before: int, at: datetime
) -> list[dict[str, Any]]:
    given = [(name, value) for name, value in log_in.items() if value]
    rows = []
    for identity, (name, value) in enumerate(given, before + 1):
        sealed = key_ring.seal(Secret(value), f"account={account_id};field={name};v=1")
        rows.append({
            "id": identity, "site_account_id": account_id, "field": name, "version": 1, "key_id": sealed.key_id,
            "wrapped_key": sealed.wrapped_key, "ciphertext": sealed.ciphertext, "updated_at": at,
        })  # fmt: skip
    return rows


def _carrier(identity: int, carrier: dict[str, Any], account_id: int) -> dict[str, Any]:
    return {
        "id": identity, "slug": carrier["slug"], "name": carrier["name"], "client_code": carrier["client_id"],
        "site_account_id": account_id, "paused_reason": "",
        "postal_address": f"Legal Invoices\nP.O. Box {4400 + 37 * identity}\nHartford, CT 06102",
    }  # fmt: skip


def _profile(carrier_id: int, document: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "id": carrier_id, "carrier_id": carrier_id, "number": 1, "note": "As delivered", "is_active": True,
        "document": document, "created_at": at,
    }  # fmt: skip
