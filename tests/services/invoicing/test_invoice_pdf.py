"""The PDF beside a file: made only where the carrier wants it, from the revision's own figures, the same every time."""

from decimal import Decimal

from sqlmodel import Session, select

from models import Invoice, InvoiceLine, InvoiceRevision, Submission
from services.invoicing.invoice_pdf import printed
from services.uploads.outgoing import ProfileCache, load_outgoing
from tests.builders import id_of, make_carrier, make_invoice, make_matter, make_submission, profile_document
from tests.paper import text_of

FACTS = {"Bill to": "Carrier"}


def make_wanting(session: Session, *, sends_pdf: bool) -> Submission:
    document = profile_document(file_format={"sends_pdf": sends_pdf})
    if sends_pdf:
        given = {"verb": "upload", "label": "Choose the PDF", "selectors": ["#pdf"], "value": "{pdf_file}"}
        document["site"]["steps"]["upload"].insert(-1, given)
    matter = make_matter(session, carrier=make_carrier(session, profile=document))
    return make_submission(session, invoice=make_invoice(session, matter=matter, lines=2))


def test_pdf_is_named_as_the_file_and_made_the_same_every_time(session: Session) -> None:
    submission = make_wanting(session, sends_pdf=True)
    first, second = (load_outgoing(session, id_of(submission), ProfileCache()).file for _ in range(2))
    assert first.pdf is not None
    assert first.pdf == second.pdf
    assert first.pdf.file_name.removesuffix(".pdf") == first.file_name.rpartition(".")[0]
    assert first.pdf.content.startswith(b"%PDF-")


def test_pdf_says_number_and_total_to_whoever_reads_it(session: Session) -> None:
    submission = make_wanting(session, sends_pdf=True)
    pdf = load_outgoing(session, id_of(submission), ProfileCache()).file.pdf
    assert pdf is not None
    invoice, revision = session.exec(select(Invoice)).one(), session.exec(select(InvoiceRevision)).one()
    lines = text_of(pdf.content).splitlines()
    assert f"Invoice {invoice.number}" in lines
    assert f"${revision.total_amount:,.2f}" in lines[lines.index("Total due") :]
    assert "\N{REPLACEMENT CHARACTER}" not in text_of(pdf.content)


def test_no_pdf_where_the_carrier_wants_none(session: Session) -> None:
    submission = make_wanting(session, sends_pdf=False)
    assert load_outgoing(session, id_of(submission), ProfileCache()).file.pdf is None


def test_printed_figures_are_those_of_the_revision(session: Session) -> None:
    make_wanting(session, sends_pdf=True)
    invoice, revision = session.exec(select(Invoice)).one(), session.exec(select(InvoiceRevision)).one()
    lines = session.exec(select(InvoiceLine)).all()
    paper = printed(invoice, revision, FACTS, lines)
    assert paper["number"] == invoice.number
    amounts = [Decimal(cells[-1].replace(",", "")) for cells in paper["lines"]]
    assert sum(amounts) == revision.total_amount
    sums = [Decimal(text.replace("$", "").replace(",", "")) for _, text in paper["totals"]]
    assert sum(sums) == revision.total_amount
    assert paper["total"] == f"${revision.total_amount:,.2f}"


def test_printed_lines_show_adjustments_and_odd_unit_costs(session: Session) -> None:
    make_wanting(session, sends_pdf=True)
    stored = session.exec(select(InvoiceLine)).all()[0].model_dump()
    odd = {"adjustment_amount": Decimal("-12.50"), "unit_cost": Decimal("0.1550"), "units": Decimal("1200.0000")}
    line = InvoiceLine(**(stored | odd))
    invoice, revision = session.exec(select(Invoice)).one(), session.exec(select(InvoiceRevision)).one()
    (cells,) = printed(invoice, revision, FACTS, [line])["lines"]
    assert cells[3].endswith("(adjustment -$12.50)")
    assert cells[4:6] == ["1200", "0.155"]
