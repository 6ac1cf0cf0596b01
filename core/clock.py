"""The product's only door to the time of day."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current calendar day in UTC."""
    return now().date()


def utc(stored: datetime) -> datetime:
    """Return an instant as a plain column gives it, which may have lost its zone; it is UTC."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)
