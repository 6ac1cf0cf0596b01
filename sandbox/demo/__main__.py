"""`python -m sandbox.demo`: serve the portal with its practice world until Ctrl-C."""

import argparse
import getpass
import json
import shutil
import signal
import sys
import time
from pathlib import Path

import httpx
from rich.console import Console

from core.errors import BillingError, UnavailableError
from sandbox.demo.opening import PEOPLE, set_up
from sandbox.demo.plan import Plan
from sandbox.stage.processes import Processes, answers

_DIRECTORY = Path("var/demo")
_BUILD_SECONDS = 600


def main(arguments: list[str] | None = None) -> int:
    """Prepare what is missing, start everything, say where it is, and stop it all at the end."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False)
    plan = Plan(asked.directory, asked.port, asked.workers)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _prepare(plan, asked, console)
        _serve(plan, console)
    except BillingError as refused:
        console.print(f"[red]{refused.user_message}")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped. The data is kept; `make demo` goes on from here.")
    return 0


def _prepare(plan: Plan, asked: argparse.Namespace, console: Console) -> None:
    _refuse_taken_ports(plan)
    facts = {"port": asked.port, "seed": asked.seed, "invoices": asked.invoices}
    stamp = plan.directory / "demo.json"
    if stamp.exists() and json.loads(stamp.read_text()) == facts and not asked.fresh:
        console.print("The firm is seeded already; the demo goes on where it was (--fresh starts over).")
        return
    console.print(f"Seeding a firm with {asked.invoices} invoices …")
    shutil.rmtree(plan.directory, ignore_errors=True)
    (plan.directory / "logs").mkdir(parents=True)
    set_up(plan, seed=asked.seed, invoices=asked.invoices)
    stamp.write_text(json.dumps(facts))


def _serve(plan: Plan, console: Console) -> None:
    configuration = plan.directory / "supervisord.conf"
    configuration.write_text(plan.supervisor_configuration(getpass.getuser()))
    with Processes(plan.directory / "logs", plan.environment()) as processes:
        processes.start_python("supervisor", "supervisor.supervisord", "-n", "-c", str(configuration))
        console.print("Building the pages and starting the programs; the first time takes a minute …")
        _await_web(plan, processes)
        _say_where(plan, console)
        while True:
            processes.check()
            time.sleep(1)


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


def _say_where(plan: Plan, console: Console) -> None:
    console.print(f"\n  [bold]{plan.public_url}[/bold]\n\n  Sign in as")
    for name, email, role in PEOPLE:
        console.print(f"    {name:<16} {email:<30} {role}")
    console.print("\n  The carriers' sites are practice sites on this machine. Ctrl-C stops everything.\n")


def _refuse_taken_ports(plan: Plan) -> None:
    taken = [port for port in plan.ports() if answers(port)]
    if taken:
        ports = ", ".join(map(str, taken))
        raise UnavailableError(
            f"Port {ports} is taken, by another demo perhaps. Nothing was started; stop that one, or give another "
            f"first port: make demo PORT={plan.port + 100}."
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--invoices", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8700, help="the portal's port; the four after it are used too")
    parser.add_argument("--fresh", action="store_true", help="forget the demo's data and start over")
    parser.add_argument("--directory", type=Path, default=_DIRECTORY)
    return parser


if __name__ == "__main__":
    sys.exit(main())
