"""A small world of all sites and carriers, and LEDES files for it: for tests and for trying things out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.portals.readers.layouts import LEDES_1998B, Layout

LAW_FIRM_ID = "36-4412907"
CLIENT_TAX_ID = "36-7700123"
USERNAME, PASSWORD = "hwr-billing", "Correct-Horse-7"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - a pretend secret

_SITES = (
    ("harbor", 1, "Harbor Mutual Vendor Portal", ("harbor-mutual",)),
    ("keystone", 1, "Keystone Casualty Vendor Portal", ("keystone-casualty",)),
    ("clearpath", 2, "ClearPath Billing Network", ("summit-national", "prairie-states")),
    ("northfork", 2, "Northfork Re Legal Billing", ("northfork-re",)),
    ("lakeshore", 3, "Lakeshore", ("lakeshore-indemnity",)),
    ("atlas", 3, "Atlas Specialty", ("atlas-specialty",)),
    ("granite", 5, "Granite Vendor Services", ("granite-surety",)),
    ("laurentian", 4, "Laurentian Mutual", ("laurentian-mutual",)),
    ("redwood", 4, "Redwood e-Counsel Desk", ("redwood-assurance",)),
    ("blueridge", 4, "Blue Ridge Counsel Desk", ("blue-ridge-casualty",)),
    ("ironbridge", 7, "Ironbridge Specialty", ("ironbridge-specialty",)),
    ("palmetto", 7, "Palmetto Home Insurance", ("palmetto-home",)),
    ("tidewater", 6, "Tidewater Marine", ("tidewater-marine",)),
    ("cascadia", 6, "Cascadia Farm Mutual", ("cascadia-farm-mutual",)),
    ("sequoia", 1, "Sequoia Fire Counsel Portal", ("sequoia-fire",)),
    ("beacon", 3, "Beacon Professional", ("beacon-professional",)),
    ("meridian", 8, "Meridian Counsel Desk", ("meridian-liability",)),
    ("stonegate", 8, "Stonegate Bill Desk", ("stonegate-mutual",)),
    ("unison", 9, "Unison Claims Exchange", ("cedar-valley", "bluewater-marine", "tri-county-farm")),
    ("frontier", 10, "Frontier Claims Gateway", ("frontier-property",)),
    ("palisade", 10, "Palisade Provider Gateway", ("palisade-assurance",)),
)
_CARRIERS = (
    ("harbor-mutual", "Harbor Mutual Insurance", "HARBOR"),
    ("keystone-casualty", "Keystone Casualty", "KEYSTN"),
    ("summit-national", "Summit National", "SUMMIT"),
    ("prairie-states", "Prairie States Insurance", "PRAIRI"),
    ("northfork-re", "Northfork Re", "NFORK"),
    ("lakeshore-indemnity", "Lakeshore Indemnity", "LAKESH"),
    ("atlas-specialty", "Atlas Specialty", "ATLAS"),
    ("granite-surety", "Granite Surety", "GRANIT"),
    ("laurentian-mutual", "Laurentian Mutual", "LAUREN"),
    ("redwood-assurance", "Redwood Assurance", "REDWD"),
    ("blue-ridge-casualty", "Blue Ridge Casualty", "BLURDG"),
    ("ironbridge-specialty", "Ironbridge Specialty", "IRONBR"),
    ("palmetto-home", "Palmetto Home Insurance", "PALMET"),
    ("tidewater-marine", "Tidewater Marine Underwriters", "TIDEWT"),
    ("cascadia-farm-mutual", "Cascadia Farm Mutual", "CASCAD"),
    ("sequoia-fire", "Sequoia Fire", "SEQUOI"),
    ("beacon-professional", "Beacon Professional", "BEACON"),
    ("meridian-liability", "Meridian Liability", "MERIDN"),
    ("stonegate-mutual", "Stonegate Mutual", "STONEG"),
    ("cedar-valley", "Cedar Valley Insurance", "CEDARV"),
    ("bluewater-marine", "Bluewater Marine", "BLUEWM"),
    ("tri-county-farm", "Tri-County Farm Bureau", "TRICTY"),
    ("frontier-property", "Frontier Property", "FRONTR"),
    ("palisade-assurance", "Palisade Assurance", "PALISD"),
)
_MAILS: Mapping[str, Mapping[str, object]] = {
    "tidewater-marine": {
        "name": "Tidewater Bill Review",
        "sender": "billreview@tidewater-marine.example",
        "domain": "tidewater-marine.example",
        "to": "ebilling@hwr.example",
        "layout": "plain",
    },
    "cascadia-farm-mutual": {
        "name": "Cascadia Litigation Management",
        "sender": "litigation@notices.cascadia-farm.example",
        "domain": "notices.cascadia-farm.example",
        "to": "ebilling@hwr.example",
        "layout": "digest",
        "layouts": {"reduced": "table", "disputed": "table", "rejected": "table"},
        "digest_seconds": 5,
    },
}
_RULES = {
    "max_hours_per_day": 12,
    "max_hours_per_entry": 10,
    "max_age_days": 180,
    "vague_phrases": ["attention to", "file review"],
    "non_billable_expenses": ["E101", "E105"],
    "max_narrative": 1000,
    "min_increment": "0.1",
    "clerical_phrases": ["calendar "],
    "travel_phrases": ["travel to"],
    "expense_unit_caps": {"E110": "225"},
}


def sample_world(decision_delay_seconds: float | None = 0) -> dict[str, Any]:
    """Return the world as decoded JSON. Every carrier has an open matter -1, a closed one -2 and timekeepers."""
    return {
        "law_firm_id": LAW_FIRM_ID,
        "sites": [_site(*one) | {"decision_delay_seconds": decision_delay_seconds} for one in _SITES],
        "carriers": [_carrier(*one) for one in _CARRIERS],
        "matters": [_matter(slug, client_id, number) for slug, _, client_id in _CARRIERS for number in (1, 2)],
        "timekeepers": [row for slug, _, _ in _CARRIERS for row in _timekeepers(slug)],
    }


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One line of a sample file, as text and numbers of the file."""

    kind: str = "F"
    units: str = "2.0"
    unit_cost: str = "285.00"
    narrative: str = "Draft answer to complaint and affirmative defenses"
    worked_on: str = "20261015"
    task: str = "L210"
    activity: str = "A103"
    expense: str = ""
    timekeeper: str = "TK012"
    tax_rate: str = "0"

    @property
    def net(self) -> Decimal:
        """Return units x unit cost in whole cents."""
        return _in_cents(Decimal(self.units) * Decimal(self.unit_cost))

    @property
    def tax(self) -> Decimal:
        """Return the tax on the line in whole cents."""
        return _in_cents(self.net * Decimal(self.tax_rate))

    @property
    def total(self) -> Decimal:
        """Return what the line comes to, tax included."""
        return self.net + self.tax


def _in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def expense_line(code: str = "E112", unit_cost: str = "45.00") -> SampleLine:
    """Return an expense of one unit."""
    return SampleLine("E", "1", unit_cost, "Court filing fee", task="", activity="", expense=code, timekeeper="")


def sample_ledes(
    carrier: str = "harbor-mutual",
    invoice_number: str = "INV-1001",
    lines: Iterable[SampleLine] = (SampleLine(), expense_line()),
    layout: Layout = LEDES_1998B,
    **changed: str,
) -> bytes:
    """Return a file of one invoice; `changed` overrides fields of every row by lower-case name."""
    items = list(lines)
    total = sum((line.total for line in items), Decimal(0))
    tax = sum((line.tax for line in items), Decimal(0))
    client_id = next(client for slug, _, client in _CARRIERS if slug == carrier)
    head = {
        "INVOICE_DATE": "20261031",
        "INVOICE_NUMBER": invoice_number,
        "CLIENT_ID": client_id,
        "LAW_FIRM_MATTER_ID": f"{client_id}-1",
        "INVOICE_TOTAL": f"{total:.2f}",
        "BILLING_START_DATE": "20261001",
        "BILLING_END_DATE": "20261031",
        "INVOICE_DESCRIPTION": "Professional services",
        "LAW_FIRM_ID": LAW_FIRM_ID,
        "CLIENT_MATTER_ID": f"CLM-{client_id}-1",
        "CLIENT_TAX_ID": CLIENT_TAX_ID,
        "MATTER_NAME": "Doe v. Roe",
        "INVOICE_TAX_TOTAL": f"{tax:.2f}",
        "INVOICE_NET_TOTAL": f"{total - tax:.2f}",
        "INVOICE_CURRENCY": "USD",
        "ACCOUNT_TYPE": "O",
    }
    over = {name.upper(): value for name, value in changed.items()}
    records = [_record(layout, head | _item(line, at) | over) for at, line in enumerate(items, 1)]
    return ("\r\n".join([layout.magic, "|".join(layout.columns) + "[]", *records]) + "\r\n").encode("ascii")


def _record(layout: Layout, cells: Mapping[str, str]) -> str:
    return "|".join(cells.get(column, "") for column in layout.columns) + "[]"


def _item(line: SampleLine, at: int) -> dict[str, str]:
    return {
        "LINE_ITEM_NUMBER": str(at),
        "EXP/FEE/INV_ADJ_TYPE": line.kind,
        "LINE_ITEM_NUMBER_OF_UNITS": line.units,
        "LINE_ITEM_ADJUSTMENT_AMOUNT": "0.00",
        "LINE_ITEM_TOTAL": f"{line.total:.2f}",
        "LINE_ITEM_DATE": line.worked_on,
        "LINE_ITEM_TASK_CODE": line.task,
        "LINE_ITEM_EXPENSE_CODE": line.expense,
        "LINE_ITEM_ACTIVITY_CODE": line.activity,
        "TIMEKEEPER_ID": line.timekeeper,
        "LINE_ITEM_DESCRIPTION": line.narrative,
        "LINE_ITEM_UNIT_COST": line.unit_cost,
        "TIMEKEEPER_NAME": "Reyes, Ana" if line.timekeeper else "",
        "TIMEKEEPER_CLASSIFICATION": "PT" if line.timekeeper else "",
        "TIMEKEEPER_LAST_NAME": "Reyes" if line.timekeeper else "",
        "TIMEKEEPER_FIRST_NAME": "Ana" if line.timekeeper else "",
        "LINE_ITEM_TAX_RATE": line.tax_rate,
        "LINE_ITEM_TAX_TOTAL": f"{line.tax:.2f}",
    }


def _site(slug: str, platform: int, title: str, carriers: tuple[str, ...]) -> dict[str, Any]:
    account = {"username": USERNAME, "password": PASSWORD, "totp": TOTP_SECRET if slug == "granite" else None}
    return {
        "slug": slug,
        "platform": platform,
        "title": title,
        "accounts": [account],
        "carriers": list(carriers),
    }


def _carrier(slug: str, name: str, client_id: str) -> dict[str, Any]:
    codes = {"task_codes": None, "activity_codes": None, "expense_codes": None}
    return {
        "slug": slug,
        "name": name,
        "client_id": client_id,
        "rules": dict(_RULES),
        "mail": _MAILS.get(slug),
        **codes,
    }


def _matter(slug: str, client_id: str, number: int) -> dict[str, Any]:
    return {
        "carrier": slug,
        "law_firm_matter_id": f"{client_id}-{number}",
        "claim_number": f"CLM-{client_id}-{number}",
        "open": number == 1,
    }


def _timekeepers(slug: str) -> list[dict[str, str]]:
    ana = {"carrier": slug, "id": "TK012", "name": "Reyes, Ana", "classification": "PT"}
    ben = {"carrier": slug, "id": "TK034", "name": "Ortiz, Ben", "classification": "AS"}
    return [
        ana | {"rate": "275.00", "from": "2025-01-01"},
        ana | {"rate": "285.00", "from": "2026-01-01"},
        ben | {"rate": "210.00", "from": "2026-01-01"},
    ]
