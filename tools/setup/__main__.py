"""Prepare this machine; what is in place already is not touched."""

import argparse
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Set up and return the exit status: 0 done, 1 with one sentence that says what to do."""
    if sys.version_info < OLDEST_PYTHON:  # a machine's own Python may be old; that is what this line is for
        sys.stderr.write("Python 3.11 or newer is needed. Install one and name it: make setup PYTHON3=python3.11\n")
        return 1
    from tools.setup import steps  # noqa: PLC0415 -- an older Python could not even read it

    parser = argparse.ArgumentParser(prog="make setup", description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also the servers that the tests start")
    try:
        steps.prepare(Path.cwd(), tests=parser.parse_args().tests)
    except steps.SetupError as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
