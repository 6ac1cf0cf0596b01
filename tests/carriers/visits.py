"""The four visits that are recorded of every carrier with plain forms, and what came of each, as data."""

from typing import Any

import httpx

from carriers.errors import SiteError
from carriers.forms.page import FormPage
from carriers.forms.wire import Wire
from carriers.hosts import AllowedHosts
from carriers.runner import SiteSession
from carriers.seeds import seed_profiles
from sandbox.portals.sample_world import sample_world
from tests.carriers.practice import SITE_OF, credentials, ledes_file, permit

VISITS = ("happy", "bad_password", "rejection", "layout_changed")
NEEDS_A_BROWSER = {3: "a single page, drawn by its script", 4: "frames and a pop-up window"}
_PLATFORM = {site["slug"]: site["platform"] for site in sample_world()["sites"]}
FORM_CARRIERS = sorted(slug for slug in seed_profiles() if _PLATFORM[SITE_OF[slug]] not in NEEDS_A_BROWSER)
NUMBER = "INV-1001"
_BY_MAIL = 6


class _NoSink:
    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        """Keep nothing."""


def visit(slug: str, kind: str, line: httpx.BaseTransport, *, code: str = "000000") -> dict[str, Any]:
    """Play a visit over a line and return what came of it; no fault of the site is raised."""
    profile, base = seed_profiles()[slug], f"http://{SITE_OF[slug]}.localhost:8800"
    wire = Wire(AllowedHosts(profile.site.title, profile.site.allowed_hosts, base), line)
    page: Any = FormPage(wire, profile.site.title)
    known = credentials("Wrong-Word-1") if kind == "bad_password" else credentials()
    session = SiteSession(page, profile, base, known, lambda: code, _NoSink())
    told: dict[str, Any] = {}
    try:
        _play(session, slug, kind, told)
    except SiteError as said:
        findings = [vars(one) for one in getattr(said, "findings", ())]
        told |= {"error": said.code, "site_text": said.site_text, "findings": [_texts(one) for one in findings]}
        looked_for = said.facts.get("waits_for")
        told |= {"looked_for": list(looked_for)} if isinstance(looked_for, tuple) else {}
    finally:
        wire.close()
    return told


def _play(session: SiteSession, slug: str, kind: str, told: dict[str, Any]) -> None:
    file = ledes_file(slug, NUMBER, **(_spoilt(slug) if kind == "rejection" else {}))
    session.login()
    told["found_before"] = session.find_invoice(file) is not None
    told["receipt"] = session.upload(file, before_commit=permit).receipt_number
    listed = session.find_invoice(file)
    told["listed"] = listed.receipt_number if listed else None
    decision = session.read_result(file)
    told["decision"] = [decision.kind.value, str(decision.approved_amount), len(decision.findings)]
    session.logout()


def _spoilt(slug: str) -> dict[str, str]:
    """Return what the site refuses at once; one that decides by e-mail refuses only what it cannot read."""
    tells_later = _PLATFORM[SITE_OF[slug]] == _BY_MAIL
    return {"invoice_total": "a lot"} if tells_later else {"law_firm_matter_id": "2019-99999"}


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value not in {None, ""}}
