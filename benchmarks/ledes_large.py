"""A file of a gigabyte, streamed by a process of its own: seconds, and the most memory it ever held.

`python -m benchmarks.ledes_large FILE` is that process; it prints the figures as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from ledes.document import LedesInvoice
from ledes.parser import stream
from ledes.writer import write_many

GIGABYTE = 1_000_000_000
_KILOBYTE = 1024
_ROW_START = b"\r\n20261102|"


def large_row(invoices: Iterable[LedesInvoice]) -> dict[str, object]:
    """Measure and return the row of figures; the file repeats the invoices under other numbers."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.txt"
        make_large_file(path, invoices, GIGABYTE)
        found = stream_apart(path)
    return {
        "figure": f"LEDES file of 1 GB streamed, {found['lines']:,.0f} lines in {found['seconds']:.0f} s: most memory",
        "value": round(found["megabytes"], 1),
        "unit": "MB",
        "rival": None,
        "rival_value": None,
        "ratio": None,
        "target": "value <= 80",
    }


def make_large_file(path: Path, invoices: Iterable[LedesInvoice], size: int) -> None:
    """Write at least `size` bytes of invoices dated 2026-11-02, each copy of them under numbers of its own."""
    heading, names, rows = b"".join(write_many(invoices)).split(b"\r\n", 2)
    with path.open("wb") as target:
        target.write(heading + b"\r\n" + names)
        copy = 0
        while target.tell() < size:
            copy += 1
            lines = (b"\r\n" + rows.removesuffix(b"\r\n")).replace(_ROW_START, _ROW_START + b"%d-" % copy)
            target.write(lines)
        target.write(b"\r\n")


def stream_apart(path: Path) -> dict[str, float]:
    """Stream a file in a process of its own; return its lines, findings, seconds and most megabytes held."""
    command = [sys.executable, "-m", "benchmarks.ledes_large", str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _main(path: Path) -> None:
    started, lines, findings = time.process_time(), 0, 0
    with path.open("rb") as source:
        for item in stream(source):
            if isinstance(item, LedesInvoice):
                lines += len(item.lines)
            else:
                findings += 1
    seconds = time.process_time() - started
    figures = {"lines": lines, "findings": findings, "seconds": seconds, "megabytes": most_megabytes()}
    print(json.dumps(figures))


def most_megabytes() -> float:
    """Return the most memory this process has held; getrusage would count the process that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / _KILOBYTE


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
