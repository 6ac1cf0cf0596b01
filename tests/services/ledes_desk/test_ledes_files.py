"""Files of a workbench: their owner's alone, for some hours, and named in the audit trail without a narrative."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from adapters.object_store import LocalObjectStore, object_store
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from core.settings import get_settings
from models import AuditEvent, LedesFile
from models.enums import Role
from services.actor import Actor, actor_of
from services.ledes_desk import ledes_files
from services.ledes_desk.ledes_files import (
    LedesFileAlteredError,
    discard_expired,
    discard_file,
    find_file,
    keep_file,
    list_files,
    plain_name,
    read_content,
    read_file,
)
from tests.builders import actor, faulty_file, make_biller, make_ledes_file, make_user, sound_file


@pytest.fixture
def dana(session: Session) -> Actor:
    return make_biller(session)


def events(session: Session) -> list[AuditEvent]:
    return [event for event in session.exec(select(AuditEvent)) if event.subject_type == "ledes_file"]


def test_read_file_gives_its_owner_the_very_bytes(session: Session, dana: Actor):
    kept = make_ledes_file(session, dana, faulty_file())
    assert read_file(session, dana, file_id=kept.id) == ("october.txt", faulty_file())
    assert [file.id for file in list_files(session, dana)] == [kept.id]


@pytest.mark.parametrize("role", [Role.BILLER, Role.ADMIN, Role.ATTORNEY])
def test_find_file_shows_nobody_the_file_of_another(session: Session, dana: Actor, role: Role):
    kept = make_ledes_file(session, dana, sound_file())
    other = actor_of(make_user(session, role))
    with pytest.raises(NotFoundError, match="not on your workbench"):
        find_file(session, other, file_id=kept.id)
    with pytest.raises(NotFoundError):
        discard_file(session, other, file_id=kept.id)
    assert list_files(session, other) == []


def test_keep_file_is_not_for_the_machine(session: Session):
    with pytest.raises(DeniedError, match="role admin or attorney or biller"):
        keep_file(session, actor(Role.SYSTEM), name="a.txt", content=b"x")


def test_keep_file_refuses_what_is_too_large(session: Session, dana: Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledes_files, "LARGEST_FILE", 10)
    with pytest.raises(InvalidInputError, match="11 bytes; 10 is the most"):
        keep_file(session, dana, name="a.txt", content=b"x" * 11)


def test_keep_file_stores_bytes_only_with_their_row(database: Database):
    with database.unit_of_work() as session:
        dana = make_biller(session)
    with database.unit_of_work() as session:
        kept = keep_file(session, dana, name="a.txt", content=b"kept")
        with pytest.raises(NotFoundError):
            read_content(kept)
    assert read_content(kept) == b"kept"
    assert [path.is_file() for path in (get_settings().evidence_dir / "workbench").rglob("*")] == [False, True]


def test_keep_file_names_it_in_the_trail_without_a_narrative(session: Session, dana: Actor):
    kept = make_ledes_file(session, dana, faulty_file(), name="C:\\bills\\october.txt")
    [event] = events(session)
    assert (event.tag, event.subject_id, event.actor_id) == ("ledes_file:uploaded", kept.id, dana.user_id)
    assert event.data == {"name": "october.txt", "size_bytes": len(faulty_file()), "sha256": kept.sha256}


def test_keep_file_refuses_one_more_than_fits(session: Session, dana: Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledes_files, "MOST_FILES", 2)
    for _ in range(2):
        keep_file(session, dana, name="a.txt", content=b"x")
    with pytest.raises(WrongStateError, match="2 files on your workbench"):
        keep_file(session, dana, name="a.txt", content=b"x")


def test_discard_file_takes_the_bytes_first(session: Session, dana: Actor):
    kept = make_ledes_file(session, dana, sound_file())
    read_content(kept)
    discard_file(session, dana, file_id=kept.id)
    with pytest.raises(NotFoundError):
        read_content(kept)
    assert session.exec(select(LedesFile)).all() == []
    assert [event.tag for event in events(session)] == ["ledes_file:uploaded", "ledes_file:discarded"]


def test_discard_expired_takes_only_those_whose_time_is_over(session: Session, dana: Actor):
    old, new = (make_ledes_file(session, dana, sound_file(lines=lines)) for lines in (1, 2))
    row = session.get_one(LedesFile, old.id)
    row.expires_at = row.created_at - timedelta(seconds=1)
    session.flush()
    with pytest.raises(NotFoundError):
        find_file(session, dana, file_id=old.id)
    assert discard_expired(session) == 1
    assert [file.id for file in list_files(session, dana)] == [new.id]
    assert events(session)[-1].tag == "ledes_file:expired"
    with pytest.raises(NotFoundError):
        object_store(get_settings()).get(old.object_key)


def test_read_content_refuses_altered_bytes(session: Session, dana: Actor):
    kept = make_ledes_file(session, dana, sound_file())
    LocalObjectStore(get_settings().evidence_dir).put(kept.object_key, b"altered", "text/plain")
    with pytest.raises(LedesFileAlteredError):
        read_content(kept)


@pytest.mark.parametrize(
    ("given", "kept"), [("../../etc/passwd", "passwd"), ("a\x00b.txt", "ab.txt"), ("", "file"), ("/", "file")]
)
def test_plain_name_is_never_a_path(given: str, kept: str):
    assert plain_name(given) == kept


def test_plain_name_keeps_the_ending_of_a_long_one():
    assert plain_name("x" * 300 + ".txt").endswith("x.txt")
    assert len(plain_name("x" * 300 + ".txt")) == 120
