"""Words for days, counts and units, and numbers read back from a page."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import today
from core.errors import InvalidInputError
from state.review.word_diff import word_diff
from state.words import counted, due, number_typed, units, whole_number


@pytest.mark.parametrize(
    ("days", "words"), [(-3, "3 days overdue"), (-1, "1 day overdue"), (0, "Due today"), (1, "Due tomorrow")]
)
def test_say_how_far_off_a_due_day_is(days: int, words: str):
    assert due(today() + timedelta(days=days)) == words


def test_name_weekday_of_near_days_only():
    near, far = today() + timedelta(days=4), today() + timedelta(days=30)
    assert due(near) == f"Due {near:%a} {near.day} {near:%b}"
    assert due(far) == f"Due {far.day} {far:%b}"


@pytest.mark.parametrize(("value", "text"), [("1.50", "1.5"), ("12.00", "12.0"), ("0.25", "0.25"), ("180", "180.0")])
def test_write_units_as_people_do(value: str, text: str):
    assert units(Decimal(value)) == text


def test_count_with_noun():
    assert (counted(1, "line"), counted(1204, "line")) == ("1 line", "1,204 lines")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "0x1", "\u0661", "9" * 19])
def test_refuse_what_is_no_whole_number(text: str):
    with pytest.raises(InvalidInputError):
        whole_number(text)


@pytest.mark.parametrize(("text", "value"), [("$1,250.50", "1250.50"), (" 3 ", "3"), ("-2", "-2")])
def test_read_number_somebody_typed(text: str, value: str):
    assert number_typed(text, "the amount") == Decimal(value)


@pytest.mark.parametrize("text", ["", "ten", "1e5", "NaN", "1.2.3"])
def test_name_field_of_what_is_no_number(text: str):
    with pytest.raises(InvalidInputError, match="the amount"):
        number_typed(text, "the amount")


def test_mark_words_that_went_and_came():
    parts = word_diff("Attention to file", "Attention to the whole file")
    assert [(part.kind, part.text.strip()) for part in parts] == [
        ("same", "Attention to"), ("new", "the whole"), ("same", "file"),
    ]  # fmt: skip


def test_show_very_long_text_as_replaced_whole():
    assert [part.kind for part in word_diff("a " * 400, "b " * 400)] == ["gone", "new"]
