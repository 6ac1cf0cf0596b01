"""One contract, three stores: the local folder, S3 as moto plays it, and the database."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from adapters.database_store import DatabaseObjectStore, StoredBytesDamagedError
from adapters.object_store import LocalObjectStore, ObjectStore, S3ObjectStore, object_store
from core.db import Database, use_database
from core.errors import InvalidInputError, NotFoundError, UnavailableError
from core.settings import Settings
from models import StoredChunk, StoredObject
from models.stored_object import CHUNK_BYTES
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


@pytest.fixture(
    params=[
        "local",
        pytest.param("s3", marks=pytest.mark.slow),
        "sqlite",
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    match request.param:
        case "local":
            return LocalObjectStore(tmp_path / "evidence")
        case "sqlite":
            return DatabaseObjectStore(request.getfixturevalue("database"))
        case "mariadb":
            return DatabaseObjectStore(request.getfixturevalue("mariadb_database"))
        case _:
            found: ObjectStore = request.getfixturevalue("s3")
            return found


@pytest.mark.parametrize("size", [0, 70_000, CHUNK_BYTES, 2 * CHUNK_BYTES + 1])
def test_get_returns_what_was_put(store, size):
    content = os.urandom(size)
    store.put("evidence/7/2/a.png", content, "image/png")
    assert store.get("evidence/7/2/a.png") == content


def test_put_replaces_the_same_key(store):
    store.put("evidence/1/a.html", b"first", "text/html")
    store.put("evidence/1/a.html", b"second", "text/html")
    assert store.get("evidence/1/a.html") == b"second"


def test_put_replaces_a_long_object_by_a_short_one(store):
    store.put("evidence/1/a.png", os.urandom(2 * CHUNK_BYTES), "image/png")
    store.put("evidence/1/a.png", b"short", "image/png")
    assert store.get("evidence/1/a.png") == b"short"


def test_get_tells_capital_letters_from_small_ones(store):
    store.put("evidence/1/A.png", b"capital", "image/png")
    store.put("evidence/1/a.png", b"small", "image/png")
    assert (store.get("evidence/1/A.png"), store.get("evidence/1/a.png")) == (b"capital", b"small")


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


@pytest.mark.parametrize("damage", ["altered", "a chunk is missing"])
def test_get_never_returns_bytes_that_were_damaged(database, damage):
    store = DatabaseObjectStore(database)
    store.put("evidence/1/a.png", os.urandom(CHUNK_BYTES + 7), "image/png")
    last = col(StoredChunk.position) == 1
    with database.unit_of_work() as session:
        session.execute(update(StoredChunk).where(last).values(content=b"altered") if damage == "altered"
                        else delete(StoredChunk).where(last))  # fmt: skip
    with pytest.raises(StoredBytesDamagedError, match="damaged"):
        store.get("evidence/1/a.png")


def test_put_keeps_media_type_length_and_checksum_in_chunks_of_a_megabyte(database):
    DatabaseObjectStore(database).put("evidence/1/a.png", bytes(2 * CHUNK_BYTES + 1), "image/png")
    with database.read_only() as session:
        row = session.scalars(select(StoredObject)).one()
        sizes = session.scalars(select(func.length(col(StoredChunk.content))).order_by(col(StoredChunk.position))).all()
    assert (row.media_type, row.byte_count, len(row.sha256)) == ("image/png", 2 * CHUNK_BYTES + 1, 64)
    assert sizes == [CHUNK_BYTES, CHUNK_BYTES, 1]


def test_put_into_a_database_that_is_not_there_is_unavailable(tmp_path):
    away = Database(f"sqlite:///{tmp_path / 'no-tables.db'}")
    store = DatabaseObjectStore(away)
    for use in (lambda: store.put("a/b", b"x", "text/plain"), lambda: store.get("a/b"), lambda: store.delete("a/b")):
        with pytest.raises(UnavailableError, match="evidence store"):
            use()
    away.dispose()


def test_object_store_is_the_folder_beside_sqlite(database, tmp_path):
    store = object_store(Settings(var_dir=tmp_path))
    store.put("a/b.txt", b"x", "text/plain")
    assert (tmp_path / "evidence" / "a" / "b.txt").read_bytes() == b"x"


def test_object_store_is_the_database_beside_mariadb_unless_told_otherwise(tmp_path):
    with use_database(Database("mysql+pymysql://nobody@db.example/billing")):
        chosen = [
            object_store(Settings(var_dir=tmp_path, **named))
            for named in ({}, {"evidence_store": "folder"}, {"evidence_store": "database"})
        ]
    assert [type(one) for one in chosen] == [DatabaseObjectStore, LocalObjectStore, DatabaseObjectStore]


def test_object_store_still_gives_what_an_older_folder_holds(database, tmp_path):
    LocalObjectStore(tmp_path / "evidence").put("a/old.txt", b"old", "text/plain")
    store = object_store(Settings(var_dir=tmp_path, evidence_store="database"))
    store.put("a/new.txt", b"new", "text/plain")
    assert (store.get("a/old.txt"), store.get("a/new.txt")) == (b"old", b"new")
    assert not (tmp_path / "evidence" / "a" / "new.txt").exists()
    for key in ("a/old.txt", "a/new.txt"):
        store.delete(key)
        with pytest.raises(NotFoundError):
            store.get(key)
