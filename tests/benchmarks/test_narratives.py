"""The figures of the detectors: what the docs say is what is measured, and no worse than a floor."""

from pathlib import Path

import pytest

from benchmarks.narratives import HELD_OUT, Confusion, measures, splits, tables

DOC = Path(__file__).parents[2] / "docs" / "narratives.md"


def test_docs_hold_what_is_measured():
    assert tables() in DOC.read_text(encoding="utf-8")


@pytest.mark.parametrize("one", [one for one in measures() if one.half == HELD_OUT], ids=lambda one: one.name)
def test_held_out_half_is_judged_better_than_by_a_list_of_words(one):
    assert one.ours.precision >= 0.87
    assert one.ours.recall >= 0.85
    assert one.ours.precision > one.rival.precision
    assert one.ours.recall > one.rival.recall


def test_splits_begin_where_a_person_would_cut():
    assert all(one.same / one.narratives >= 0.85 for one in splits())


def test_confusion_counts_shares():
    counted = Confusion(hits=6, false_alarms=2, misses=3, passes=9)
    assert counted.precision == pytest.approx(6 / 8)
    assert counted.recall == pytest.approx(6 / 9)
