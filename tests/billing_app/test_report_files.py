"""Reports over HTTP: a workbook of every table, or one as CSV, with the rights of who asks, told of in the trail."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from billing_app.report_files import report_routes
from core.clock import now, today
from core.db import Database
from models import AuditEvent, User
from models.enums import DocumentStatus, Role
from services.reporting.reports import REPORTS
from services.sessions import open_session
from tests.builders import make_invoice, make_matter, make_user

Browser = Callable[[User | None], TestClient]


@pytest.fixture
def browser(database: Database) -> Browser:
    app = Starlette(routes=report_routes())

    def opened(user: User | None) -> TestClient:
        headers = {}
        if user is not None:
            with database.unit_of_work() as session:
                headers["cookie"] = f"billing_session={open_session(session, user)}"
        return TestClient(app, base_url="http://localhost:3000", headers=headers)

    return opened


@pytest.fixture
def people(database: Database) -> dict[Role, User]:
    with database.unit_of_work() as session:
        made = {role: make_user(session, role) for role in (Role.BILLER, Role.ATTORNEY, Role.ADMIN)}
        for attorney in (made[Role.ATTORNEY], made[Role.BILLER]):
            matter = make_matter(session, attorney=attorney)
            make_invoice(session, matter=matter, document_status=DocumentStatus.DELIVERED, finalized_at=now())
    return made


def owed(content: bytes) -> dict[str, str]:
    return {row["Days"]: row["Invoices"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}


@pytest.mark.parametrize(("role", "count"), [(Role.BILLER, "2"), (Role.ADMIN, "2"), (Role.ATTORNEY, "1")])
def test_csv_is_one_table_with_the_readers_own_figures(
    browser: Browser, people: dict[Role, User], role: Role, count: str
) -> None:
    answer = browser(people[role]).get("/files/report/ageing.csv?table=owed")
    assert (owed(answer.content)["0-30 days"], owed(answer.content)["All"]) == (count, count)
    assert answer.headers["content-disposition"].endswith(f"''ageing-owed-{today()}.csv")
    assert answer.headers["cache-control"] == "private, no-store"


def test_an_attorney_asks_in_vain_for_a_colleagues_figures(browser: Browser, people: dict[Role, User]) -> None:
    other = people[Role.BILLER].id
    answer = browser(people[Role.ATTORNEY]).get(f"/files/report/ageing.csv?table=owed&attorney={other}")
    assert owed(answer.content)["All"] == "0"


@pytest.mark.parametrize("name", REPORTS)
def test_workbook_has_a_sheet_for_every_table(
    browser: Browser, people: dict[Role, User], name: str, tmp_path: Path
) -> None:
    answer = browser(people[Role.BILLER]).get(f"/files/report/{name}.xlsx?months=3")
    path = tmp_path / "report.xlsx"
    path.write_bytes(answer.content)
    sheets = load_workbook(path)
    assert sheets["About"]["A2"].value == REPORTS[name].title
    assert len(sheets.sheetnames) >= 2


def test_export_is_told_in_the_trail(database: Database, browser: Browser, people: dict[Role, User]) -> None:
    browser(people[Role.BILLER]).get("/files/report/cycle.xlsx?to=2026-10&evil=1")
    with database.read_only() as session:
        [event] = session.exec(select(AuditEvent).where(AuditEvent.tag == "export:made")).all()
    assert (event.actor_id, event.data) == (
        people[Role.BILLER].id, {"list": "report cycle", "form": "xlsx", "filters": {"to": "2026-10"}},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/files/report/ageing.csv", None, 401),
        ("/files/report/secrets.csv", Role.ADMIN, 404),
        ("/files/report/ageing.exe", Role.ADMIN, 404),
        ("/files/report/ageing", Role.ADMIN, 404),
        ("/files/report/ageing.csv?table=secrets", Role.ADMIN, 404),
    ],
)
def test_what_may_not_leave_is_refused_with_a_sentence(
    database: Database, browser: Browser, people: dict[Role, User], path: str, role: Role | None, status: int
) -> None:
    answer = browser(people[role] if role else None).get(path)
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    with database.read_only() as session:
        assert session.exec(select(AuditEvent).where(AuditEvent.tag == "export:made")).all() == []
