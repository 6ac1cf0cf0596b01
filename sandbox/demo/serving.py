"""Seeds the demo's world once and keeps its programs running."""

import getpass
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from rich.console import Console

from core.errors import UnavailableError
from sandbox.demo.opening import set_up
from sandbox.demo.plan import Plan
from sandbox.stage.processes import Processes, answers

_BUILD_SECONDS = 600


def prepare(plan: Plan, console: Console, *, seed: int, invoices: int, fresh: bool) -> None:
    """Seed the firm, unless the folder holds the same demo from an earlier start.

    Raises:
        UnavailableError: a port is taken; nothing was touched.
    """
    _refuse_taken_ports(plan)
    facts = {"port": plan.port, "seed": seed, "invoices": invoices}
    stamp = plan.directory / "demo.json"
    if stamp.exists() and json.loads(stamp.read_text()) == facts and not fresh:
        console.print("The firm is seeded already; the demo goes on where it was (FRESH=1 starts over).")
        return
    console.print(f"Seeding a firm with {invoices} invoices …")
    shutil.rmtree(plan.directory, ignore_errors=True)
    (plan.directory / "logs").mkdir(parents=True)
    set_up(plan, seed=seed, invoices=invoices)
    stamp.write_text(json.dumps(facts))


@contextmanager
def served(plan: Plan, console: Console) -> Iterator[Processes]:
    """Run the demo's programs under a supervisor that restarts what dies; the block begins when the portal answers.

    Raises:
        UnavailableError: the portal did not answer; its log is named.
    """
    configuration = plan.directory / "supervisord.conf"
    configuration.write_text(plan.supervisor_configuration(getpass.getuser()))
    with Processes(plan.directory / "logs", plan.environment()) as processes:
        processes.start_python("supervisor", "supervisor.supervisord", "-n", "-c", str(configuration))
        console.print("Building the pages and starting the programs; the first time takes a minute …")
        _await_web(plan, processes)
        yield processes


def _await_web(plan: Plan, processes: Processes) -> None:
    deadline = time.monotonic() + _BUILD_SECONDS
    while time.monotonic() < deadline:
        processes.check()
        if answers(plan.port) and _is_healthy(plan):
            return
        time.sleep(0.5)
    message = f"The portal did not answer within {_BUILD_SECONDS // 60} minutes. Its log: {plan.directory}/logs/web.log"
    raise UnavailableError(message)


def _is_healthy(plan: Plan) -> bool:
    try:
        return httpx.get(f"{plan.public_url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _refuse_taken_ports(plan: Plan) -> None:
    taken = [port for port in plan.ports() if answers(port)]
    if taken:
        ports = ", ".join(map(str, taken))
        raise UnavailableError(
            f"Port {ports} is taken, by another demo perhaps. Nothing was started; stop that one, or give another "
            f"first port: make demo PORT={plan.port + 100}."
        )
