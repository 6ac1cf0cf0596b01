"""Which lines of the practice firm break which rule of their carrier: what the product has to find before it sends."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.firm.matters import Case
from sandbox.firm.sites import carrier_facts

PER_DAY, PER_ENTRY = "max_hours_per_day", "max_hours_per_entry"


@dataclass
class Truth:
    """Kinds of broken rules by entry, 'time:17' or 'expense:5'; an entry that breaks nothing is not in it."""

    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def mark(self, entry: str, kind: str) -> None:
        """Note that an entry breaks a rule."""
        self.kinds[entry].add(kind)

    def add_hours(self, cases: Iterable[Case], entries: Iterable[dict[str, Any]]) -> None:
        """Mark what passes a carrier's hours of an entry and of a day, whoever planted it.

        A person's day counts over all matters; on a bill the line with which the day passes the limit is marked.
        """
        rules = {case.matter_id: carrier_facts()[case.carrier_id - 1]["rules"] for case in cases}
        in_order = sorted(entries, key=lambda entry: (entry["worked_on"], entry["id"]))
        for entry in in_order:
            if entry["entered_hours"] > rules[entry["matter_id"]][PER_ENTRY]:
                self.mark(f"time:{entry['id']}", PER_ENTRY)
        days: dict[tuple[int, date], list[dict[str, Any]]] = defaultdict(list)
        for entry in in_order:
            days[entry["timekeeper_id"], entry["worked_on"]].append(entry)
        for day in days.values():
            for entry in _over_the_day(day, {matter: Decimal(rule[PER_DAY]) for matter, rule in rules.items()}):
                self.mark(f"time:{entry['id']}", PER_DAY)

    def listed(self, cases: Iterable[Case], rows: Iterable[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """Return the marked entries with carrier and matter, as `planted.json` holds them."""
        of = {case.matter_id: case for case in cases}
        return [
            {
                "entry": entry,
                "carrier": carrier_facts()[of[row["matter_id"]].carrier_id - 1]["slug"],
                "matter": of[row["matter_id"]].matter["number"],
                "kinds": sorted(self.kinds[entry]),
            }
            for entry, row in rows
            if self.kinds.get(entry)
        ]


def _over_the_day(day: list[dict[str, Any]], most: dict[int, Decimal]) -> Iterator[dict[str, Any]]:
    """Yield, bill by bill, the lines of one person's day that stand above the carrier's hours."""
    whole = sum(entry["entered_hours"] for entry in day)
    for matter_id in {entry["matter_id"]: None for entry in day}:
        bill = [entry for entry in day if entry["matter_id"] == matter_id]
        before = whole - sum(entry["entered_hours"] for entry in bill)
        for entry in bill:
            before += entry["entered_hours"]
            if before > most[matter_id]:
                yield entry
