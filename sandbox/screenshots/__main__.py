"""`python -m sandbox.screenshots`: serve a demo of its own and write the pictures of docs/images."""

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console

from core.errors import BillingError
from sandbox.demo.plan import Plan
from sandbox.demo.serving import prepare, served
from sandbox.screenshots.camera import LOOKS, Camera, camera

_BILLER, _ATTORNEY = "dana.brooks@hwr.example", "ana.reyes@hwr.example"
_BUSY_SECONDS = 20  # the workers have something to show by then


def main(arguments: list[str] | None = None) -> int:
    """Take every picture; return 1 with one sentence when the portal cannot be served."""
    asked = _parser().parse_args(arguments)
    console = Console(highlight=False)
    plan = Plan(asked.directory, asked.port, workers=1)
    try:
        prepare(plan, console, seed=1, invoices=asked.invoices, fresh=not asked.keep)
        with served(plan, console):
            time.sleep(_BUSY_SECONDS)
            _attorney(plan, asked.target, console)
            _biller(plan, asked.target, console)
    except BillingError as refused:
        console.print(f"[red]{refused.user_message}")
        return 1
    return 0


def _attorney(plan: Plan, target: Path, console: Console) -> None:
    with camera(plan.public_url) as eye:
        eye.sign_in(_ATTORNEY)
        _take(eye, "today", "/", "main h1", target, console)
        _take(eye, "review", "/review", "a[href^='/proforma/']", target, console)
        _take(eye, "proforma", eye.first_link("a[href^='/proforma/']"), "main h1", target, console)


def _biller(plan: Plan, target: Path, console: Console) -> None:
    with camera(plan.public_url) as eye:
        eye.sign_in(_BILLER)
        _take(eye, "submissions", "/submissions", "main h1", target, console)
        _take(eye, "invoices", "/invoices", "a[href^='/invoices/']", target, console)
        _take(eye, "billing", "/billing", "main h1", target, console)


def _take(eye: Camera, name: str, path: str, shows: str, target: Path, console: Console) -> None:
    eye.open(path, shows=shows)
    for look in LOOKS:
        picture = target / f"{name}-{look.name}.png"
        eye.take(look, picture)
        console.print(f"  {picture}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox.screenshots", description=__doc__)
    parser.add_argument("--target", type=Path, default=Path("docs/images"))
    parser.add_argument("--directory", type=Path, default=Path("var/screenshots"))
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--invoices", type=int, default=80)
    parser.add_argument("--keep", action="store_true", help="use the data of the last time")
    return parser


if __name__ == "__main__":
    sys.exit(main())
