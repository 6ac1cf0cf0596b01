"""Events of 150 signed-in people who look and turn pages, beside one person alone in the same run."""

import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.busy_firm import BusyPortal, busy_portal
from benchmarks.tab import Tab, state_name
from billing_app.routes import PAGES
from models.enums import Role

PROFORMAS, PEOPLE, FLAT_OUT = 2_000, 150, 48
THINK_SECONDS, MEASURED_SECONDS, ALONE_SECONDS, FLAT_SECONDS = 2.0, 20.0, 8.0, 6.0
# One person alone thinks so little that there is something to count, and never as fast as the portal slows down.
_ALONE_THINK = 0.1

Step = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Visit:
    """What somebody does on one page, again and again; `share` of 150 people do this."""

    path: str
    state: str
    role: Role
    share: int
    steps: tuple[Step, ...]


VISITS = (
    Visit(
        "/review",
        state_name("state.review.review", "review_queue"),
        Role.ATTORNEY,
        75,
        (("load", {}), ("show_more", {})),
    ),
    Visit("/", state_name("state.today", "today"), Role.ATTORNEY, 25, (("load", {}),)),
    Visit(
        "/invoices",
        state_name("state.invoicing.invoices", "invoices"),
        Role.BILLER,
        25,
        (("turn", {"pages": 1}), ("turn", {"pages": 1}), ("find", {"text": "2026-0001"}), ("find", {"text": ""})),
    ),
    Visit(
        "/submissions",
        state_name("state.uploads.submissions", "submissions"),
        Role.BILLER,
        15,
        (("load", {}), ("find", {"text": "2026-0001"}), ("find", {"text": ""})),
    ),
    Visit(
        "/audit",
        state_name("state.audit", "audit_trail"),
        Role.ADMIN,
        10,
        (("turn", {"pages": 1}), ("turn", {"pages": 1}), ("find", {"text": "approve"}), ("find", {"text": ""})),
    ),
)


@dataclass
class Times:
    """Seconds of every event answered, by page."""

    by_page: dict[str, list[float]] = field(default_factory=dict)

    def add(self, path: str, seconds: float) -> None:
        """Keep one."""
        self.by_page.setdefault(path, []).append(seconds)

    @property
    def all(self) -> list[float]:
        """Every one, the shortest first."""
        return sorted(itertools.chain.from_iterable(self.by_page.values()))

    def ms(self, percent: int, path: str = "") -> float:
        """Return a percentile in milliseconds, of one page or of all."""
        found = sorted(self.by_page[path]) if path else self.all
        return round(found[min(len(found) * percent // 100, len(found) - 1)] * 1000, 1)


def run(proformas: int = PROFORMAS) -> list[dict[str, object]]:
    """Measure and return one row a figure, with the load of the machine where it bears on it.

    The environment's EVENTS_PROCESSES says by how many processes the portal is served; more than one stand behind the
    front.
    """
    processes = int(os.environ.get("EVENTS_PROCESSES", "1"))
    served_by = f"{processes} process{'es' if processes > 1 else ''}"
    with (
        tempfile.TemporaryDirectory(prefix="events-bench-") as home,
        busy_portal(Path(home), proformas, processes=processes) as portal,
    ):
        alone, busy, flat, flat_seconds, cpu_seconds = asyncio.run(_measure(portal))
    return [
        *(_against(f"event p{percent}, {PEOPLE} people, {served_by}", busy.ms(percent), alone.ms(percent), target)
          for percent, target in ((50, ""), (95, "value < 50"), (99, "value < 100"))),
        *(_against(f"event p95 on {path}", busy.ms(95, path), alone.ms(95, path), "") for path in busy.by_page),
        {
            "figure": f"events flat out, {FLAT_OUT} people, {served_by}",
            "value": round(len(flat.all) / flat_seconds),
            "unit": "events/s",
            "rival": "one person alone",
            "rival_value": round(1 / (sum(alone.all) / len(alone.all))),
            "ratio": round(len(flat.all) / flat_seconds * sum(alone.all) / len(alone.all), 2),
            "target": "1,000 with two processes",
        },
        {
            "figure": "processor time of the portal an event, flat out",
            "value": round(cpu_seconds / len(flat.all) * 1000, 2),
            "unit": "ms",
            "rival": "what two processors have for each of the 75 events/s of 150 people",
            "rival_value": 26.7,
            "ratio": round(cpu_seconds / len(flat.all) * 37.5, 2),
            "target": "",
        },
    ]  # fmt: skip


def _against(figure: str, value: float, rival: float, target: str) -> dict[str, object]:
    ratio = round(value / rival, 2)
    load = f"one person alone; load {os.getloadavg()[0]:.1f}"
    return {"figure": figure, "value": value, "unit": "ms", "rival": load, "rival_value": rival, "ratio": ratio,
            "target": target}  # fmt: skip


async def _measure(portal: BusyPortal) -> tuple[Times, Times, Times, float, float]:
    served = {page.route for page in PAGES}
    visits = [visit for visit in VISITS if visit.path in served]
    alone, busy, flat = Times(), Times(), Times()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        for visit in visits:
            await _one_alone(http, portal, visit, alone, ALONE_SECONDS / len(visits))
        async with AsyncExitStack() as opened:
            people = _tabs(http, portal, visits)
            await asyncio.gather(*(opened.enter_async_context(tab) for _, tab in people))
            await _all(people, busy, MEASURED_SECONDS, THINK_SECONDS)
            begun, cpu = time.perf_counter(), portal.cpu_seconds()
            await _all(people[:: max(len(people) // FLAT_OUT, 1)], flat, FLAT_SECONDS, 0)
            flat_seconds, cpu = time.perf_counter() - begun, portal.cpu_seconds() - cpu
    return alone, busy, flat, flat_seconds, cpu


def _tabs(http: aiohttp.ClientSession, portal: BusyPortal, visits: Sequence[Visit]) -> list[tuple[Visit, Tab]]:
    """Return 150 tabs; where a page is not served, the others share its people."""
    shares = sum(visit.share for visit in visits)
    return [
        (visit, Tab(http, portal.url, cookie, path=visit.path, state=visit.state))
        for visit in visits
        for cookie in portal.cookies(visit.role, round(PEOPLE * visit.share / shares))
    ]


async def _one_alone(
    http: aiohttp.ClientSession, portal: BusyPortal, visit: Visit, times: Times, seconds: float
) -> None:
    (cookie,) = portal.cookies(visit.role, 1)
    async with Tab(http, portal.url, cookie, path=visit.path, state=visit.state) as tab:
        await _person(visit, tab, times, seconds, _ALONE_THINK)


async def _all(people: Sequence[tuple[Visit, Tab]], times: Times, seconds: float, think: float) -> None:
    await asyncio.gather(*(_person(visit, tab, times, seconds, think) for visit, tab in people))


async def _person(visit: Visit, tab: Tab, times: Times, seconds: float, think: float) -> None:
    until = time.monotonic() + seconds
    steps = itertools.cycle(visit.steps)
    while time.monotonic() < until:
        # Think times spread, so that people do not march in step.
        await asyncio.sleep(random.uniform(0.5, 1.5) * think)
        handler, payload = next(steps)
        times.add(visit.path, await tab.send(handler, payload))


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else PROFORMAS):
        print(row)
