"""Platform 9 as a visitor meets it: one post of many files, and a report with one row an invoice."""

import csv

from sandbox.portals.sample_world import sample_ledes
from sandbox.portals.sample_xml import sample_xml
from tests.sandbox.conftest import make_practice
from tests.sandbox.visitors import form_token, sign_in, upload

POST = "/exchange/post"


def post(visitor, *files):
    token = form_token(visitor.get(POST).text)
    return visitor.post(POST, data={"xc_key": token}, files=[("files", file) for file in files])


def test_report_has_one_row_an_invoice(practice):
    visitor = sign_in(practice, "unison")
    page = post(
        visitor,
        ("a.txt", sample_ledes("cedar-valley", "A-1")),
        ("b.txt", sample_ledes("tri-county-farm", "B-1")),
        ("c.txt", sample_ledes("cedar-valley", "C-1", client_matter_id="X", invoice_total="1")),
    )
    assert page.url.path == "/exchange/batches/1"
    assert 'href="/exchange/batches/1/report"' in page.text
    report = visitor.get("/exchange/batches/1/report").text
    assert report.count('<tr class="accepted">') == 2
    assert report.count('<tr class="refused">') == 1
    assert report.count("<li data-line=") == 2
    assert '<li data-line="" data-field="CLIENT_MATTER_ID">CLIENT_MATTER_ID: Claim number X does not match' in report
    totals = practice.control.get("/totals").json()
    assert {slug: one["accepted"] for slug, one in totals["carriers"].items()} == {
        "cedar-valley": 1,
        "tri-county-farm": 1,
    }
    assert totals["overall"]["refused"] == 1


def test_report_can_be_downloaded(practice):
    visitor = sign_in(practice, "unison")
    post(visitor, ("a.txt", sample_ledes("cedar-valley")), ("b.txt", b"nonsense"))
    reply = visitor.get("/exchange/batches/1/report.csv")
    assert reply.headers["content-disposition"] == 'attachment; filename="batch-1.csv"'
    good, bad = list(csv.DictReader(reply.text.splitlines()))
    assert (good["Invoice"], good["Result"], good["Amount"], good["Reasons"]) == ("INV-1001", "Accepted", "$615.00", "")
    assert good["Receipt"].startswith("UX20")
    assert (bad["File"], bad["Result"], bad["Receipt"]) == ("b.txt", "Refused", "")
    assert "The first line of the file must be LEDES1998B[]." in bad["Reasons"]


def test_report_waits_until_the_files_were_read(slow_practice):
    visitor = sign_in(slow_practice, "unison")
    page = post(visitor, ("a.txt", sample_ledes("cedar-valley"))).text
    assert '<p id="xc-running">' in page
    assert visitor.get("/exchange/batches/1/state").json() == {"done": False}
    assert visitor.get("/exchange/batches/1/report").status_code == 404
    assert visitor.get("/exchange/batches/1/report.csv").status_code == 404
    slow_practice.control.post("/decisions/release", json={"advance_seconds": 61})
    assert visitor.get("/exchange/batches/1/state").json() == {"done": True}
    assert '<tr class="accepted">' in visitor.get("/exchange/batches/1/report").text


def test_file_goes_to_the_carrier_of_its_client_id(tmp_path):
    practice = make_practice(tmp_path, formats={"bluewater-marine": "LEDES XML 2.1"})
    visitor = sign_in(practice, "unison")
    marine = sample_xml().replace(b"NFORK", b"BLUEWM")
    post(visitor, ("a.xml", marine), ("b.txt", sample_ledes("tri-county-farm")))
    assert [one.carrier for one in practice.portals.store.every()] == ["bluewater-marine", "tri-county-farm"]
    assert practice.overall()["accepted"] == 2
    practice.portals.store.close()


def test_faulty_file_is_judged_by_the_carrier_that_it_names(practice):
    visitor = sign_in(practice, "unison")
    post(visitor, ("a.txt", sample_ledes("tri-county-farm", invoice_date="2026")))
    post(visitor, ("b.txt", b"nonsense"))
    assert [one.carrier for one in practice.portals.store.every()] == ["tri-county-farm", "cedar-valley"]


def test_list_and_page_of_an_invoice(practice):
    visitor = sign_in(practice, "unison")
    post(visitor, ("a.txt", sample_ledes("cedar-valley")))
    listed = visitor.get("/exchange/invoices?number=INV-1001").text
    assert practice.portals.store.every()[0].sha256 in listed
    assert '<td class="xc-status">Approved</td>' in listed
    assert "Cedar Valley Insurance" in visitor.get("/exchange/invoices/1").text
    assert '<p id="xc-none">' in visitor.get("/exchange/invoices?number=INV-1").text


def test_post_twice_is_stored_twice_and_counted(practice):
    visitor = sign_in(practice, "unison")
    same = ("a.txt", sample_ledes("cedar-valley"))
    post(visitor, same, same)
    assert practice.overall()["accepted"] == 2
    assert practice.overall()["duplicates"] == 1


def test_ask_for_files(practice):
    visitor = sign_in(practice, "unison")
    assert "Choose at least one file." in post(visitor).text
    assert "Choose at least one file." in visitor.post(POST, files={"files": ("a.txt", b"x")}).text
    assert practice.overall()["posts"] == 0


def test_unknown_batch_is_not_found(practice):
    visitor = sign_in(practice, "unison")
    upload(visitor, POST, sample_ledes("cedar-valley"))
    assert visitor.get("/exchange/batches/7").status_code == 404
    assert visitor.get("/exchange/batches/7/state").status_code == 404
