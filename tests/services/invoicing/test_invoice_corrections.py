"""Corrected revisions after a refusal, the carrier's way after a rejection, and voiding."""

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.clock import today
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from ledes.parser import parse
from models import Invoice, InvoiceLine, InvoiceRevision, Matter, TimeEntry
from models.enums import DecisionStatus, DocumentStatus, EntryStatus, Role, SubmissionStatus
from services.actor import Actor
from services.invoicing import invoice_corrections, invoice_documents, invoice_voids
from services.invoicing.corrected_lines import LineChange
from services.invoicing.invoice_documents import Paper
from services.invoicing.invoice_numbers import take_numbers
from tests.builders import (
    actor,
    id_of,
    make_biller,
    make_carrier,
    make_invoice,
    make_matter,
    make_submission,
    profile_document,
)

WHY = "The site refused line 1"


def rejected(session: Session, resubmission: str) -> Invoice:
    carrier = make_carrier(session, profile=profile_document(resubmission=resubmission))
    return make_invoice(
        session,
        matter=make_matter(session, carrier=carrier),
        document_status=DocumentStatus.DELIVERED,
        decision_status=DecisionStatus.REJECTED,
        number="2026-000041",
    )


def correct(session: Session, invoice: Invoice, who: Actor | None = None, **change: Any) -> Invoice:
    return invoice_corrections.correct_invoice(
        session,
        who or make_biller(session),
        invoice_id=id_of(invoice),
        line_changes={1: LineChange(**change)},
        reason=WHY,
    )


def attorney_of(session: Session, invoice: Invoice) -> Actor:
    return actor(Role.ATTORNEY, user_id=session.get_one(Matter, invoice.matter_id).responsible_attorney_id)


def revisions(session: Session, invoice: Invoice) -> list[InvoiceRevision]:
    statement = select(InvoiceRevision).where(InvoiceRevision.invoice_id == invoice.id)
    return list(session.exec(statement.order_by(InvoiceRevision.number)))


def test_correct_refused_makes_revision_two(session: Session) -> None:
    invoice = make_invoice(session)
    make_submission(session, invoice, status=SubmissionStatus.REFUSED)
    made = correct(session, invoice, task_code="l250", narrative="Drafted the reply brief")
    first, second = revisions(session, invoice)
    assert made is invoice
    assert (invoice.revision_number, second.number, second.reason) == (2, 2, WHY)
    assert first.file_sha256 != second.file_sha256
    found = parse(second.file_content).invoices[0]
    assert (found.invoice_number, found.lines[0].task_code) == (invoice.number, "L250")
    assert found.lines[0].description == "Drafted the reply brief"
    assert found.invoice_total == invoice.total_amount == Decimal("855.00")
    assert invoice.document_status is DocumentStatus.OPEN


@pytest.mark.parametrize("status", [s for s in SubmissionStatus if s is not SubmissionStatus.REFUSED])
def test_correct_waits_until_the_submission_is_settled(session: Session, status: SubmissionStatus) -> None:
    invoice = make_invoice(session)
    make_submission(session, invoice, status=status)
    with pytest.raises(WrongStateError, match="settle its submission first"):
        correct(session, invoice, task_code="L250")
    with pytest.raises(WrongStateError, match="settle its submission first"):
        invoice_voids.void_invoice(
            session, make_biller(session), invoice_id=id_of(invoice), expected_version=1, reason=WHY
        )


def test_correct_rejected_under_the_same_number_reopens(session: Session) -> None:
    invoice = rejected(session, "same_number")
    assert correct(session, invoice, task_code="L250") is invoice
    assert (invoice.document_status, invoice.decision_status) == (DocumentStatus.OPEN, DecisionStatus.NONE)
    assert [revision.number for revision in revisions(session, invoice)] == [1, 2]


def test_correct_rejected_with_a_suffix_supersedes(session: Session) -> None:
    old = rejected(session, "suffix")
    new = correct(session, old, task_code="L250")
    assert (new.number, new.replaces_invoice_id) == ("2026-000041-R1", old.id)
    assert (old.document_status, new.document_status) == (DocumentStatus.SUPERSEDED, DocumentStatus.OPEN)
    (revision,) = revisions(session, new)
    assert parse(revision.file_content).invoices[0].invoice_number == "2026-000041-R1"
    with pytest.raises(WrongStateError, match="only a refused or rejected one"):
        correct(session, old, task_code="L250")


def test_correct_rejected_under_a_new_number_links_to_the_old_one(session: Session) -> None:
    old = rejected(session, "new_number")
    take_numbers(session, invoice_date=today(), count=6)
    new = correct(session, old, task_code="L250")
    assert (new.number, new.replaces_invoice_id) == (f"{today().year}-000007", old.id)
    assert old.document_status is DocumentStatus.SUPERSEDED


def test_correct_names_the_rejected_invoice_for_formats_that_can(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers: list[Paper] = []
    make_file = invoice_corrections.make_file

    def see(paper: Paper, profile: Any) -> Any:
        papers.append(paper)
        return make_file(paper, profile)

    monkeypatch.setattr(invoice_corrections, "make_file", see)
    correct(session, rejected(session, "suffix"), task_code="L250")
    assert invoice_documents._document(papers[0]).replaces_invoice == "2026-000041"


def test_correct_lower_amount_is_the_attorneys(session: Session) -> None:
    invoice = rejected(session, "same_number")
    with pytest.raises(DeniedError, match="which is a write-off"):
        correct(session, invoice, units=Decimal(1))
    correct(session, invoice, attorney_of(session, invoice), units=Decimal(1))
    assert invoice.total_amount == Decimal("712.50")
    lines = session.exec(select(InvoiceLine).join(InvoiceRevision).where(InvoiceRevision.number == 2)).all()
    assert sum(line.total_amount for line in lines) == Decimal("712.50")


def test_correct_can_remove_a_line(session: Session) -> None:
    invoice = make_invoice(session, lines=3)
    correct(session, invoice, attorney_of(session, invoice), remove=True)
    found = parse(revisions(session, invoice)[1].file_content).invoices[0]
    assert [line.line_item_number for line in found.lines] == ["1", "2"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"units": Decimal(2)}, "never up"),
        ({"unit_cost": Decimal(999)}, "never up"),
        ({"units": Decimal(0)}, "not to nothing"),
        ({"task_code": "E101"}, "no task code"),
        ({"expense_code": "E101"}, "no expense code"),
        ({"narrative": "A snowman \u2603"}, "LEDES cannot carry"),
    ],
)
def test_correct_refuses_bad_input(session: Session, change: dict[str, Any], sentence: str) -> None:
    invoice = make_invoice(session)
    with pytest.raises(InvalidInputError, match=sentence):
        correct(session, invoice, attorney_of(session, invoice), **change)
    assert len(revisions(session, invoice)) == 1


def test_correct_refuses_unknown_lines_reasons_and_roles(session: Session) -> None:
    invoice = make_invoice(session)
    call = invoice_corrections.correct_invoice
    who, key = make_biller(session), id_of(invoice)
    with pytest.raises(NotFoundError, match="has no line 9"):
        call(session, who, invoice_id=key, line_changes={9: LineChange()}, reason=WHY)
    with pytest.raises(InvalidInputError, match="needs a reason"):
        call(session, who, invoice_id=key, line_changes={}, reason=" ")
    with pytest.raises(DeniedError, match="for the role"):
        call(session, actor(Role.ADMIN), invoice_id=key, line_changes={}, reason=WHY)
    with pytest.raises(NotFoundError, match="among yours"):
        call(session, actor(Role.ATTORNEY, user_id=-1), invoice_id=key, line_changes={}, reason=WHY)


def test_void_invoice_frees_its_entries(session: Session) -> None:
    invoice = make_invoice(session)
    invoice_voids.void_invoice(session, make_biller(session), invoice_id=id_of(invoice), expected_version=1, reason=WHY)
    session.expire_all()
    assert invoice.document_status is DocumentStatus.VOIDED
    assert {entry.status for entry in session.exec(select(TimeEntry))} == {EntryStatus.RELEASED}
