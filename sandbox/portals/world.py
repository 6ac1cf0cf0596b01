"""The sites' own view of the world: who may log in, which matters are open, who works at which rate."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.portals.reader import FORMATS, USUAL_FORMAT
from sandbox.portals.readers.habits import USUAL_HABITS, Habits, parse_habits


@dataclass(frozen=True, slots=True)
class Account:
    """One log-in of the law firm at a site; `totp` is a base32 secret or None."""

    username: str
    password: str
    totp: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """One host name, on one platform, serving one or more carriers."""

    slug: str
    platform: int
    title: str
    accounts: tuple[Account, ...]
    carriers: tuple[str, ...]
    decision_delay_seconds: float | None = 0
    """Seconds until a decision is published; None holds every decision until it is released."""
    listing_delay_seconds: float = 0
    """Seconds until a new post shows in lists and searches."""
    trouble_every: int = 0
    """About how many pages go well between two outages that come by themselves; 0 = none come."""

    def account(self, username: str) -> Account | None:
        """Return the account of this name, in any case, as sites compare them."""
        return next((one for one in self.accounts if one.username.lower() == username.strip().lower()), None)


@dataclass(frozen=True, slots=True)
class Matter:
    """A claim as the carrier's site knows it."""

    law_firm_matter_id: str
    claim_number: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """An hourly rate agreed for a timekeeper from a date on."""

    rate: Decimal
    from_on: date


@dataclass(frozen=True, slots=True)
class Rules:
    """A carrier's billing guidelines; None or empty switches a rule off. Percents are of the invoice total."""

    max_hours_per_day: Decimal | None = None
    max_hours_per_entry: Decimal | None = None
    max_age_days: int | None = None
    vague_phrases: tuple[str, ...] = ()
    non_billable_expenses: tuple[str, ...] = ()
    clerical_phrases: tuple[str, ...] = ()
    travel_phrases: tuple[str, ...] = ()
    expense_unit_caps: tuple[tuple[str, Decimal], ...] = ()
    max_narrative: int | None = None
    min_increment: Decimal | None = None
    dispute_over_percent: Decimal = Decimal(25)
    reject_over_percent: Decimal = Decimal(50)


@dataclass(frozen=True, slots=True)
class Mail:
    """How a carrier that tells its decisions by e-mail writes them.

    Attributes:
        name, sender: from whom the mail comes; `domain` signs it and `receiving_server` of the firm checks that.
        layouts: by decision, how its mail looks: plain, table or digest; `layout` is for the decisions not named.
        digest_seconds: how long a digest waits for further invoices.
    """

    name: str
    sender: str
    domain: str
    to: str
    layout: str
    layouts: Mapping[str, str] = field(default_factory=dict)
    digest_seconds: float = 0
    receiving_server: str = "mx.hwr.example"

    def layout_of(self, decision: str) -> str:
        """Return how the mail of a decision looks."""
        return self.layouts.get(decision, self.layout)


@dataclass(frozen=True, slots=True)
class Carrier:
    """One insurer: its LEDES client id, codes, guidelines, matters and approved timekeepers."""

    slug: str
    name: str
    client_id: str
    rules: Rules
    task_codes: frozenset[str] | None
    activity_codes: frozenset[str] | None
    expense_codes: frozenset[str] | None
    file_format: str = USUAL_FORMAT
    currency: str = "USD"
    client_tax_id: str = ""
    law_firm_id: str = ""
    """The firm's id as this carrier writes it, where it is not the usual one."""
    file_name: str = ""
    """What the whole name of a file must look like, a regular expression; "" leaves it free."""
    mail: Mail | None = None
    """Where decisions are told by e-mail; None = on the site."""
    habits: Habits = USUAL_HABITS
    matters: Mapping[str, Matter] = field(default_factory=dict)
    rates: Mapping[str, tuple[Rate, ...]] = field(default_factory=dict)

    def rate_on(self, timekeeper_id: str, worked_on: date) -> Decimal | None:
        """Return the rate agreed for a timekeeper on a date, or None where there was none yet."""
        known = [one for one in self.rates.get(timekeeper_id, ()) if one.from_on <= worked_on]
        return max(known, key=lambda one: one.from_on).rate if known else None


@dataclass(frozen=True, slots=True)
class World:
    """Everything the practice sites know."""

    law_firm_id: str
    sites: Mapping[str, Site]
    carriers: Mapping[str, Carrier]

    def client(self, site: Site, client_id: str) -> Carrier | None:
        """Return the carrier with this LEDES client id on a site."""
        served = (self.carriers[slug] for slug in site.carriers)
        return next((one for one in served if one.client_id == client_id), None)


def load_world(path: Path) -> World:
    """Read `world.json`."""
    return parse_world(json.loads(path.read_text(encoding="utf-8")))


def parse_world(raw: Mapping[str, Any]) -> World:
    """Build the world from the decoded JSON; a missing key raises KeyError."""
    return World(
        law_firm_id=raw["law_firm_id"],
        sites={one["slug"]: _site(one) for one in raw["sites"]},
        carriers={one["slug"]: _carrier(one, raw) for one in raw["carriers"]},
    )


def _site(raw: Mapping[str, Any]) -> Site:
    accounts = tuple(Account(one["username"], one["password"], one.get("totp")) for one in raw["accounts"])
    return Site(
        slug=raw["slug"],
        platform=raw["platform"],
        title=raw["title"],
        accounts=accounts,
        carriers=tuple(raw["carriers"]),
        decision_delay_seconds=raw.get("decision_delay_seconds", 0),
        listing_delay_seconds=raw.get("listing_delay_seconds", 0),
        trouble_every=raw.get("trouble_every", 0),
    )


def _carrier(raw: Mapping[str, Any], world: Mapping[str, Any]) -> Carrier:
    slug = raw["slug"]
    matters = {
        one["law_firm_matter_id"]: Matter(one["law_firm_matter_id"], one["claim_number"], one["open"])
        for one in world["matters"]
        if one["carrier"] == slug
    }
    rates: dict[str, tuple[Rate, ...]] = {}
    for one in world["timekeepers"]:
        if one["carrier"] == slug:
            agreed = Rate(Decimal(one["rate"]), date.fromisoformat(one["from"]))
            rates[one["id"]] = (*rates.get(one["id"], ()), agreed)
    return Carrier(
        slug=slug,
        name=raw["name"],
        client_id=raw["client_id"],
        rules=_rules(raw["rules"]),
        task_codes=_codes(raw, "task_codes"),
        activity_codes=_codes(raw, "activity_codes"),
        expense_codes=_codes(raw, "expense_codes"),
        file_format=_format(raw),
        client_tax_id=raw.get("client_tax_id", ""),
        law_firm_id=raw.get("law_firm_id", world["law_firm_id"]),
        file_name=raw.get("file_name", ""),
        mail=Mail(**raw["mail"]) if raw.get("mail") else None,
        habits=parse_habits(raw.get("file", {})),
        matters=matters,
        rates=rates,
    )


def _format(raw: Mapping[str, Any]) -> str:
    """Return the format a carrier takes; one that no reader knows is an error, not a refusal of every file."""
    name: str = raw.get("format", USUAL_FORMAT)
    if name not in FORMATS:
        raise ValueError(name)
    return name


def _codes(raw: Mapping[str, Any], kind: str) -> frozenset[str] | None:
    listed = raw.get(kind)
    return None if listed is None else frozenset(listed)


def _rules(raw: Mapping[str, Any]) -> Rules:
    """Turn JSON numbers into Decimal and lists into tuples; an unknown rule is an error, not a silent nothing."""
    decimals = {
        "max_hours_per_day",
        "max_hours_per_entry",
        "min_increment",
        "dispute_over_percent",
        "reject_over_percent",
    }
    plain: dict[str, Any] = {}
    for name, value in raw.items():
        if isinstance(value, dict):
            plain[name] = tuple((code, Decimal(cap)) for code, cap in value.items())
        elif name in decimals and value is not None:
            plain[name] = Decimal(str(value))
        else:
            plain[name] = tuple(value) if isinstance(value, list) else value
    return Rules(**plain)
