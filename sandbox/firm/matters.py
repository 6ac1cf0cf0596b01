"""The practice firm's cases: who answers for them, who works on them, who pays."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from models.enums import MatterStatus
from sandbox.firm import data
from sandbox.firm.calendar import BillingPeriod
from sandbox.firm.people import ASSISTANT, ASSOCIATE, People, Person
from sandbox.firm.sites import carrier_facts

_WHOLE = Decimal("100.0000")
_OLD_STYLE_EVERY = 12
_AT_LEAST_FOR_ANA = 12
_CLAIMS_FROM, _CLAIMS_APART = 40_000, 37


@dataclass(frozen=True)
class Case:
    """One matter and its team; the first of the team answers for it."""

    matter: dict[str, Any]
    payor: dict[str, Any]
    team: tuple[Person, ...]

    @property
    def matter_id(self) -> int:
        """Return the matter's id."""
        return int(self.matter["id"])

    @property
    def carrier_id(self) -> int:
        """Return the id of the carrier that pays."""
        return int(self.payor["carrier_id"])


def open_cases(random: Random, people: People, period: BillingPeriod, invoices: int) -> list[Case]:
    """Make one matter for every invoice, spread unevenly over the carriers, Ana Reyes answering for many."""
    carriers = _spread(invoices)
    random.shuffle(carriers)
    hers = set(random.sample(range(invoices), min(invoices, max(_AT_LEAST_FOR_ANA, invoices // 10))))
    return [
        open_case(random, people, period, index + 1, carrier_id, people.ana_reyes if index in hers else None)
        for index, carrier_id in enumerate(carriers)
    ]


def open_case(
    random: Random, people: People, period: BillingPeriod, identity: int, carrier_id: int, lead: Person | None = None
) -> Case:
    """Make one open matter that one carrier pays for whole."""
    opened = period.start - timedelta(days=random.randint(40, 1100))
    lead = lead or random.choice(people.responsible[1:])
    old_style = identity % _OLD_STYLE_EVERY == 0
    number = f"00{carrier_id:02d}-{identity:06d}" if old_style else f"{opened.year}-{identity:05d}"
    matter = {
        "id": identity, "number": number, "name": _caption(random), "status": MatterStatus.OPEN,
        "responsible_attorney_id": lead.user_id, "opened_on": opened, "closed_on": None,
    }  # fmt: skip
    claim = carrier_facts()[carrier_id - 1]["claim"].format(
        n=_CLAIMS_FROM + _CLAIMS_APART * identity + random.randrange(_CLAIMS_APART)
    )
    payor = {
        "id": identity, "matter_id": identity, "carrier_id": carrier_id, "claim_number": claim,
        "fee_percent": _WHOLE, "expense_percent": _WHOLE, "effective_from": opened, "effective_to": None,
    }  # fmt: skip
    associates = random.sample(people.by_grade[ASSOCIATE], random.choice((1, 2, 2, 3)))
    return Case(matter, payor, (lead, *associates, random.choice(people.by_grade[ASSISTANT])))


def _spread(invoices: int) -> list[int]:
    """Return carrier ids, by weight, every carrier at least once where there are enough."""
    weights = [carrier["weight"] for carrier in carrier_facts()]
    spare = max(0, invoices - len(weights))
    shares = [1 + spare * weight // sum(weights) for weight in weights]
    ids = [carrier_id for carrier_id, share in enumerate(shares, 1) for _ in range(share)]
    return [*ids, *(1 + index % len(weights) for index in range(invoices - len(ids)))][:invoices]


def _caption(random: Random) -> str:
    last = data.document("names")["last"]
    companies = data.document("words")["insured"]
    return f"{random.choice(last)} v. {random.choice(companies)}"
