"""Whose turn it is: the carriers of one account take turns, and so do the accounts where workers are few."""

import time
from collections import Counter
from dataclasses import dataclass, field

from core.db import Database
from core.settings import Settings
from services.uploads.dispatch import others_wait
from services.uploads.ledger import Claim

_ASK_SECONDS = 5.0


@dataclass
class CarrierTurn:
    """Which carrier of an account is next: one stays in hand for `files` in a row, then the next one is asked.

    `by_carrier` counts what this visit took up of each.
    """

    files: int
    carrier_id: int | None = None
    sent: int = 0
    by_carrier: Counter[int] = field(default_factory=Counter)

    @property
    def from_carrier_id(self) -> int | None:
        """Where the round of carriers goes on; None before the first file."""
        if self.carrier_id is None:
            return None
        return self.carrier_id + 1 if self.sent >= self.files else self.carrier_id

    def take(self, claim: Claim) -> None:
        """Note a file that was taken up; looking after an abandoned one is nobody's turn."""
        if claim.is_verification:
            return
        self.sent = self.sent + 1 if claim.carrier_id == self.carrier_id and self.sent < self.files else 1
        self.carrier_id = claim.carrier_id
        self.by_carrier[claim.carrier_id] += 1


@dataclass
class AccountTurn:
    """How long a worker stays with an account while others have none: `drain_turn_seconds`, then it gives way."""

    database: Database
    settings: Settings
    site_account_id: int
    since: float = field(default_factory=time.monotonic)
    _asked_at: float = 0.0

    def is_over(self) -> bool:
        """Whether the turn has lasted its time and another account waits; asks the database now and then only."""
        present = time.monotonic()
        if present - self.since < self.settings.drain_turn_seconds or present - self._asked_at < _ASK_SECONDS:
            return False
        self._asked_at = present
        with self.database.read_only() as session:
            return others_wait(session, site_account_id=self.site_account_id)
