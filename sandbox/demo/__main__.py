"""`python -m sandbox.demo`: serve the portal with its practice world until Ctrl-C."""

import argparse
import signal
import sys
import time
from pathlib import Path

from rich.console import Console

from core.errors import BillingError
from sandbox.demo.opening import PEOPLE
from sandbox.demo.plan import Plan
from sandbox.demo.serving import prepare, served


def main(arguments: list[str] | None = None) -> int:
    """Prepare what is missing, start everything, say where it is, and stop it all at the end."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False)
    plan = Plan(asked.directory, asked.port, asked.workers)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        prepare(plan, console, seed=asked.seed, invoices=asked.invoices, fresh=asked.fresh)
        with served(plan, console) as processes:
            _say_where(plan, console)
            while True:
                processes.check()
                time.sleep(1)
    except BillingError as refused:
        console.print(f"[red]{refused.user_message}")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped. The data is kept; `make demo` goes on from here.")
    return 0


def _say_where(plan: Plan, console: Console) -> None:
    console.print(f"\n  [bold]{plan.public_url}[/bold]\n\n  Sign in as")
    for name, email, role in PEOPLE:
        console.print(f"    {name:<16} {email:<30} {role}")
    console.print("\n  The carriers' sites are practice sites on this machine. Ctrl-C stops everything.\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    parser.add_argument("--invoices", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--port", type=int, default=8700, help="the portal's port; the four after it are used too")
    parser.add_argument("--fresh", action="store_true", help="forget the demo's data and start over")
    parser.add_argument("--directory", type=Path, default=Path("var/demo"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
