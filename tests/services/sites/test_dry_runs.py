"""Dry runs: asked for by admins, made once under the account's lease, told step by step, never a submission."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from adapters.object_store import LocalObjectStore
from carriers.errors import LoginRejectedError, PageChangedError, SiteUnavailableError
from carriers.login import written_down
from carriers.profile import CarrierProfile, InvalidProfileError
from carriers.rehearsal import StepReport
from core.clock import now
from core.crypto import Secret
from core.db import Database
from core.errors import BillingError, DeniedError, NotFoundError, WrongStateError
from core.settings import get_settings
from models import AuditEvent, Carrier, DryRun, SiteAccount, Submission
from models.enums import DryRunEnd, DryRunStepResult, MatterStatus, Role
from services.actor import Actor
from services.rules.permissions import withdraw_permission
from services.sites import dry_runs
from services.sites.account_secrets import store_secret
from services.sites.dry_run_work import DryRunTools, make_dry_run
from services.sites.dry_runs import (
    end_stale_dry_runs,
    has_stale_dry_runs,
    latest_dry_run,
    list_due_dry_runs,
    read_picture,
    request_dry_run,
)
from services.uploads import leases, workers
from services.uploads.evidence import EvidenceAlteredError
from services.uploads.site_visit import VisitOrder
from tests.builders import actor, id_of, make_carrier, make_matter, profile_document

PNG = b"\x89PNG a picture"


class SignsIn:
    """A visit that types the log-in as the real one does, before whatever a walk does."""

    def __init__(self, walker: "Walker", order: VisitOrder, login: Callable[[], None]) -> None:
        self._walker, self._order, self._login = walker, order, login

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], tell: Callable[[StepReport], None]) -> None:
        with written_down(self._order.journal) as begin:
            begin()
            self._login()
        self._walker.walk(profile, known, tell)

    def close(self) -> None:
        self._walker.close()

    def kill(self) -> None:
        self._walker.kill()


class Walker:
    """A visit that tells what it is given, and perhaps fails."""

    def __init__(self, reports: list[StepReport], error: BillingError | None = None) -> None:
        self.reports, self.error = reports, error
        self.known: dict[str, str] = {}
        self.closed = 0

    def walk(self, profile: CarrierProfile, known: Mapping[str, str], tell: Callable[[StepReport], None]) -> None:
        self.known = dict(known)
        for report in self.reports:
            tell(report)
        if self.error:
            raise self.error

    def close(self) -> None:
        self.closed += 1

    def kill(self) -> None:
        self.closed += 1


def report(position: int, result: Any = "done", list_name: Any = "upload") -> StepReport:
    return StepReport(list_name, position, f"Step {position}", result, 120, (1, 0), PNG, "<html>")


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect what was rung instead of waking a worker."""
    heard: list[int] = []
    monkeypatch.setattr(dry_runs, "ring", lambda _bell, row_id, _fence: heard.append(row_id))
    return heard


@pytest.fixture
def carrier_id(database: Database, admin: Actor) -> int:
    with database.unit_of_work() as session:
        carrier = make_carrier(session)
        store_secret(
            session, admin, site_account_id=carrier.site_account_id, field="password", value=Secret("S3cret-Word")
        )
        return id_of(carrier)


@pytest.fixture
def store(tmp_path: Any) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "store")


def ask(database: Database, admin: Actor, carrier_id: int, document: dict[str, Any] | None = None) -> int:
    with database.unit_of_work() as session:
        return request_dry_run(session, admin, carrier_id=carrier_id, document=document or profile_document())


def make(database: Database, store: LocalObjectStore, dry_run_id: int, walker: Walker) -> None:
    make_dry_run(DryRunTools(database, get_settings(), store, lambda _order: walker), dry_run_id)


def view(database: Database, admin: Actor, carrier_id: int) -> Any:
    with database.read_only() as session:
        return latest_dry_run(session, admin, carrier_id=carrier_id)


def account_of(session: Session, carrier_id: int) -> SiteAccount:
    carrier = session.get_one(Carrier, carrier_id)
    return session.get_one(SiteAccount, carrier.site_account_id)


def test_dry_run_walks_with_the_newest_open_matter_of_the_carrier(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    with database.unit_of_work() as session:
        carrier = session.get_one(Carrier, carrier_id)
        make_matter(session, carrier=carrier, number="2026-1", claim_number="CLM-1")
        make_matter(session, carrier=carrier, number="2026-2", claim_number="CLM-2")
        make_matter(session, carrier=carrier, number="2026-3", status=MatterStatus.CLOSED)
        code = carrier.client_code
    walker = Walker([report(0)])
    make(database, store, ask(database, admin, carrier_id), walker)
    assert walker.known == {"client_code": code, "matter": "2026-2", "claim_number": "CLM-2"}


def test_dry_run_keeps_a_row_and_a_picture_a_step(
    database: Database, admin: Actor, carrier_id: int, store: Any, rung: list[int]
):
    dry_run_id = ask(database, admin, carrier_id)
    assert rung == [dry_run_id]
    with database.read_only() as session:
        assert list_due_dry_runs(session) == [dry_run_id]
    walker = Walker([report(0, list_name="login"), report(0), report(2, "seen"), report(99, "seen")])
    make(database, store, dry_run_id, walker)
    seen = view(database, admin, carrier_id)
    assert (seen.ended_as, walker.closed) == (DryRunEnd.REACHED, 1)
    assert [(s.list_name, s.list_position, s.result, s.counts) for s in seen.steps] == [
        ("login", 0, DryRunStepResult.DONE, (1, 0)),
        ("upload", 0, DryRunStepResult.DONE, (1, 0)),
        ("upload", 2, DryRunStepResult.SEEN, (1, 0)),
    ]
    with database.read_only() as session:
        assert read_picture(session, admin, step_id=seen.steps[0].step_id, store=store) == PNG
        assert list_due_dry_runs(session) == []
        assert session.scalars(select(func.count()).select_from(Submission)).one() == 0
        assert account_of(session, carrier_id).lease_until_ms is None


def test_dry_run_is_made_once(database: Database, admin: Actor, carrier_id: int, store: Any):
    dry_run_id, walker = ask(database, admin, carrier_id), Walker([report(0)])
    make(database, store, dry_run_id, walker)
    make(database, store, dry_run_id, walker)
    assert (walker.closed, len(view(database, admin, carrier_id).steps)) == (1, 1)


def test_dry_run_needs_no_permission_to_automate(database: Database, admin: Actor, carrier_id: int, store: Any):
    with database.unit_of_work() as session:
        withdraw_permission(session, admin, site_id=account_of(session, carrier_id).site_id, reason="None given")
    make(database, store, ask(database, admin, carrier_id), Walker([]))
    assert view(database, admin, carrier_id).ended_as is DryRunEnd.REACHED


def test_dry_run_waits_while_the_account_is_at_work(database: Database, admin: Actor, carrier_id: int, store: Any):
    with database.unit_of_work() as session:
        account = account_of(session, carrier_id)
        worker_id = workers.register_worker(session)
        assert leases.take_account(session, site_account_id=id_of(account), worker_id=worker_id, lease_ms=30_000)
    dry_run_id, walker = ask(database, admin, carrier_id), Walker([])
    make(database, store, dry_run_id, walker)
    with database.read_only() as session:
        assert list_due_dry_runs(session) == [dry_run_id]
    assert walker.closed == 0


def test_dry_run_that_fails_says_where_and_leaves_the_carrier_running(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    error = PageChangedError("Practice site", "#send", "Upload page")
    make(database, store, ask(database, admin, carrier_id), Walker([report(0, "failed")], error))
    seen = view(database, admin, carrier_id)
    assert seen.ended_as is DryRunEnd.FAILED
    assert seen.message.endswith("Looked for: #send")
    with database.read_only() as session:
        assert account_of(session, carrier_id).paused_at is None


def test_dry_run_with_a_refused_log_in_pauses_the_account(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    make(database, store, ask(database, admin, carrier_id), Walker([report(0, "failed")], LoginRejectedError("Site")))
    with database.read_only() as session:
        assert account_of(session, carrier_id).paused_at is not None
    with pytest.raises(WrongStateError, match="paused"):
        ask(database, admin, carrier_id)


def unanswered(database: Database, carrier_id: int, times: int) -> None:
    """Let a log-in have been typed without an answer, as when its worker dies."""
    with database.unit_of_work() as session:
        account_of(session, carrier_id).login_unanswered = times


def login_facts(database: Database, carrier_id: int) -> tuple[int, bool]:
    with database.read_only() as session:
        account = account_of(session, carrier_id)
        return account.login_unanswered, account.login_proved_at is not None


def raises(error: BillingError) -> Callable[[], None]:
    def login() -> None:
        raise error

    return login


@pytest.mark.parametrize(
    ("login", "walks", "facts"),
    [
        (lambda: None, None, (0, True)),
        (lambda: None, PageChangedError("Practice site", "#send", "Upload"), (0, True)),
        (raises(PageChangedError("Practice site", "#home", "Home")), None, (3, False)),
        (raises(SiteUnavailableError("Practice site")), None, (2, False)),
    ],
)
def test_dry_run_clears_an_unanswered_log_in_only_when_the_site_lets_us_in(
    database: Database,
    admin: Actor,
    carrier_id: int,
    store: Any,
    login: Callable[[], None],
    walks: BillingError | None,
    facts: tuple[int, bool],
):
    unanswered(database, carrier_id, 2)
    walker, dry_run_id = Walker([], walks), ask(database, admin, carrier_id)
    tools = DryRunTools(database, get_settings(), store, lambda order: SignsIn(walker, order, login))
    make_dry_run(tools, dry_run_id)
    assert login_facts(database, carrier_id) == facts


def test_dry_run_that_never_came_to_the_log_in_leaves_it_unanswered(
    database: Database, admin: Actor, carrier_id: int, store: Any
):
    unanswered(database, carrier_id, 2)
    make(
        database,
        store,
        ask(database, admin, carrier_id),
        Walker([], PageChangedError("Practice site", "#user", "Log-in")),
    )
    assert login_facts(database, carrier_id) == (2, False)


def test_request_refuses_a_second_one_and_what_cannot_be_walked(database: Database, admin: Actor, carrier_id: int):
    ask(database, admin, carrier_id)
    with pytest.raises(WrongStateError, match="under way"):
        ask(database, admin, carrier_id)
    with pytest.raises(InvalidProfileError):
        ask(database, admin, carrier_id, {"site": {"steps": {"login": []}}})


def test_request_refuses_an_account_without_log_in(database: Database, admin: Actor):
    with database.unit_of_work() as session:
        empty = id_of(make_carrier(session))
    with pytest.raises(WrongStateError, match="No log-in is stored"):
        ask(database, admin, empty)


@pytest.mark.parametrize("column", ["requested_at", "started_at"])
def test_stale_dry_runs_are_ended(database: Database, admin: Actor, carrier_id: int, column: str):
    dry_run_id = ask(database, admin, carrier_id)
    with database.unit_of_work() as session:
        run = session.get_one(DryRun, dry_run_id)
        assert not has_stale_dry_runs(session)
        run.requested_at = now() - timedelta(minutes=11)
        setattr(run, column, now() - timedelta(minutes=11))
        session.add(run)
        session.flush()
        assert has_stale_dry_runs(session)
        end_stale_dry_runs(session)
        assert not has_stale_dry_runs(session)
    seen = view(database, admin, carrier_id)
    assert seen.ended_as is DryRunEnd.NOT_MADE
    assert "try again" in seen.message


def test_picture_that_was_altered_is_not_shown(database: Database, admin: Actor, carrier_id: int, store: Any):
    make(database, store, ask(database, admin, carrier_id), Walker([report(0)]))
    step_id = view(database, admin, carrier_id).steps[0].step_id
    with database.read_only() as session, pytest.raises(NotFoundError):
        read_picture(session, actor(Role.BILLER), step_id=step_id, store=store)
    for path in (store._root / "dry-runs").rglob("*.png"):
        path.write_bytes(b"another")
    with database.read_only() as session, pytest.raises(EvidenceAlteredError):
        read_picture(session, admin, step_id=step_id, store=store)


def test_dry_runs_are_audited_and_for_admins(database: Database, admin: Actor, carrier_id: int, store: Any):
    make(database, store, ask(database, admin, carrier_id), Walker([]))
    with database.read_only() as session:
        tags = session.scalars(select(col(AuditEvent.tag)).where(col(AuditEvent.tag).contains("dry_run")))
        assert set(tags) == {"carrier:dry_run_asked", "carrier:dry_run_ended"}
        with pytest.raises(DeniedError):
            latest_dry_run(session, actor(Role.BILLER), carrier_id=carrier_id)
    with database.unit_of_work() as session, pytest.raises(DeniedError):
        request_dry_run(session, actor(Role.ATTORNEY), carrier_id=carrier_id, document=profile_document())
