"""Where one run of the practice world stands: its folder, ports, settings and programs."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.clock import today
from core.db import Database, use_database
from core.key_ring import KeyRing
from core.settings import get_settings
from migrations import upgrade
from sandbox.firm.seed import seed_firm
from sandbox.firm.world import World
from sandbox.stage.processes import Processes, answers, free_port, redis_command

_HURRY = 0.002  # the practice carriers decide within seconds, not weeks


@dataclass(frozen=True)
class Layout:
    """The addresses of a run. Everything it writes stands under `directory`."""

    directory: Path
    sites_port: int
    control_port: int
    redis_port: int
    database_url: str

    @classmethod
    def fresh(cls, directory: Path, database_url: str = "") -> "Layout":
        """Empty `directory` and lay a run out in it on free ports, on SQLite unless a database is named."""
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        url = database_url or f"sqlite:///{directory.resolve() / 'billing.db'}"
        return cls(directory, free_port(), free_port(), free_port(), url)

    @property
    def world_path(self) -> Path:
        """What the practice sites know of the firm."""
        return self.directory / "world.json"

    @property
    def maildir(self) -> Path:
        """Where the practice carriers' mails to the firm arrive."""
        return self.directory / "mail"

    @property
    def control_url(self) -> str:
        """The practice sites' control port."""
        return f"http://127.0.0.1:{self.control_port}"

    def environment(self) -> dict[str, str]:
        """Return the settings of every program of this run."""
        return {
            "BILLING_ENVIRONMENT": "practice",
            "BILLING_DATABASE_URL": self.database_url,
            "BILLING_REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "BILLING_VAR_DIR": str(self.directory),
            "BILLING_KEY_RING_PATH": str(self.directory / "keys" / "key-ring.json"),
            "BILLING_RETRY_SCALE": str(_HURRY),
            "BILLING_MAILDIR_PATH": str(self.maildir),
            "BILLING_MAILBOX_SECONDS": "5",
            "BILLING_GATHER_SECONDS": "2",
            "SE_OFFLINE": "true",
        }

    def seed(self, *, seed: int, invoices: int) -> World:
        """Migrate the database, seed the firm, and write what the practice sites know of it."""
        database = Database(self.database_url)
        try:
            upgrade(database)
            ring = KeyRing.load_or_create(self.directory / "keys" / "key-ring.json")
            world = seed_firm(
                database, key_ring=ring, seed=seed, today=today(), origin_port=self.sites_port, invoices=invoices
            )
        finally:
            database.dispose()
        world.write(self.world_path)
        return world


def start_redis(processes: Processes, layout: Layout) -> None:
    """Start the run's own Redis and wait until it answers."""
    processes.start("redis", *redis_command(layout.redis_port, layout.directory / "redis"))
    processes.wait_for("redis", lambda: answers(layout.redis_port))


def start_sites(processes: Processes, layout: Layout, *, latency_ms: int = 0) -> None:
    """Start the practice carriers' server and wait until it answers."""
    processes.start_python(
        "sites",
        "sandbox.portals",
        *("--world", str(layout.world_path)),
        *("--store", str(layout.directory / "sites")),
        *("--port", str(layout.sites_port)),
        *("--control-port", str(layout.control_port)),
        *("--latency-ms", str(latency_ms)),
        *("--mail", str(layout.maildir)),
    )
    processes.wait_for("sites", lambda: answers(layout.sites_port) and answers(layout.control_port))


def start_workers(processes: Processes, count: int) -> None:
    """Start the dispatcher and `count` upload workers."""
    processes.start_python("dispatcher", "jobs.dispatcher")
    for number in range(1, count + 1):
        processes.start_python(f"worker-{number}", "jobs.worker")


@contextmanager
def in_layout(layout: Layout) -> Iterator[Database]:
    """Make this process part of the run: its settings and its database."""
    before = {name: os.environ.get(name) for name in layout.environment()}
    os.environ.update(layout.environment())
    get_settings.cache_clear()
    database = Database(layout.database_url)
    try:
        with use_database(database):
            yield database
    finally:
        database.dispose()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        get_settings.cache_clear()
