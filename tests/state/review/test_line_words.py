"""The words of fixes, splits and running sums."""

from decimal import Decimal

import pytest

from models.enums import EntryKind
from services.rules.finding_fixes import ReadyFix
from state.fix_words import fix_words
from state.review.attest_rows import sum_words
from state.review.proforma_dialogs import question_of
from state.review.proforma_head import HeadView

WHOLE = Decimal("285.00")


@pytest.mark.parametrize(
    ("fix", "words"),
    [
        (None, ""),
        (ReadyFix("cut_rate", Decimal("285.00")), "Cut to $285.00"),
        (ReadyFix("cut_units", Decimal("0.5000")), "Bill 0.5 h"),
        (ReadyFix("cut_amount", Decimal("142.50")), "Reduce to 50 % ($142.50)"),
        (ReadyFix("cut_amount", Decimal("187.50")), "Reduce to $187.50"),
        (ReadyFix("write_off"), "Write off"),
        (ReadyFix("set_code", code="L330", reason="it names a deposition"), "Move to L330"),
        (ReadyFix("split", parts=("One", "Two")), "Propose a split…"),
    ],
)
def test_fix_words_say_what_one_click_does(fix: ReadyFix | None, words: str) -> None:
    assert fix_words(fix, kind=EntryKind.FEE, whole_amount=WHOLE) == words


def test_fix_words_count_units_of_an_expense() -> None:
    fix = ReadyFix("cut_units", Decimal("12.0000"))
    assert fix_words(fix, kind=EntryKind.EXPENSE, whole_amount=WHOLE) == "Bill 12 units"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("0", "0.0 of 2.4 h given, 2.4 h will be written down"),
        ("2.1", "2.1 of 2.4 h given, 0.3 h will be written down"),
        ("2.4", "2.4 of 2.4 h given, nothing is left"),
        ("2.5", "2.5 of 2.4 h given, 0.1 h too many"),
    ],
)
def test_sum_words_run_along(given: str, words: str) -> None:
    assert sum_words(Decimal(given), Decimal("2.4000")) == words


@pytest.mark.parametrize(
    ("head", "title", "needs_note"),
    [
        (HeadView(blocking="1 line blocked"), "Approve over the carrier's guidelines?", True),
        (HeadView(waiting="A split waits for its timekeeper"), "A split waits for its timekeeper. Approve", False),
        (HeadView(blocking="1 line blocked", waiting="A split waits"), "Approve over", True),
    ],
)
def test_approving_asks_first_over_a_block_or_a_waiting_split(head: HeadView, title: str, needs_note: bool) -> None:
    asked = question_of("approve", head)
    assert asked is not None
    assert asked.title.startswith(title)
    assert asked.needs_note is needs_note
    assert ("proposed splits end" in asked.text) is bool(head.waiting)


def test_approving_asks_nothing_of_a_clean_one() -> None:
    assert question_of("approve", HeadView()) is None
