"""The month's run ten times as large: how time and memory grow. Minutes, so it runs by its own name alone.

`python -m benchmarks.billing_large [SMALL] [LARGE]`, by default 2,000 and 20,000 invoices of 40 lines on SQLite.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.billing import month_set_based, new_database, seed
from core.db import Database

_KILOBYTE = 1024


def run(small: int = 2_000, large: int = 20_000) -> list[dict[str, Any]]:
    """Return time and peak memory of the large month beside those of the small one."""
    first, second = _month(small), _month(large)
    shared = {"rival": f"{small:,} invoices"}
    return [
        _row(f"month of {large:,} invoices", "s", first["seconds"], second["seconds"], "ratio <= 10") | shared,
        _row(f"peak memory of {large:,} invoices", "MB", first["peak"], second["peak"], "value <= 150") | shared,
    ]


def _row(figure: str, unit: str, small: float, large: float, target: str) -> dict[str, Any]:
    ratio = round(large / small, 2)
    return {"figure": figure, "value": large, "unit": unit, "rival_value": small, "ratio": ratio, "target": target}


def _month(count: int) -> dict[str, float]:
    """Seed here and bill in a process of its own, whose peak memory is then that of the billing."""
    with TemporaryDirectory(prefix="billing-large-") as folder:
        database = new_database("", Path(folder) / "month.db")
        seed(database, count)
        database.dispose()
        url = database.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "benchmarks.billing_large", "--bill", url]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _bill(url: str) -> dict[str, float]:
    begun = time.process_time()
    month_set_based(Database(url))
    return {"seconds": round(time.process_time() - begun, 2), "peak": round(_peak_kilobytes() / _KILOBYTE, 1)}


def _peak_kilobytes() -> int:
    """Return this program's own peak; what `getrusage` tells begins with that of the process that started it."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bill"]:
        print(json.dumps(_bill(sys.argv[2])))
    else:
        for figure in run(*map(int, sys.argv[1:])):
            print(figure)
