"""Run the whole suite: the fast tests on two cores, then those with real servers one by one; print the coverage."""

import argparse
import subprocess
import sys
from pathlib import Path

SERIAL = "mariadb or redis or chromium or slow"
_NOTHING_COLLECTED = 5


def commands(*, fast: bool) -> list[list[str]]:
    """Return the pytest runs in their order; the second adds to the coverage of the first."""
    pytest = [sys.executable, "-m", "pytest", "--quiet"]
    parallel = ["-n", "2", "--dist", "worksteal"]
    if fast:
        return [[*pytest, *parallel, "-m", f"not ({SERIAL})"]]
    return [
        [*pytest, *parallel, "-m", f"not ({SERIAL})", "--cov", "--cov-report="],
        [*pytest, "-m", SERIAL, "--durations=15", "--cov", "--cov-append", "--cov-report=term"],
    ]


def main() -> int:
    """Run every part even when an earlier one failed; return 1 when any did."""
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="only the tests that need no server")
    Path("var/coverage").mkdir(parents=True, exist_ok=True)
    statuses = [subprocess.run(command, check=False).returncode for command in commands(fast=parser.parse_args().fast)]
    return 1 if any(status not in {0, _NOTHING_COLLECTED} for status in statuses) else 0


if __name__ == "__main__":
    raise SystemExit(main())
