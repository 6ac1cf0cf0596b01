"""`python -m ledes check`: exit codes, JSON and words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ledes.__main__ import main
from ledes.writer import write
from tests.ledes.builders import make_invoice

VALID = write(make_invoice())
WARNED = VALID.replace(b"Reyes, Ana", b"Ana Reyes")
WRONG = VALID.replace(b"|804.50|", b"|804.51|")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def saved(tmp_path):
    def save(content, name="invoice.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return save


@pytest.mark.parametrize(("content", "code"), [(VALID, 0), (WARNED, 0), (WRONG, 1), (b"", 2), (b"hello", 2)])
def test_check_exits_with(saved, content, code):
    assert main(["check", saved(content)]) == code


def test_check_exits_with_the_worst_of_several(saved):
    assert main(["check", saved(VALID, "a.txt"), saved(WRONG, "b.txt")]) == 1


def test_check_prints_json(saved, capsys):
    path = saved(WRONG)
    main(["check", path, "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "file": path,
        "format": "LEDES1998B",
        "valid": False,
        "invoices": 1,
        "findings": [
            {
                "code": "total_wrong",
                "severity": "error",
                "row": 3,
                "column": 5,
                "field": "INVOICE_TOTAL",
                "message": "INVOICE_TOTAL is 804.51, but the lines of the invoice make 804.50.",
                "fix": "Write 804.50.",
            }
        ],
    }


def test_check_prints_json_for_what_is_not_ledes(saved, capsys):
    main(["check", "--json", saved(b"hello")])
    report = json.loads(capsys.readouterr().out)
    assert (report["format"], report["valid"], report["invoices"]) == (None, False, 0)
    assert report["findings"][0]["code"] == "not_ledes"


def test_check_prints_words(saved, capsys):
    path = saved(WARNED)
    main(["check", path])
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"{path}: valid (1 invoice, 0 errors, 1 warning)"
    assert out[1] == "  row 3, column 22: warning name_format"


def test_check_says_one_line_for_a_missing_file(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.txt")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "No such file or directory" in captured.err


def test_check_runs_as_a_module(saved):
    done = subprocess.run(
        [sys.executable, "-m", "ledes", "check", saved(WRONG)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "total_wrong" in done.stdout
    assert done.stderr == ""
