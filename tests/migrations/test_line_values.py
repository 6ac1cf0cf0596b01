"""Lines of proformas that were there before their values were kept get them, to the cent, on either database."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import migrations
from core.db import Database

BEFORE, AFTER = "0018", "0022"
_DAY, _MOMENT = date(2026, 10, 1), "2026-11-01 00:00:00"
_UNITS, _CENTS = 10_000, 100
"""What SQLite's whole numbers count in, where MariaDB has decimals."""

# units as entered, hours as worked (None: an expense), cost of one, part of a split, worked value, entered value
LINES = (
    ("1.5", "2.0", "295.00", False, "590.00", "442.50"),
    ("0.1", "0.1", "120.0050", False, "12.00", "12.00"),
    ("0.3", "0.5", "0.0100", False, "0.01", "0.00"),
    ("412", None, "0.1500", False, "61.80", "61.80"),
    ("1.0", "2.0", "295.00", True, "0.00", "0.00"),
)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'lines.db'}"


@pytest.fixture(params=["sqlite_url", pytest.param("mariadb_url", marks=pytest.mark.mariadb)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    made = Database(request.getfixturevalue(request.param))
    migrations.upgrade(made, BEFORE)
    yield made
    made.dispose()


def test_lines_get_the_value_of_what_was_worked_and_entered(database: Database) -> None:
    _put_lines(database)
    migrations.upgrade(database, AFTER)
    scale = _CENTS if database.is_sqlite else 1
    with database.engine.connect() as connection:
        found = connection.execute(
            text("SELECT worked_amount, entered_amount FROM proforma_line ORDER BY line_number")
        ).all()
    assert [(Decimal(worked) / scale, Decimal(entered) / scale) for worked, entered in found] == [
        (Decimal(line[4]), Decimal(line[5])) for line in LINES
    ]


def test_lines_are_all_there_after_the_way_down(database: Database) -> None:
    _put_lines(database)
    migrations.upgrade(database, AFTER)
    migrations.downgrade(database, BEFORE)
    with database.engine.connect() as connection:
        kept = connection.execute(text("SELECT billed_narrative FROM proforma_line ORDER BY id")).scalars().all()
    assert kept == [f"Line {number}" for number in range(1, len(LINES) + 1)]


def _put_lines(database: Database) -> None:
    person = {"id": 1, "subject": "s", "email": "e", "name": "n", "roles": "[]", "is_active": 1, "created_at": _MOMENT}
    months = {"period_start": _DAY, "period_end": date(2026, 10, 31), "created_at": _MOMENT}
    _put(database, "app_user", person)
    _put(database, "matter", _matter())
    _put(database, "billing_run", {"id": 1, "started_by_id": 1, **months})
    _put(database, "proforma", {**_proforma(), **months})
    _put(database, "timekeeper", _timekeeper())
    for number, (entered, worked, cost, is_part, *_) in enumerate(LINES, 1):
        if worked is not None:
            _put(database, "time_entry", _entry(number, _scaled(database, worked), _scaled(database, entered)))
        _put(
            database,
            "proforma_line",
            {
                "id": number,
                "proforma_id": 1,
                "line_number": number,
                "kind": "expense" if worked is None else "fee",
                "time_entry_id": None if worked is None else number,
                "split_from_id": 1 if is_part else None,
                "worked_on": _DAY,
                "entered_units": _scaled(database, entered),
                "billed_units": _scaled(database, entered),
                "unit_cost": _scaled(database, cost),
                "adjustment_amount": 0,
                "billed_amount": 0,
                "task_code": "",
                "activity_code": "",
                "expense_code": "",
                "billed_narrative": f"Line {number}",
                "treatment": "bill",
                "note": "",
            },
        )


def _put(database: Database, name: str, values: dict[str, Any]) -> None:
    """Insert a row into a table as it is now, past the models, which are newer."""
    columns, places = ", ".join(values), ", ".join(f":{key}" for key in values)
    with database.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), values)  # noqa: S608 -- own words


def _scaled(database: Database, number: str) -> Any:
    return int(Decimal(number) * _UNITS) if database.is_sqlite else Decimal(number)


def _matter() -> dict[str, Any]:
    return {
        "id": 1,
        "number": "M-1",
        "name": "Doe",
        "status": "open",
        "responsible_attorney_id": 1,
        "opened_on": _DAY,
    }


def _proforma() -> dict[str, Any]:
    return {
        "id": 1,
        "billing_run_id": 1,
        "matter_id": 1,
        "reviewer_id": 1,
        "status": "in_review",
        "version": 1,
        "worked_amount": 0,
        "billed_amount": 0,
        "line_count": 5,
        "finding_count": 0,
        "return_note": "",
        "due_on": _DAY,
    }


def _timekeeper() -> dict[str, Any]:
    return {
        "id": 1,
        "code": "TK001",
        "last_name": "Reyes",
        "first_name": "Ana",
        "classification": "PT",
        "is_active": 1,
    }


def _entry(number: int, worked: Any, entered: Any) -> dict[str, Any]:
    return {
        "id": number,
        "matter_id": 1,
        "timekeeper_id": 1,
        "worked_on": _DAY,
        "worked_hours": worked,
        "worked_narrative": "w",
        "entered_hours": entered,
        "entered_narrative": "e",
        "task_code": "",
        "activity_code": "",
        "is_confidential": 0,
        "status": "billed",
        "version": 1,
        "created_at": _MOMENT,
    }
