"""Lists as files: the rows and the rights of the list itself, every page of them, and no list forgotten."""

import ast
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from adapters.spreadsheets import Kind
from core.db import Database
from core.errors import BillingError, DeniedError, InvalidInputError
from models import Invoice, Proforma
from models.enums import DecisionStatus, DocumentStatus, EntryStatus, ProformaStatus, Role, SubmissionStatus
from services import audit
from services.actor import Actor
from services.asked import Asked
from services.exporting import export as exporting
from services.exporting.exports import EXPORTS
from services.invoicing.invoice_views import list_view, question_of
from services.review.queue_filters import filter_asked
from services.review.queue_list import list_queue
from tests.builders import (
    actor_for,
    id_of,
    make_billable_matter,
    make_biller,
    make_carrier,
    make_expense,
    make_invoice,
    make_mailing,
    make_matter,
    make_proforma,
    make_result_mail,
    make_submission,
    make_time_entry,
    make_timekeeper,
    make_user,
)

PAGES = Path("pages")
# Who may open each list; the others are refused with a sentence.
READERS = {
    "invoices": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "proformas": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "rejections": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "reductions": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "work": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "submissions": {Role.BILLER, Role.ADMIN},
    "mail": {Role.BILLER, Role.ADMIN},
    "results": {Role.BILLER, Role.ADMIN},
    "carriers": {Role.BILLER, Role.ADMIN},
    "audit": {Role.ADMIN},
    "matters": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "notices": {Role.BILLER, Role.ATTORNEY, Role.ADMIN},
    "messages": {Role.ADMIN},
}


def rows_of(name: str, who: Actor, **asked: str) -> list:
    search = asked.pop("search", "")
    return [row for page in EXPORTS[name].pages(who, Asked(asked, search)) for row in page]


def titled(name: str, who: Actor, title: str, **asked: str) -> list:
    at = [field.title for field in EXPORTS[name].fields].index(title)
    return [row[at] for row in rows_of(name, who, **asked)]


def committed(database: Database, make: Callable[[Session], Any]) -> Any:
    with database.unit_of_work() as session:
        return make(session)


def test_every_list_page_offers_its_export() -> None:
    offered, without = set(), []
    for path in sorted(PAGES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "export_menu" and isinstance(node.args[0], ast.Constant):
                offered.add(node.args[0].value)
            if node.func.id == "data_table":
                export = next((one.value for one in node.keywords if one.arg == "export"), None)
                if isinstance(export, ast.Constant):
                    offered.add(export.value)
                elif path.parent.name != "ledes_desk":
                    without.append(str(path))
    assert without == []
    assert offered == set(EXPORTS)


def test_every_export_names_its_columns_once_and_has_readers() -> None:
    assert set(READERS) == set(EXPORTS)
    for export in EXPORTS.values():
        titles = [field.title for field in export.fields]
        assert len(set(titles)) == len(titles) > 1


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY, Role.ADMIN])
def test_who_may_not_open_a_list_cannot_export_it(each_database: Database, name: str, role: Role) -> None:
    who = committed(each_database, lambda session: actor_for(make_user(session, role)))
    if role in READERS[name]:
        assert rows_of(name, who) is not None
    else:
        with pytest.raises(DeniedError):
            rows_of(name, who)


def test_invoices_are_those_of_the_list_with_every_filter(each_database: Database) -> None:
    def make(session: Session) -> tuple[Actor, list[int]]:
        delivered = {"document_status": DocumentStatus.DELIVERED}
        made = [
            make_invoice(session),
            make_invoice(session, **delivered, decision_status=DecisionStatus.PENDING),
            make_invoice(session, **delivered, decision_status=DecisionStatus.REJECTED),
        ]
        make_submission(session, made[0], status=SubmissionStatus.READY)
        return make_biller(session), [invoice.carrier_id for invoice in made]

    biller, carriers = committed(each_database, make)
    addresses = [
        {}, {"view": "sending"}, {"view": "with_carrier"}, {"view": "all"}, {"document": "delivered"},
        {"decision": "rejected"}, {"carrier": str(carriers[1]), "view": "all"}, {"period": "2026-10-31", "view": "all"},
        {"age": "0"}, {"age": "31"}, {"answered": "30"}, {"view": "nonsense", "carrier": "x", "age": "-1"},
    ]  # fmt: skip
    for address in addresses:
        with each_database.read_only() as session:
            listed = list_view(session, biller, asked=question_of(Asked(address))).rows
        assert titled("invoices", biller, "Invoice", **address) == [row.number for row in listed], address
    [number] = titled("invoices", biller, "Invoice", view="with_carrier")
    assert titled("invoices", biller, "Invoice", search=number) == [number]


def test_an_attorney_gets_own_matters_alone(each_database: Database) -> None:
    def make(session: Session) -> tuple[Actor, str]:
        attorney = make_user(session, Role.ATTORNEY)
        own = make_invoice(session, matter=make_matter(session, attorney=attorney))
        make_invoice(session)
        make_proforma(session, matter=make_matter(session, attorney=attorney))
        make_proforma(session)
        timekeeper = make_timekeeper(session)
        for matter in (make_billable_matter(session, attorney=attorney), make_billable_matter(session)):
            make_time_entry(session, matter=matter, timekeeper=timekeeper, status=EntryStatus.RELEASED)
        return actor_for(attorney), own.number

    attorney, number = committed(each_database, make)
    assert titled("invoices", attorney, "Invoice", view="all") == [number]
    assert len(rows_of("proformas", attorney, status="in_review")) == 1
    assert set(titled("work", attorney, "Attorney")) == {attorney.name}


def test_pages_follow_one_another_to_the_last_row(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.exporting.bills.PAGE_ROWS", 2)
    monkeypatch.setattr("services.exporting.traffic.PAGE_ROWS", 2)
    monkeypatch.setattr("services.exporting.records.PAGE_ROWS", 2)
    monkeypatch.setattr(exporting, "PAGE_ROWS", 2)

    def make(session: Session) -> Actor:
        admin = actor_for(make_user(session, Role.ADMIN, Role.BILLER))
        carrier, timekeeper = make_carrier(session), make_timekeeper(session)
        matter = make_matter(session, carrier=carrier)
        for day in range(1, 6):
            invoice = make_invoice(session, matter=matter, lines=1)
            make_submission(session, invoice, status=SubmissionStatus.REFUSED)
            make_mailing(session)
            make_result_mail(session)
            make_proforma(session, matter=matter, lines=1, status=ProformaStatus.RETURNED, due_on=date(2026, 11, day))
            make_time_entry(session, matter=matter, timekeeper=timekeeper, status=EntryStatus.RELEASED)
            make_expense(session, matter=matter)
            audit.record(session, admin, "test:made", "test", day)
        return admin

    admin = committed(database, make)
    counts = {
        name: rows_of(name, admin, status="returned") if name == "proformas" else rows_of(name, admin)
        for name in EXPORTS
    }
    assert {name: len(rows) for name, rows in counts.items() if name in {"rejections", "results", "audit"}} == {
        "rejections": 5, "results": 5, "audit": 5
    }  # fmt: skip
    assert len(counts["proformas"]) == 5
    assert len(rows_of("invoices", admin, view="all")) == 10
    assert len(rows_of("submissions", admin, column="refused")) == 5
    assert len(rows_of("mail", admin, view="all")) == 5
    assert len(counts["work"]) == 15
    for rows in (counts["rejections"], rows_of("invoices", admin, view="all"), rows_of("mail", admin, view="all")):
        assert len(set(rows)) == len(rows)


def test_proformas_are_those_of_the_review_by_due_day(each_database: Database) -> None:
    def make(session: Session) -> Actor:
        for day, status in ((9, ProformaStatus.RETURNED), (3, ProformaStatus.RETURNED), (5, ProformaStatus.IN_REVIEW)):
            make_proforma(session, status=status, due_on=date(2026, 11, day))
        return make_biller(session)

    biller = committed(each_database, make)
    for address in ({}, {"status": "in_review"}, {"status": "all"}, {"status": "all", "period": "2026-10-31"}):
        with each_database.read_only() as session:
            listed = list_queue(session, biller, wanted=filter_asked(biller, address), limit=50).items
        assert titled("proformas", biller, "Review due", **address) == [item.row.due_on for item in listed]
    [*_, number] = titled("proformas", biller, "Matter", status="all")
    assert titled("proformas", biller, "Matter", status="all", search=number) == [number]
    with pytest.raises(InvalidInputError, match="no date"):
        rows_of("proformas", biller, period="x")


def test_money_adds_up_to_what_the_database_holds(each_database: Database) -> None:
    def make(session: Session) -> Actor:
        for lines in (1, 2, 3):
            make_invoice(session, lines=lines)
            make_proforma(session, lines=lines)
        return make_biller(session)

    biller = committed(each_database, make)
    with each_database.read_only() as session:
        invoices = sum(row.total_amount for row in session.exec(select(Invoice)))
        proformas = sum(row.billed_amount for row in session.exec(select(Proforma)))
    assert sum(titled("invoices", biller, "Amount", view="all")) == invoices
    assert sum(titled("proformas", biller, "To bill", status="all")) == proformas


def test_money_columns_hold_decimals_and_no_binary_fractions(database: Database) -> None:
    biller = committed(database, lambda session: (make_invoice(session), make_biller(session))[1])
    for name, address in (("invoices", {"view": "all"}), ("proformas", {"status": "all"}), ("work", {})):
        kinds = [field.kind for field in EXPORTS[name].fields]
        for row in rows_of(name, biller, **address):
            for kind, value in zip(kinds, row, strict=True):
                assert kind not in {Kind.MONEY, Kind.NUMBER} or value is None or isinstance(value, Decimal)


def test_work_is_priced_by_the_card_of_its_day_and_says_where_it_stands(each_database: Database) -> None:
    def make(session: Session) -> Actor:
        attorney = make_user(session, Role.ATTORNEY, name="Ana Reyes")
        timekeeper = make_timekeeper(session)
        matter = make_billable_matter(session, attorney=attorney, timekeeper=timekeeper)
        make_proforma(session, matter=make_matter(session), lines=1)
        assert id_of(matter)
        return make_biller(session)

    biller = committed(each_database, make)
    amounts = titled("work", biller, "Amount")
    assert all(amount is None or amount > 0 for amount in amounts)
    assert any(amount for amount in amounts)
    assert titled("work", biller, "On a proforma of").count("") < len(amounts)
    assert titled("work", biller, "Amount", period="2020-01") == []


def test_a_reading_that_fails_is_an_error_of_ours(database: Database) -> None:
    biller = committed(database, make_biller)
    with pytest.raises(BillingError):
        rows_of("audit", biller)
