"""The month's run, work in progress to LEDES files in the database: set-based against object by object.

`python -m benchmarks.billing [INVOICES] [DATABASE_URL]`; rivals in one run, on the same work, in turn.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, func, insert, select, update
from sqlmodel import Session, SQLModel, col

from benchmarks.billing_one_by_one import month_one_by_one
from core.db import Database
from models import (
    BillingRun,
    Carrier,
    CarrierProfileVersion,
    InvoiceLine,
    Matter,
    MatterPayor,
    Proforma,
    Rate,
    Site,
    SiteAccount,
    TimeEntry,
    Timekeeper,
    User,
)
from models.enums import EntryStatus, ProformaStatus, Role
from services.actor import Actor
from services.billing import billing_runs
from services.invoicing import invoices

START, END = date(2026, 10, 1), date(2026, 10, 31)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LINES = 40
_SEEDED_AT_ONCE = 250
_BILLER = Actor(1, "Biller", frozenset({Role.BILLER}))

Figure = dict[str, Any]


def run(count: int = 200, url: str = "") -> list[Figure]:
    """Return the figures of a month of `count` invoices of 40 lines, on SQLite unless a URL is given.

    The N + 1 twin is so slow that it and its rival run on a quarter of the invoices.
    """
    few = max(count // 4, 1)
    return [
        *_rows(url, count, "an invoice at a time, object by object (ORM)", partial(_month_one_by_one, a_line=False)),
        *_rows(url, few, "N + 1: a query and a save a line (ORM)", partial(_month_one_by_one, a_line=True)),
    ]


def _rows(url: str, count: int, rival: str, rival_month: Callable[[Database], int]) -> list[Figure]:
    with TemporaryDirectory(prefix="billing-bench-") as folder:
        seconds, statements = _measure(new_database(url, Path(folder) / "set.db"), count, month_set_based)
        slow, many = _measure(new_database(url, Path(folder) / "one.db"), count, rival_month)
    month = {"figure": f"month of {count} invoices, billed and filed", "unit": "s", "target": ">= 20 x the N + 1 twin"}
    talk = {"figure": f"statements for {count} invoices", "unit": "", "target": "those of 250 matters"}
    return [
        {
            **month,
            "value": round(seconds, 2),
            "rival": rival,
            "rival_value": round(slow, 2),
            "ratio": _ratio(slow, seconds),
        },
        {**talk, "value": statements, "rival": rival, "rival_value": many, "ratio": _ratio(many, statements)},
    ]


def _ratio(theirs: float, ours: float) -> float:
    return round(theirs / ours, 1)


def _measure(database: Database, count: int, month: Callable[[Database], int]) -> tuple[float, int]:
    statements = 0

    def see(*_arguments: object) -> None:
        nonlocal statements
        statements += 1

    try:
        seed(database, count)
        event.listen(database.engine, "before_cursor_execute", see)
        begun = time.perf_counter()
        lines = month(database)
        seconds = time.perf_counter() - begun
        event.remove(database.engine, "before_cursor_execute", see)
        _check(database, count, lines)
    finally:
        database.dispose()
    return seconds, statements


def _check(database: Database, count: int, lines: int) -> None:
    with database.read_only() as session:
        stored = session.scalar(select(func.count()).select_from(InvoiceLine))
    if stored != lines or lines != count * LINES:
        message = f"{lines} lines were billed and {stored} stored, not {count * LINES}"
        raise RuntimeError(message)


def month_set_based(database: Database) -> int:
    """Bill, review, finalise and file the month; return the lines billed."""
    with database.unit_of_work() as session:
        run = billing_runs.run_billing(session, _BILLER, period_start=START, period_end=END)
        billing_runs.send_run_to_review(session, _BILLER, run_id=run.id or 0)
        ids = _approve(session, run)
        invoices.finalize_proformas(session, _BILLER, proforma_ids=ids)
        return session.scalar(select(func.count()).select_from(InvoiceLine)) or 0


def _month_one_by_one(database: Database, *, a_line: bool) -> int:
    with database.unit_of_work() as session:
        return month_one_by_one(session, START, END, a_line=a_line)


def _approve(session: Session, run: BillingRun) -> list[int]:
    """Stand in for the attorneys, in one statement: people's time is no part of the figure."""
    mine = col(Proforma.billing_run_id) == run.id
    session.execute(update(Proforma).where(mine).values({"status": ProformaStatus.APPROVED}))
    return [found for found in session.scalars(select(col(Proforma.id)).where(mine)) if found is not None]


def new_database(url: str, path: Path) -> Database:
    """Return an empty database with all tables, on SQLite at `path` unless a URL is given."""
    database = Database(url or f"sqlite:///{path}")
    SQLModel.metadata.drop_all(database.engine)
    SQLModel.metadata.create_all(database.engine)
    return database


def seed(database: Database, count: int) -> None:
    """Fill a new database with `count` matters of 40 released entries each."""
    chance = random.Random(20261102)
    with database.unit_of_work() as session:
        session.execute(insert(User), _users())
        session.execute(insert(Site), [{"id": 1, "slug": "s", "name": "S", "platform": "1", "origin": "http://s"}])
        session.execute(insert(SiteAccount), [{"id": 1, "site_id": 1, "label": "main", "law_firm_id": "36-4412907"}])
        session.execute(
            insert(Carrier), [{"id": 1, "slug": "c", "name": "C", "client_code": "C", "site_account_id": 1}]
        )
        session.add(CarrierProfileVersion(carrier_id=1, number=1, is_active=True, document=_profile(), created_at=NOW))
        session.execute(insert(Timekeeper), [_timekeeper(n) for n in range(1, 41)])
        session.flush()
        session.execute(insert(Rate), [_rate(n) for n in range(1, 41)])
        session.execute(insert(Matter), [_matter(n) for n in range(1, count + 1)])
        session.execute(insert(MatterPayor), [_payor(n) for n in range(1, count + 1)])
        for first in range(1, count + 1, _SEEDED_AT_ONCE):
            matters = range(first, min(first + _SEEDED_AT_ONCE, count + 1))
            session.execute(insert(TimeEntry), [_entry(chance, n) for n in matters for _ in range(LINES)])


def _profile() -> dict[str, Any]:
    from carriers.seeds import seed_profiles  # noqa: PLC0415 -- only the benchmark's seed needs the practice profiles

    return next(iter(seed_profiles().values())).model_dump(mode="json")


def _users() -> list[dict[str, Any]]:
    return [
        {"id": n, "subject": f"s{n}", "email": f"{n}@hwr.example", "name": f"P {n}", "roles": [], "created_at": NOW}
        for n in (1, 2)
    ]


def _timekeeper(n: int) -> dict[str, Any]:
    return {"id": n, "code": f"TK{n:03d}", "last_name": f"Reyes{n}", "first_name": "Ana", "classification": "PT"}


def _rate(n: int) -> dict[str, Any]:
    return {"timekeeper_id": n, "hourly_amount": Decimal(150 + n), "effective_from": date(2026, 1, 1)}


def _matter(n: int) -> dict[str, Any]:
    return {
        "id": n,
        "number": f"2024-{n:05d}",
        "name": f"Doe v. Insured {n}",
        "responsible_attorney_id": 2,
        "opened_on": date(2024, 1, 2),
    }


def _payor(n: int) -> dict[str, Any]:
    return {
        "matter_id": n,
        "carrier_id": 1,
        "claim_number": f"CLM-{n}",
        "fee_percent": Decimal(100),
        "expense_percent": Decimal(100),
        "effective_from": date(2024, 1, 2),
    }


def _entry(chance: random.Random, matter_id: int) -> dict[str, Any]:
    hours = Decimal(chance.randint(1, 30)) / 10
    narrative = f"Draft section {chance.randint(1, 99)} of the motion for summary judgment on the coverage defense"
    return {
        "matter_id": matter_id,
        "timekeeper_id": chance.randint(1, 40),
        "worked_on": START + timedelta(days=chance.randint(0, 30)),
        "worked_hours": hours,
        "worked_narrative": narrative,
        "entered_hours": hours,
        "entered_narrative": narrative,
        "task_code": "L240",
        "activity_code": "A103",
        "status": EntryStatus.RELEASED,
        "created_at": NOW,
    }


if __name__ == "__main__":
    for figure in run(int(sys.argv[1]) if len(sys.argv) > 1 else 200, sys.argv[2] if len(sys.argv) > 2 else ""):  # noqa: PLR2004
        print(figure)
