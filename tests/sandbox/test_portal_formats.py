"""Sites whose carriers take other formats: the right file with the right name gets a receipt, another is refused."""

import pytest

from sandbox.portals.readers.layouts import LEDES_98BI_V2
from sandbox.portals.sample_world import sample_ledes, sample_world
from sandbox.portals.sample_xml import sample_xml
from sandbox.portals.world import parse_world
from tests.sandbox.visitors import form_token, sign_in, upload


def test_take_xml_on_staged(practice_of_formats):
    visitor = sign_in(practice_of_formats, "northfork")
    page = upload(visitor, "/files/new", sample_xml(), name="INV-1001.xml", client="NFORK")
    assert ">Ready to Submit</span>" in page.text
    sent = visitor.post("/files/1/submit", data={"authenticity_token": form_token(page.text)}).text
    assert "Invoice Submitted" in sent
    assert practice_of_formats.overall()["cents"] == 615_00


def test_refuse_xml_under_another_name_on_staged(practice_of_formats):
    visitor = sign_in(practice_of_formats, "northfork")
    page = upload(visitor, "/files/new", sample_xml(), name="INV-1001.txt", client="NFORK").text
    assert "Only files named .xml are accepted." in page


def test_take_international_file_on_single_page(practice_of_formats):
    visitor = sign_in(practice_of_formats, "lakeshore")
    data = sample_ledes("lakeshore-indemnity", layout=LEDES_98BI_V2)
    answer = visitor.post("/api/uploads", files={"document": ("a.txt", data)}).json()
    assert (answer["outcome"], answer["invoice"]) == ("accepted", "INV-1001")
    assert visitor.get("/api/invoices/1").json()["lines"][0]["billed"] == "$570.00"


def test_refuse_usual_format_where_another_is_taken(practice_of_formats):
    visitor = sign_in(practice_of_formats, "lakeshore")
    data = sample_ledes("lakeshore-indemnity")
    answer = visitor.post("/api/uploads", files={"document": ("a.txt", data)}).json()
    assert answer["issues"][0]["text"] == "The first line of the file must be LEDES98BI V2[]."


def test_refuse_world_with_unknown_format():
    world = sample_world()
    world["carriers"][0] |= {"format": "LEDES 2000"}
    with pytest.raises(ValueError, match="LEDES 2000"):
        parse_world(world)
