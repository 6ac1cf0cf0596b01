"""Run the whole suite: fast tests and those with real servers on two cores, then the worker-killing ones alone.

A few tests with servers that broke off beside others (a browser that was lost, a wait that ended) are asked once more,
one at a time on the machine then quiet. Which ones passed only then is said at the end. An assertion that failed is
never asked again, nor what kills workers: a file sent twice once is a file sent twice.
"""

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
_MOST_ASKED_AGAIN = 4
_ASSERTED = ("AssertionError", "assert ")


@dataclass(frozen=True)
class Part:
    """One pytest run of the suite and the report it writes, in JUnit's format."""

    name: str
    options: tuple[str, ...]
    asks_again: bool = False

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
        asks_again=True,
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


def broken_off(report: Path) -> list[str]:
    """Return the tests that broke off as pytest is asked for them; none where an assertion failed, or no test."""
    if not report.exists():
        return []
    found = []
    for case in etree.parse(report, etree.XMLParser(resolve_entities=False)).iter("testcase"):
        said = [str(problem.get("message", "")) for problem in (*case.iter("failure"), *case.iter("error"))]
        if any(message.startswith(_ASSERTED) for message in said):
            return []
        if said:
            path = Path(f"{str(case.get('classname')).replace('.', '/')}.py")
            if not path.is_file():
                return []
            found.append(f"{path}::{case.get('name')}")
    return list(dict.fromkeys(found))


def passed_alone(part: Part) -> list[str]:
    """Ask the tests of a part that broke off once more; return them where there are few and all of them pass."""
    tests = broken_off(part.report) if part.asks_again else []
    if not 0 < len(tests) <= _MOST_ASKED_AGAIN:
        return []
    print(f"{part.name}: once more, alone: {', '.join(tests)}", flush=True)
    again = Part(f"{part.name}-again", tuple(tests))
    return tests if subprocess.run(again.command(), check=False).returncode == 0 else []


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
    crowded: list[str] = []
    for part in parts(fast=asked.fast):
        part.report.unlink(missing_ok=True)
        started = time.monotonic()
        status = subprocess.run(part.command(coverage=asked.coverage), check=False).returncode
        print(f"{part.name}: {time.monotonic() - started:.0f} s", flush=True)
        if status in {0, _NOTHING_COLLECTED}:
            continue
        if alone := passed_alone(part):
            crowded += [f"{name}: passed alone, failed beside others" for name in alone]
            continue
        failed = True
        said += failures(part.report)
    if asked.coverage:
        subprocess.run([sys.executable, "-m", "coverage", "report"], check=False)
    if crowded:
        print("once more:", *crowded, sep="\n", flush=True)
    if failed:
        print("failed:", *said, sep="\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
