"""A firm in the middle of its month, and the portal as it ships before it: one process, or several behind the front."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil
from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import today
from core.db import Database
from models import Proforma, User
from models.enums import ProformaStatus, Role
from sandbox.firm.calendar import BillingPeriod
from sandbox.month import desk
from sandbox.stage.layout import Layout, in_layout
from sandbox.stage.processes import Processes, free_port
from services.actor import actor_of
from services.sessions import open_session
from tests.servers import running_front

SERVER = ("-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1")
_PORTAL = "billing_app.billing_app:app"


@dataclass(frozen=True)
class BusyPortal:
    """A portal that answers, and its database."""

    url: str
    database: Database
    pids: tuple[int, ...]
    front_pids: tuple[int, ...] = ()

    def cpu_seconds(self) -> float:
        """Return what the portal's servers and their processes have used, all of them together, without the front.

        It says the same on a machine that others load.
        """
        return _cpu_seconds(self.pids)

    def front_cpu_seconds(self) -> float:
        """Return what the front has used; 0 where there is none."""
        return _cpu_seconds(self.front_pids)

    def cookies(self, role: Role, count: int) -> list[str]:
        """Open sessions of people with this role in turn, and return their Cookie headers.

        Attorneys are those with something to review, so that nobody measures empty lists.
        """
        with self.database.unit_of_work() as session:
            people = _with_work(session) if role is Role.ATTORNEY else _of_role(session, role)
            opened = [open_session(session, people[number % len(people)]) for number in range(count)]
        return [f"billing_session={cookie}" for cookie in opened]


def seed_busy_firm(layout: Layout, proformas: int) -> None:
    """Bill a month of `proformas`, let every second attorney approve the clean ones, make and queue their invoices."""
    layout.seed(seed=1, invoices=proformas)
    with in_layout(layout) as database:
        run_id = desk.bill(BillingPeriod.before(today()))
        _approve(database, run_id)
        desk.queue(desk.finalize(run_id))


@contextmanager
def busy_portal(
    home: Path,
    proformas: int,
    *,
    app: str = _PORTAL,
    more: Mapping[str, str] | None = None,
    database_url: str = "",
    processes: int = 1,
) -> Iterator[BusyPortal]:
    """Seed a firm under `home` and serve the portal in front of it until the block ends.

    More than one of the `processes` stand behind the front.
    """
    layout, port = Layout.fresh(home, database_url), free_port()
    seed_busy_firm(layout, proformas)
    url = f"http://localhost:{port}"
    database = Database(layout.database_url)
    with ExitStack() as opened:
        opened.callback(database.dispose)
        hops = {"REFLEX_TRUSTED_PROXY_HOPS": "1"} if processes > 1 else {}
        settings = {**_environment(layout, url), **hops, **(more or {})}
        programs = opened.enter_context(Processes(home / "logs", settings))
        ports = [free_port() for _ in range(processes)] if processes > 1 else [port]
        pids = _start(programs, ports, app)
        front_pids = (opened.enter_context(running_front(ports, port)).pid,) if processes > 1 else ()
        yield BusyPortal(url, database, pids, front_pids)


def _start(programs: Processes, ports: Sequence[int], app: str) -> tuple[int, ...]:
    """Start a process of the portal on each port and return their ids once all answer."""
    names = [f"portal-{number}" for number, _ in enumerate(ports, 1)]
    for name, port in zip(names, ports, strict=True):
        programs.start(name, sys.executable, *SERVER, "--workers", "1", "--port", str(port), app)
    for name, port in zip(names, ports, strict=True):
        programs.wait_for(name, partial(_is_up, f"http://127.0.0.1:{port}"))
    return tuple(programs.pids(*names))


def _cpu_seconds(pids: Iterable[int]) -> float:
    servers = [psutil.Process(pid) for pid in pids]
    family = [process for server in servers for process in (server, *server.children(recursive=True))]
    used = [process.cpu_times() for process in family]
    return float(sum(times.user + times.system for times in used))


def _environment(layout: Layout, url: str) -> dict[str, str]:
    return {
        **layout.environment(),
        "BILLING_PUBLIC_URL": url,
        "BILLING_OIDC_ISSUER": "http://127.0.0.1:1",
        # The events do not need the built pages; this is how the framework is told not to build them.
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_WEB_WORKDIR": str(layout.directory / "web"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": os.pathsep.join((str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ""))),
    }


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _approve(database: Database, run_id: int) -> None:
    with database.unit_of_work() as session:
        for attorney in _with_work(session)[::2]:
            waiting = select(Proforma).where(
                col(Proforma.billing_run_id) == run_id,
                col(Proforma.reviewer_id) == attorney.id,
                col(Proforma.status) == ProformaStatus.IN_REVIEW,
            )
            seen = {row.id or 0: row.version for row in session.scalars(waiting)}
            desk.approve_all_clean(session, actor_of(attorney), seen)


def _with_work(session: Session) -> list[User]:
    reviewers = select(col(Proforma.reviewer_id)).where(col(Proforma.status) == ProformaStatus.IN_REVIEW)
    return list(session.scalars(select(User).where(col(User.id).in_(reviewers)).order_by(col(User.id))))


def _of_role(session: Session, role: Role) -> list[User]:
    people = session.scalars(select(User).where(col(User.is_active)).order_by(col(User.id)))
    return [person for person in people if actor_of(person).has(role)]
