"""Each platform's pages as a visitor meets them: log-in, upload, result, list, detail, log-out."""

import re

import pytest

from sandbox.portals.sample_world import sample_ledes
from tests.sandbox.visitors import form_token, sign_in, upload


def test_upload_on_classic_shows_receipt_at_once(practice):
    visitor = sign_in(practice, "harbor")
    assert "Welcome, hwr-billing" in visitor.get("/Home").text
    page = upload(visitor, "/Invoices/Upload", sample_ledes()).text
    assert '<h2 id="resultTitle">Invoice accepted</h2>' in page
    assert re.search(r'<span id="receiptNumber">HMV-20\d\d-000001</span>', page)
    assert practice.overall() == {
        "posts": 1,
        "accepted": 1,
        "refused": 0,
        "staged": 0,
        "duplicates": 0,
        "cents": 61500,
        "invoice_numbers": ["INV-1001"],
    }


def test_refuse_on_classic_lists_findings(practice):
    visitor = sign_in(practice, "harbor")
    page = upload(visitor, "/Invoices/Upload", sample_ledes(client_matter_id="X")).text
    assert '<h2 id="resultTitle">Invoice rejected</h2>' in page
    assert '<td class="e-line">-</td><td class="e-field">CLIENT_MATTER_ID</td>' in page
    assert practice.overall()["refused"] == 1
    assert practice.overall()["cents"] == 0
    assert "No invoices found." in visitor.get("/Invoices").text


def test_list_and_detail_on_classic(practice):
    visitor = sign_in(practice, "harbor")
    upload(visitor, "/Invoices/Upload", sample_ledes())
    upload(visitor, "/Invoices/Upload", sample_ledes(invoice_number="INV-1002"), name="INV-1002.txt")
    page = visitor.get("/Invoices?number=INV-1001").text
    assert page.count('<tr class="invoice-row">') == 1
    assert '<td class="col-amount">$615.00</td>' in page
    assert "No invoices found." in visitor.get("/Invoices?number=INV-100").text
    detail = visitor.get("/Invoices/Detail/1").text
    assert '<span id="invoiceStatus">Approved</span>' in detail
    assert detail.count('<tr class="line">') == 2


def test_show_reductions_on_classic_once_published(slow_practice):
    visitor = sign_in(slow_practice, "harbor")
    upload(visitor, "/Invoices/Upload", sample_ledes(line_item_date="20260401"))
    before = visitor.get("/Invoices/Detail/1").text
    assert '<span id="invoiceStatus">Pending</span>' in before
    assert "days old" not in before
    assert slow_practice.control.post("/decisions/release").json() == {"released": 1}
    after = visitor.get("/Invoices/Detail/1").text
    assert '<span id="invoiceStatus">Rejected</span>' in after
    assert '<td class="l-reduction">$570.00</td>' in after
    assert "Charge service or expense date is more than 180 days old." in after


def test_ask_for_file_on_classic(practice):
    visitor = sign_in(practice, "harbor")
    token = form_token(visitor.get("/Invoices/Upload").text)
    assert "Select a file to upload." in visitor.post("/Invoices/Upload", data={"__RequestToken": token}).text
    forged = visitor.post("/Invoices/Upload", files={"LedesFile": ("a.txt", sample_ledes())}).text
    assert "Select a file to upload." in forged
    assert practice.overall()["posts"] == 0


def test_upload_on_staged_waits_for_submit(practice):
    visitor = sign_in(practice, "clearpath")
    page = upload(visitor, "/files/new", sample_ledes("prairie-states"), client="PRAIRI")
    assert page.url.path == "/files/1"
    assert '<span id="file-status" class="badge">Ready to Submit</span>' in page.text
    assert practice.overall()["posts"] == 0
    assert practice.overall()["staged"] == 1
    assert '<td class="f-status">Ready to Submit</td>' in visitor.get("/files?q=INV-1001").text
    confirmed = visitor.post("/files/1/submit", data={"authenticity_token": form_token(page.text)})
    assert re.search(r'<strong id="confirmation-number">CP-\d{8}-00001</strong>', confirmed.text)
    assert "Invoice Submitted" in confirmed.text
    assert practice.overall()["accepted"] == 1


def test_submit_again_on_staged_keeps_one_post(practice):
    visitor = sign_in(practice, "clearpath")
    page = upload(visitor, "/files/new", sample_ledes("prairie-states"), client="PRAIRI")
    token = {"authenticity_token": form_token(page.text)}
    visitor.post("/files/1/submit", data=token)
    again = visitor.post("/files/1/submit", data=token).text
    assert "This file was already submitted." in again
    assert practice.overall()["accepted"] == 1


def test_process_on_staged_takes_time(slow_practice):
    visitor = sign_in(slow_practice, "northfork")
    page = upload(visitor, "/files/new", sample_ledes("northfork-re"), client="NFORK").text
    assert ">Processing</span>" in page
    assert visitor.get("/files/1/status").json() == {"status": "Processing"}
    assert visitor.post("/files/1/submit", data={"authenticity_token": "guess"}).status_code == 409
    slow_practice.control.post("/decisions/release", json={"advance_seconds": 61})
    assert visitor.get("/files/1/status").json() == {"status": "Ready to Submit"}


@pytest.mark.parametrize(
    ("client", "text"), [("SUMMIT", "does not belong to Summit National"), ("", "Choose the client")]
)
def test_refuse_wrong_client_on_staged(practice, client, text):
    page = upload(sign_in(practice, "clearpath"), "/files/new", sample_ledes("prairie-states"), client=client).text
    assert text in page


def test_refuse_on_staged_is_file_error(practice):
    visitor = sign_in(practice, "northfork")
    page = upload(visitor, "/files/new", b"nonsense", client="NFORK").text
    assert ">File Error</span>" in page
    assert "The first line of the file must be LEDES1998B[]." in page
    assert visitor.post("/files/1/submit", data={"authenticity_token": "guess"}).status_code == 409


def test_upload_on_single_page(practice):
    visitor = sign_in(practice, "atlas")
    assert 'data-user="hwr-billing"' in visitor.get("/").text
    answer = visitor.post("/api/uploads", files={"document": ("a.txt", sample_ledes("atlas-specialty"))}).json()
    assert answer == {"outcome": "accepted", "invoice": "INV-1001", "receipt": "ATL.700001"}
    listed = visitor.get("/api/invoices?number=INV-1001").json()["invoices"]
    assert [(one["receipt"], one["amount"], one["status"]) for one in listed] == [("ATL.700001", "$615.00", "Approved")]
    assert len(visitor.get("/api/invoices/1").json()["lines"]) == 2


def test_refuse_on_single_page(practice):
    visitor = sign_in(practice, "lakeshore")
    answer = visitor.post("/api/uploads", files={"document": ("a.pdf", sample_ledes("lakeshore-indemnity"))}).json()
    assert answer["outcome"] == "refused"
    assert answer["issues"][0]["text"] == "Only files named .txt are accepted."
    assert visitor.get("/api/invoices/1").status_code == 404


def test_upload_on_two_step(practice):
    visitor = sign_in(practice, "granite")
    page = upload(visitor, "/portal/submit", sample_ledes("granite-surety"))
    assert page.url.path == "/portal/submissions/1/result"
    assert re.search(r'<b id="reference">GS \d\d-00001</b>', page.text)
    assert practice.portals.store.every()[0].sha256 in visitor.get("/portal/submissions?invoice=INV-1001").text
    assert '<span id="s-status">Approved</span>' in visitor.get("/portal/submissions/1").text


def test_refuse_on_two_step(practice):
    page = upload(sign_in(practice, "granite"), "/portal/submit", sample_ledes("granite-surety", invoice_total="1"))
    assert 'data-field="INVOICE_TOTAL"' in page.text
    assert "INVOICE_TOTAL: Invoice total 1.00 does not equal" in page.text


def test_post_twice_is_stored_twice_and_counted(practice):
    visitor = sign_in(practice, "harbor")
    for _ in range(2):
        upload(visitor, "/Invoices/Upload", sample_ledes())
    totals = practice.control.get("/totals").json()
    assert totals["carriers"]["harbor-mutual"]["duplicates"] == 1
    assert totals["overall"]["cents"] == 2 * 61500


def test_corrected_bytes_are_no_duplicate(practice):
    visitor = sign_in(practice, "harbor")
    upload(visitor, "/Invoices/Upload", sample_ledes(client_matter_id="X"))
    upload(visitor, "/Invoices/Upload", sample_ledes())
    assert practice.overall()["duplicates"] == 0
    assert practice.overall()["posts"] == 2


@pytest.mark.parametrize(
    ("slug", "page", "sign_in_page"),
    [
        ("harbor", "/Invoices/Upload", "/Login"),
        ("northfork", "/files/new", "/account/signin"),
        ("granite", "/portal/submit", "/auth/login"),
    ],
)
def test_ask_stranger_to_log_in(practice, slug, page, sign_in_page):
    assert practice.visitor(slug).get(page).url.path == sign_in_page


def test_tell_script_without_session(practice):
    answer = practice.visitor("atlas").get("/api/invoices")
    assert (answer.status_code, answer.json()["error"]) == (401, "session_ended")


@pytest.mark.parametrize(
    ("slug", "leave", "page"),
    [
        ("harbor", "/Logout", "/Home"),
        ("northfork", "/account/signout", "/dashboard"),
        ("granite", "/auth/logout", "/portal/home"),
    ],
)
def test_log_out_ends_session(practice, slug, leave, page):
    visitor = sign_in(practice, slug)
    assert visitor.get(page).url.path == page
    visitor.get(leave)
    assert visitor.get(page).url.path != page


def test_sites_do_not_share_sessions_or_posts(practice):
    visitor = sign_in(practice, "harbor")
    upload(visitor, "/Invoices/Upload", sample_ledes())
    other = sign_in(practice, "keystone")
    assert "No invoices found." in other.get("/Invoices").text
    assert other.get("/Invoices/Detail/1").status_code == 404


def test_unknown_host_is_no_site(practice):
    assert practice.visitor("nowhere").get("/").status_code == 404


def test_escape_what_files_bring(practice):
    visitor = sign_in(practice, "harbor")
    page = upload(visitor, "/Invoices/Upload", sample_ledes(client_matter_id="<b>x</b>")).text
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_page_long_lists(practice):
    visitor = sign_in(practice, "harbor")
    token = form_token(visitor.get("/Invoices/Upload").text)
    for number in range(52):
        files = {"file": ("a.txt", sample_ledes(invoice_number=f"N-{number}"))}
        visitor.post("/Invoices/Upload", data={"token": token}, files=files)
    assert visitor.get("/Invoices").text.count("invoice-row") == 50
    assert visitor.get("/Invoices?page=2").text.count("invoice-row") == 2
