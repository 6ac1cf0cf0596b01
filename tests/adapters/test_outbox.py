"""The folder that stands in for servers: files appear whole, under a name of their own, readable as they were meant."""

import json
from datetime import datetime

import pytest

from adapters import outbox


def test_put_a_file_whole_and_leave_no_draft(tmp_path):
    outbox.put(tmp_path / "out" / "box", "a.eml", b"one")
    outbox.put(tmp_path / "out" / "box", "a.eml", b"two")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "out" / "box").iterdir()] == [("a.eml", b"two")]


def test_put_messages_under_ids_of_their_own(tmp_path):
    ids = {outbox.put_message(tmp_path, "sms", {"to": "+1", "text": "Größe – 漢"}) for _ in range(20)}  # noqa: RUF001
    assert len(ids) == len(list(tmp_path.iterdir())) == 20
    one = json.loads((tmp_path / f"{ids.pop()}.json").read_text(encoding="utf-8"))
    assert one["text"] == "Größe – 漢"  # noqa: RUF001
    assert datetime.fromisoformat(one["at"]).tzinfo is not None


def test_put_where_nothing_can_be_written_says_so(tmp_path):
    (tmp_path / "box").write_text("a file stands here")
    with pytest.raises(OSError, match="box"):
        outbox.put_message(tmp_path / "box", "sms", {})
