"""What stands in a page's address."""

from urllib.parse import urlencode

from services.asked import as_choice, as_day, as_number

__all__ = ["as_choice", "as_day", "as_number", "number_before", "number_in", "query"]


def number_in(path: str) -> int | None:
    """Return the number at the end of a path, as in '/invoices/12'; None where there is none."""
    last = path.rstrip("/").rpartition("/")[2]
    return as_number(last)


def number_before(path: str, last: str) -> int | None:
    """Return the number before a path's last part, as in '/carriers/3/guidelines'; None where there is none."""
    before, slash, found = path.rstrip("/").rpartition("/")
    return number_in(before) if slash and found == last else None


def query(values: dict[str, str]) -> str:
    """Return '?a=b&c=d' of the values that are not empty, or ''."""
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""
