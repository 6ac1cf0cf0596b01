"""`python -m ledes fix`: nothing changes unasked, and everything that changes is listed."""

import json

import pytest

from ledes.__main__ import main
from ledes.writer import write
from tests.ledes.builders import make_invoice
from tests.ledes.files import run_module

GOOD = write(make_invoice())
PADDED = GOOD.replace(b"|402.00|\r", b"|402.00|\r").replace(b"|20261005|", b"|2026-10-05|")
HOPELESS = GOOD.replace(b"804.50", b"804.51")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "invoice.txt"


def test_fix_changes_nothing_unasked(path, capsys):
    path.write_bytes(PADDED)
    assert main(["fix", str(path)]) == 1
    assert path.read_bytes() == PADDED
    out = capsys.readouterr().out.splitlines()
    assert out == [
        f"{path}: 1 repair (nothing written), 0 findings left",
        "  row 3, LINE_ITEM_DATE: '2026-10-05' -> '20261005'. The same day as YYYYMMDD.",
    ]


def test_fix_writes_the_file_itself(path, capsys):
    path.write_bytes(PADDED)
    path.chmod(0o640)
    assert main(["fix", str(path), "--write"]) == 0
    assert path.read_bytes() == GOOD
    assert path.stat().st_mode & 0o777 == 0o640
    assert "written to" in capsys.readouterr().out
    assert [entry.name for entry in path.parent.iterdir() if entry.is_file()] == [path.name]


def test_fix_writes_through_a_link(path, tmp_path):
    path.write_bytes(PADDED)
    link = tmp_path / "link.txt"
    link.symlink_to(path)
    assert main(["fix", str(link), "--write"]) == 0
    assert link.is_symlink()
    assert path.read_bytes() == GOOD


def test_fix_writes_elsewhere(path, tmp_path):
    path.write_bytes(PADDED)
    other = tmp_path / "mended.txt"
    assert main(["fix", str(path), "--out", str(other)]) == 0
    assert (path.read_bytes(), other.read_bytes()) == (PADDED, GOOD)


def test_fix_prints_json(path, capsys):
    path.write_bytes(PADDED)
    assert main(["fix", "--json", str(path)]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "file": str(path),
        "format": "LEDES1998B",
        "written": None,
        "valid": True,
        "changes": [
            {
                "row": 3,
                "field": "LINE_ITEM_DATE",
                "before": "2026-10-05",
                "after": "20261005",
                "reason": "The same day as YYYYMMDD.",
            }
        ],
        "findings": [],
    }


def test_fix_finds_nothing_to_do(path):
    path.write_bytes(GOOD)
    assert main(["fix", str(path)]) == 0
    assert main(["fix", str(path), "--write"]) == 0
    assert path.read_bytes() == GOOD


def test_fix_tells_what_it_cannot_mend(path, capsys):
    path.write_bytes(HOPELESS)
    assert main(["fix", str(path), "--write"]) == 1
    assert path.read_bytes() == HOPELESS
    assert "total_wrong" in capsys.readouterr().out


def test_fix_leaves_what_is_not_ledes(path, tmp_path):
    path.write_bytes(b"hello")
    assert main(["fix", str(path), "--out", str(tmp_path / "out.txt")]) == 2
    assert not (tmp_path / "out.txt").exists()


def test_fix_says_when_it_cannot_write(path, tmp_path, capsys):
    path.write_bytes(PADDED)
    assert main(["fix", str(path), "--out", str(tmp_path / "none" / "out.txt")]) == 2
    assert "Nothing was written" in capsys.readouterr().err


def test_fix_cannot_write_standard_input():
    done = run_module("fix", "-", "--write", stdin=PADDED)
    assert done.returncode == 2
    assert done.stderr.startswith(b"ledes: Standard input cannot be changed.")
