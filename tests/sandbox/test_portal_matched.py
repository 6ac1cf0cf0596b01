"""Platform 8 as a visitor meets it: bills and PDFs in a batch, Validate, Submit All."""

import re

import pytest

from sandbox.portals.sample_world import sample_ledes
from tests.sandbox.visitors import form_token, sign_in, upload

ADD, BATCH = "/counsel/bills/new", "/counsel/batch"
PDF = b"%PDF-1.7\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def visitor(practice):
    return sign_in(practice, "meridian")


def add(visitor, number="INV-1001", pdf=PDF, pdf_name="", **changed):
    """Put a bill, and its PDF unless that is None, into the batch."""
    bill = ("bill", (f"{number}.txt", sample_ledes("meridian-liability", number, **changed)))
    paper = [] if pdf is None else [("pdf", (pdf_name or f"{number}.pdf", pdf))]
    return visitor.post(ADD, data={"cg_token": form_token(visitor.get(ADD).text)}, files=[bill, *paper])


def press(visitor, button):
    return visitor.post(f"{BATCH}/{button}", data={"cg_token": form_token(visitor.get(BATCH).text)})


def test_validate_then_submit_all_gives_each_bill_a_reference(practice, visitor):
    add(visitor)
    page = add(visitor, "INV-1002").text
    assert page.count('<td class="b-state">Not validated</td>') == 2
    assert "cg-submit-go" not in page
    assert "Every bill in the batch is valid." in press(visitor, "validate").text
    assert practice.overall()["posts"] == 0
    done = press(visitor, "submit").text
    assert [found[-1] for found in re.findall(r'class="k-reference">(ML-\d{5}-0000\d)<', done)] == ["1", "2"]
    assert practice.overall()["accepted"] == 2
    assert '<div id="cg-empty"' in visitor.get(BATCH).text


def test_submit_all_waits_for_validate(practice, visitor):
    add(visitor)
    assert press(visitor, "submit").status_code == 409
    press(visitor, "validate")
    add(visitor, "INV-1002")
    assert press(visitor, "submit").status_code == 409
    assert practice.overall()["accepted"] == 0


@pytest.mark.parametrize(
    ("pdf", "name", "why"),
    [
        (None, "", "No PDF with INV-1001 in its file name was added."),
        (PDF, "INV-100.pdf", "No PDF with INV-1001 in its file name was added."),
        (b"LEDES1998B[]", "", "INV-1001.pdf is not a PDF or is damaged."),
        (PDF[:-7], "", "INV-1001.pdf is not a PDF or is damaged."),
    ],
)
def test_validate_asks_for_the_pdf_of_each_bill(practice, visitor, pdf, name, why):
    add(visitor, pdf=pdf, pdf_name=name)
    page = press(visitor, "validate").text
    assert 'class="cg-box cg-bad has-errors"' in page
    assert why in page
    assert practice.overall()["refused"] == 1


@pytest.mark.parametrize("name", ["INV-1001.pdf", "inv-1001.PDF", "Bill INV-1001 final.pdf", "HWR_INV-1001.pdf"])
def test_match_the_number_anywhere_in_the_file_name(visitor, name):
    page = add(visitor, pdf_name=name).text
    assert f'<td class="b-pdf">{name}</td>' in page
    assert "Every bill in the batch is valid." in press(visitor, "validate").text


def test_name_a_pdf_without_a_bill(visitor):
    page = add(visitor, pdf_name="INV-7.pdf").text
    assert '<span id="cg-unmatched">INV-7.pdf</span>' in page
    assert '<td class="b-pdf">missing</td>' in page


def test_validate_takes_out_what_is_wrong_and_keeps_the_rest(practice, visitor):
    add(visitor)
    add(visitor, "INV-1002", client_matter_id="X")
    page = press(visitor, "validate").text
    assert '<td class="e-field">CLIENT_MATTER_ID</td>' in page
    assert "INV-1002" not in visitor.get(BATCH).text
    press(visitor, "submit")
    assert practice.overall()["invoice_numbers"] == ["INV-1001"]


def test_warn_of_a_batch_that_waits(visitor):
    assert "cg-waiting" not in visitor.get(ADD).text
    add(visitor)
    assert "Your batch holds bills that are not submitted: 1." in visitor.get(ADD).text


def test_take_a_bill_out_of_the_batch(practice, visitor):
    add(visitor)
    visitor.post(f"{BATCH}/1/remove", data={"cg_token": form_token(visitor.get(BATCH).text)})
    assert '<div id="cg-empty"' in visitor.get(BATCH).text
    assert '<td class="c-state">Rejected</td>' in visitor.get("/counsel/bills?number=INV-1001").text
    assert practice.overall()["staged"] == 0


@pytest.mark.parametrize("button", ["validate", "submit", "1/remove"])
def test_do_nothing_for_a_forged_form(practice, visitor, button):
    add(visitor)
    visitor.post(f"{BATCH}/{button}", data={"cg_token": "guess"})
    assert (practice.overall()["staged"], practice.overall()["posts"]) == (1, 0)


def test_a_bill_added_twice_is_submitted_twice_and_counted(practice, visitor):
    for _ in range(2):
        add(visitor)
    press(visitor, "validate")
    press(visitor, "submit")
    assert (practice.overall()["accepted"], practice.overall()["duplicates"]) == (2, 1)


def test_list_and_page_of_a_submitted_bill(visitor):
    add(visitor)
    assert '<td class="c-state">In batch</td>' in visitor.get("/counsel/bills?number=INV-1001").text
    press(visitor, "validate")
    press(visitor, "submit")
    listed = visitor.get("/counsel/bills?number=INV-1001").text
    assert '<td class="c-state">Submitted</td>' in listed
    assert '<td class="c-pdf">INV-1001.pdf</td>' in listed
    assert '<span id="cg-b-review">Approved</span>' in visitor.get("/counsel/bills/1").text
    assert "No bills found." in visitor.get("/counsel/bills?number=INV-100").text


def test_papers_are_shown_on_the_control_port(practice, visitor):
    add(visitor)
    press(visitor, "validate")
    (paper,) = practice.control.get("/papers", params={"site": "meridian"}).json()["papers"]
    assert (paper["file_name"], paper["post_id"]) == ("INV-1001.pdf", 1)
    assert practice.control.get("/papers", params={"site": "stonegate"}).json() == {"papers": []}


def test_ask_for_files(practice, visitor):
    token = form_token(visitor.get(ADD).text)
    assert "Choose a bill and its PDF." in visitor.post(ADD, data={"cg_token": token}).text
    assert "Choose a bill and its PDF." in visitor.post(ADD, files={"bill": ("a.txt", b"x")}).text
    assert practice.overall()["staged"] == 0


def test_lost_reply_of_submit_all_is_stored(practice, visitor):
    add(visitor)
    press(visitor, "validate")
    practice.fault("meridian", "drop_reply")
    with pytest.raises(ConnectionError):
        press(visitor, "submit")
    assert practice.overall()["accepted"] == 1


def test_unreadable_bill_waits_for_validate_under_its_file_name(visitor):
    page = upload(visitor, ADD, b"nonsense", name="INV-9.txt").text
    assert '<td class="b-file">INV-9.txt</td>' in page
    assert "The first line of the file must be LEDES1998B[]." in press(visitor, "validate").text
