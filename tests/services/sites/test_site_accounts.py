"""Accounts, their secrets and codes; carriers paused and resumed; evidence read by those who may."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.crypto import Secret, SecretUnreadableError
from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from models import AccountSecret, AuditEvent, Carrier, Evidence, SiteAccount
from models.enums import Role
from services import lifecycle
from services.sites.account_secrets import LoginMissingError, load_secrets, store_secret
from services.sites.carriers import list_carriers, pause_carrier, resume_carrier
from services.sites.site_accounts import pause_account, resume_account
from services.uploads.evidence import EvidenceAlteredError, EvidenceCollector, read_evidence
from tests.builders import actor, id_of, make_biller, make_carrier, make_site_account
from tests.pretend_site import PNG, LedgerWorld

ADMIN, ATTORNEY = actor(Role.ADMIN), actor(Role.ATTORNEY, user_id=999)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> LedgerWorld:
    return LedgerWorld(database, tmp_path)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the rings instead of sending them to Redis."""
    rung: list[int] = []
    monkeypatch.setattr(lifecycle, "ring", lambda _bell, row_id, _fence: rung.append(row_id))
    return rung


def test_store_secret_can_be_read_back_by_a_worker_only_as_a_secret(session):
    account = id_of(make_site_account(session))
    store_secret(session, ADMIN, site_account_id=account, field="password", value=Secret("first"))
    store_secret(session, ADMIN, site_account_id=account, field="password", value=Secret("second"))
    secrets = load_secrets(session, account)
    assert secrets["password"].reveal() == "second"
    assert "second" not in repr(secrets)
    row = session.scalars(select(AccountSecret)).one()
    assert row.version == 2
    assert b"second" not in row.ciphertext


def test_store_secret_leaves_no_trace_of_the_value_in_the_audit_trail(session):
    account = id_of(make_site_account(session))
    store_secret(session, ADMIN, site_account_id=account, field="password", value=Secret("Tr0ub4dor"))
    [event] = session.scalars(select(AuditEvent)).all()
    assert event.tag == "site_account:secret_stored"
    assert "Tr0ub4dor" not in event.model_dump_json()


def test_store_secret_is_for_admins(session):
    account = id_of(make_site_account(session))
    with pytest.raises(DeniedError):
        store_secret(session, make_biller(session), site_account_id=account, field="password", value=Secret("x"))


def test_store_secret_refuses_an_empty_value_and_an_unknown_account(session):
    account = id_of(make_site_account(session))
    with pytest.raises(InvalidInputError):
        store_secret(session, ADMIN, site_account_id=account, field="password", value=Secret(" "))
    with pytest.raises(NotFoundError):
        store_secret(session, ADMIN, site_account_id=account + 1, field="password", value=Secret("x"))


def test_load_secrets_refuses_a_row_that_was_moved_to_another_account(session):
    mine, other = id_of(make_site_account(session)), id_of(make_site_account(session))
    store_secret(session, ADMIN, site_account_id=mine, field="password", value=Secret("mine"))
    session.execute(update(AccountSecret).values(site_account_id=other))
    with pytest.raises(SecretUnreadableError):
        load_secrets(session, other)


def test_load_secrets_of_an_account_without_any_says_what_to_do(session):
    with pytest.raises(LoginMissingError, match="administrator must enter it"):
        load_secrets(session, id_of(make_site_account(session)))


def test_pause_and_resume_account_ring_the_workers_at_the_end(database, rung):
    with database.unit_of_work() as session:
        account, biller = id_of(make_site_account(session)), make_biller(session)
        pause_account(session, biller, site_account_id=account, reason="Site announced a move")
    with database.unit_of_work() as session:
        assert session.get_one(SiteAccount, account).paused_reason == "Site announced a move"
        with pytest.raises(WrongStateError):
            pause_account(session, biller, site_account_id=account, reason="Again")
        resume_account(session, biller, site_account_id=account)
    assert rung == [account]
    with database.unit_of_work() as session, pytest.raises(WrongStateError):
        resume_account(session, biller, site_account_id=account)


@pytest.mark.parametrize("work", [pause_account, resume_account])
def test_account_is_not_an_attorneys_to_stop(session, work):
    arguments = {"reason": "Because"} if work is pause_account else {}
    with pytest.raises(DeniedError):
        work(session, ATTORNEY, site_account_id=id_of(make_site_account(session)), **arguments)


def test_pause_wants_a_reason(session):
    carrier, biller = make_carrier(session), make_biller(session)
    with pytest.raises(InvalidInputError):
        pause_carrier(session, biller, carrier_id=id_of(carrier), reason=" ")
    with pytest.raises(InvalidInputError):
        pause_account(session, biller, site_account_id=carrier.site_account_id, reason="")


def test_pause_and_resume_carrier_leave_others_of_the_account_alone(session):
    account = make_site_account(session)
    one, other = make_carrier(session, site_account=account), make_carrier(session, site_account=account)
    biller = make_biller(session)
    pause_carrier(session, biller, carrier_id=id_of(one), reason="Format changed")
    assert session.get_one(Carrier, one.id).paused_at is not None
    assert session.get_one(Carrier, other.id).paused_at is None
    resume_carrier(session, biller, carrier_id=id_of(one))
    with pytest.raises(WrongStateError):
        resume_carrier(session, biller, carrier_id=id_of(one))


def test_list_carriers_shows_site_account_and_profile(session):
    carrier = make_carrier(session, name="Harbor Mutual")
    make_carrier(session, name="Atlas", with_profile=False)
    atlas, harbor = list_carriers(session, ADMIN)
    assert (atlas.name, atlas.profile_number) == ("Atlas", None)
    assert (harbor.carrier_id, harbor.profile_number, harbor.account_label) == (carrier.id, 1, "main")
    with pytest.raises(DeniedError):
        list_carriers(session, ATTORNEY)


@pytest.fixture
def proof(world: LedgerWorld) -> int:
    """Keep one screenshot and return its id."""
    with world.database.unit_of_work() as session:
        [submission] = world.queue(session)
        collector = EvidenceCollector(world.store)
        collector.aim(submission, 1)
        collector.capture("before", "Upload", PNG, "")
        assert collector.flush(session) == 1
        return id_of(session.scalars(select(Evidence)).one())


def test_read_evidence_gives_back_type_and_bytes(world, proof):
    with world.database.read_only() as session:
        assert read_evidence(session, ADMIN, evidence_id=proof, store=world.store) == ("image/png", PNG)


def test_read_evidence_of_another_attorneys_matter_is_not_found(world, proof):
    with world.database.read_only() as session, pytest.raises(NotFoundError):
        read_evidence(session, ATTORNEY, evidence_id=proof, store=world.store)


def test_read_evidence_refuses_altered_bytes(world, proof):
    with world.database.unit_of_work() as session:
        key = session.get_one(Evidence, proof).object_key
        world.store.put(key, b"painted over", "image/png")
        with pytest.raises(EvidenceAlteredError, match="altered"):
            read_evidence(session, ADMIN, evidence_id=proof, store=world.store)


def test_collector_keeps_its_proof_when_a_transaction_is_rolled_back(world, proof):
    collector = EvidenceCollector(world.store)
    with world.database.read_only() as session:
        collector.aim(session.get_one(Evidence, proof).submission_id, 1)
    collector.capture("failure", "Upload", PNG, "<p>page</p>")
    with world.database.read_only() as session:
        assert collector.flush(session) == 2
    with world.database.unit_of_work() as session:
        kept = collector.flush(session)
    collector.forget(kept)
    assert (kept, collector.has_more) == (2, False)
