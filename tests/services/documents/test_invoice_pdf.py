"""An invoice's PDF: made from its revision alone, the same every time, its cents adding up, its pages in order."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from adapters.typesetting import typeset
from core.errors import NotFoundError
from core.money import total
from core.settings import Settings
from models import Carrier, InvoiceLine, InvoiceRevision, Submission
from models.enums import EntryKind, Role
from services.documents.figures import Tax
from services.documents.invoice_facts import FiguresDifferError, InvoiceFacts, one_invoice
from services.documents.invoice_paper import invoice_paper
from services.documents.invoice_pdf import make_invoice_pdf, make_invoice_pdfs, read_invoice_pdf
from services.documents.letterhead import DOCUMENT, print_data
from services.uploads.outgoing import ProfileCache, load_outgoing
from tests.builders import (
    actor_for,
    id_of,
    make_carrier,
    make_invoice,
    make_matter,
    make_submission,
    make_user,
    profile_document,
)
from tests.paper import pages_of, text_of


def make_revision_id(session: Session, **columns: object) -> int:
    invoice = make_invoice(session, **columns)
    return id_of(session.exec(select(InvoiceRevision).where(InvoiceRevision.invoice_id == invoice.id)).one())


def make_wanting(session: Session, *, sends_pdf: bool) -> Submission:
    document = profile_document(file_format={"sends_pdf": sends_pdf})
    if sends_pdf:
        given = {"verb": "upload", "label": "Choose the PDF", "selectors": ["#pdf"], "value": "{pdf_file}"}
        document["site"]["steps"]["upload"].insert(-1, given)
    matter = make_matter(session, carrier=make_carrier(session, profile=document))
    return make_submission(session, invoice=make_invoice(session, matter=matter, lines=2))


def with_lines(facts: InvoiceFacts, count: int, **changes: object) -> InvoiceFacts:
    """Return the invoice with that many lines, the last tenth of them expenses."""
    pattern = facts.lines[0].model_dump()
    lines = []
    for number in range(1, count + 1):
        is_expense = number > count * 9 // 10
        given = {"kind": EntryKind.EXPENSE, "task_code": "", "activity_code": "", "expense_code": "E101"}
        lines.append(InvoiceLine(**{**pattern, "line_number": number, **(given if is_expense else {}), **changes}))
    return replace(facts, lines=tuple(lines), total_amount=total(line.total_amount for line in lines))


def printed(facts: InvoiceFacts) -> bytes:
    settings = Settings()
    return typeset(DOCUMENT, print_data(f"Invoice {facts.number}", settings, [invoice_paper(facts, settings)]))


def test_pdf_goes_along_named_as_the_file_and_made_the_same_every_time(session: Session) -> None:
    submission = make_wanting(session, sends_pdf=True)
    first, second = (load_outgoing(session, id_of(submission), ProfileCache()).file for _ in range(2))
    assert first.pdf is not None
    assert first.pdf == second.pdf
    assert first.pdf.file_name.removesuffix(".pdf") == first.file_name.rpartition(".")[0]
    assert first.pdf.content == make_invoice_pdf(session, revision_id=submission.invoice_revision_id).content


def test_no_pdf_where_the_carrier_wants_none(session: Session) -> None:
    submission = make_wanting(session, sends_pdf=False)
    assert load_outgoing(session, id_of(submission), ProfileCache()).file.pdf is None


def test_pdf_says_whose_bill_it_is_and_what_is_due(session: Session) -> None:
    revision_id = make_revision_id(session)
    carrier = session.exec(select(Carrier)).one()
    carrier.postal_address = "Legal Invoices\nP.O. Box 5590\nHartford, CT 06102"
    facts = one_invoice(session, revision_id)
    lines = text_of(make_invoice_pdf(session, revision_id=revision_id).content).splitlines()
    settings = Settings()
    for said in (settings.firm_name, f"Invoice {facts.number}", "P.O. Box 5590", facts.claim_number, facts.payor_name):
        assert said in lines
    assert f"${facts.total_amount:,.2f}" in lines[lines.index("Total due") :]
    assert {"P.O. Box 7714", "Chicago, IL 60680"} <= set(lines[lines.index("Remit to") :])
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(lines)


def test_pdf_is_due_by_the_terms_of_the_profile_it_was_made_by(session: Session) -> None:
    facts = one_invoice(session, make_revision_id(session))
    assert facts.due_on is not None
    assert (facts.due_on - facts.invoice_date).days == profile_document()["money"]["payment_terms_days"]
    assert "On receipt" in text_of(printed(replace(facts, due_on=None))).splitlines()


def test_figures_of_the_paper_are_those_of_the_revision(session: Session) -> None:
    facts = one_invoice(session, make_revision_id(session, lines=7))
    paper = invoice_paper(facts, Settings())
    amounts = [Decimal(line["amount"].replace(",", "")) for line in paper["fees"] + paper["expenses"]]
    assert sum(amounts) == facts.total_amount
    assert paper["total"] == f"${facts.total_amount:,.2f}"
    by_person = sum(Decimal(row["cells"][-1].replace(",", "")) for row in paper["by_timekeeper"])
    assert by_person == Decimal(paper["fee_sums"]["amount"].replace(",", ""))


def test_no_paper_is_made_of_lines_that_do_not_add_up(session: Session) -> None:
    facts = one_invoice(session, make_revision_id(session))
    with pytest.raises(FiguresDifferError, match="nothing was sent"):
        printed(replace(facts, total_amount=facts.total_amount + Decimal("0.01")))


def test_lines_show_adjustments_codes_by_name_and_odd_unit_costs(session: Session) -> None:
    facts = one_invoice(session, make_revision_id(session))
    odd = {"adjustment_amount": Decimal("-12.50"), "unit_cost": Decimal("0.1550"), "units": Decimal("1200.0000")}
    facts = with_lines(facts, 1, total_amount=Decimal("173.50"), kind=EntryKind.FEE, task_code="L120", **odd)
    said = text_of(printed(facts))
    assert "Adjusted by \N{MINUS SIGN}$12.50 from $186.00" in said
    assert "L120 Analysis/Strategy" in said
    assert {"1200.0", "0.155"} <= set(said.splitlines())


@pytest.mark.parametrize(
    ("taxes", "said"),
    [
        ((), {"Tax": "$0.00"}),
        ((Tax("Sales tax 6.25 %", Decimal("12.34")),), {"Sales tax 6.25 %": "$12.34"}),
        ((Tax("County tax", Decimal("0.00")),), {"County tax": "$0.00"}),
    ],
)
def test_tax_is_printed_when_a_bill_carries_it_and_nothing_is_said_as_nothing(
    session: Session, taxes: tuple[Tax, ...], said: dict[str, str]
) -> None:
    facts = one_invoice(session, make_revision_id(session))
    taxed = replace(facts, taxes=taxes, total_amount=facts.total_amount + total(tax.amount for tax in taxes))
    lines = text_of(printed(taxed)).splitlines()
    for name, amount in said.items():
        assert lines[lines.index(name) + 1] == amount
    assert f"${taxed.total_amount:,.2f}" in lines[lines.index("Total due") :]


def test_three_hundred_lines_break_into_pages_that_each_say_where_one_is(session: Session) -> None:
    facts = with_lines(one_invoice(session, make_revision_id(session)), 300)
    pages = pages_of(printed(facts))
    assert len(pages) > 10
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
    for page in pages[1:]:
        assert f"Invoice {facts.number} · Matter {facts.matter_number}" in page
    # Each page that carries lines names its columns, and no page carries a heading alone.
    dated = [page for page in pages if re.search(r"^\d\d/\d\d/\d{4}$", page, re.MULTILINE)]
    assert all("DESCRIPTION" in page.splitlines() for page in dated)
    for title in ("Fees", "Expenses", "Fees by timekeeper", "Fees by phase and task"):
        page = next(page for page in pages if title in page.splitlines())
        after = page.splitlines()[page.splitlines().index(title) + 1 :]
        assert sum(bool(re.search(r"\d\.\d\d$", line)) for line in after) >= 1


def test_a_narrative_longer_than_a_page_is_printed_whole(session: Session) -> None:
    words = " ".join(f"word{number}" for number in range(1, 1501))
    facts = with_lines(one_invoice(session, make_revision_id(session)), 1, narrative=words, kind=EntryKind.FEE)
    pages = pages_of(printed(facts))
    assert len(pages) > 2
    assert set(re.findall(r"word\d+", " ".join(pages))) == set(words.split())


def test_many_pdfs_are_those_that_each_invoice_has_alone(session: Session) -> None:
    ids = [make_revision_id(session, lines=3) for _ in range(5)]
    made = list(make_invoice_pdfs(session, [*ids, 999_999]))
    assert [pdf.content for pdf in made] == [make_invoice_pdf(session, revision_id=one).content for one in ids]
    assert len({pdf.name for pdf in made}) == len(ids)


def test_pdf_is_read_by_who_may_see_the_invoice(session: Session) -> None:
    attorney, other = make_user(session, Role.ATTORNEY), make_user(session, Role.ATTORNEY)
    revision_id = make_revision_id(session, matter=make_matter(session, attorney=attorney))
    assert read_invoice_pdf(session, actor_for(attorney), revision_id=revision_id).name.endswith(".pdf")
    with pytest.raises(NotFoundError):
        read_invoice_pdf(session, actor_for(other), revision_id=revision_id)
    with pytest.raises(NotFoundError):
        one_invoice(session, 999_999)
