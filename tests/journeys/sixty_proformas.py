"""An attorney with sixty proformas: 48 clean, five with a fix on offer, four to bill as worked, three to return."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count

from sqlmodel import Session

from core.clock import now, today
from models import Carrier, Proforma, Timekeeper, User
from models.enums import ProformaStatus, Role
from services.review.proforma_findings import lines_of, recheck
from tests.builders import (
    id_of,
    make_billing_run,
    make_carrier,
    make_matter,
    make_proforma,
    make_proforma_line,
    make_rate,
    profile_document,
)
from tests.builders.base import add
from tests.journeys.house import House

RULES = [
    {"kind": "max_hours_per_entry", "action": "reduce", "hours": "1.0"},
    {"kind": "vague_narrative", "action": "warn", "phrases": ["attention to"]},
]
RATE = Decimal("285.00")
_NUMBERS = count(1)


class Kind(StrEnum):
    """What the attorney does with a proforma."""

    CLEAN = "clean"
    FIX = "fix"
    LEAVE = "leave"
    RETURN = "return"


# The flagged ones lie among the clean ones, as they do in life.
KINDS = [Kind.FIX, Kind.LEAVE, Kind.RETURN, Kind.FIX, Kind.LEAVE, Kind.FIX, Kind.RETURN, Kind.LEAVE, Kind.FIX,
         Kind.LEAVE, Kind.FIX, Kind.RETURN]  # fmt: skip


@dataclass(frozen=True)
class Sixty:
    """Who has them, and what is to be done with each, by its id."""

    email: str
    user_id: int
    kinds: dict[int, Kind]


def make_sixty(house: House) -> Sixty:
    """Make them in one transaction, checked against their carrier's guidelines."""
    with house.database.unit_of_work() as session:
        number = next(_NUMBERS)
        user = add(session, User(
            subject=f"sixty-{number}", email=f"sixty{number}@hwr.example", name=f"Ira Sixty {number}",
            roles=[Role.ATTORNEY.value], created_at=now(),
        ))  # fmt: skip
        clerk = add(session, Timekeeper(
            code=f"SX{number:04d}", last_name="Sixty", first_name="Ira", classification="PARTNR"
        ))  # fmt: skip
        carrier = make_carrier(session, name=f"Sixty Mutual {number}", profile=profile_document(guidelines=RULES))
        make_rate(session, RATE, carrier=carrier, timekeeper=clerk)
        run = make_billing_run(session, started_by=user)
        kinds = {}
        for place in range(60):
            kind = KINDS[place // 5] if place % 5 == 2 else Kind.CLEAN
            proforma = _proforma(session, f"SX{number}-{place:03d}", user, carrier, clerk, kind, run)
            kinds[id_of(proforma)] = kind
        assert sum(kind is Kind.CLEAN for kind in kinds.values()) == 48
        return Sixty(user.email, id_of(user), kinds)


def waiting(house: House, sixty: Sixty) -> int:
    """Return how many of them are still in review."""
    with house.database.read_only() as session:
        found = [session.get_one(Proforma, key).status for key in sixty.kinds]
    return sum(status is ProformaStatus.IN_REVIEW for status in found)


def _proforma(
    session: Session, number: str, user: User, carrier: Carrier, clerk: Timekeeper, kind: Kind, run
) -> Proforma:
    matter = make_matter(session, attorney=user, carrier=carrier, number=number)
    proforma = make_proforma(
        session, matter=matter, timekeeper=clerk, run=run, lines=0, due_on=today() + timedelta(days=6)
    )
    hours = "1.5" if kind is Kind.FIX else "0.8"
    line = make_proforma_line(session, proforma, line_number=1, matter=matter, timekeeper=clerk, hours=hours)
    if kind in {Kind.LEAVE, Kind.RETURN}:
        line.billed_narrative = "Attention to the file"
    proforma.waiting_since_at = now()
    session.flush()
    proforma.finding_count = recheck(session, proforma, lines_of(session, id_of(proforma)))
    assert (proforma.finding_count == 0) is (kind is Kind.CLEAN)
    session.flush()
    return proforma
