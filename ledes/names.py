"""A timekeeper's name in one field or in two: "Last, First" split and joined where that loses nothing."""

from ledes.document import LedesLine

_COMMA = ", "


def split_name(name: str) -> tuple[str, str] | None:
    """Return last and first name of "Last, First"; None of any other form, as it cannot be told apart for sure."""
    last, comma, first = name.partition(_COMMA)
    is_sure = bool(comma and last.strip() and first.strip()) and "," not in last + first
    return (last, first) if is_sure else None


def joined_name(last: str, first: str) -> str:
    """Return "Last, First", or '' where the parts could not be told apart again."""
    joined = f"{last}{_COMMA}{first}"
    return joined if split_name(joined) == (last, first) else ""


def with_names(line: LedesLine) -> LedesLine:
    """Return the line with its timekeeper's name both ways, as far as one way follows from the other."""
    last, first, name = line.timekeeper_last_name, line.timekeeper_first_name, line.timekeeper_name
    if not name and last and first:
        return line._replace(timekeeper_name=joined_name(last, first))
    parts = split_name(name) if not last and not first else None
    return line._replace(timekeeper_last_name=parts[0], timekeeper_first_name=parts[1]) if parts else line
