"""A carrier's billing rules as data, and pure functions that hold lines against them."""
