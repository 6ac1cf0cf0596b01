"""Finalising: numbers, files, shares, entries, and nothing half-made."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from core.ids import sha256_hex
from ledes.document import LedesInvoice
from ledes.parser import parse
from ledes.readback import ReadBackError
from ledes.writer import LedesRefusedError
from models import AuditEvent, Invoice, InvoiceLine, InvoiceRevision, NumberCounter, Proforma, ProformaLine, TimeEntry
from models.enums import DocumentStatus, EntryStatus, LineTreatment, ProformaStatus, Role
from services.immutability import ImmutableRecordError
from services.invoicing import invoice_documents, invoices
from services.invoicing.invoice_documents import FileAlteredError
from tests.builders import (
    actor,
    id_of,
    make_biller,
    make_billing_run,
    make_carrier,
    make_matter,
    make_proforma,
    make_timekeeper,
    profile_document,
)
from tests.services.counting import counted

APPROVED = ProformaStatus.APPROVED


def finalize(session: Session, *chosen: Proforma) -> list[Invoice]:
    ids = [id_of(proforma) for proforma in chosen]
    return invoices.finalize_proformas(session, make_biller(session), proforma_ids=ids)


def revision_of(session: Session, invoice: Invoice) -> InvoiceRevision:
    return session.exec(select(InvoiceRevision).where(InvoiceRevision.invoice_id == invoice.id)).one()


def read(session: Session, invoice: Invoice) -> LedesInvoice:
    result = parse(revision_of(session, invoice).file_content)
    assert result.is_valid
    return result.invoices[0]


def test_finalize_numbers_without_gaps(session: Session) -> None:
    first = finalize(session, make_proforma(session, status=APPROVED), make_proforma(session, status=APPROVED))
    (second,) = finalize(session, make_proforma(session, status=APPROVED))
    year = second.finalized_at.year
    assert [i.number for i in [*first, second]] == [f"{year}-{n:06d}" for n in (1, 2, 3)]


def test_finalize_makes_the_file_that_reads_back(session: Session) -> None:
    carrier = make_carrier(session)
    matter = make_matter(session, carrier=carrier, number="0042-7", claim_number="HM-0001")
    (invoice,) = finalize(session, make_proforma(session, matter=matter, status=APPROVED, lines=3))
    found = read(session, invoice)
    revision = revision_of(session, invoice)
    assert (found.invoice_number, found.client_id) == (invoice.number, carrier.client_code)
    assert (found.law_firm_matter_id, found.client_matter_id) == ("0042-7", "HM-0001")
    assert found.invoice_total == invoice.total_amount == Decimal("1282.50") == sum(line.total for line in found.lines)
    assert revision.file_sha256 == sha256_hex(revision.file_content)
    assert revision.file_name == f"{invoice.number}.txt"
    assert revision.line_count == 3


def test_finalize_follows_the_profiles_format(session: Session) -> None:
    form = {
        "law_firm_id": "digits_only",
        "file_name": "{client_code}_{matter}_{invoice_number}.txt",
        "timekeeper_name": "first_last",
    }
    carrier = make_carrier(session, profile=profile_document(file_format=form))
    matter = make_matter(session, carrier=carrier)
    (invoice,) = finalize(session, make_proforma(session, matter=matter, status=APPROVED))
    content = revision_of(session, invoice).file_content.decode("ascii")
    assert "|364412907|" in content
    assert "|Ana Reyes|" in content
    assert revision_of(session, invoice).file_name == f"{carrier.client_code}_{matter.number}_{invoice.number}.txt"


def test_finalize_settles_each_entry_by_its_treatment(session: Session) -> None:
    proforma = make_proforma(session, status=APPROVED, lines=3)
    lines = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).all()
    for line, treatment in zip(lines, (LineTreatment.BILL, LineTreatment.WRITE_OFF, LineTreatment.HOLD), strict=True):
        line.treatment = treatment
    session.flush()
    (invoice,) = finalize(session, proforma)
    session.expire_all()
    entries = {line.treatment: session.get_one(TimeEntry, line.time_entry_id).status for line in lines}
    assert entries == {
        LineTreatment.BILL: EntryStatus.BILLED,
        LineTreatment.WRITE_OFF: EntryStatus.WRITTEN_OFF,
        LineTreatment.HOLD: EntryStatus.RELEASED,
    }
    assert len(read(session, invoice).lines) == 1
    assert proforma.status is ProformaStatus.FINALIZED


def test_finalize_lists_the_characters_it_replaced(session: Session) -> None:
    proforma = make_proforma(session, status=APPROVED, lines=1)
    line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).one()
    line.billed_narrative = "Review \u201cnotice\u201d under \u00a7 627.409"
    session.flush()
    (invoice,) = finalize(session, proforma)
    assert read(session, invoice).lines[0].description == 'Review "notice" under Sec. 627.409'
    snapshot = session.exec(select(InvoiceLine)).one()
    assert snapshot.narrative == 'Review "notice" under Sec. 627.409'
    assert line.billed_narrative == "Review \u201cnotice\u201d under \u00a7 627.409"
    told = session.exec(select(AuditEvent).where(AuditEvent.tag == "invoice:finalized")).one()
    names = [change["character"] for change in told.data["characters_replaced"]]
    assert names == ["LEFT DOUBLE QUOTATION MARK", "RIGHT DOUBLE QUOTATION MARK", "SECTION SIGN"]
    assert "notice" not in str(told.data)


@pytest.mark.parametrize("amount", ["427.50", "0.05", "100.01"])
def test_finalize_shares_cents_exactly(session: Session, amount: str) -> None:
    ours, theirs, third = (make_carrier(session) for _ in range(3))
    shares = {id_of(ours): "33.34", id_of(theirs): "33.33", id_of(third): "33.33"}
    matter = make_matter(session, shares=shares)
    proforma = make_proforma(session, matter=matter, status=APPROVED, lines=2)
    for line in session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)):
        line.adjustment_amount = Decimal(amount) - Decimal("427.50")
        line.billed_amount = Decimal(amount)
    session.flush()
    made = finalize(session, proforma)
    assert len(made) == 3
    assert sum(invoice.total_amount for invoice in made) == 2 * Decimal(amount)
    for invoice in made:
        assert read(session, invoice).invoice_total == invoice.total_amount


def test_finalize_refuses_shares_that_are_not_whole(session: Session) -> None:
    matter = make_matter(session, shares={id_of(make_carrier(session)): "60"})
    with pytest.raises(InvalidInputError, match="do not add up to 100 %"):
        finalize(session, make_proforma(session, matter=matter, status=APPROVED))


@pytest.mark.parametrize("status", [status for status in ProformaStatus if status is not APPROVED])
def test_finalize_refuses_what_is_not_approved(session: Session, status: ProformaStatus) -> None:
    with pytest.raises(WrongStateError, match="1 of 2 proformas are not approved"):
        finalize(session, make_proforma(session, status=APPROVED), make_proforma(session, status=status))
    assert not session.exec(select(Invoice)).all()


@pytest.mark.parametrize("role", [Role.ATTORNEY, Role.ADMIN, Role.SYSTEM])
def test_finalize_refuses_other_roles(session: Session, role: Role) -> None:
    proforma = make_proforma(session, status=APPROVED)
    with pytest.raises(DeniedError, match="for the role biller"):
        invoices.finalize_proformas(session, actor(role, user_id=1), proforma_ids=[id_of(proforma)])


def test_finalize_refuses_an_empty_choice_and_an_unknown_one(session: Session) -> None:
    with pytest.raises(InvalidInputError, match="No proforma was chosen"):
        finalize(session)
    with pytest.raises(NotFoundError, match="not there any more"):
        invoices.finalize_proformas(session, make_biller(session), proforma_ids=[4711])


def test_finalize_refuses_an_entry_held_meanwhile(session: Session) -> None:
    proforma = make_proforma(session, status=APPROVED, entry_status=EntryStatus.HELD)
    with pytest.raises(WrongStateError, match="2 entries on these proformas were held or billed elsewhere"):
        finalize(session, proforma)


def test_finalize_refuses_a_carrier_without_profile(session: Session) -> None:
    matter = make_matter(session, carrier=make_carrier(session, with_profile=False, name="Bare Mutual"))
    with pytest.raises(InvalidInputError, match="Bare Mutual has no active profile"):
        finalize(session, make_proforma(session, matter=matter, status=APPROVED))


def _one_of_two_is_bad(database: Database) -> list[int]:
    with database.unit_of_work() as session:
        good, bad = make_proforma(session, status=APPROVED), make_proforma(session, status=APPROVED)
        line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == bad.id)).first()
        assert line is not None
        line.task_code = ""
        return [id_of(good), id_of(bad)]


def test_finalize_keeps_nothing_when_one_file_is_refused(database: Database) -> None:
    ids = _one_of_two_is_bad(database)
    with pytest.raises(LedesRefusedError, match="was not written"), database.unit_of_work() as session:
        invoices.finalize_proformas(session, make_biller(session), proforma_ids=ids)
    with database.read_only() as session:
        assert not session.exec(select(Invoice)).all()
        assert not session.exec(select(NumberCounter)).all()
        assert {proforma.status for proforma in session.exec(select(Proforma))} == {APPROVED}
        assert {entry.status for entry in session.exec(select(TimeEntry))} == {EntryStatus.RELEASED}


def test_finalize_refuses_a_file_that_reads_back_differently(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = invoice_documents.write

    def off_by_a_cent(document: LedesInvoice, *form: Any) -> bytes:
        line = document.lines[0]
        dearer = line._replace(adjustment_amount=Decimal("0.01"), total=line.total + Decimal("0.01"))
        total = document.invoice_total + Decimal("0.01")
        return honest(replace(document, lines=(dearer, *document.lines[1:]), invoice_total=total), *form)

    monkeypatch.setattr(invoice_documents, "write", off_by_a_cent)
    with pytest.raises(ReadBackError, match="was not sent and the invoice was kept"):
        finalize(session, make_proforma(session, status=APPROVED))


def test_verify_file_refuses_altered_bytes(session: Session) -> None:
    (invoice,) = finalize(session, make_proforma(session, status=APPROVED))
    revision = revision_of(session, invoice)
    name, content = invoice_documents.read_ledes_file(session, make_biller(session), revision_id=id_of(revision))
    assert (name, content) == (revision.file_name, revision.file_content)
    session.connection().execute(InvoiceRevision.__table__.update().values(file_content=content + b" "))
    session.expire_all()
    with pytest.raises(FileAlteredError, match="altered after finalising"):
        invoice_documents.verify_file(session, id_of(revision))


def test_read_ledes_file_hides_other_attorneys_invoices(session: Session) -> None:
    (invoice,) = finalize(session, make_proforma(session, status=APPROVED))
    stranger = actor(Role.ATTORNEY, user_id=999)
    with pytest.raises(NotFoundError, match="among yours"):
        invoice_documents.read_ledes_file(session, stranger, revision_id=id_of(revision_of(session, invoice)))


def _tamper(database: Database, model: type, verb: str) -> None:
    with database.unit_of_work() as session:
        finalize(session, make_proforma(session, status=APPROVED))
        row = session.exec(select(model)).first()
        if verb == "change":
            setattr(row, "line_count" if model is InvoiceRevision else "units", 9)
        else:
            session.delete(row)


@pytest.mark.parametrize("verb", ["change", "delete"])
@pytest.mark.parametrize("model", [InvoiceRevision, InvoiceLine])
def test_revision_and_lines_refuse_change_through_the_session(database: Database, model: type, verb: str) -> None:
    with pytest.raises(ImmutableRecordError, match="never changed"):
        _tamper(database, model, verb)
    with database.read_only() as session:
        assert not session.exec(select(Invoice)).all()


@pytest.mark.parametrize("model", [InvoiceRevision, InvoiceLine])
def test_revision_and_lines_refuse_bulk_change(session: Session, model: type) -> None:
    make = finalize(session, make_proforma(session, status=APPROVED))
    assert make
    for statement in (update(model).values(id=1), delete(model)):
        with pytest.raises(ImmutableRecordError, match="never changed"):
            session.execute(statement)


def test_finalize_takes_as_many_statements_for_ten_as_for_a_hundred(database: Database) -> None:
    counts = []
    for size in (10, 100):
        with database.unit_of_work() as session:
            carrier, timekeeper, run = make_carrier(session), make_timekeeper(session), make_billing_run(session)
            ids = [
                id_of(
                    make_proforma(
                        session,
                        status=APPROVED,
                        matter=make_matter(session, carrier=carrier),
                        timekeeper=timekeeper,
                        run=run,
                    )
                )
                for _ in range(size)
            ]
            biller = make_biller(session)
        with database.unit_of_work() as session, counted(database) as statements:
            made = invoices.finalize_proformas(session, biller, proforma_ids=ids)
        assert len(made) == size
        counts.append(len(statements))
    assert counts[0] == counts[1] < 40


def test_finalized_invoices_are_open(session: Session) -> None:
    (invoice,) = finalize(session, make_proforma(session, status=APPROVED))
    assert invoice.document_status is DocumentStatus.OPEN
    assert invoice.revision_number == 1
