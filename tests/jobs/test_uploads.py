"""The job behind the site account's bell, on a machine that lacks a key."""

import json
import os
from base64 import b64encode
from pathlib import Path

import pytest

from core.db import Database
from core.settings import get_settings
from jobs.uploads import drain
from models.enums import SubmissionStatus
from tests.pretend_site import LedgerWorld


@pytest.mark.mariadb
def test_drain_leaves_account_and_file_to_machines_that_have_the_key(
    mariadb_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = LedgerWorld(mariadb_database, tmp_path)
    with mariadb_database.unit_of_work() as session:
        [submission] = world.queue(session)
    other = json.dumps({"current": "k2", "keys": {"k2": b64encode(os.urandom(32)).decode()}})
    monkeypatch.setenv("BILLING_KEY_RING", other)
    get_settings.cache_clear()
    drain(world.account_id, "elsewhere")
    assert world.row(submission).status is SubmissionStatus.READY
    assert (world.row(submission).fence, world.account().fence, world.account().paused_at) == (0, 0, None)
