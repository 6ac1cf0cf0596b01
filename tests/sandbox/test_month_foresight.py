"""Recall and precision before sending: what counts as found, missed and a false alarm."""

import json
from datetime import date

import pytest
from rich.console import Console

from core.key_ring import KeyRing
from sandbox.firm.seed import seed_firm
from sandbox.firm.world import PLANTED
from sandbox.month import desk
from sandbox.month.foresight import Foresight, found_marks, planted_marks, show

PLANTED_MARKS = {("time:1", "travel_time"), ("time:2", "travel_time"), ("expense:5", "non_billable_expense")}


def test_count_missed_and_false_alarms():
    seen = Foresight.of(PLANTED_MARKS, {("time:1", "travel_time"), ("time:9", "travel_time")})
    assert seen.missed == {("time:2", "travel_time"), ("expense:5", "non_billable_expense")}
    assert seen.alarms == {("time:9", "travel_time")}
    assert seen.recall == pytest.approx(1 / 3)
    assert seen.precision == 0.5


def test_leave_out_kinds_of_which_nothing_was_planted():
    seen = Foresight.of(PLANTED_MARKS, PLANTED_MARKS | {("time:1", "characters")})
    assert (seen.recall, seen.precision) == (1.0, 1.0)
    assert seen.kinds == ["non_billable_expense", "travel_time"]


def test_be_perfect_where_nothing_was_planted():
    seen = Foresight.of((), ())
    assert (seen.recall, seen.precision) == (1.0, 1.0)


def test_read_planted_marks(tmp_path):
    row = {"entry": "time:1", "carrier": "harbor-mutual", "matter": "2024-00001", "kinds": ["a", "b"]}
    path = tmp_path / PLANTED
    path.write_text(json.dumps([row]))
    assert planted_marks(path) == {("time:1", "a"), ("time:1", "b")}


def test_print_a_row_a_kind():
    console = Console(record=True, width=100)
    show(console, Foresight.of(PLANTED_MARKS, {("time:1", "travel_time")}))
    text = console.export_text()
    assert "travel_time" in text
    assert "Recall 0.333, precision 1.000 over 3 planted marks." in text


def test_find_nearly_everything_planted_in_a_billed_month(database, tmp_path):
    ring = KeyRing.load_or_create(tmp_path / "ring.json")
    world = seed_firm(database, key_ring=ring, seed=3, today=date(2026, 11, 22), origin_port=8800, invoices=27)
    world.write(tmp_path / "world.json")
    desk.bill(world.period)
    seen = Foresight.of(planted_marks(tmp_path / PLANTED), found_marks())
    assert len(seen.kinds) >= 12
    assert seen.recall >= 0.9, sorted(seen.missed)
    assert seen.precision >= 0.8, sorted(seen.alarms)
