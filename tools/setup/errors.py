"""Why a set-up stopped, and how its progress is told."""

import sys


class SetupError(Exception):
    """The machine cannot be prepared; the text is one sentence with the way out."""


def say(text: str) -> None:
    """Tell one step of progress."""
    sys.stdout.write(f"setup: {text}\n")
    sys.stdout.flush()
