"""LEDES against the clock: 100,000 lines beside a bare csv + Decimal reader; and the memory of a 1 GB file."""

import csv
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

from benchmarks.ledes_large import large_row
from core.money import line_amount, total
from ledes.document import LedesInvoice, LedesLine, LineType
from ledes.parser import parse
from ledes.writer import write

INVOICES, LINES_EACH, ROUNDS = 2_500, 40, 5
_START = date(2026, 10, 1)
_TASKS = ("L110", "L120", "L210", "L240", "L310", "L330")
_ACTIVITIES = ("A101", "A102", "A103", "A104", "A106", "A109")
_VERBS = ("Draft", "Review and annotate", "Prepare for", "Attend", "Telephone conference with adjuster concerning")
_OBJECTS = ("motion for summary judgment", "deposition of plaintiff's treating physician", "second set of requests")


def run() -> list[dict[str, object]]:
    """Measure and return one row a figure."""
    return [_ledes_row(), large_row(invoices())]


def _ledes_row() -> dict[str, object]:
    files = [write(invoice) for invoice in invoices()]
    ours, bare = _best(lambda: _parse_and_rewrite(files), lambda: _bare(files))
    return {
        "figure": f"LEDES parse + validate + rewrite, {INVOICES * LINES_EACH:,} lines",
        "value": round(ours, 3),
        "unit": "s",
        "rival": "bare csv + Decimal reader",
        "rival_value": round(bare, 3),
        "ratio": round(ours / bare, 2),
        "target": "ratio <= 3",
    }


def _best(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the least timing of each, in seconds of this process alone: noise only ever adds.

    Rivals run in turn, so that a busy spell of the machine meets them all.
    """
    times = [[_seconds(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _parse_and_rewrite(files: list[bytes]) -> None:
    for content in files:
        result = parse(content)
        if not result.is_valid or write(result.invoices[0]) != content:
            message = "The benchmark's own file does not survive reading and writing."
            raise AssertionError(message)


def _bare(files: list[bytes]) -> None:
    for content in files:
        rows = csv.reader(StringIO(content.decode("ascii")), delimiter="|")
        next(rows)
        next(rows)
        for row in rows:
            for column in (4, 10, 11, 12, 20):
                Decimal(row[column])


def invoices() -> Iterator[LedesInvoice]:
    """Yield invoices of fees, each of another matter, numbered from 10000."""
    chance = random.Random(7)
    for number in range(INVOICES):
        lines = tuple(_line(chance, str(at)) for at in range(1, LINES_EACH + 1))
        yield LedesInvoice(
            invoice_date=date(2026, 11, 2),
            invoice_number=f"{10_000 + number}",
            client_id="HARBOR",
            law_firm_matter_id=f"2024-{number:05}",
            invoice_total=total(line.total for line in lines),
            billing_start_date=_START,
            billing_end_date=date(2026, 10, 31),
            invoice_description="Professional services, October 2026",
            law_firm_id="36-4412907",
            client_matter_id=f"HM-{number:04}",
            lines=lines,
        )


def _line(chance: random.Random, number: str) -> LedesLine:
    units, cost = Decimal(chance.randint(1, 80)) / 10, Decimal(chance.randint(30, 120) * 5)
    timekeeper = chance.randint(1, 150)
    return LedesLine(
        line_item_number=number,
        exp_fee_inv_adj_type=LineType.FEE,
        units=units,
        total=line_amount(units, cost),
        date=_START + timedelta(days=chance.randrange(31)),
        task_code=chance.choice(_TASKS),
        activity_code=chance.choice(_ACTIVITIES),
        timekeeper_id=f"TK{timekeeper:03}",
        description=f"{chance.choice(_VERBS)} {chance.choice(_OBJECTS)}, part {number}",
        unit_cost=cost,
        timekeeper_name=f"Timekeeper, Number {timekeeper}",
        timekeeper_classification="AS",
    )
