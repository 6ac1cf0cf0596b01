"""A large file is streamed: memory does not grow with it."""

from itertools import islice

import pytest

from benchmarks.ledes import invoices
from benchmarks.ledes_large import make_large_file, stream_apart


@pytest.mark.slow
def test_stream_holds_no_more_of_a_larger_file(tmp_path):
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    make_large_file(small, islice(invoices(), 200), 6_000_000)
    make_large_file(large, islice(invoices(), 200), 60_000_000)
    of_small, of_large = stream_apart(small), stream_apart(large)
    assert of_large["findings"] == of_small["findings"] == 0
    assert of_large["lines"] > 9 * of_small["lines"]
    assert of_large["megabytes"] < 80
    assert of_large["megabytes"] - of_small["megabytes"] < 8
