"""A machine without the right keys says which it lacks, before it takes anything up."""

import json
import os
from base64 import b64encode
from pathlib import Path

import pytest
from sqlmodel import select

from core.crypto import Secret
from core.key_ring import KeyRing
from core.settings import Settings
from models import AccountSecret
from models.enums import Role
from services.sites.account_secrets import store_secret
from services.sites.key_check import LoginsClosedError, check_key_names, check_keys
from tests.builders import actor, make_carrier

NO_KEYS = {"key_ring": "", "kms_key_ids": ""}


def ring_json(key_id: str = "k1") -> str:
    return json.dumps({"current": key_id, "keys": {key_id: b64encode(os.urandom(32)).decode()}})


def store(session, text: str, fields: tuple[str, ...] = ("username", "password")) -> None:
    ring, carrier = KeyRing.parse(text, source="the test"), make_carrier(session)
    for field in fields:
        store_secret(
            session, actor(Role.ADMIN), site_account_id=carrier.site_account_id, field=field,
            value=Secret("Correct-Horse-7"), ring=ring,
        )  # fmt: skip


def settings(tmp_path: Path, **named: str) -> Settings:
    return Settings(var_dir=tmp_path, key_ring_path=tmp_path / "keys" / "ring.json", **{**NO_KEYS, **named})


def why_not(session, chosen: Settings) -> str:
    with pytest.raises(LoginsClosedError, match="This worker cannot open the carriers' log-ins because") as refused:
        check_keys(session, chosen)
    return refused.value.user_message


def test_check_keys_takes_the_ring_from_the_environment_a_file_or_nothing_to_open(session, tmp_path):
    assert check_keys(session, settings(tmp_path)) == 0
    text = ring_json()
    store(session, text)
    assert check_keys(session, settings(tmp_path, key_ring=text)) == 1
    path = tmp_path / "keys" / "ring.json"
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(0o600)
    check_keys(session, settings(tmp_path))
    assert sorted(path.parent.iterdir()) == [path]


def test_check_keys_makes_no_ring_of_its_own_where_there_is_none(session, tmp_path):
    store(session, ring_json())
    said = why_not(session, settings(tmp_path))
    assert f"there is no {tmp_path / 'keys' / 'ring.json'}" in said
    assert "every file stays queued" in said
    assert not (tmp_path / "keys").exists()


def test_check_keys_names_the_keys_that_are_missing_and_those_that_are_there(session, tmp_path):
    store(session, ring_json("k1"))
    chosen = settings(tmp_path, key_ring=ring_json("k2"))
    assert "2 stored values are sealed with k1, and this machine's keys are k2" in why_not(session, chosen)
    with pytest.raises(LoginsClosedError, match="sealed with k1"):
        check_key_names(session, chosen)


def test_check_keys_opens_a_value_so_a_ring_with_the_right_names_alone_is_refused(session, tmp_path):
    store(session, ring_json())
    other = settings(tmp_path, key_ring=ring_json())
    check_key_names(session, other)
    assert "the key k1, by its name among this machine's keys, does not open" in why_not(session, other)


def test_check_keys_is_not_misled_by_one_damaged_value(session, tmp_path):
    text = ring_json()
    store(session, text)
    newest = session.scalars(select(AccountSecret).order_by(AccountSecret.id.desc())).first()
    newest.ciphertext = b"damaged"
    session.flush()
    assert check_keys(session, settings(tmp_path, key_ring=text)) == 1


@pytest.mark.parametrize("text", ["/etc/billing/key-ring.json", "{}", '{"current": "k1", "keys": {"k1": "c2hvcnQ="}}'])
def test_check_keys_says_what_is_wrong_with_a_ring_that_is_none(session, tmp_path, text):
    store(session, ring_json())
    said = why_not(session, settings(tmp_path, key_ring=text))
    assert "its key ring cannot be used: BILLING_KEY_RING" in said
    assert ("BILLING_KEY_RING_PATH names a file" in said) is text.startswith("/")
