"""One contract, two stores: the local folder, and S3 as moto plays it."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from adapters.object_store import LocalObjectStore, ObjectStore, S3ObjectStore, object_store
from core.errors import InvalidInputError, NotFoundError, UnavailableError
from core.settings import Settings
from tests.servers import unused_port


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """Serve S3 on loopback."""
    port = unused_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def s3(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> S3ObjectStore:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "practice")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    bucket = f"evidence-{secrets.token_hex(4)}"
    boto3.client("s3", endpoint_url=moto_url).create_bucket(Bucket=bucket)
    return S3ObjectStore(bucket, moto_url)


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "local":
        return LocalObjectStore(tmp_path / "evidence")
    found: ObjectStore = request.getfixturevalue("s3")
    return found


def test_get_returns_what_was_put(store):
    content = os.urandom(70_000)
    store.put("evidence/7/2/a.png", content, "image/png")
    assert store.get("evidence/7/2/a.png") == content


def test_put_replaces_the_same_key(store):
    store.put("evidence/1/a.html", b"first", "text/html")
    store.put("evidence/1/a.html", b"second", "text/html")
    assert store.get("evidence/1/a.html") == b"second"


def test_delete_forgets_the_bytes_and_takes_an_unknown_key(store):
    store.put("workbench/7/a", b"first", "text/plain")
    store.put("workbench/7/b", b"second", "text/plain")
    store.delete("workbench/7/a")
    store.delete("workbench/7/a")
    with pytest.raises(NotFoundError):
        store.get("workbench/7/a")
    assert store.get("workbench/7/b") == b"second"


def test_get_of_an_unknown_key_is_not_found(store):
    with pytest.raises(NotFoundError, match="no longer in the store"):
        store.get("evidence/9/nothing.png")


@pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "a//b", "../a", "a/.hidden", "a b"])
def test_put_refuses_keys_that_leave_the_store(store, key):
    with pytest.raises(InvalidInputError, match="no key"):
        store.put(key, b"x", "text/plain")


def test_put_leaves_nothing_half_written_in_a_folder_it_cannot_use(tmp_path):
    (tmp_path / "evidence").write_text("a file stands where the folder should be")
    with pytest.raises(UnavailableError, match="evidence store"):
        LocalObjectStore(tmp_path / "evidence").put("a/b.png", b"x", "image/png")
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]


def test_put_leaves_no_drafts_beside_the_file(tmp_path):
    LocalObjectStore(tmp_path).put("a/b.png", b"x", "image/png")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.png"]


@pytest.mark.slow
def test_put_to_a_bucket_that_is_not_there_is_unavailable(s3, moto_url):
    with pytest.raises(UnavailableError):
        S3ObjectStore("no-such-bucket", moto_url).put("a/b.png", b"x", "image/png")


def test_object_store_is_the_folder_while_no_bucket_is_named(tmp_path):
    store = object_store(Settings(var_dir=tmp_path))
    store.put("a/b.txt", b"x", "text/plain")
    assert (tmp_path / "evidence" / "a" / "b.txt").read_bytes() == b"x"
