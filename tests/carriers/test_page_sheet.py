"""Fingerprints stand still while tokens, dates and data change, and move with every change of the page itself."""

from typing import Any

import pytest

from carriers.page_sheet import PageSheet, reliance, sheet_parts, without_numbers, without_tokens
from carriers.steps import ClickStep, ReadTableStep, Table

FILE = {"kind": "field", "type": "file", "name": "fileLedes", "id": "fileLedes", "label": "Invoice file", "frame": ""}
BUTTON = {"kind": "button", "type": "button", "name": "", "id": "btnUpload", "label": "Upload", "frame": ""}
FORM = {"kind": "form", "type": "form", "name": "", "id": "uploadForm", "target": "post /Invoices/Upload", "frame": ""}
PAGE = (FILE, BUTTON, FORM)


def sheet(*parts: dict[str, Any], **more: Any) -> PageSheet:
    return PageSheet(parts=sheet_parts(parts), **more)


def changed(part: dict[str, Any], **traits: Any) -> dict[str, Any]:
    return {**part, **traits}


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("csrf_8f3a9c21bd", "csrf_77e1000fca"),
        ("row[10441]", "row[20993]"),
        ("field-550e8400-e29b-41d4-a716-446655440000", "field-123e4567-e89b-12d3-a456-426614174000"),
        (":r1a:", ":r7:"),
        ("/batch/20261128/upload", "/batch/20261129/upload"),
        ("xK9fQ2mZ7pLt", "aB3cD5eF7gHi"),
    ],
)
def test_names_without_what_a_server_makes_anew_are_alike(was: str, became: str):
    assert without_tokens(was) == without_tokens(became)


@pytest.mark.parametrize(
    "name", ["fileLedes", "ctl00$Main$btnUpload", "txtInvoiceLine2Number", "ledes_upload_2", "decade", "form-1"]
)
def test_names_that_people_gave_are_kept(name: str):
    assert without_tokens(name) == name


def test_words_are_freed_of_dates_and_counts():
    assert without_numbers(" Inbox (12)\n of 11/28/2026 ") == "Inbox (…) of …"
    assert without_numbers("Step 1 of 3") == without_numbers("Step 2 of 3")


def test_fingerprint_stands_still_against_order_repetition_places_and_tokens():
    again = sheet(
        changed(FORM, place=[0, 10, 500, 100]),
        changed(FILE, place=[1, 2, 3, 4]),
        BUTTON,
        changed(BUTTON, place=[9, 9, 9, 9]),
    )
    assert again.fingerprint == sheet(*PAGE).fingerprint
    numbered = [changed(FORM, target=f"post /Upload/{number}") for number in (1001, 1002)]
    assert sheet(numbered[0]).fingerprint == sheet(numbered[1]).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        (BUTTON, FORM),
        (*PAGE, changed(FILE, name="pdf")),
        (changed(FILE, name="ledes"), BUTTON, FORM),
        (changed(FILE, id="ledes"), BUTTON, FORM),
        (changed(FILE, label="Bill"), BUTTON, FORM),
        (changed(FILE, type="text"), BUTTON, FORM),
        (FILE, changed(BUTTON, label="Send"), FORM),
        (FILE, BUTTON, changed(FORM, target="post /Other")),
        (changed(FILE, frame="work"), BUTTON, FORM),
        (*PAGE, {"kind": "frame", "type": "frame", "name": "ads", "target": "/ads"}),
    ],
)
def test_fingerprint_moves_with_every_change(other: tuple[dict[str, Any], ...]):
    assert sheet(*other).fingerprint != sheet(*PAGE).fingerprint


def test_a_missing_selector_is_part_of_the_fingerprint():
    assert sheet(*PAGE, missing="#x").fingerprint != sheet(*PAGE).fingerprint


def test_reliance_says_which_way_is_met_first():
    click = ClickStep(verb="click", label="Send", selectors=("#a", "#b"), commit=True)
    plain = [reliance("upload", click, click.selectors, met, is_final=False).met for met in _MET]
    final = [reliance("upload", click, click.selectors, met, is_final=True) for met in _MET]
    assert plain == ["none", "one", "one"]
    assert [(one.met, one.way, one.place) for one in final] == [
        ("none", -1, None),
        ("one", 1, (1, 2, 3, 4)),
        ("many", 0, None),
    ]


def test_a_list_with_rows_and_an_empty_list_rest_on_the_same():
    step = ReadTableStep(
        verb="read_table",
        label="Read the list",
        table=Table(selectors=("tr.row",), columns={"invoice_number": "td"}),
        into="invoices",
        empty=("#none",),
    )
    met = [[(3, (0, 0, 9, 9)), (0, None)], [(1, None), (0, None)], [(0, None), (1, None)]]
    found = {reliance("find_invoice", step, ("tr.row", "#none"), one, is_final=False).traits for one in met}
    assert len(found) == 1


_MET: list[list[tuple[int, Any]]] = [
    [(0, None), (0, None)],
    [(0, None), (1, (1, 2, 3, 4))],
    [(2, None), (1, None)],
]
