"""No event handler keeps the event loop to itself: while one does, everybody else's screen stands still."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from benchmarks.busy_firm import BusyPortal, busy_portal
from billing_app.routes import PAGES
from models import Invoice, Proforma, Submission
from models.enums import ProformaStatus, Role
from tests.billing_app.socket_client import HYDRATE, STATE, tab

# Importing the app served would load its states into this process, so its names are written out.
HOLDS_FILE = "WATCHED_HOLDS_FILE"
CONTROL = f"{STATE}.tests___billing_app___watched_app____sluggish.hold"
HELD_MS = 20
ROUNDS = 3
PROFORMAS = 300
ROLES = {"/": Role.ATTORNEY, "/audit": Role.ADMIN}
STEPS = {
    "/review": [("state___review___review____review_queue.show_more", {})],
    "/invoices": [("state___invoicing___invoices____invoices.turn", {"pages": 1})],
    "/submissions": [("state___uploads___submissions____submissions.find", {"text": "2026"})],
    "/audit": [("state___audit____audit_trail.find", {"text": "approve"})],
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BusyPortal, Path]]:
    """Serve the portal with a watch on its loop, in front of a firm in the middle of its month."""
    home = tmp_path_factory.mktemp("watched")
    holds = home / "holds"
    app = "tests.billing_app.watched_app:serve"
    with busy_portal(home / "firm", PROFORMAS, app=app, more={HOLDS_FILE: str(holds)}) as portal:
        yield portal, holds


async def test_name_handler_that_holds_loop(watched: tuple[BusyPortal, Path]):
    portal, holds = watched
    (cookie,) = portal.cookies(Role.BILLER, 1)
    async with tab(portal.url, cookie) as mine:
        await mine.send(HYDRATE)
        for _ in range(ROUNDS):
            await mine.send(CONTROL)
    assert least_holds(holds)[CONTROL] >= HELD_MS


async def test_leave_loop_to_others(watched: tuple[BusyPortal, Path]):
    portal, holds = watched
    for path in opened_paths(portal):
        await open_page(portal, path)
    found = least_holds(holds)
    assert {name.partition(".")[2] for name in found} >= {"state___today____today.load"}
    assert {name: ms for name, ms in found.items() if ms > HELD_MS and name != CONTROL} == {}


async def open_page(portal: BusyPortal, path: str) -> None:
    """Load a page again and again as its reader would, with the steps that show the most rows."""
    (cookie,) = portal.cookies(ROLES.get(path, Role.BILLER), 1)
    for _ in range(ROUNDS):
        async with tab(portal.url, cookie) as mine:
            assert "/sign-in" not in await mine.send(HYDRATE, path=path, patience=3)
            for name, payload in STEPS.get(path, []):
                await mine.send(f"{STATE}.{name}", path=path, **payload)
            await asyncio.sleep(0.3)


def opened_paths(portal: BusyPortal) -> list[str]:
    """Return every page's address; one with a number in it is that of a record which is there."""
    with portal.database.read_only() as session:
        in_review = col(Proforma.status) == ProformaStatus.IN_REVIEW
        proforma = session.exec(select(Proforma.id).where(in_review).order_by(col(Proforma.line_count).desc())).first()
        numbers = {
            "[proforma_id]": proforma,
            "[invoice_id]": session.exec(select(Invoice.id)).first(),
            "[submission_id]": session.exec(select(Submission.id)).first(),
        }
    paths = [page.route for page in PAGES if page.is_loaded]
    for part, number in numbers.items():
        paths = [path.replace(part, str(number)) for path in paths]
    return [path + ("?status=in_review" if path == "/review" else "") for path in paths]


def least_holds(path: Path) -> dict[str, float]:
    """Return for each handler the hold in ms that it never stayed below: a busy machine lengthens one, not all."""
    longest: dict[tuple[str, str], float] = defaultdict(float)
    for line in path.read_text().splitlines():
        name, number, ms = line.split("|")
        longest[name, number] = max(longest[name, number], float(ms))
    least: dict[str, float] = {}
    for (name, _), held in longest.items():
        least[name] = min(least.get(name, held), held)
    return least
