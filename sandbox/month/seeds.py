"""`python -m sandbox.month.seeds`: small months of several seeds, one after another, in one table."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_VAR = Path("var/months")
_FIGURES = ("invoices", "lines", "delivered", "in_doubt", "site_duplicates", "site_missing", "site_refusals",
            "planted_lines", "recall", "precision")  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run a month a seed; return 0 when each is right and no site refused a file."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    table = Table(title=f"Months of {asked.invoices} invoices", title_justify="left")
    for heading in ("seed", *(name.replace("_", " ") for name in _FIGURES), "seconds"):
        table.add_column(heading, justify="right", overflow="fold")
    is_right = True
    for seed in asked.seeds:
        console.print(f"Seed {seed} …")
        started = time.monotonic()
        status, month = _run(seed, asked.invoices)
        is_right &= status == 0 and not month.get("site_refusals")
        cells = [str(month.get(name, "-")) for name in _FIGURES]
        table.add_row(str(seed), *cells, f"{time.monotonic() - started:.0f}")
    console.print(table)
    return 0 if is_right else 1


def _run(seed: int, invoices: int) -> tuple[int, dict[str, Any]]:
    """Run one month in a process of its own; return its exit status and its figures, none when it did not end."""
    report, log = _VAR / f"{seed}.json", _VAR / f"{seed}.log"
    _VAR.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandbox.month", "--invoices", str(invoices), "--seed", str(seed)]
    command += ["--directory", str(_VAR / "stage"), "--report", str(report)]
    with log.open("w", encoding="utf-8") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    return status, json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.month.seeds", description=__doc__)
    parser.add_argument("--invoices", type=int, default=12)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    return parser


if __name__ == "__main__":
    sys.exit(main())
