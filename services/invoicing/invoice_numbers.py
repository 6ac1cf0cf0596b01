"""Invoice numbers without gaps: one counter row a series, moved on inside the finalising transaction, taken last."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models import NumberCounter


def take_numbers(session: Session, *, invoice_date: date, count: int) -> list[str]:
    """Return the next `count` numbers of the year, as in '2026-000123'.

    The counter's row stays locked until the transaction ends, so call it after everything that may still be
    refused. A rollback gives the numbers back. (MAX + 1 over the invoices deadlocked between rivals.)
    """
    series = f"invoice-{invoice_date.year}"
    _move_on(session, series, count)
    last = session.scalars(select(col(NumberCounter.last_number)).where(col(NumberCounter.series) == series)).one()
    return [f"{invoice_date.year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def _move_on(session: Session, series: str, count: int) -> None:
    """Add to the counter, or start it: one statement, so that two first comers cannot both start it."""
    row = {"series": series, "last_number": count}
    moved_on = {"last_number": NumberCounter.last_number + count}
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite_insert(NumberCounter).values(row).on_conflict_do_update(["series"], set_=moved_on))
    else:
        session.execute(mysql_insert(NumberCounter).values(row).on_duplicate_key_update(moved_on))
