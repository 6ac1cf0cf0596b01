"""Rotation wraps data keys anew, in batches that can be broken off, and a key goes only when nothing needs it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from core.crypto import Secret
from core.errors import DeniedError, WrongStateError
from core.key_ring import KeyRing, add_key
from core.settings import get_settings
from jobs import keys as command
from models import AccountSecret, AuditEvent
from models.enums import Role
from services.actor import system_actor
from services.sites.account_secrets import load_secrets, store_secret
from services.sites.key_rotation import check_unused, keys_in_use, rewrap_batch
from tests.builders import actor, id_of, make_site_account

ADMIN, MACHINE = actor(Role.ADMIN), system_actor()


@pytest.fixture
def path() -> Path:
    return get_settings().key_ring_path


@pytest.fixture
def accounts(database) -> list[int]:
    """Seal a password on each of five accounts."""
    with database.unit_of_work() as session:
        ids = [id_of(make_site_account(session)) for _ in range(5)]
        for account in ids:
            store_secret(
                session, ADMIN, site_account_id=account, field="password", value=Secret(f"of account {account}")
            )
    return ids


def opened(database, accounts: list[int]) -> list[str]:
    with database.read_only() as session:
        return [load_secrets(session, account)["password"].reveal() for account in accounts]


def rows(database) -> list[AccountSecret]:
    with database.read_only() as session:
        return list(session.scalars(select(AccountSecret).order_by(col(AccountSecret.id))))


def test_rewrap_changes_key_and_nothing_else(database, accounts, path):
    before, ring = rows(database), add_key(path)
    with database.unit_of_work() as session:
        batch = rewrap_batch(session, MACHINE, ring)
    assert (batch.rewrapped, batch.unreadable, batch.last_id) == (5, (), None)
    after = rows(database)
    assert {row.key_id for row in after} == {ring.current}
    for old, new in zip(before, after, strict=True):
        assert (new.ciphertext, new.version, new.updated_at) == (old.ciphertext, old.version, old.updated_at)
        assert new.wrapped_key != old.wrapped_key
    assert opened(database, accounts) == [f"of account {account}" for account in accounts]


def test_rewrap_goes_on_where_it_was_broken_off(database, accounts, path):
    ring = add_key(path)
    with database.unit_of_work() as session:
        first = rewrap_batch(session, MACHINE, ring, limit=2)
    assert (first.rewrapped, first.last_id) == (2, rows(database)[1].id)
    with database.read_only() as session:  # rolled back, as when the process is killed before its commit
        assert rewrap_batch(session, MACHINE, ring, limit=2).rewrapped == 2
    with database.read_only() as session:
        assert keys_in_use(session)[ring.current] == 2
    with database.unit_of_work() as session:
        assert rewrap_batch(session, MACHINE, ring).rewrapped == 3
    assert opened(database, accounts) == [f"of account {account}" for account in accounts]


def test_rewrap_names_what_it_cannot_open_and_does_the_rest(database, accounts, path):
    with database.unit_of_work() as session:
        session.execute(
            update(AccountSecret).where(col(AccountSecret.site_account_id) == accounts[1]).values(wrapped_key=b"spoilt")
        )
        batch = rewrap_batch(session, MACHINE, add_key(path))
    assert (batch.rewrapped, batch.unreadable) == (4, (f"account {accounts[1]}, password",))


def test_rewrap_leaves_an_audit_event_each_without_key_or_secret(database, accounts, path):
    with database.unit_of_work() as session:
        rewrap_batch(session, MACHINE, add_key(path))
        events = session.scalars(select(AuditEvent).filter_by(tag="account_secret:rewrapped")).all()
    assert [event.data["site_account_id"] for event in events] == accounts
    assert "of account" not in "".join(event.model_dump_json() for event in events)


@pytest.mark.parametrize("work", [rewrap_batch, check_unused])
def test_keys_are_not_a_biller_s(session, path, work: Callable[..., object]):
    arguments = {"keys": KeyRing.load_or_create(path)} if work is rewrap_batch else {"key_id": "k1"}
    with pytest.raises(DeniedError):
        work(session, actor(Role.BILLER), **arguments)


def test_key_in_use_is_not_retired(database, accounts, path):
    with database.unit_of_work() as session, pytest.raises(WrongStateError, match="5 stored values are sealed"):
        check_unused(session, ADMIN, key_id=KeyRing.load_or_create(path).current)


def test_command_rotates_and_then_retires_the_old_key(database, accounts, path, capsys, monkeypatch):
    old = KeyRing.load_or_create(path).current
    assert command.main(["rotate"]) == 0
    new = KeyRing.load_or_create(path).current
    assert new != old
    assert command.main(["status"]) == 0
    told = capsys.readouterr().out
    assert f"5 data keys wrapped under {new}" in told
    assert f"{new}  current       5 stored values" in told
    assert command.main(["retire", old]) == 1
    assert "until a moment ago" in capsys.readouterr().err
    monkeypatch.setattr("core.key_ring._STILL_IN_USE", timedelta(0))
    assert command.main(["retire", old]) == 0
    assert KeyRing.load_or_create(path).key_ids == (new,)
    assert opened(database, accounts) == [f"of account {account}" for account in accounts]
    with database.read_only() as session:
        tags = session.scalars(select(col(AuditEvent.tag)).where(col(AuditEvent.subject_type) == "key")).all()
    assert tags == ["key:added", "key:retired"]


def test_command_tells_of_a_missing_key_and_of_what_it_cannot_open(database, accounts, path, capsys):
    path.unlink()
    assert command.main(["status"]) == 1
    assert "MISSING       5 stored values" in capsys.readouterr().out
    assert command.main(["rewrap"]) == 1
    assert f"account {accounts[0]}, password. Enter it again" in capsys.readouterr().err


def test_command_does_not_touch_keys_that_stand_elsewhere(database, accounts, path, capsys, monkeypatch):
    monkeypatch.setenv("BILLING_KEY_RING", path.read_text())
    get_settings.cache_clear()
    before = path.read_bytes()
    for arguments in (["rotate"], ["retire", "k1"]):
        assert command.main(arguments) == 1
        assert "BILLING_KMS_KEY_IDS or BILLING_KEY_RING" in capsys.readouterr().err
    assert path.read_bytes() == before
