"""The suggestions stay as good as they are, also on the narratives that they were not tuned on, and stay quick."""

import pytest

from benchmarks.codes import halves, share, share_right


def test_halves_share_no_narrative():
    tuned, unseen = ({one.text for one in half} for half in halves())
    assert not tuned & unseen
    assert min(len(tuned), len(unseen)) > 140


@pytest.mark.parametrize(
    ("kind", "least", "least_right"), [("task", 0.84, 0.94), ("activity", 0.89, 0.96), ("expense", 0.85, 0.9)]
)
def test_suggestions_hold_their_figures_on_the_narratives_held_out(kind, least, least_right):
    _, unseen = halves()
    assert share(kind, unseen, 1) >= least
    assert share_right(kind, unseen) >= least_right
