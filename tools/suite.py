"""Run the whole suite: fast tests and those with real servers on two cores, then the worker-killing ones alone."""

import argparse
import subprocess
import sys
from pathlib import Path

SERVERS = "mariadb or redis or chromium or slow"
CHAOS = "tests/chaos"
_NOTHING_COLLECTED = 5


def commands(*, fast: bool, coverage: bool = False) -> list[list[str]]:
    """Return the pytest runs in their order; with coverage, which costs minutes, each adds to that of the one before.

    Tests with servers go file by file, so that those of one file share theirs. The chaos tests reckon with
    leases of seconds and get the machine for themselves.
    """
    pytest = [sys.executable, "-m", "pytest", "--quiet"]
    quick = [*pytest, "-n", "2", "--dist", "worksteal", "-m", f"not ({SERVERS})"]
    if fast:
        return [quick]
    served = [*pytest, "-n", "2", "--dist", "loadfile", "-m", SERVERS, f"--ignore={CHAOS}", "--durations=15"]
    chaos = [*pytest, CHAOS, "--durations=5"]
    if not coverage:
        return [quick, served, chaos]
    return [
        [*quick, "--cov", "--cov-report="],
        [*served, "--cov", "--cov-append", "--cov-report="],
        [*chaos, "--cov", "--cov-append", "--cov-report=term"],
    ]


def main() -> int:
    """Run every part even when an earlier one failed; return 1 when any did."""
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the tests that need no server")
    parser.add_argument("--coverage", action="store_true", help="say at the end which lines no test ran")
    Path("var/coverage").mkdir(parents=True, exist_ok=True)
    asked = parser.parse_args()
    parts = commands(fast=asked.fast, coverage=asked.coverage)
    statuses = [subprocess.run(command, check=False).returncode for command in parts]
    return 1 if any(status not in {0, _NOTHING_COLLECTED} for status in statuses) else 0


if __name__ == "__main__":
    raise SystemExit(main())
