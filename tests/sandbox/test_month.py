"""A small month on MariaDB with a real Redis, a real Chromium and the practice sites; `make test` has one on SQLite."""

import json

import pytest

from sandbox.month.__main__ import main

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.chromium,
    pytest.mark.slow,
    pytest.mark.timeout(400),
]


def test_bill_send_and_reckon_a_month_on_mariadb(mariadb_url, tmp_path):
    report = tmp_path / "month.json"
    arguments = ["--invoices", "4", "--seed", "3", "--database-url", mariadb_url]
    status = main([*arguments, "--directory", str(tmp_path / "month"), "--report", str(report)])
    month = json.loads(report.read_text())
    assert status == 0
    assert (month["invoices"], month["delivered"], month["in_doubt"]) == (4, 4, 0)
    assert (month["site_duplicates"], month["site_missing"]) == (0, 0)
    assert month["cents_billed"] == month["cents_on_sites"] > 0
    assert sum(month["decisions"].values()) == 4
    assert month["decisions"].keys() <= {"approved", "reduced", "disputed", "rejected"}
