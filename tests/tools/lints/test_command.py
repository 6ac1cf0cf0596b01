"""The command names file, line and reason, and its exit status can stop a commit."""

import pytest

from tools.lints.__main__ import main


@pytest.fixture
def tree(tmp_path, monkeypatch):
    (tmp_path / "services").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "services" / "invoices.py"


def test_report_file_line_and_reason(tree, capsys):
    tree.write_text("import this\ninvoice.document_status = 'voided'\n")
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("services/invoices.py:2: status-write: a status changes only through")


def test_report_unreadable_file(tree, capsys):
    tree.write_text("def (:\n")
    assert main([str(tree)]) == 1
    assert "services/invoices.py:1: syntax" in capsys.readouterr().out


def test_pass_clean_tree(tree, capsys):
    tree.write_text("total = 1\n")
    assert main([]) == 0
    assert capsys.readouterr().out == ""
