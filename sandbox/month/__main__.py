"""`python -m sandbox.month`: a whole billing month headless; exits 1 on a duplicate, a loss or a cent's difference."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from core.errors import BillingError
from sandbox.firm.world import PLANTED, World
from sandbox.month import desk, foresight, report
from sandbox.month.watch import Memory, watch
from sandbox.stage.layout import Layout, in_layout, start_redis, start_sites, start_workers
from sandbox.stage.processes import Processes

_VAR = Path("var")


def main(arguments: list[str] | None = None) -> int:
    """Run the month; return 0 when the sites hold exactly what was billed."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    try:
        month = run_month(asked, console)
    except BillingError as refused:
        console.print(f"[red]{refused.user_message}")
        return 1
    month.write(asked.report)
    console.print(f"The figures are in {asked.report}.")
    return 0 if month.is_right else 1


def run_month(asked: argparse.Namespace, console: Console) -> report.Reckoning:
    """Play the month on a stage of its own and return the reckoning."""
    layout = Layout.fresh(asked.directory, asked.database_url)
    phases: dict[str, float] = {}
    with in_layout(layout), Processes(layout.directory / "logs", layout.environment()) as processes:
        with _phase(console, phases, "seed", f"Seeding a firm with {asked.invoices} invoices"):
            world = layout.seed(seed=asked.seed, invoices=asked.invoices)
            start_redis(processes, layout)
            start_sites(processes, layout, latency_ms=asked.latency_ms)
        run_id = _billed(console, phases, world)
        planted = foresight.planted_marks(layout.world_path.with_name(PLANTED))
        seen = foresight.Foresight.of(planted, foresight.found_marks())
        invoice_ids = _office(console, phases, run_id)
        started = time.monotonic()
        start_workers(processes, asked.workers)
        console.print(f"Sending {len(invoice_ids)} files with {asked.workers} workers")
        memory = Memory([os.getpid()], left_out=processes.pids("sites", "redis"))
        _, phases["send"] = watch(processes, memory, console, total=len(invoice_ids))
        phases["decisions"] = time.monotonic() - started - phases["send"]
        lines, totals = report.ledger_lines(), report.site_totals(layout.control_url)
        month = report.reckon(
            lines, totals, line_count=desk.count_lines(), phases=phases, peak_bytes=memory.peak_bytes, seen=seen
        )
    foresight.show(console, seen)
    report.show(console, lines, totals, month)
    return month


def _billed(console: Console, phases: dict[str, float], world: World) -> int:
    with _phase(console, phases, "bill", "Running the billing"):
        return desk.bill(world.period)


def _office(console: Console, phases: dict[str, float], run_id: int) -> list[int]:
    with _phase(console, phases, "review", "Reviewing and approving"):
        reviewed = desk.review(run_id)
    console.print(
        f"  {reviewed.approved_clean} approved at once, {reviewed.approved_with_findings} after a look, "
        f"{reviewed.fixes} fixes"
    )
    with _phase(console, phases, "finalize", "Making invoices and LEDES files"):
        invoice_ids = desk.finalize(run_id)
    with _phase(console, phases, "queue", "Queueing"):
        queued = desk.queue(invoice_ids)
    for candidate in queued.blocked:
        console.print(f"  not queued: {candidate}")
    return invoice_ids


@contextmanager
def _phase(console: Console, phases: dict[str, float], name: str, label: str) -> Iterator[None]:
    started = time.monotonic()
    console.print(f"{label} …")
    yield
    phases[name] = time.monotonic() - started
    console.print(f"  {phases[name]:.1f} s")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.month", description=__doc__)
    parser.add_argument("--invoices", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--latency-ms", type=int, default=0, help="how long each site takes a request")
    parser.add_argument("--database-url", default="", help="an empty database; default: SQLite of its own")
    parser.add_argument("--directory", type=Path, default=_VAR / "month", help="emptied before it is used")
    parser.add_argument("--report", type=Path, default=_VAR / "month.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
