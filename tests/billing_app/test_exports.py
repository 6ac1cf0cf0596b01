"""Lists and papers over HTTP: for who is signed in and may see them, whole, named, and told of in the trail."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from billing_app import exports
from billing_app.exports import export_routes
from billing_app.files import file_routes
from core.clock import today
from core.db import Database
from core.settings import get_settings
from models import AuditEvent, Invoice, InvoiceRevision, User
from models.enums import DocumentStatus, Role
from services.documents.invoice_pdf import make_invoice_pdf
from services.sessions import open_session
from tests.builders import id_of, make_invoice, make_mailing, make_matter, make_proforma, make_user

Browser = Callable[[User | None], TestClient]


@pytest.fixture
def browser(database: Database) -> Browser:
    app = Starlette(routes=[*export_routes(), *file_routes()])

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
        return {role: make_user(session, role) for role in (Role.BILLER, Role.ATTORNEY, Role.ADMIN)}


def events(database: Database) -> list[AuditEvent]:
    with database.read_only() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.tag == "export:made")))


def make_two(session: Session, attorney: User) -> list[Invoice]:
    return [
        make_invoice(session, matter=make_matter(session, attorney=attorney), lines=3),
        make_invoice(session, document_status=DocumentStatus.DELIVERED),
    ]


def test_csv_holds_the_rows_of_the_list(database: Database, browser: Browser, people: dict[Role, User]) -> None:
    with database.unit_of_work() as session:
        made = make_two(session, people[Role.ATTORNEY])
    answer = browser(people[Role.BILLER]).get("/files/export/invoices.csv?view=all")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Invoice"]: row["Amount"] for row in rows} == {one.number: f"{one.total_amount:f}" for one in made}
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].endswith(f"''invoices-{today()}.csv")
    assert answer.headers["cache-control"] == "private, no-store"


def test_workbook_holds_the_same_rows_and_leaves_nothing_behind(
    database: Database, browser: Browser, people: dict[Role, User], tmp_path: Path
) -> None:
    with database.unit_of_work() as session:
        made = make_two(session, people[Role.ATTORNEY])
    answer = browser(people[Role.BILLER]).get("/files/export/invoices.xlsx?document=delivered")
    path = tmp_path / "x.xlsx"
    path.write_bytes(answer.content)
    sheet = load_workbook(path)["Invoices"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [made[1].number]
    assert answer.headers["content-disposition"].endswith(f"''invoices-{today()}.xlsx")
    assert list((get_settings().var_dir / "exports").iterdir()) == []


def test_pdfs_of_a_list_are_those_of_its_invoices(
    database: Database, browser: Browser, people: dict[Role, User]
) -> None:
    with database.unit_of_work() as session:
        make_two(session, people[Role.ATTORNEY])
        revision_id = id_of(session.exec(select(InvoiceRevision)).all()[0])
        alone = make_invoice_pdf(session, revision_id=revision_id)
    answer = browser(people[Role.ATTORNEY]).get("/files/export/invoices.zip?view=all")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert parts.namelist() == [alone.file_name]
        assert parts.read(alone.file_name) == alone.content


def test_too_many_pdfs_are_refused_before_any_is_made(
    database: Database, browser: Browser, people: dict[Role, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_MOST_PDFS", 1)
    with database.unit_of_work() as session:
        make_two(session, people[Role.ATTORNEY])
    biller = browser(people[Role.BILLER])
    assert "Narrow the list" in biller.get("/files/export/invoices.zip?view=all").json()["message"]
    assert "no invoice in this list" in biller.get("/files/export/invoices.zip?view=paid").json()["message"]
    assert list((get_settings().var_dir / "exports").iterdir()) == []


def test_export_is_told_in_the_trail_without_what_was_searched_for(
    database: Database, browser: Browser, people: dict[Role, User]
) -> None:
    browser(people[Role.BILLER]).get("/files/export/invoices.csv?view=all&search=Doe")
    [event] = events(database)
    assert (event.actor_id, event.data) == (
        people[Role.BILLER].id,
        {"list": "invoices", "form": "csv", "filters": {"view": "all"}, "has_search": True},
    )


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/files/export/invoices.csv", None, 401),
        ("/files/export/audit.csv", Role.BILLER, 403),
        ("/files/export/mail.xlsx", Role.ATTORNEY, 403),
        ("/files/export/secrets.csv", Role.ADMIN, 404),
        ("/files/export/invoices.exe", Role.ADMIN, 404),
        ("/files/export/audit.zip", Role.ADMIN, 404),
        ("/files/export/invoices", Role.ADMIN, 404),
        ("/files/export/proformas.csv?period=x", Role.BILLER, 422),
    ],
)
def test_what_may_not_leave_is_refused_with_a_sentence(
    database: Database, browser: Browser, people: dict[Role, User], path: str, role: Role | None, status: int
) -> None:
    answer = browser(people[role] if role else None).get(path)
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    assert events(database) == []


def test_papers_are_handed_to_who_may_see_them(database: Database, browser: Browser, people: dict[Role, User]) -> None:
    with database.unit_of_work() as session:
        proforma = make_proforma(session, matter=make_matter(session, attorney=people[Role.ATTORNEY]))
        mailing = make_mailing(session)
        other = make_proforma(session)
    attorney, biller = browser(people[Role.ATTORNEY]), browser(people[Role.BILLER])
    mine = attorney.get(f"/files/proforma-pdf/{id_of(proforma)}")
    assert (mine.status_code, mine.headers["content-type"]) == (200, "application/pdf")
    assert mine.headers["content-disposition"].startswith("attachment")
    assert attorney.get(f"/files/proforma-pdf/{id_of(other)}").status_code == 404
    bill = biller.get(f"/files/invoice-pdf/{mailing.invoice_revision_id}")
    assert bill.content.startswith(b"%PDF-")
    assert attorney.get(f"/files/invoice-pdf/{mailing.invoice_revision_id}").status_code == 404
    assert biller.get(f"/files/mail-copy/{id_of(mailing)}").status_code == 404
    assert attorney.get(f"/files/mail-copy/{id_of(mailing)}").status_code == 403
    assert browser(None).get("/files/print-batch/1").status_code == 401
