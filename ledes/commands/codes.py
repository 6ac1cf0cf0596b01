"""Exit codes of the commands."""

from typing import Final

VALID: Final = 0
NOT_VALID: Final = 1
UNREADABLE: Final = 2
OUTPUT_CLOSED: Final = 141  # what a shell says of a program that SIGPIPE ended
INTERRUPTED: Final = 130
