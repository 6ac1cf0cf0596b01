"""How long something takes, in words."""

import pytest

from state.sites.pace_words import time_left


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, ""),
        (12, "less than a minute left"),
        (61, "about 2 minutes left"),
        (600, "about 10 minutes left"),
        (5400, "about 1.5 hours left"),
    ],
)
def test_say_the_time_left(seconds, words):
    assert time_left(seconds) == words
