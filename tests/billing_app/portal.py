"""The portal served for real, with what `planted_app` adds, on a free port of this machine."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlmodel import SQLModel

from core.clock import now
from core.db import Database
from models import User
from services.identity import unlinked_subject
from services.sessions import open_session
from tests.servers import unused_port

ROOT = Path(__file__).parents[2]
PEOPLE = {"biller": "Dana Brooks", "attorney": "Ana Reyes", "admin": "Omar Whitfield"}
START_SECONDS = 150


@dataclass
class Portal:
    """A running portal and the ways to be somebody in it."""

    url: str
    database: Database
    log: Path

    def cookie(self, role: str) -> str:
        """Return a Cookie header of a new session of the person with this role."""
        with self.database.unit_of_work() as session:
            user = session.get_one(User, list(PEOPLE).index(role) + 1)
            return f"billing_session={open_session(session, user)}"


@contextmanager
def running_portal(home: Path) -> Iterator[Portal]:
    """Serve it from a folder of its own until the block ends."""
    database, port = peopled(home), unused_port()
    served = Portal(f"http://localhost:{port}", database, home / "log")
    with served.log.open("wb") as log:
        server = subprocess.Popen(_command(port), cwd=ROOT, env=environment(home, served), stdout=log, stderr=log)
    try:
        _wait(served, server)
        yield served
    finally:
        server.terminate()
        server.wait(20)
        database.dispose()


def peopled(home: Path) -> Database:
    """Return a new database under `home` with one person of each role."""
    database = Database(f"sqlite:///{home / 'billing.db'}")
    SQLModel.metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        for role, name in PEOPLE.items():
            session.add(_person(role, name))
            session.flush()
    return database


def _person(role: str, name: str) -> User:
    email = f"{name.lower().replace(' ', '.')}@hwr.example"
    return User(subject=unlinked_subject(email), email=email, name=name, roles=[role], created_at=now())


def _command(port: int) -> list[str]:
    app = "tests.billing_app.planted_app:serve"
    return [sys.executable, "-m", "uvicorn", "--factory", app, "--host", "127.0.0.1", "--port", str(port)]


def environment(home: Path, portal: Portal) -> dict[str, str]:
    """Return the settings of a process that serves this portal from `home`."""
    return {
        **os.environ,
        "BILLING_PUBLIC_URL": portal.url,
        "BILLING_DATABASE_URL": f"sqlite:///{home / 'billing.db'}",
        "BILLING_VAR_DIR": str(home / "var"),
        "BILLING_KEY_RING_PATH": str(home / "var" / "keys" / "key-ring.json"),
        "BILLING_REDIS_URL": "redis://127.0.0.1:1/0",
        "BILLING_OIDC_ISSUER": "http://127.0.0.1:1",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_WEB_WORKDIR": str(home / "web"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(ROOT),
    }


def _wait(portal: Portal, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx.get(f"{portal.url}/healthz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"The portal did not start:\n{portal.log.read_text()[-3000:]}")
