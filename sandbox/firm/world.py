"""`world.json`: what the practice carriers' sites know of the firm, in their own words; beside it what was planted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.enums import MatterStatus
from sandbox.firm import data
from sandbox.firm.calendar import BillingPeriod
from sandbox.firm.matters import Case
from sandbox.firm.people import People
from sandbox.firm.sites import Sites, carrier_facts

PLANTED = "planted.json"


@dataclass(frozen=True)
class World:
    """A seeded firm: the billing period, how many invoices it makes, how many lines, and the sites' document.

    `planted` holds the lines that break a rule on purpose: entry, carrier, matter, and the kinds of rule.
    """

    period: BillingPeriod
    invoices: int
    lines: int
    document: dict[str, Any]
    planted: list[dict[str, Any]]

    def write(self, path: Path) -> None:
        """Store the sites' document and, beside it, `planted.json`, each replacing an older one whole.

        Only the owner may read them: the document holds the practice passwords.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        for target, content in ((path, self.document), (path.with_name(PLANTED), self.planted)):
            draft = target.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(content, indent=1), encoding="utf-8")
            draft.replace(target)


def describe(
    law_firm_id: str,
    sites: Sites,
    cases: Iterable[Case],
    people: People,
    approved: dict[tuple[int, str], Decimal],
    since: date,
) -> dict[str, Any]:
    """Return the sites' document; `approved` holds hourly rates by (carrier id, timekeeper code)."""
    return {
        "law_firm_id": law_firm_id,
        "sites": [_site(site, sites) for site in data.document("carriers")["sites"]],
        "carriers": [_carrier(carrier) for carrier in carrier_facts()],
        "matters": [_matter(case) for case in cases],
        "timekeepers": _timekeepers(people, approved, since),
    }


def _site(site: dict[str, Any], sites: Sites) -> dict[str, Any]:
    served = [carrier["slug"] for carrier in carrier_facts() if carrier["site"] == site["slug"]]
    return {**site, "accounts": [sites.accounts[site["slug"]]], "carriers": served}


_TOLD = ("slug", "name", "client_id", "rules", "format", "client_tax_id", "law_firm_id", "file_name", "mail", "file")


def _carrier(carrier: dict[str, Any]) -> dict[str, Any]:
    told = {name: carrier[name] for name in _TOLD if name in carrier}
    return {**told, "task_codes": None, "activity_codes": None, "expense_codes": None}


def _matter(case: Case) -> dict[str, Any]:
    return {
        "carrier": carrier_facts()[case.carrier_id - 1]["slug"], "law_firm_matter_id": case.matter["number"],
        "claim_number": case.payor["claim_number"], "open": case.matter["status"] is MatterStatus.OPEN,
    }  # fmt: skip


def _timekeepers(people: People, approved: dict[tuple[int, str], Decimal], since: date) -> list[dict[str, Any]]:
    rows = {row["code"]: row for row in people.timekeepers}
    return [
        {
            "carrier": carrier_facts()[carrier_id - 1]["slug"], "id": code,
            "name": f"{rows[code]['last_name']}, {rows[code]['first_name']}",
            "classification": rows[code]["classification"], "rate": f"{rate:.2f}", "from": since.isoformat(),
        }
        for (carrier_id, code), rate in sorted(approved.items())
    ]  # fmt: skip
