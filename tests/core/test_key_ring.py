"""The local ring: read by its owner alone, shared by processes, rotated without losing a key."""

import json
import multiprocessing
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from core import key_ring
from core.clock import now
from core.crypto import KeyUnknownError, SealedSecret, Secret
from core.errors import InvalidInputError, WrongStateError
from core.key_ring import KeyRing, add_key, remove_key

PLACE = "account=7;field=password;v=1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "ring.json"


@pytest.fixture
def ring(path: Path) -> KeyRing:
    return KeyRing.load_or_create(path)


def test_ring_is_read_back_and_only_its_owner_may_read_it(ring: KeyRing, path: Path) -> None:
    sealed = ring.seal(Secret("pässword 1"), PLACE)
    assert KeyRing.load_or_create(path).open(sealed, PLACE).reveal() == "pässword 1"
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_ring_that_others_can_read_is_refused(ring: KeyRing, path: Path) -> None:
    path.chmod(0o640)
    with pytest.raises(InvalidInputError, match="chmod 600"):
        KeyRing.load_or_create(path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"current": "k1", "keys": {}}', '{"current": "k1", "keys": {"k1": "no base64!"}}',
     '{"current": "k1", "keys": {"k1": "c2hvcnQ="}}', '{"current": "k2", "keys": ["k1"]}'],
)  # fmt: skip
def test_damaged_ring_is_refused_in_words(text: str, ring: KeyRing, path: Path) -> None:
    path.write_text(text)
    with pytest.raises(InvalidInputError, match="holds no key ring") as refused:
        KeyRing.load_or_create(path)
    assert str(path) in refused.value.user_message


def test_ring_from_the_environment_opens_with_old_keys_and_seals_with_the_current() -> None:
    keys = {name: b64encode(name.encode() * 16).decode() for name in ("k1", "k2")}
    old = KeyRing.parse(json.dumps({"current": "k1", "keys": keys}), source="BILLING_KEY_RING")
    new = KeyRing.parse(json.dumps({"current": "k2", "keys": keys}), source="BILLING_KEY_RING")
    assert new.open(old.seal(Secret("x"), PLACE), PLACE).reveal() == "x"
    assert new.seal(Secret("x"), PLACE).key_id == "k2"


def test_add_key_keeps_old_secrets_open(ring: KeyRing, path: Path) -> None:
    sealed = ring.seal(Secret("before"), PLACE)
    rotated = add_key(path)
    rewrapped = rotated.rewrap(sealed, PLACE)
    assert rotated.key_ids == (ring.current, rotated.current)
    assert (rewrapped.key_id, rewrapped.ciphertext) == (rotated.current, sealed.ciphertext)
    assert [rotated.open(one, PLACE).reveal() for one in (sealed, rewrapped)] == ["before"] * 2
    with pytest.raises(KeyUnknownError, match=rotated.current):
        ring.open(rewrapped, PLACE)


def test_a_ring_of_another_place_is_told_apart_by_its_key_ids(ring: KeyRing, tmp_path: Path) -> None:
    other = KeyRing.load_or_create(tmp_path / "other.json")
    with pytest.raises(KeyUnknownError, match="not among the portal's keys"):
        other.open(ring.seal(Secret("x"), PLACE), PLACE)


def test_remove_key_takes_an_old_key_and_no_other(ring: KeyRing, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rotated = add_key(path)
    with pytest.raises(WrongStateError, match="current key"):
        remove_key(path, rotated.current)
    with pytest.raises(WrongStateError, match="a moment ago"):
        remove_key(path, ring.current)
    with pytest.raises(InvalidInputError, match="no key k9"):
        remove_key(path, "k9")
    monkeypatch.setattr(key_ring, "now", lambda: now() + timedelta(minutes=16))
    assert remove_key(path, ring.current).key_ids == (rotated.current,)
    third = add_key(path)
    assert third.current.startswith("k3-")
    assert KeyRing.load_or_create(path).key_ids == (rotated.current, third.current)


@pytest.mark.slow
def test_processes_that_start_together_share_one_ring(path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        sealed = pool.map(_seal_in_new_ring, [path] * 8)
    ring = KeyRing.load_or_create(path)
    assert [ring.open(one, PLACE).reveal() for one in sealed] == ["shared"] * 8


@pytest.mark.slow
def test_rotations_at_once_lose_no_key(path: Path) -> None:
    KeyRing.load_or_create(path)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        sealed = pool.map(_seal_under_new_key, [path] * 6)
    ring = KeyRing.load_or_create(path)
    assert len(ring.key_ids) == 7
    assert [ring.open(one, PLACE).reveal() for one in sealed] == ["new"] * 6


def _seal_in_new_ring(path: Path) -> SealedSecret:
    return KeyRing.load_or_create(path).seal(Secret("shared"), PLACE)


def _seal_under_new_key(path: Path) -> SealedSecret:
    return add_key(path).seal(Secret("new"), PLACE)
