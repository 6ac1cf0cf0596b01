"""What a rule must know of the bill that the lines stand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

_NO_AMOUNTS: Mapping[str, Decimal] = MappingProxyType({})
_NO_CODES: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A bill in the making; for an entry that is being typed, the bill it would be on.

    Attributes:
        invoice_date: day of the invoice; today while there is none.
        submitted_on: day it is sent; today while it is not.
        client: the carrier's own code in scopes; matter: the firm's matter number.
        period_start: first day of the billing period, or None when no period is known, as at time entry.
        last_billed_on: end of the period of the last invoice to this payor on this matter, or None.
        budgets: approved dollars by code: a task, a phase such as 'L300', or '' for the matter as a whole.
        billed_before: dollars billed before this bill, under the same keys.
        codes_taken: the codes that the carrier takes, by field of the line such as 'task_code'; a field that is not
            there takes its whole list.
        is_final: the last bill of the matter.
    """

    invoice_date: date
    submitted_on: date | None = None
    client: str = ""
    matter: str = ""
    period_start: date | None = None
    period_end: date | None = None
    last_billed_on: date | None = None
    budgets: Mapping[str, Decimal] = field(default_factory=lambda: _NO_AMOUNTS)
    billed_before: Mapping[str, Decimal] = field(default_factory=lambda: _NO_AMOUNTS)
    codes_taken: Mapping[str, frozenset[str]] = field(default_factory=lambda: _NO_CODES)
    is_final: bool = False
