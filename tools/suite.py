"""Run the whole suite: fast tests and those with real servers on two cores, then the worker-killing ones alone."""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

SERVERS = "mariadb or redis or chromium or slow"
CHAOS = "tests/chaos"
_NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Part:
    """One pytest run of the suite and the report it writes, in JUnit's format."""

    name: str
    options: tuple[str, ...]

    @property
    def report(self) -> Path:
        """Where pytest writes what happened to each test."""
        return Path("var/tests") / f"{self.name}.xml"

    def command(self, *, coverage: bool = False) -> list[str]:
        """Return the run; with coverage, which costs minutes, it adds to that of the part before."""
        measured = ["--cov", "--cov-append", "--cov-report="] if coverage else []
        return [sys.executable, "-m", "pytest", "--quiet", f"--junit-xml={self.report}", *self.options, *measured]


def parts(*, fast: bool) -> list[Part]:
    """Return the runs in their order.

    Tests with servers go file by file, so that those of one file share theirs, and the journeys first, by one
    process, so that one house is built for all of them. The chaos tests reckon with leases of seconds and get
    the machine for themselves.
    """
    quick = Part("quick", ("-n", "2", "--dist", "worksteal", "-m", f"not ({SERVERS})"))
    served = Part(
        "served",
        (
            "-n",
            "2",
            "--dist",
            "loadfile",
            "--no-loadscope-reorder",
            "-m",
            SERVERS,
            f"--ignore={CHAOS}",
            "--durations=15",
        ),
    )
    chaos = Part("chaos", (CHAOS, "--durations=5"))
    return [quick] if fast else [quick, served, chaos]


def failures(report: Path) -> list[str]:
    """Return a line a test that failed: its name, and the first line of what it said."""
    if not report.exists():
        return [f"{report.stem}: pytest wrote no report"]
    lines = []
    for case in etree.parse(report, etree.XMLParser(resolve_entities=False)).iter("testcase"):
        for problem in (*case.iter("failure"), *case.iter("error")):
            said = str(problem.get("message", "")).strip().splitlines()
            lines.append(f"{case.get('classname')}::{case.get('name')}: {said[0] if said else 'error'}")
    return lines


def main() -> int:
    """Run every part even when an earlier one failed, and name the failures once more at the end."""
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the tests that need no server")
    parser.add_argument("--coverage", action="store_true", help="say at the end which lines no test ran")
    asked = parser.parse_args()
    for folder in ("var/coverage", "var/tests"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    Path("var/coverage/data").unlink(missing_ok=True)
    failed = False
    said: list[str] = []
    for part in parts(fast=asked.fast):
        part.report.unlink(missing_ok=True)
        started = time.monotonic()
        status = subprocess.run(part.command(coverage=asked.coverage), check=False).returncode
        print(f"{part.name}: {time.monotonic() - started:.0f} s", flush=True)
        if status not in {0, _NOTHING_COLLECTED}:
            failed = True
            said += failures(part.report)
    if asked.coverage:
        subprocess.run([sys.executable, "-m", "coverage", "report"], check=False)
    if failed:
        print("failed:", *said, sep="\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
