"""Folders that a killed worker and its killed minder left behind are removed by the next browser."""

import os

from carriers import process


def test_sweep_removes_folders_of_dead_owners_only(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    names = (
        "billing-browser-4194305-abc",
        f"billing-browser-{os.getpid()}-abc",
        "billing-browser-odd-1",
        "other-4194305-x",
    )
    for name in names:
        (tmp_path / name / "profile").mkdir(parents=True)
    process._sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
