"""Invoices in each dialect: written by the carrier's profile, read back, named by their extension, and previewed."""

from typing import Any

import pytest
from sqlmodel import Session, select

from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.refusal import LedesRefusedError
from models import InvoiceRevision, ProformaLine
from models.enums import ProformaStatus, Role
from services.invoicing.invoices import finalize_proformas
from services.ledes_desk.ledes_preview import preview_ledes
from tests.builders import actor, id_of, make_carrier, make_matter, make_proforma, make_user, profile_document

FIRM = {
    "LAW_FIRM_ADDRESS_1": "1 Main Street",
    "LAW_FIRM_CITY": "Austin",
    "LAW_FIRM_COUNTRY": "US",
    "CLIENT_ADDRESS_1": "2 Elm Street",
    "CLIENT_CITY": "Hartford",
    "CLIENT_COUNTRY": "US",
}
CONTACT = {
    "LAW_FIRM_PHONE": "5125550100",
    "CLIENT_PHONE": "8605550100",
    "CONTACT_LNAME": "Reyes",
    "CONTACT_FNAME": "Ana",
    "CONTACT_EMAIL": "billing@hwr.example",
    "LF_VENDOR_ID": "V-17",
}
CONSTANTS = {
    LedesFormat.LEDES_98BI_V2: {**FIRM, "CLIENT_TAX_ID": "98-7654321"},
    **{dialect: {**FIRM, **CONTACT} for dialect in LedesFormat if dialect.is_xml},
}
CURLY = "Review “notice” of claim"


def make_revision_of(session: Session, dialect: LedesFormat, **form: Any) -> InvoiceRevision:
    """Finalise a proforma of a carrier that wants this dialect."""
    given = {"dialect": dialect.value, "constants": CONSTANTS.get(dialect, {}), **form}
    carrier = make_carrier(session, profile=profile_document(file_format=given))
    matter = make_matter(session, carrier=carrier)
    proforma = make_proforma(session, matter=matter, status=ProformaStatus.APPROVED, lines=2)
    for line in session.exec(select(ProformaLine)):
        line.billed_narrative = CURLY
    session.flush()
    biller = actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER)))
    finalize_proformas(session, biller, proforma_ids=[id_of(proforma)])
    return session.exec(select(InvoiceRevision)).one()


@pytest.mark.parametrize("dialect", LedesFormat)
def test_every_dialect_is_written_and_reads_back(session: Session, dialect: LedesFormat) -> None:
    revision = make_revision_of(session, dialect)
    assert revision.file_name.endswith(dialect.extension)
    (invoice,) = parse(revision.file_content).invoices
    assert invoice.invoice_total == revision.total_amount
    expected = CURLY if dialect.is_xml else 'Review "notice" of claim'
    assert {line.description for line in invoice.lines} == {expected}


def test_a_dialect_refuses_what_the_profile_does_not_give(session: Session) -> None:
    with pytest.raises(LedesRefusedError, match="CLIENT_TAX_ID"):
        make_revision_of(session, LedesFormat.LEDES_98BI_V2, constants=FIRM)


def test_preview_numbers_the_lines_of_xml(session: Session) -> None:
    revision = make_revision_of(session, LedesFormat.XML_2_1)
    shown = preview_ledes(session, actor(Role.ADMIN), revision_id=id_of(revision), limit=5)
    assert (shown.version, shown.fields) == ("LEDES XML 2.1", ("Line", "Element"))
    assert [record[0] for record in shown.records] == ["1", "2", "3", "4", "5"]
    assert shown.records[2][1].endswith("<firm>")
    assert shown.record_count == len(revision.file_content.splitlines())


def test_preview_shows_the_records_of_98bi(session: Session) -> None:
    revision = make_revision_of(session, LedesFormat.LEDES_98BI_V2)
    shown = preview_ledes(session, actor(Role.ADMIN), revision_id=id_of(revision))
    assert (shown.version, len(shown.fields), shown.record_count) == ("LEDES98BI V2", 52, 2)
