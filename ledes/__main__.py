"""`python -m ledes COMMAND`: check, show, convert, fix and compare LEDES files of any format."""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Final

from core.errors import BillingError
from ledes.commands import check, convert, diff, fix, show
from ledes.commands.codes import INTERRUPTED, OUTPUT_CLOSED, UNREADABLE
from ledes.commands.outputs import complain

_ABOUT: Final = """\
LEDES files: 1998B, 98BI V2 and XML 2.0, 2.1, 2.2. Give a command --help for more. Exit codes: 0 all is well, 1 it is
not, 2 a file cannot be read as LEDES or the command cannot be carried out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 well, 1 not, 2 unreadable."""
    options = _parser().parse_args(arguments)
    _prepare_streams()
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BillingError as error:
        complain(error.user_message)
        return UNREADABLE
    except BrokenPipeError:
        # Whoever read the output has enough; the interpreter must not complain when it closes what is closed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUTPUT_CLOSED
    except OSError as error:
        complain(f"reading or writing failed: {error.strerror}. Look at the disk and the output, then try again.")
        return UNREADABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ledes", description=_ABOUT)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (check, show, convert, fix, diff):
        command.add_to(commands)
    return parser


def _prepare_streams() -> None:
    """Let a terminal that lacks a character show its number instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
