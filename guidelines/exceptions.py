"""What a carrier's handler allowed in spite of a rule: who, when, for which work; quoted on the line and in appeals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedException:
    """One permission.

    Attributes:
        rule: id of a rule, or the kind of every rule that it lifts.
        handler: the person at the carrier who gave it.
        granted_on: day it was given.
        matter: the firm's matter number; '' = every matter of the carrier.
        timekeeper_id: '' = everybody.
        work_from: first day of work that it covers; None = no limit, as with work_to.
        limit: hours, dollars or days up to which it holds, in the rule's own measure; None = without limit.
        reference: where it is written, as in 'e-mail of 2026-10-03'.
    """

    rule: str
    handler: str
    granted_on: date
    matter: str = ""
    timekeeper_id: str = ""
    work_from: date | None = None
    work_to: date | None = None
    limit: Decimal | None = None
    reference: str = ""

    @property
    def quotation(self) -> str:
        """Return the permission as a sentence for the line and for an appeal."""
        where = f" ({self.reference})" if self.reference else ""
        return f"Allowed by {self.handler} on {self.granted_on}{where}."
