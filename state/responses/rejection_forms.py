"""What the forms of a rejection send: a record and its version, lines by number, a day."""

from collections.abc import Mapping
from datetime import date

from core.errors import InvalidInputError
from state.addresses import as_day
from state.responses.rejection_rows import WHOLE
from state.words import whole_number


def record_of(form: Mapping[str, str]) -> tuple[int, int]:
    """Return the record that a form is about, and the version it was shown in."""
    return whole_number(form.get("id", "")), whole_number(form.get("version", ""))


def number_of(key: str) -> int | None:
    """Return the line that a cut's key names; None for the invoice as a whole."""
    return None if key == WHOLE else whole_number(key)


def named(form: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    """Return the fields of a form whose names begin with a prefix."""
    return [(name, text) for name, text in form.items() if name.startswith(prefix)]


def day_in(form: Mapping[str, str], name: str) -> date:
    """Return a day of a form.

    Raises:
        InvalidInputError: it is none.
    """
    found = as_day(form.get(name, ""))
    if found is None:
        raise InvalidInputError("Give the day, as in 2026-11-30. Nothing was changed.")
    return found
