"""`python -m sandbox.firm`: migrate a database, seed the practice firm into it, and write `world.json`."""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

from core.clock import today
from core.db import Database
from core.errors import BillingError
from core.key_ring import KeyRing
from core.settings import get_settings
from migrations import upgrade
from sandbox.firm.seed import seed_firm


def main(arguments: list[str] | None = None) -> int:
    """Seed, say what was made, and return 0; return 1 with one sentence when it cannot be done."""
    asked = _parser().parse_args(arguments)
    database, began = Database(asked.database_url), time.monotonic()
    try:
        upgrade(database)
        world = seed_firm(
            database,
            key_ring=KeyRing.load_or_create(asked.key_ring),
            seed=asked.seed,
            today=asked.today,
            origin_port=asked.port,
            invoices=asked.invoices,
        )
    except BillingError as refused:
        print(refused.user_message, file=sys.stderr)
        return 1
    finally:
        database.dispose()
    world.write(asked.world)
    seconds = time.monotonic() - began
    print(f"Seeded {world.period.start:%B %Y}: {world.invoices} invoices, {world.lines} lines, in {seconds:.1f} s.")
    return 0


def _parser() -> argparse.ArgumentParser:
    settings = get_settings()
    parser = argparse.ArgumentParser(prog="python -m sandbox.firm", description=__doc__)
    parser.add_argument("--database-url", default=settings.database_url)
    parser.add_argument("--world", type=Path, required=True, help="where to write world.json for the practice sites")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--invoices", type=int, default=200)
    parser.add_argument("--port", type=int, default=8800, help="port of the practice sites")
    parser.add_argument("--today", type=date.fromisoformat, default=today(), help="the month before it is seeded")
    parser.add_argument("--key-ring", type=Path, default=settings.key_ring_path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
