"""A file of any length needs the memory of its longest invoice."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
ROOM_KB = 6_144


def run(invoices: int, lines: int) -> tuple[int, int, int]:
    """Return invoices, findings and the greatest memory in KB of a process that reads such a file."""
    command = [sys.executable, "-m", "tests.ledes.xml.endless", str(invoices), str(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    read, findings, memory = map(int, done.stdout.split())
    return read, findings, memory


def test_memory_does_not_grow_with_the_file():
    few, many = run(5, 200), run(150, 200)
    assert few[:2] == (5, 0)
    assert many[:2] == (150, 0)
    assert many[2] - few[2] < ROOM_KB
