"""A cut through the crash matrix: the network goes right before the click; and how the matrix is counted."""

import pytest

from tests.chaos.matrix.cells import (
    CARRIERS,
    TWO_CLICKS,
    Fault,
    Result,
    Round,
    as_csv,
    from_csv,
    rounds,
    table,
    unplayed,
)
from tests.chaos.matrix.field import field
from tests.chaos.matrix.play import play_round, warm_up
from tests.chaos.matrix.points import POINTS, SECOND_CLICK

_CARRIERS = (CARRIERS[1], CARRIERS[7])


@pytest.mark.mariadb
@pytest.mark.redis
@pytest.mark.chromium
@pytest.mark.slow
@pytest.mark.timeout(480)
def test_cut_the_network_at_the_click_and_send_each_file_once(tmp_path):
    with field(tmp_path) as ready:
        ready.start_workers(len(_CARRIERS))
        warm_up(ready, _CARRIERS)
        played = play_round(ready, Round("intent_written", Fault.NETWORK_CUT, _CARRIERS))
    assert [(one.carrier, one.fault, one.violation) for one in played if one.violation] == []
    assert len(played) == 2
    assert any(one.was_met for one in played)


def test_matrix_has_every_point_times_every_fault_on_every_platform():
    cells = [(one.point, one.fault, carrier) for one in rounds(tuple(CARRIERS.values()), 4) for carrier in one.carriers]
    everywhere = len(POINTS) - len(SECOND_CLICK)
    assert len(set(cells)) == len(cells) == (everywhere * 10 + len(SECOND_CLICK) * len(TWO_CLICKS)) * len(Fault)
    assert len(POINTS) >= 25
    assert {carrier for point, _, carrier in cells if point in SECOND_CLICK} == TWO_CLICKS


def test_a_matrix_goes_on_where_it_ended():
    plan = [Round("clicked", Fault.FREEZE, ("a", "b")), Round("looked", Fault.FREEZE, ("a",))]
    played = [Result(carrier, "clicked", Fault.FREEZE, "delivered", 1, True, 1.0) for carrier in ("a", "c")]
    assert list(unplayed(plan, played)) == [Round("clicked", Fault.FREEZE, ("b",)), plan[1]]
    assert list(unplayed(plan, [])) == plan


def test_cells_are_read_back_as_they_were_written():
    played = [
        Result("a", "clicked", Fault.FREEZE, "in_doubt", 0, True, 1.5, 20.0),
        Result("b", "looked", Fault.KILL_JOB, "delivered", 1, False, 3.0, was_checked=True),
    ]
    assert from_csv(as_csv(played)) == played


@pytest.mark.parametrize(
    ("status", "accepted", "doubt_seconds", "violation"),
    [
        ("delivered", 1, None, ""),
        ("in_doubt", 0, 20.0, ""),
        ("in_doubt", 1, 61.0, "nobody was asked within 60 s"),
        ("delivered", 2, None, "sent twice"),
        ("in_doubt", 2, 3.0, "sent twice"),
        ("delivered", 0, None, "said delivered, and the site has nothing"),
        ("needs_attention", 0, None, "came to rest as needs_attention"),
        ("ready", 0, None, "came to rest as ready"),
    ],
)
def test_result_names_the_promise_that_was_broken(status, accepted, doubt_seconds, violation):
    one = Result("a", "clicked", Fault.FREEZE, status, accepted, True, 1.0, doubt_seconds)
    assert one.violation == violation


def test_table_counts_what_became_of_the_cells():
    results = [
        Result("a", "clicked", Fault.FREEZE, "delivered", 1, True, 1.0),
        Result("a", "looked", Fault.FREEZE, "in_doubt", 0, False, 1.0, 5.0),
        Result("b", "clicked", Fault.REDIS_WIPE, "delivered", 2, True, 1.0, was_checked=True),
    ]
    assert table(results).splitlines()[2:] == [
        "| freeze | 2 | 1 | 1 | 0 | 1 | 0 | 0 | 0 |",
        "| redis wipe | 1 | 1 | 1 | 1 | 0 | 1 | 0 | 0 |",
        "| all | 3 | 2 | 2 | 1 | 1 | 1 | 0 | 0 |",
    ]
