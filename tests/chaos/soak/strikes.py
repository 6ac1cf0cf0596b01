"""Faults that strike at random: processes killed or frozen, cables pulled, servers ended, sites misbehaving."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from tests.chaos.matrix.field import Field
from tests.chaos.stage import SITES

_FREEZE_SECONDS = 12.0
_CUT_SECONDS = 8.0
_SITE_FAULTS = (
    ("drop_reply", 1, 0.0),
    ("cut_reply", 1, 0.0),
    ("delay_listing", 2, 4.0),
    ("end_session", 1, 0.0),
    ("server_error", 1, 0.0),
    ("bad_gateway", 2, 0.0),
    ("maintenance", 1, 0.0),
    ("stall", 1, 3.0),
)


@dataclass
class Striker:
    """Strikes one fault at a time.

    Attributes:
        struck: what really hit something, by kind.
        asked_for: what the board showed to the person at the desk meanwhile, by reason.
    """

    world: Field
    random: random.Random
    struck: Counter[str] = field(default_factory=Counter)
    asked_for: Counter[str] = field(default_factory=Counter)

    def strike(self) -> None:
        """Strike once. Sites are hit as often as everything else together: they are what fails most in life."""
        if self.random.random() < 0.5:
            self._site()
            return
        name, breaks = self.random.choice(
            [
                ("kill job", self._kill_job),
                ("kill worker", self._kill_worker),
                ("freeze", self._freeze),
                ("network cut", self._cut),
                ("database kill", self._database),
                ("redis wipe", self._redis),
            ]
        )
        if breaks():
            self.struck[name] += 1

    def _site(self) -> None:
        site = self.random.choice(sorted({site for site, _ in SITES.values()}))
        kind, count, seconds = self.random.choice(_SITE_FAULTS)
        self.world.stage.portals.control.order_fault(site, kind, count=count, seconds=seconds)
        self.struck[kind.replace("_", " ")] += 1

    def _kill_job(self) -> bool:
        return self._with_horse(lambda horse: horse.kill())

    def _kill_worker(self) -> bool:
        def kill_both(horse: psutil.Process) -> None:
            above = horse.parent()
            if above is not None:
                above.kill()
            horse.kill()

        return self._with_horse(kill_both)

    def _freeze(self) -> bool:
        return self._with_horse(freeze)

    def _with_horse(self, what: Callable[[psutil.Process], None]) -> bool:
        found = horses(self.world)
        with suppress(psutil.NoSuchProcess):
            if found:
                what(self.random.choice(found))
                return True
        return False

    def _cut(self) -> bool:
        self.world.network.cut()
        time.sleep(_CUT_SECONDS)
        self.world.network.mend()
        return True

    def _database(self) -> bool:
        self.world.mortal.kill()
        return True

    def _redis(self) -> bool:
        self.world.stage.redis.flushall()
        return True


def horses(world: Field) -> list[psutil.Process]:
    """Return the processes that drive browsers now: the workers' own children."""
    found = []
    for program in world.stage.programs:
        with suppress(psutil.NoSuchProcess):
            found += [
                child for child in psutil.Process(program.process.pid).children() if "python" in child.name().lower()
            ]
    return found


def freeze(horse: psutil.Process) -> None:
    """Stop a process past its lease and let it go on; it may have been ended by then."""
    horse.suspend()

    def thaw() -> None:
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            os.kill(horse.pid, signal.SIGCONT) if horse.is_running() else None

    timer = threading.Timer(_FREEZE_SECONDS, thaw)
    timer.daemon = True
    timer.start()
