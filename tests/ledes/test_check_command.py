"""`python -m ledes check`: exit codes, JSON and words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ledes.__main__ import main
from ledes.commands.field_names import ledes_name
from ledes.writer import write
from tests.ledes.builders import make_fee, make_invoice
from tests.ledes.files import ROOT, run_module

VALID = write(make_invoice())
WARNED = VALID.replace(b"Reyes, Ana", b"Ana Reyes")
WRONG = VALID.replace(b"|804.50|", b"|804.51|")
PROFILE = {"format": {"max_length": {"LINE_ITEM_DESCRIPTION": 20}}, "site": {"title": "not looked at here"}}


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
                "value": "804.51",
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


def test_check_gives_a_finding_for_a_missing_file(tmp_path, capsys):
    path = str(tmp_path / "none.txt")
    assert main(["check", "--json", path]) == 2
    report = json.loads(capsys.readouterr().out)
    assert (report["file"], report["format"], report["valid"]) == (path, None, False)
    assert [finding["code"] for finding in report["findings"]] == ["file_not_read"]


def test_check_goes_on_after_a_missing_file(saved, tmp_path, capsys):
    assert main(["check", str(tmp_path), saved(VALID)]) == 2
    assert "Is a directory" in (captured := capsys.readouterr()).err
    assert "valid (1 invoice" in captured.out


@pytest.mark.parametrize("document", [PROFILE, PROFILE["format"]])
def test_check_holds_a_file_to_a_profile(saved, capsys, document):
    profile = saved(json.dumps(document).encode(), "profile.json")
    assert main(["check", "--json", saved(VALID), "--profile", profile]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["row"], one["code"], one["field"]) for one in findings] == [
        (3, "too_long", "LINE_ITEM_DESCRIPTION"),
        (4, "too_long", "LINE_ITEM_DESCRIPTION"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[]", "is no profile"),
        (b'{"format": {"dialect": "LEDES2000"}}', "dialect"),
        (b'{"format": {"max_lengths": {}}}', "max_lengths"),
    ],
)
def test_check_refuses_a_bad_profile(saved, capsys, content, says):
    assert main(["check", saved(VALID), "--profile", saved(content, "profile.json")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("ledes: ")
    assert says in captured.err


def test_check_refuses_a_profile_that_is_not_there(saved, tmp_path, capsys):
    assert main(["check", saved(VALID), "--profile", str(tmp_path / "none.json")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_check_shows_no_more_findings_than_asked_for(saved, capsys):
    content = VALID.replace(b"|20261005|", b"|x|").replace(b"|20261007|", b"|y|").replace(b"|20261031||", b"|z||")
    path = saved(content)
    assert main(["check", path, "--max-findings", "1"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"{path}: not valid (1 invoice, 3 errors, 0 warnings)"
    assert len(out) == 5
    assert out[-1] == "  2 more findings not shown; raise --max-findings to see them."


def test_check_spells_out_what_a_terminal_would_obey(saved, capsys):
    assert main(["check", saved(VALID, "a\x1b[31mb.txt")]) == 0
    assert "\\x1b[31m" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("INVOICE_DATE", "INVOICE_DATE"),
        ("CLIENT_STATEorREGION", "CLIENT_STATEorREGION"),
        ("inv_date", "INVOICE_DATE"),
        ("charge_desc", "LINE_ITEM_DESCRIPTION"),
        ("tk_rate", "TK_RATE"),
        ("city", "CITY"),
        ("firm_URL", "FIRM_URL"),
        ("", ""),
    ],
)
def test_ledes_name_is_the_pipe_formats_name(name, field):
    assert ledes_name(name) == field


def test_check_runs_as_a_module(saved):
    done = run_module("check", saved(WRONG))
    assert done.returncode == 1
    assert b"total_wrong" in done.stdout
    assert done.stderr == b""


def test_check_reads_standard_input():
    done = run_module("check", "--json", "-", stdin=VALID)
    assert done.returncode == 0
    assert json.loads(done.stdout)["file"] == "-"


def test_check_ends_quietly_when_nobody_reads(saved):
    lines = [make_fee(str(number), task_code="X") for number in range(1, 3000)]
    path = saved(write(make_invoice(*lines)).replace(b"|A103|", b"|Z|"))
    command = [sys.executable, "-m", "ledes", "check", path]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 141


def test_check_says_when_the_output_is_full(saved):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "ledes", "check", saved(WRONG)]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("ledes: reading or writing failed: No space left on device.")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [[], ["check"], ["show"], ["convert"], ["fix"], ["diff"]])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    assert "exit code" in " ".join(capsys.readouterr().out.lower().split())
