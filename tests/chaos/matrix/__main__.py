"""`make chaos`: play the crash matrix, or a part of it, and write what became of every cell."""

import argparse
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.matrix.cells import CARRIERS, Fault, Result, as_csv, from_csv, rounds, table, unplayed
from tests.chaos.matrix.field import field
from tests.chaos.matrix.play import play_all, warm_up
from tests.chaos.matrix.points import POINTS


def main(arguments: list[str] | None = None) -> int:
    """Play; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--points", nargs="*", default=list(POINTS), choices=POINTS)
    parser.add_argument("--faults", nargs="*", default=list(Fault), type=Fault)
    parser.add_argument("--platforms", nargs="*", default=list(CARRIERS), type=int)
    parser.add_argument("--together", type=int, default=4, help="carriers in a round, each with a worker")
    parser.add_argument("--minutes", type=float, default=600, help="stop after so long; the rest stays unplayed")
    parser.add_argument("--seed", type=int, default=0, help="shuffles the rounds; 0 plays them in order")
    parser.add_argument("--resume", action="store_true", help="play what the report does not hold yet")
    parser.add_argument("--report", type=Path, default=Path("var/chaos.csv"))
    asked = parser.parse_args(arguments)
    carriers = tuple(CARRIERS[platform] for platform in asked.platforms)
    plan = list(rounds(carriers, asked.together, asked.points, asked.faults))
    if asked.seed:
        random.Random(asked.seed).shuffle(plan)  # noqa: S311 -- an order, no secret
    results = from_csv(asked.report.read_text()) if asked.resume and asked.report.exists() else []
    plan = list(unplayed(plan, results))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything that was started is ended
    with tempfile.TemporaryDirectory() as folder, field(Path(folder)) as ready:
        ready.start_workers(asked.together)
        warm_up(ready, carriers)
        for result in play_all(ready, iter(plan), time.monotonic() + asked.minutes * 60):
            results.append(result)
            _say(result, len(results))
            _write(asked.report, results)
    sys.stdout.write(f"\n{table(results)}\n")
    return 1 if any(result.violation for result in results) else 0


def _say(result: Result, count: int) -> None:
    met = "" if result.was_met else " (point not met)"
    wrong = f"  <-- {result.violation}" if result.violation else ""
    line = f"{count:5} {result.fault:16} {result.point:18} {result.carrier:22} {result.status} {result.seconds:.0f} s"
    sys.stdout.write(f"{line}{met}{wrong}\n")
    sys.stdout.flush()


def _write(report: Path, results: list[Result]) -> None:
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(as_csv(results))


if __name__ == "__main__":
    sys.exit(main())
