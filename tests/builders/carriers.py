"""Carriers with their sites, accounts and profiles."""

from typing import Any

from sqlmodel import Session

from models import Carrier, CarrierProfileVersion, Site, SiteAccount
from tests.builders.base import NOW, NUMBERS, add, id_of


def make_site_account(session: Session, *, law_firm_id: str = "36-4412907") -> SiteAccount:
    """Make a site with one log-in."""
    n = next(NUMBERS)
    site = add(
        session,
        Site(
            slug=f"site-{n}",
            name=f"Site {n}",
            platform="1",
            origin=f"http://site-{n}.localhost:8000",
            automation_allowed_by="Vendor manager, 2026-01-05",
        ),
    )
    return add(session, SiteAccount(site_id=id_of(site), label="main", law_firm_id=law_firm_id))


def make_carrier(
    session: Session,
    *,
    site_account: SiteAccount | None = None,
    name: str = "",
    profile: dict[str, Any] | None = None,
    with_profile: bool = True,
) -> Carrier:
    """Make a carrier with an active profile: `profile_document()` unless another document is given."""
    n = next(NUMBERS)
    account = site_account or make_site_account(session)
    carrier = add(
        session,
        Carrier(
            slug=f"carrier-{n}", name=name or f"Carrier {n}", client_code=f"CL{n:04d}", site_account_id=id_of(account)
        ),
    )
    if with_profile:
        make_profile_version(session, carrier, document=profile)
    return carrier


def make_profile_version(
    session: Session, carrier: Carrier, *, document: dict[str, Any] | None = None, number: int = 1
) -> CarrierProfileVersion:
    """Make the active profile version of a carrier."""
    version = CarrierProfileVersion(
        carrier_id=id_of(carrier),
        number=number,
        is_active=True,
        document=document or profile_document(),
        created_at=NOW,
    )
    return add(session, version)


def profile_document(
    *,
    guidelines: list[dict[str, Any]] | None = None,
    file_format: dict[str, Any] | None = None,
    codes: dict[str, Any] | None = None,
    resubmission: str = "same_number",
    result_channel: str = "at_once",
    appeal: dict[str, Any] | None = None,
    appeal_window_days: int = 60,
) -> dict[str, Any]:
    """Return the JSON of a small valid `CarrierProfile` of a form site."""
    return {
        "format": file_format or {},
        "codes": codes or {},
        "guidelines": guidelines or [],
        "site": _site_document(),
        "result_channel": {"kind": result_channel, "mail": _mail_document() if result_channel == "e_mail" else None},
        "money": {
            "appeal_window_days": appeal_window_days,
            "appeal": appeal or {},
            "resubmission": resubmission,
            "payment_terms_days": 30,
        },
    }


def _mail_document() -> dict[str, Any]:
    return {
        "sender": "results@carrier.example",
        "dkim_domain": "carrier.example",
        "decisions": {"Paid": "approved"},
        "patterns": [
            {"name": "Result", "subject": "^Result$", "invoice": "(?P<invoice_number>INV-\\d+): (?P<decision>\\w+)"}
        ],
    }


def _site_document() -> dict[str, Any]:
    here = ["#page"]
    columns = {"invoice_number": ".number", "receipt": ".receipt", "amount": ".amount", "status": ".status"}
    return {
        "title": "Practice site",
        "allowed_hosts": ["{site_host}"],
        "credentials": [
            {"name": "username", "label": "User name", "kind": "plain"},
            {"name": "password", "label": "Password", "kind": "secret"},
        ],
        "pages": {"upload": {"is_here": here}},
        "steps": {
            "login": [{"verb": "fill", "label": "Password", "selectors": ["#password"], "value": "{password}"}],
            "find_invoice": [
                {
                    "verb": "read_table",
                    "label": "Invoices",
                    "table": {"selectors": ["tbody tr"], "columns": columns},
                    "into": "invoices",
                    "empty": ["#none"],
                }
            ],
            "upload": [
                {"verb": "expect", "label": "Upload page", "page": "upload"},
                {"verb": "upload", "label": "Choose the file", "selectors": ["#file"]},
                {"verb": "click", "label": "Send", "selectors": ["#send"], "commit": True},
                {"verb": "read", "label": "Receipt", "selectors": ["#receipt"], "into": "receipt"},
            ],
            "read_result": [{"verb": "read", "label": "Decision", "selectors": ["#status"], "into": "decision"}],
            "logout": [{"verb": "click", "label": "Sign out", "selectors": ["#logout"]}],
        },
        "outcomes": [{"signal": "login_rejected", "texts": ["not recognised"]}],
        "decisions": {"Approved": "approved", "Rejected": "rejected"},
    }
