"""Secrets open only with their ring, at their place, and do not leak through what prints or stores things."""

import json
import multiprocessing
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from core.crypto import KeyRing, SealedSecret, Secret, SecretUnreadableError

PLACE, OTHER_PLACE = "account=7;field=password;v=1", "account=8;field=password;v=1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "ring.json"


@pytest.fixture
def ring(path: Path) -> KeyRing:
    return KeyRing.load_or_create(path)


@pytest.fixture
def sealed(ring: KeyRing) -> SealedSecret:
    return ring.seal(Secret("pässword 1"), PLACE)


def test_sealed_secret_opens_at_its_place(ring: KeyRing, sealed: SealedSecret) -> None:
    assert ring.open(sealed, PLACE).reveal() == "pässword 1"


def test_sealed_bytes_hold_no_clear_text_and_differ_each_time(ring: KeyRing, sealed: SealedSecret) -> None:
    again = ring.seal(Secret("pässword 1"), PLACE)
    assert b"word" not in sealed.ciphertext + sealed.wrapped_key
    assert again.ciphertext != sealed.ciphertext
    assert again.wrapped_key != sealed.wrapped_key


def test_swapped_row_is_unreadable(ring: KeyRing, sealed: SealedSecret) -> None:
    with pytest.raises(SecretUnreadableError, match="enter the password again"):
        ring.open(sealed, OTHER_PLACE)


def test_ciphertext_of_another_secret_is_unreadable(ring: KeyRing, sealed: SealedSecret) -> None:
    other = ring.seal(Secret("other"), PLACE)
    with pytest.raises(SecretUnreadableError):
        ring.open(replace(sealed, ciphertext=other.ciphertext), PLACE)


@pytest.mark.parametrize("part", ["ciphertext", "wrapped_key"])
def test_altered_byte_is_unreadable(ring: KeyRing, sealed: SealedSecret, part: str) -> None:
    altered = bytearray(getattr(sealed, part))
    altered[-1] ^= 1
    with pytest.raises(SecretUnreadableError):
        ring.open(replace(sealed, **{part: bytes(altered)}), PLACE)


def test_foreign_ring_cannot_open(sealed: SealedSecret, tmp_path: Path) -> None:
    with pytest.raises(SecretUnreadableError):
        KeyRing.load_or_create(tmp_path / "other.json").open(sealed, PLACE)


def test_unknown_key_id_is_unreadable(ring: KeyRing, sealed: SealedSecret) -> None:
    with pytest.raises(SecretUnreadableError):
        ring.open(replace(sealed, key_id="k9"), PLACE)


def test_the_error_tells_the_place_but_not_the_secret(ring: KeyRing, sealed: SealedSecret) -> None:
    with pytest.raises(SecretUnreadableError) as refused:
        ring.open(sealed, OTHER_PLACE)
    assert refused.value.facts == {"context": OTHER_PLACE}
    assert "pässword" not in str(refused.value)


def test_ring_is_read_back_and_only_its_owner_may_read_it(ring: KeyRing, sealed: SealedSecret, path: Path) -> None:
    assert KeyRing.load_or_create(path).open(sealed, PLACE).reveal() == "pässword 1"
    assert path.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_rotation_keeps_old_secrets_and_rewraps_the_key_only(ring: KeyRing, sealed: SealedSecret, path: Path) -> None:
    rotated = ring.rotate(path)
    rewrapped = rotated.rewrap(sealed, PLACE)
    assert (rotated.current, rewrapped.key_id) == ("k2", "k2")
    assert rewrapped.ciphertext == sealed.ciphertext
    assert [rotated.open(one, PLACE).reveal() for one in (sealed, rewrapped)] == ["pässword 1"] * 2
    with pytest.raises(SecretUnreadableError):
        ring.open(rewrapped, PLACE)


def test_rotation_from_an_older_ring_keeps_the_newer_keys(ring: KeyRing, path: Path) -> None:
    sealed = ring.rotate(path).seal(Secret("between"), PLACE)
    ring.rotate(path)
    stored = KeyRing.load_or_create(path)
    assert stored.current == "k3"
    assert stored.open(sealed, PLACE).reveal() == "between"


def test_rewrapping_needs_the_right_place(ring: KeyRing, sealed: SealedSecret, path: Path) -> None:
    with pytest.raises(SecretUnreadableError):
        ring.rotate(path).rewrap(sealed, OTHER_PLACE)


@pytest.mark.slow
def test_processes_that_start_together_share_one_ring(path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        rings = pool.map(_seal_in_new_ring, [path] * 8)
    ring = KeyRing.load_or_create(path)
    assert [ring.open(sealed, PLACE).reveal() for sealed in rings] == ["shared"] * 8


def _seal_in_new_ring(path: Path) -> SealedSecret:
    return KeyRing.load_or_create(path).seal(Secret("shared"), PLACE)


def test_secret_does_not_print() -> None:
    secret = Secret("hunter2")
    assert {str(secret), repr(secret), f"{secret}", f"{secret!r:>5}", f"{[secret]}"} <= {"Secret(***)", "[Secret(***)]"}


def test_secret_is_no_text_for_json() -> None:
    assert not isinstance(Secret("hunter2"), str)
    with pytest.raises(TypeError):
        json.dumps({"password": Secret("hunter2")})


def test_secret_refuses_pickle() -> None:
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(Secret("hunter2"))


def test_secret_has_no_dict_to_dump() -> None:
    with pytest.raises(TypeError):
        vars(Secret("hunter2"))
