"""What changed on a page, in words, with the place in both pictures, and whether a step breaks by it."""

from typing import Any

import pytest

from carriers.page_drift import compare_pages
from carriers.page_sheet import PageSheet, Reliance
from tests.carriers.test_page_sheet import BUTTON, FILE, FORM, PAGE, changed, sheet


def words(before: PageSheet, now: PageSheet) -> list[str]:
    return [change.words for change in compare_pages(before, now)]


def relying(**facts: Any) -> PageSheet:
    one = {"list_name": "upload", "step": "Upload", "selectors": ("#a", "#b"), "met": "one", "way": 0} | facts
    return PageSheet(reliances=(Reliance(**one),))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ((changed(FILE, name="ledes_upload"), BUTTON, FORM),
         "The file field “Invoice file” is now named “ledes_upload” (was “fileLedes”)."),
        ((changed(FILE, id="upload"), BUTTON, FORM),
         "The file field “Invoice file” has the id “upload” now (was “fileLedes”)."),
        ((changed(FILE, label="Bill"), BUTTON, FORM), "The file field “Invoice file” is now labelled “Bill”."),
        ((changed(FILE, type="text"), BUTTON, FORM), "The file field “Invoice file” is now a text field."),
        ((changed(FILE, frame="work"), BUTTON, FORM), "The file field “Invoice file” lies in the frame “work” now."),
        ((FILE, changed(BUTTON, label="Send"), FORM), "The button “Upload” is now labelled “Send”."),
        ((FILE, BUTTON, changed(FORM, target="post /New")),
         "The form “uploadForm” leads to post /New now (was “post /Invoices/Upload”)."),
        ((FILE, FORM), "The button “Upload” is gone."),
        ((*PAGE, {"kind": "field", "type": "select", "name": "office", "label": "Office"}),
         "There is a new list “Office”."),
        ((*PAGE, {"kind": "frame", "type": "frame", "name": "news", "target": "/news"}),
         "There is a new frame “news”."),
    ],
)  # fmt: skip
def test_each_kind_of_change_has_its_sentence(other: tuple[dict[str, Any], ...], told: str):
    assert words(sheet(*PAGE), sheet(*other)) == [told]


def test_a_page_that_stayed_the_same_has_nothing_to_tell():
    assert words(sheet(*PAGE), sheet(*reversed(PAGE))) == []


def test_a_redesign_is_told_as_changes_where_one_thing_became_another():
    other = [
        {**FILE, "name": "x2", "id": "x2", "label": "E-invoice"},
        {**BUTTON, "id": "go", "label": "Send now"},
        {**FORM, "id": "f2"},
    ]
    assert words(sheet(*PAGE), sheet(*other)) == [
        (
            "The file field “Invoice file” is now labelled “E-invoice” and is now named “x2” (was “fileLedes”) "
            "and has the id “x2” now (was “fileLedes”)."
        ),
        "The button “Upload” is now labelled “Send now” and has the id “go” now (was “btnUpload”).",
        "The form “uploadForm” has the id “f2” now (was “uploadForm”).",
    ]


def test_changes_carry_the_places_of_both_sides():
    before = sheet(changed(FILE, place=[1, 2, 3, 4]))
    (change,) = compare_pages(before, sheet(changed(FILE, name="x", place=[5, 6, 7, 8])))
    assert (change.before, change.now, change.is_breaking) == ((1, 2, 3, 4), (5, 6, 7, 8), False)


@pytest.mark.parametrize(
    ("now", "told", "is_breaking"),
    [
        ({"met": "none", "way": -1}, "“Upload” finds nothing any more; it looks for #a, #b.", True),
        ({"met": "many"}, "“Upload” meets more than one element now, so nothing would be clicked.", True),
        ({"way": 1}, "“Upload” is found by #b only; #a meets nothing now.", False),
    ],
)
def test_what_a_step_relies_on_breaks_it_or_is_a_note(now: dict[str, Any], told: str, is_breaking: bool):
    (change,) = compare_pages(relying(), relying(**now))
    assert (change.words, change.is_breaking) == (told, is_breaking)


def test_a_step_that_finds_its_element_again_is_a_note():
    (back,) = compare_pages(relying(met="none", way=-1), relying())
    (first,) = compare_pages(relying(way=1), relying())
    assert (back.is_breaking, first.is_breaking) == (False, False)
    assert first.words == "“Upload” is found by #a now."


def test_where_the_walk_stopped_comes_first_and_breaks():
    now = sheet(changed(FILE, name="x"), BUTTON, FORM, missing_step="Upload page", missing="form#uploadForm")
    changes = compare_pages(sheet(*PAGE), now)
    assert changes[0].words == "The walk stopped here: “Upload page” found none of form#uploadForm."
    assert [change.is_breaking for change in changes] == [True, False]
    assert compare_pages(now, now) == ()
