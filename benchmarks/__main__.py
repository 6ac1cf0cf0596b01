"""`python -m benchmarks [NAME…]`: each figure beside its rival in the same run, as a table and as JSON."""

import argparse
import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

NAMES = ("ledes", "guidelines", "narratives", "codes", "papers", "billing", "uploads", "events", "queues")
_HEADINGS = ("figure", "value", "unit", "rival", "rival_value", "ratio", "target")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks named, or all, and write what they found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--report", type=Path, default=Path("var/bench.json"))
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(NAMES)):
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(NAMES)}")
    console = Console(highlight=False)
    rows: list[dict[str, Any]] = []
    for name in asked.names or NAMES:
        console.print(f"Measuring {name} …")
        measure: Callable[[], list[dict[str, Any]]] = import_module(f"benchmarks.{name}").run
        rows += measure()
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    asked.report.write_text(json.dumps(rows, indent=2) + "\n")
    _show(console, rows)
    console.print(f"The figures are in {asked.report}.")
    # What must hold is no figure: a lost edit fails the run.
    return int(any(row.get("must") is False for row in rows))


def _show(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table()
    for heading in _HEADINGS:
        table.add_column(heading.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*("" if row[heading] is None else str(row[heading]) for heading in _HEADINGS))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
