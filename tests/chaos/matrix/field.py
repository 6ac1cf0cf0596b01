"""The field of the matrix: practice sites, a database and a Redis that can be broken, workers behind a cable."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.db import Database
from core.settings import get_settings
from migrations.schema import upgrade
from sandbox.portals.running import running_portals
from sandbox.portals.sample_world import sample_world
from tests.chaos.matrix.network import Network, cuttable_network
from tests.chaos.stage import Stage, set_stage
from tests.servers import MariaDbServer, mariadb_home, running_redis, started_mariadb, unused_port

_AWAY_SECONDS = 1.0


class MortalDatabase:
    """A MariaDB that can be killed and comes back over the same files."""

    def __init__(self, home: Path, port: int) -> None:
        self._home, self._port = home, port
        self._running = ExitStack()
        self.server = self._start()

    def kill(self) -> None:
        """End it at once, as by kill -9, and start it again."""
        os.kill(self.server.pid, signal.SIGKILL)
        self._running.close()
        time.sleep(_AWAY_SECONDS)
        self.server = self._start()

    def close(self) -> None:
        """Stop it for good."""
        self._running.close()

    def _start(self) -> MariaDbServer:
        self._running = ExitStack()
        return self._running.enter_context(started_mariadb(self._home, self._port))


@dataclass
class Field:
    """Everything that a round breaks or asks."""

    stage: Stage
    network: Network
    mortal: MortalDatabase

    def start_workers(self, count: int, *command: str) -> None:
        """Start workers behind the cable, marked ones unless told, and the dispatcher beside the database."""
        worker = command or (_WORKER, str(self.stage.plan))
        for _ in range(count):
            self.stage.start_command(self.network.inside([sys.executable, "-m", *worker]), "worker")
        self.stage.start("jobs.dispatcher")


@contextmanager
def _same_settings(stage: Stage) -> Iterator[None]:
    """Let this process seal log-ins and ring with the settings of the workers."""
    names = ("BILLING_KEY_RING_PATH", "BILLING_REDIS_URL")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: stage.environment[name] for name in names})
    get_settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        get_settings.cache_clear()


_WORKER = "tests.chaos.matrix.marked_worker"


@contextmanager
def field(folder: Path) -> Iterator[Field]:
    """Prepare the field, nothing on it yet; whatever was started is ended with the block."""
    with ExitStack() as opened:
        home = opened.enter_context(mariadb_home())
        mortal = MortalDatabase(home, unused_port())
        opened.callback(mortal.close)
        mortal.server.execute("CREATE DATABASE chaos CHARACTER SET utf8mb4")
        database = Database(mortal.server.url("chaos"))
        opened.callback(database.dispose)
        upgrade(database)
        redis = opened.enter_context(running_redis())
        portals = opened.enter_context(running_portals(sample_world(), folder / "sites"))
        ports = [urlsplit(url).port for url in (mortal.server.url("chaos"), redis.url, portals.url("harbor", ""))]
        network = opened.enter_context(cuttable_network([port for port in ports if port]))
        stage = opened.enter_context(set_stage(database, portals, redis.url, folder))
        opened.enter_context(_same_settings(stage))
        for name in ("met", "frozen"):
            (stage.plan / name).mkdir(parents=True)
        yield Field(stage, network, mortal)
