"""Findings and lines of before the fixes are kept on the way up and down."""

from pathlib import Path

from sqlalchemy import text

import migrations
from core.db import Database

_ROWS = (
    (
        "INSERT INTO app_user (id, subject, email, name, roles, is_active, created_at) "
        "VALUES (1, 's', 'e', 'n', '[]', 1, '2026-10-01 00:00:00')"
    ),
    (
        "INSERT INTO matter (id, number, name, status, responsible_attorney_id, opened_on) "
        "VALUES (1, 'M-1', 'Doe', 'open', 1, '2026-01-01')"
    ),
    (
        "INSERT INTO billing_run (id, period_start, period_end, started_by_id, created_at) "
        "VALUES (1, '2026-10-01', '2026-10-31', 1, '2026-11-01 00:00:00')"
    ),
    (
        "INSERT INTO proforma (id, billing_run_id, matter_id, reviewer_id, period_start, period_end, status, version, "
        "worked_amount, billed_amount, line_count, finding_count, return_note, created_at, due_on) "
        "VALUES (1, 1, 1, 1, '2026-10-01', '2026-10-31', 'in_review', 1, 0, 0, 0, 1, '', '2026-11-01 00:00:00', "
        "'2026-11-09')"
    ),
    "INSERT INTO proforma_finding (id, proforma_id, rule, action, message) VALUES (7, 1, 'rate_cap', 'reduce', 'High')",
)


def test_findings_survive_the_way_up_and_down(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'kept.db'}")
    migrations.upgrade(database, "0004")
    with database.engine.begin() as connection:
        for row in _ROWS:
            connection.execute(text(row))
    migrations.upgrade(database, "0005")
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT id, message, rule_id, fix, related FROM proforma_finding")).all()
    assert found == [(7, "High", "", None, "[]")]
    migrations.downgrade(database, "0004")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT id, message FROM proforma_finding")).all() == [(7, "High")]
    database.dispose()
