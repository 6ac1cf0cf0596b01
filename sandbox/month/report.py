"""The month's reckoning: our ledger beside what the sites' own stores counted."""

import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlmodel import col

from core.db import read_only
from core.money import as_dollars, to_cents
from models import Carrier, Invoice, Submission
from models.enums import SubmissionStatus
from sandbox.month.foresight import Foresight
from sandbox.portals.client import PortalControl

_PERSONS_TURN = frozenset({SubmissionStatus.IN_DOUBT, SubmissionStatus.NEEDS_ATTENTION})
_ANSWERED_OTHERWISE = _PERSONS_TURN | {SubmissionStatus.REFUSED}


@dataclass(frozen=True)
class Reckoning:
    """What `month.json` holds. `site_…` and `…_on_sites` are counted from the practice sites' stores.

    `site_refusals` are files that a site refused for their shape, totals or codes; `planted_lines`, `recall` and
    `precision` say what was found before sending of what was planted.
    """

    invoices: int
    lines: int
    submitted: int
    delivered: int
    refused: int
    in_doubt: int
    needs_attention: int
    decisions: dict[str, int]
    site_duplicates: int
    site_missing: int
    site_refusals: int
    planted_lines: int
    recall: float
    precision: float
    cents_billed: int
    cents_on_sites: int
    phase_seconds: dict[str, float]
    uploads_per_minute: float
    peak_mb: int

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, doubled or a cent off."""
        return not self.site_duplicates and not self.site_missing and self.cents_billed == self.cents_on_sites

    def write(self, path: Path) -> None:
        """Write the figures as JSON."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


@dataclass(frozen=True)
class CarrierLine:
    """One carrier's month by our ledger; `cents` by invoice number. Refused or with a person is answered otherwise."""

    slug: str
    name: str
    invoices: int
    statuses: dict[SubmissionStatus, int]
    cents: dict[str, int]
    delivered: frozenset[str]
    answered_otherwise: frozenset[str]

    def due_on_site(self, held: frozenset[str]) -> frozenset[str]:
        """Numbers the site should hold: the delivered ones, and those in doubt that it does hold."""
        return self.delivered | (self.answered_otherwise & held)


def ledger_lines() -> list[CarrierLine]:
    """Read each carrier's month from our own ledger."""
    statement = (
        select(col(Carrier.slug), col(Carrier.name), Invoice, col(Submission.status))
        .join(Invoice, col(Invoice.carrier_id) == col(Carrier.id))
        .outerjoin(Submission, col(Submission.invoice_id) == col(Invoice.id))
        .order_by(col(Carrier.name))
    )
    found: dict[tuple[str, str], list[tuple[Invoice, SubmissionStatus | None]]] = {}
    with read_only() as session:
        for slug, name, invoice, status in session.execute(statement):
            found.setdefault((slug, name), []).append((invoice, status))
    return [_line(slug, name, rows) for (slug, name), rows in found.items()]


def site_totals(control_url: str) -> dict[str, Any]:
    """Ask the practice sites what they hold."""
    with PortalControl(control_url, timeout_seconds=60) as control:
        return control.totals()


def decisions() -> dict[str, int]:
    """Count the carriers' decisions."""
    with read_only() as session:
        rows = session.execute(
            select(col(Invoice.decision_status), func.count()).group_by(col(Invoice.decision_status))
        )
        return {status.value: count for status, count in rows}


def reckon(
    lines: list[CarrierLine],
    totals: dict[str, Any],
    *,
    line_count: int,
    phases: dict[str, float],
    peak_bytes: int,
    seen: Foresight,
) -> Reckoning:
    """Set the ledger against the sites.

    A number is missing when we hold it delivered and its site does not, or when it got no answer at all. What waits
    for a person is not missing, and a site's refusal counts as present: the file arrived and was answered.
    """
    counts = {status: sum(line.statuses.get(status, 0) for line in lines) for status in SubmissionStatus}
    on_sites = {slug: frozenset(facts["invoice_numbers"]) for slug, facts in totals["carriers"].items()}
    due = {line.slug: line.due_on_site(on_sites.get(line.slug, frozenset())) for line in lines}
    missing = sum(len(due[line.slug] - on_sites.get(line.slug, frozenset())) for line in lines)
    unsent = sum(len(line.cents.keys() - line.delivered - line.answered_otherwise) for line in lines)
    answered = counts[SubmissionStatus.DELIVERED] + counts[SubmissionStatus.REFUSED]
    minutes = phases.get("send", 0.0) / 60
    return Reckoning(
        invoices=sum(line.invoices for line in lines),
        lines=line_count,
        submitted=sum(counts.values()),
        delivered=counts[SubmissionStatus.DELIVERED],
        refused=counts[SubmissionStatus.REFUSED],
        in_doubt=counts[SubmissionStatus.IN_DOUBT],
        needs_attention=counts[SubmissionStatus.NEEDS_ATTENTION],
        decisions=decisions(),
        site_duplicates=sum(facts["accepted"] - len(facts["invoice_numbers"]) for facts in totals["carriers"].values()),
        site_missing=missing + unsent,
        site_refusals=totals["overall"]["refused"],
        planted_lines=len({entry for entry, _ in seen.planted}),
        recall=round(seen.recall, 4),
        precision=round(seen.precision, 4),
        cents_billed=sum(line.cents[number] for line in lines for number in due[line.slug]),
        cents_on_sites=totals["overall"]["cents"],
        phase_seconds={name: round(seconds, 2) for name, seconds in phases.items()},
        uploads_per_minute=round(answered / minutes, 1) if minutes else 0.0,
        peak_mb=peak_bytes // 1_000_000,
    )


def show(console: Console, lines: list[CarrierLine], totals: dict[str, Any], month: Reckoning) -> None:
    """Print the table by carrier and the last line."""
    table = Table(title="The month by carrier", title_justify="left")
    for heading, justify in (("carrier", "left"), *((name, "right") for name in _HEADINGS)):
        table.add_column(heading, justify="right" if justify == "right" else "left")
    for line in lines:
        table.add_row(line.name, *_cells(line, totals["carriers"].get(line.slug)))
    console.print(table)
    verdict = "Nothing doubled, nothing lost, not a cent off" if month.is_right else "NOT RIGHT"
    console.print(
        f"{verdict}: {month.invoices} invoices, {month.lines} lines, {month.delivered} delivered, "
        f"{month.refused} refused, {month.in_doubt} in doubt, {month.site_duplicates} duplicates, "
        f"{month.site_missing} missing, {month.site_refusals} refused for shape, totals or codes, "
        f"{abs(month.cents_billed - month.cents_on_sites)} cents off, "
        f"{month.uploads_per_minute} uploads a minute."
    )


_HEADINGS = ("invoices", "delivered", "refused", "waiting", "on site", "doubled", "billed", "on site, $")


def _cells(line: CarrierLine, facts: dict[str, Any] | None) -> list[str]:
    held = facts or {"accepted": 0, "invoice_numbers": [], "cents": 0}
    waiting = sum(line.statuses.get(status, 0) for status in _PERSONS_TURN)
    return [
        str(line.invoices),
        str(line.statuses.get(SubmissionStatus.DELIVERED, 0)),
        str(line.statuses.get(SubmissionStatus.REFUSED, 0)),
        str(waiting),
        str(held["accepted"]),
        str(held["accepted"] - len(held["invoice_numbers"])),
        as_dollars_of_cents(sum(line.cents.values())),
        as_dollars_of_cents(held["cents"]),
    ]


def as_dollars_of_cents(cents: int) -> str:
    """Return whole cents as dollars for people."""
    return as_dollars(Decimal(cents).scaleb(-2))


def _line(slug: str, name: str, rows: list[tuple[Invoice, SubmissionStatus | None]]) -> CarrierLine:
    statuses: dict[SubmissionStatus, int] = {}
    for _, status in rows:
        if status is not None:
            statuses[status] = statuses.get(status, 0) + 1
    return CarrierLine(
        slug,
        name,
        len(rows),
        statuses,
        {invoice.number: to_cents(invoice.total_amount) for invoice, _ in rows},
        frozenset(invoice.number for invoice, status in rows if status is SubmissionStatus.DELIVERED),
        frozenset(invoice.number for invoice, status in rows if status in _ANSWERED_OTHERWISE),
    )
