"""`python -m tests.carriers.record [CARRIER …]`: record the pages of practice carriers anew, every visit in memory."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pyotp
from rich.console import Console
from starlette.testclient import TestClient

from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.hosts import Portals
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME, sample_world
from sandbox.portals.store import Store
from sandbox.portals.world import parse_world
from tests.carriers.practice import SITE_OF
from tests.carriers.tape import Recording, Tape, save
from tests.carriers.visits import FORM_CARRIERS, VISITS, visit

_SECRETS = {PASSWORD: "PASSWORD", TOTP_SECRET: "SEED", USERNAME: "USER"}


def record(slug: str, kind: str, folder: Path) -> Tape:
    """Record one visit on a site of its own."""
    portals = Portals(parse_world(sample_world()), Store(folder), processing_ms=0)
    try:
        if kind == "layout_changed":
            portals.faults.order(SITE_OF[slug], FaultKind.CHANGE_LAYOUT, at=PageKind.UPLOAD, count=0)
        line = Recording(TestClient(portals.app())._transport, _SECRETS)
        visit(slug, kind, line, code=pyotp.TOTP(TOTP_SECRET).now())
    finally:
        portals.store.close()
    return line.tape


def main(slugs: list[str]) -> int:
    """Record every visit of the carriers named, else of all with plain forms."""
    console = Console(highlight=False)
    unknown = sorted(set(slugs) - set(FORM_CARRIERS))
    if unknown:
        console.print(f"No carrier with plain forms: {', '.join(unknown)}. There are: {', '.join(FORM_CARRIERS)}.")
        return 1
    for slug in slugs or FORM_CARRIERS:
        with TemporaryDirectory() as folder:
            tapes = {kind: record(slug, kind, Path(folder) / kind) for kind in VISITS}
        save(slug, tapes)
        console.print(slug, ", ".join(f"{kind} {len(tape.exchanges)}" for kind, tape in tapes.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
