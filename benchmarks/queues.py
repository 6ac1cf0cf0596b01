"""150 people work their review queues for two minutes, 10 pairs of them on one bill each; beside one person alone."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks.busy_firm import BusyPortal, busy_portal
from benchmarks.desk_account import broken_chains, ghosts, lost_edits, wrong_sums
from benchmarks.desk_ledger import DeskLedger
from benchmarks.desk_person import WHOLE_PAGE, DayIsOver, Person
from benchmarks.desk_seats import Seat, take_seats
from benchmarks.desk_tab import DeskTab
from tests.servers import running_mariadb

PROFORMAS, PEOPLE, BILLERS, PAIRS = 2_000, 150, 30, 10
THINK_SECONDS, MEASURED_SECONDS, ALONE_SECONDS, ARRIVAL_SECONDS = 2.0, 120.0, 20.0, 20.0
_ALONE_THINK: Final = 0.2
_SHOWN: Final = 10
_Row = dict[str, object]


@dataclass(frozen=True)
class Found:
    """What a run came to. `wrong` are sentences under what must not be; `seconds` is how long the 150 worked.

    `cpu_seconds` is what all processes of the portal used meanwhile, `front_seconds` what the front did.
    """

    alone: DeskLedger
    busy: DeskLedger
    wrong: dict[str, list[str]]
    cpu_seconds: float
    front_seconds: float
    seconds: float
    load: float


def run(proformas: int = PROFORMAS, seconds: float = MEASURED_SECONDS) -> list[_Row]:
    """Measure and return one row a figure; a row whose `must` is False fails the run.

    The environment's QUEUES_PROCESSES says by how many processes the portal is served; more than one stand behind the
    front, which brings each session's tabs to the same one.
    """
    processes = int(os.environ.get("QUEUES_PROCESSES", "1"))
    with served(proformas, processes) as portal:
        found = asyncio.run(_measure(portal, seconds))
    return [*_of_all(found, processes), *_of_kinds(found), *_of_work(found), *_of_what_must_be(found)]


@contextmanager
def served(proformas: int, processes: int) -> Iterator[BusyPortal]:
    """Serve the portal as in production: on MariaDB, by so many processes."""
    with tempfile.TemporaryDirectory(prefix="queues-bench-") as home, running_mariadb(buffer_mb=512) as mariadb:
        mariadb.execute("CREATE DATABASE billing CHARACTER SET utf8mb4")
        url = mariadb.url("billing")
        with busy_portal(Path(home), proformas, database_url=url, processes=processes) as portal:
            yield portal


async def _measure(portal: BusyPortal, seconds: float) -> Found:
    with portal.database.unit_of_work() as session:
        alone_seats, seats = take_seats(session, people=PEOPLE, billers=BILLERS, pairs=PAIRS)
    alone, busy = DeskLedger(), DeskLedger()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        for seat in alone_seats:
            await _work(http, portal.url, [seat], alone, think=_ALONE_THINK, seconds=ALONE_SECONDS / len(alone_seats))
        used: list[tuple[float, float]] = []
        silent = await _work(
            http,
            portal.url,
            seats,
            busy,
            think=THINK_SECONDS,
            seconds=seconds,
            all_in=lambda: used.append((portal.cpu_seconds(), portal.front_cpu_seconds())),
        )
        cpu, front = portal.cpu_seconds() - used[0][0], portal.front_cpu_seconds() - used[0][1]
    return Found(alone, busy, _account(portal, alone, busy, silent), cpu, front, seconds, os.getloadavg()[0])


def _account(portal: BusyPortal, alone: DeskLedger, busy: DeskLedger, silent: list[str]) -> dict[str, list[str]]:
    with portal.database.read_only() as session:
        return {
            "lost edits": lost_edits(session, [*alone.taken, *busy.taken]),
            "refused edits that were stored, or not told": ghosts(session, [*alone.refused, *busy.refused]),
            "steps that do not begin where the one before ended": broken_chains(session),
            "amounts and sums that are wrong": wrong_sums(session),
            "people left without an answer": silent,
        }


async def _work(
    http: aiohttp.ClientSession,
    url: str,
    seats: Sequence[Seat],
    ledger: DeskLedger,
    *,
    think: float,
    seconds: float,
    all_in: Callable[[], None] = lambda: None,
) -> list[str]:
    """Let everybody come in one after the other and work at once for so long; return who was left without an answer.

    `all_in` is called when the last one has come in.
    """
    async with AsyncExitStack() as opened:
        tabs = [DeskTab(http, url, seat.cookie) for seat in seats]
        step = ARRIVAL_SECONDS / len(seats) if len(seats) > 1 else 0
        await asyncio.gather(*(_enter(opened, tab, number * step) for number, tab in enumerate(tabs)))
        all_in()
        until = time.monotonic() + seconds
        people = [
            (seat, Person(seat.name, tab, ledger, think=think, until=until))
            for seat, tab in zip(seats, tabs, strict=True)
        ]
        ended = await asyncio.gather(*(seat.day(person) for seat, person in people), return_exceptions=True)
    return [
        f"{seat.name}: {wrong!r}"
        for (seat, _), wrong in zip(people, ended, strict=True)
        if wrong is not None and not isinstance(wrong, DayIsOver)
    ]


async def _enter(opened: AsyncExitStack, tab: DeskTab, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await opened.enter_async_context(tab)


def _of_all(found: Found, processes: int) -> Iterator[_Row]:
    busy, alone = found.busy.without(WHOLE_PAGE), found.alone.without(WHOLE_PAGE)
    served_by = f"{PEOPLE} people, {processes} process{'es' if processes > 1 else ''}"
    rival = f"one person alone; load {found.load:.1f}"
    for percent, target in ((50, ""), (95, "value < 50"), (99, "value < 100")):
        value, calm = busy.ms(percent), alone.ms(percent)
        yield _row(f"action p{percent}, {served_by}", value, "ms", rival, calm, round(value / calm, 2), target)


def _of_kinds(found: Found) -> Iterator[_Row]:
    busy, alone = found.busy, found.alone
    for kind, times in sorted(busy.seconds.items(), key=lambda one: -len(one[1])):
        values = " / ".join(str(busy.ms(percent, kind)) for percent in (50, 95, 99))
        calm = alone.ms(95, kind) if kind in alone.seconds else None
        ratio = round(busy.ms(95, kind) / calm, 2) if calm else None
        yield _row(f"{kind}: p50 / p95 / p99 of {len(times)}", values, "ms", "p95 of one person alone", calm, ratio)


def _of_work(found: Found) -> Iterator[_Row]:
    busy, alone = found.busy, found.alone
    count = busy.without(WHOLE_PAGE).count
    yield _row("actions", round(count / found.seconds, 1), "actions/s")
    yield _row("processor time of the portal an action", round(found.cpu_seconds / count * 1000, 1), "ms")
    if found.front_seconds:
        yield _row("processor time of the front an action", round(found.front_seconds / count * 1000, 2), "ms")
    yield _row("edits taken", len(busy.taken) + len(alone.taken), "edits")
    yield _row("edits refused, each told", len(busy.refused) + len(alone.refused), "edits")
    toasts = [*busy.toasts, *alone.toasts]
    yield _row("refused by a toast", len(toasts), "actions")
    _say("refused by a toast", toasts)


def _of_what_must_be(found: Found) -> Iterator[_Row]:
    for name, words in found.wrong.items():
        yield {**_row(name, len(words), "", target="value = 0"), "must": not words}
        _say(name, words)


def _say(name: str, words: Sequence[str]) -> None:
    for one in words[:_SHOWN]:
        print(f"  {name}: {one}", file=sys.stderr)


def _row(
    figure: str,
    value: object,
    unit: str,
    rival: str | None = None,
    rival_value: float | None = None,
    ratio: float | None = None,
    target: str = "",
) -> _Row:
    return {"figure": figure, "value": value, "unit": unit, "rival": rival, "rival_value": rival_value, "ratio": ratio,
            "target": target}  # fmt: skip


if __name__ == "__main__":
    arguments = sys.argv[1:]
    measured = run(*map(int, arguments[:1]), *map(float, arguments[1:2]))
    for one_row in measured:
        print(json.dumps(one_row))
    sys.exit(any(row.get("must") is False for row in measured))
