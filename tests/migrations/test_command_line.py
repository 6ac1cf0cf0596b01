"""`python -m migrations` says where the schema stands and returns what a script can act on."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from core.db import Database
from migrations import schema
from migrations.__main__ import main


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fresh.db'}"


def test_upgrade_and_downgrade_say_where_they_arrived(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", "--database-url", url, "--revision", "0002"]) == 0
    assert main(["downgrade", "--database-url", url]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "The schema is at revision 0002.",
        "The schema is at revision (none).",
    ]


def test_check_agrees_after_upgrade(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["upgrade", "--database-url", url])
    assert main(["check", "--database-url", url]) == 0
    assert "agree" in capsys.readouterr().out


def test_check_returns_one_when_they_differ(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["upgrade", "--database-url", url])
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE evidence"))
    database.dispose()
    assert main(["check", "--database-url", url]) == 1
    assert "evidence" in capsys.readouterr().out


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sideways"])
    assert "invalid choice" in capsys.readouterr().err


def test_draft_writes_the_difference_for_a_person_to_mend(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_FOLDER", Path(shutil.copytree(schema._FOLDER, tmp_path / "migrations")))
    main(["upgrade", "--database-url", url, "--revision", "0003"])
    for script in (tmp_path / "migrations" / "versions").glob("[0-9]*.py"):
        if script.name > "0004":
            script.unlink()
    assert main(["draft", "--database-url", url, "--message", "keep evidence"]) == 0
    drafted = next((tmp_path / "migrations" / "versions").glob("*_keep_evidence.py")).read_text()
    assert "create_table('evidence'" in drafted
    assert "Scaled(14, 2)" in drafted
    assert "sa.String(length=64)" in drafted
    assert "instant()" in drafted
    assert "vocabulary()" in drafted
    compile(drafted, "drafted", "exec")
