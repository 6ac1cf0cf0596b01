"""JSON of unknown origin: read within limits, and looked into without trusting its shape."""

import json
import math
from typing import Any, Never

from carriers.recordings.recording import UnreadableRecordingError

LARGEST_BYTES = 900_000
MOST_STEPS = 1_000
LONGEST_TEXT = 1_000
_LONGEST_SECONDS = 300.0
_SHORTEST_SECONDS = 0.1


def read_document(content: bytes) -> dict[str, Any]:
    """Read the JSON object of a file.

    Raises:
        UnreadableRecordingError: it is too large, no JSON, too deep or no object.
    """
    if len(content) > LARGEST_BYTES:
        message = f"it has {len(content):,} bytes, and a recording has {LARGEST_BYTES:,} at most."
        raise UnreadableRecordingError(message)
    try:
        document = json.loads(content, parse_constant=_refuse)
    except RecursionError as deep:
        raise UnreadableRecordingError("it is nested too deep.") from deep
    except ValueError as wrong:
        raise UnreadableRecordingError(
            "it is not JSON. Export it as JSON (Recorder) or as a project .side (IDE)."
        ) from wrong
    if not isinstance(document, dict):
        raise UnreadableRecordingError("it is JSON, but no object with steps or tests in it.")
    return document


def text_in(values: dict[str, Any], name: str) -> str:
    """Return a text without characters that cannot be stored; '' for anything else."""
    return clean(values.get(name))


def clean(value: object) -> str:
    """Return a text without control characters and halves of characters; '' for anything that is no text."""
    if not isinstance(value, str):
        return ""
    whole = value.encode("utf-8", "ignore").decode("utf-8")
    return "".join(char for char in whole if char.isprintable() or char.isspace()).strip()


def objects_in(values: dict[str, Any], name: str) -> list[dict[str, Any]] | None:
    """Return a list of objects; what is no object stands as an empty one; None when there is no list."""
    found = values.get(name)
    if not isinstance(found, list):
        return None
    return [one if isinstance(one, dict) else {} for one in found]


def seconds_in(milliseconds: object) -> float | None:
    """Return a time limit in seconds, within what a step allows; None when none is given."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    if isinstance(milliseconds, float) and not math.isfinite(milliseconds):
        return None
    if milliseconds <= 0:
        return None
    return min(max(min(milliseconds, 1_000_000) / 1000, _SHORTEST_SECONDS), _LONGEST_SECONDS)


def check_length(steps: list[Any]) -> None:
    """Refuse an endless recording.

    Raises:
        UnreadableRecordingError: more steps than anybody clicks.
    """
    if len(steps) > MOST_STEPS:
        message = f"it has {len(steps):,} steps, and {MOST_STEPS:,} are read at most. Record the upload alone."
        raise UnreadableRecordingError(message)


def _refuse(constant: str) -> Never:
    message = f"{constant} is no JSON"
    raise ValueError(message)
