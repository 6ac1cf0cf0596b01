"""One contract, two places for keys: the local ring, and KMS as moto plays it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from adapters.key_service import KmsKeys, is_file_ring, keys_of
from core.crypto import Keys, KeyUnknownError, SealedSecret, Secret, SecretUnreadableError
from core.errors import UnavailableError
from core.key_ring import KeyRing, add_key
from core.settings import Settings
from tests.servers import unused_port

PLACE, OTHER_PLACE = "account=7;field=password;v=1", "account=8;field=password;v=1"
TEXT = "pässword 1"


@dataclass
class KeyPlace:
    """A place for keys: the keys it has now, and what adds a new current one."""

    keys: Keys
    rotate: Callable[[], Keys]


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """Serve KMS on loopback."""
    port = unused_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def kms_key(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "practice")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("kms", endpoint_url=moto_url)
    return lambda: str(client.create_key()["KeyMetadata"]["Arn"])


@pytest.fixture(params=["local", pytest.param("kms", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> KeyPlace:
    if request.param == "local":
        path = tmp_path / "ring.json"
        return KeyPlace(KeyRing.load_or_create(path), lambda: add_key(path))
    new_key, url = request.getfixturevalue("kms_key"), request.getfixturevalue("moto_url")
    first = new_key()
    return KeyPlace(KmsKeys((first,), url), lambda: KmsKeys((new_key(), first), url))


@pytest.fixture
def keys(place: KeyPlace) -> Keys:
    return place.keys


@pytest.fixture
def sealed(keys: Keys) -> SealedSecret:
    return keys.seal(Secret(TEXT), PLACE)


def test_sealed_secret_opens_at_its_place(keys, sealed):
    assert keys.open(sealed, PLACE).reveal() == TEXT
    assert sealed.key_id == keys.current
    assert keys.current in keys.key_ids


def test_sealed_bytes_hold_no_clear_text_and_differ_each_time(keys, sealed):
    again = keys.seal(Secret(TEXT), PLACE)
    assert b"word" not in sealed.ciphertext + sealed.wrapped_key
    assert again.ciphertext != sealed.ciphertext
    assert again.wrapped_key != sealed.wrapped_key


def test_swapped_row_is_unreadable(keys, sealed):
    with pytest.raises(SecretUnreadableError, match="enter the password again") as refused:
        keys.open(sealed, OTHER_PLACE)
    assert refused.value.facts == {"context": OTHER_PLACE}


def test_data_key_alone_refuses_another_context(keys, sealed):
    assert len(keys.unwrap(sealed.key_id, sealed.wrapped_key, PLACE)) == 32
    with pytest.raises(SecretUnreadableError):
        keys.unwrap(sealed.key_id, sealed.wrapped_key, OTHER_PLACE)


def test_data_key_or_ciphertext_of_another_secret_is_unreadable(keys, sealed):
    other = keys.seal(Secret("other"), PLACE)
    for part in ("ciphertext", "wrapped_key"):
        with pytest.raises(SecretUnreadableError):
            keys.open(replace(sealed, **{part: getattr(other, part)}), PLACE)


@pytest.mark.parametrize("part", ["ciphertext", "wrapped_key"])
def test_altered_byte_is_unreadable(keys, sealed, part):
    altered = bytearray(getattr(sealed, part))
    altered[-1] ^= 1
    with pytest.raises(SecretUnreadableError):
        keys.open(replace(sealed, **{part: bytes(altered)}), PLACE)


@pytest.mark.parametrize("part", ["ciphertext", "wrapped_key"])
def test_cut_bytes_are_unreadable(keys, sealed, part):
    with pytest.raises(SecretUnreadableError):
        keys.open(replace(sealed, **{part: getattr(sealed, part)[:7]}), PLACE)


def test_unknown_key_id_is_named(keys, sealed):
    with pytest.raises(KeyUnknownError, match="key k9-0000, which is not among") as refused:
        keys.open(replace(sealed, key_id="k9-0000"), PLACE)
    assert TEXT not in refused.value.user_message


def test_rotation_rewraps_the_data_key_only(place, keys, sealed):
    rotated = place.rotate()
    rewrapped = rotated.rewrap(sealed, PLACE)
    assert rewrapped.key_id == rotated.current != sealed.key_id
    assert rewrapped.ciphertext == sealed.ciphertext
    assert [rotated.open(one, PLACE).reveal() for one in (sealed, rewrapped)] == [TEXT] * 2
    with pytest.raises(KeyUnknownError):
        keys.open(rewrapped, PLACE)


def test_rewrapping_needs_the_right_place(place, sealed):
    with pytest.raises(SecretUnreadableError):
        place.rotate().rewrap(sealed, OTHER_PLACE)


@pytest.mark.slow
def test_kms_key_that_is_not_there_is_unavailable_and_named(moto_url, kms_key):
    kms_key()
    absent = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    with pytest.raises(UnavailableError, match="check the key's id"):
        KmsKeys((absent,), moto_url).seal(Secret(TEXT), PLACE)


@pytest.mark.slow
def test_kms_that_does_not_answer_is_unavailable(kms_key):
    keys = KmsKeys((kms_key(),), f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(UnavailableError, match="Every file and every log-in was kept"):
        keys.seal(Secret(TEXT), PLACE)


@pytest.mark.slow
def test_move_from_the_local_ring_to_kms_by_rewrapping(tmp_path, moto_url, kms_key):
    path = tmp_path / "ring.json"
    local = keys_of(Settings(key_ring_path=path))
    sealed = local.seal(Secret(TEXT), PLACE)
    settings = Settings(key_ring_path=path, kms_key_ids=f" {kms_key()} ,", aws_endpoint_url=moto_url)
    keys = keys_of(settings)
    moved = keys.rewrap(sealed, PLACE)
    assert moved.key_id.startswith("arn:aws:kms:")
    path.unlink()
    assert keys_of(settings).open(moved, PLACE).reveal() == TEXT
    with pytest.raises(KeyUnknownError, match=sealed.key_id):
        keys_of(settings).open(sealed, PLACE)
    assert not is_file_ring(settings)


def test_keys_are_the_ring_of_the_environment_before_the_one_of_the_file(tmp_path):
    text = '{"current": "k7", "keys": {"k7": "' + "A" * 43 + '="}}'
    settings = Settings(key_ring=text, key_ring_path=tmp_path / "ring.json")
    assert keys_of(settings).current == "k7"
    assert not (tmp_path / "ring.json").exists()
    assert not is_file_ring(settings)
    assert is_file_ring(Settings(key_ring_path=tmp_path / "ring.json"))
