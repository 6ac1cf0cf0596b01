"""Work that the lines at hand do not show: the same people's other time, on any matter, billed or not."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A fee or an expense recorded elsewhere.

    Attributes:
        source: identity of the entry, as on `GuidelineLine.source`; a bill's own lines are left out by it.
        reference: for people, as in 'invoice 10234' or 'matter 2024-00017, not billed yet'.
        matter: the firm's matter number.
        is_billed: whether an invoice holds it.
    """

    source: str
    reference: str
    matter: str
    kind: Literal["F", "E"]
    worked_on: date
    timekeeper_id: str
    units: Decimal
    narrative: str
    is_billed: bool
    task_code: str = ""
    expense_code: str = ""
    unit_cost: Decimal = Decimal(0)
    started_at: time | None = None
    ended_at: time | None = None
