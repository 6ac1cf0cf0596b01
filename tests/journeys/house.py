"""The whole house at work: the portal as it ships, sign-in, practice sites, Redis, dispatcher, one worker."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from core.db import Database
from models import Carrier, Invoice, MatterPayor, Proforma, User
from models.enums import ProformaStatus, Role
from sandbox.demo.opening import PEOPLE
from sandbox.demo.plan import Plan
from sandbox.month import desk
from sandbox.portals.client import PortalControl
from sandbox.stage.layout import in_layout
from sandbox.stage.processes import Processes, answers
from services.actor import actor_of
from services.invoicing.invoices import finalize_proformas
from services.review.proformas import approve_proforma
from services.uploads.submissions import queue_submissions
from tests.servers import unused_port

ROOT = Path(__file__).parents[2]
EMAIL = {role: email for _, email, role in PEOPLE}
INVOICES = 60
BUILD_SECONDS = 240
PORTS = 5
DOUBTFUL_SITE, DOUBTFUL_CARRIER, QUIET_CARRIER = "keystone", "keystone-casualty", "northfork-re"


@dataclass(frozen=True)
class House:
    """What the journeys need of it: the portal's address, the rows behind it, the sites' control port."""

    plan: Plan
    database: Database
    control: PortalControl

    @property
    def url(self) -> str:
        """The portal."""
        return self.plan.public_url

    def invoice_of(self, carrier: str) -> Invoice:
        """Return a carrier's first invoice."""
        with self.database.read_only() as session:
            invoices = select(Invoice).join(Carrier, col(Carrier.id) == col(Invoice.carrier_id))
            return session.scalars(
                invoices.where(col(Carrier.slug) == carrier).order_by(col(Invoice.id)).limit(1)
            ).one()

    def queue(self, *invoice_ids: int) -> None:
        """Queue invoices as a biller, as the page Billing does."""
        with in_layout(self.plan.layout), self.database.unit_of_work() as session:
            biller = desk.first_person(session, Role.BILLER)
            result = queue_submissions(session, biller, invoice_ids=list(invoice_ids))
        assert result.queued == len(invoice_ids), result.blocked


@contextmanager
def running_house(folder: Path) -> Iterator[House]:
    """Seed a small firm, build the pages, start everything, and end it again by process id."""
    plan = Plan(folder, _first_of_free_ports(), workers=1)
    _set_up(plan)
    with ExitStack() as stack:
        processes = stack.enter_context(Processes(folder / "logs", _environment(plan)))
        for name, command in plan.programs().items():
            processes.start(name, *command)
        _await_portal(plan, processes)
        database = Database(plan.layout.database_url)
        stack.callback(database.dispose)
        house = House(plan, database, stack.enter_context(PortalControl(plan.layout.control_url)))
        _begin_the_day(house)
        yield house


def _set_up(plan: Plan) -> None:
    """Bill the month. Ana Reyes's proformas wait for her; of the others every second one is an unqueued invoice.

    The two carriers that the day begins with have their invoices, whoever answers for the matters.
    """
    world = plan.layout.seed(seed=1, invoices=INVOICES)
    with in_layout(plan.layout) as database:
        run_id = desk.bill(world.period)
        with database.unit_of_work() as session:
            ana = session.scalars(select(User).where(col(User.email) == EMAIL["attorney"])).one().id
        desk.review(run_id, leave_to=frozenset({ana}))
        with database.unit_of_work() as session:
            needed = {_approved(session, carrier) for carrier in (DOUBTFUL_CARRIER, QUIET_CARRIER)}
            approved = session.scalars(select(col(Proforma.id)).filter_by(status=ProformaStatus.APPROVED)).all()
            others = [one for one in approved if one is not None and one not in needed]
            ids = sorted(needed | set(others[::2]))
            finalize_proformas(session, desk.first_person(session, Role.BILLER), proforma_ids=ids)


def _approved(session: Session, carrier: str) -> int:
    """Return a carrier's first approved proforma, or approve its first one as the attorney who answers for it."""
    paid = (
        select(Proforma)
        .join(MatterPayor, col(MatterPayor.matter_id) == col(Proforma.matter_id))
        .join(Carrier, col(Carrier.id) == col(MatterPayor.carrier_id))
        .where(col(Carrier.slug) == carrier)
        .order_by(col(Proforma.id))
    )
    proformas = session.scalars(paid).all()
    done = [one.id for one in proformas if one.status is ProformaStatus.APPROVED]
    if done:
        return done[0] or 0
    first = proformas[0]
    attorney = actor_of(session.get_one(User, first.reviewer_id))
    approve_proforma(session, attorney, proforma_id=first.id or 0, expected_version=first.version, note="As worked.")
    return first.id or 0


def _begin_the_day(house: House) -> None:
    """Send one file that arrives, and one to a site that takes it, hangs up, and does not list it for an hour."""
    house.control.order_fault(DOUBTFUL_SITE, "cut_reply")
    house.control.order_fault(DOUBTFUL_SITE, "delay_listing", count=0, seconds=3600)
    house.queue(*(house.invoice_of(carrier).id for carrier in (DOUBTFUL_CARRIER, QUIET_CARRIER)))


def _environment(plan: Plan) -> dict[str, str]:
    """Return the demo's settings, with the pages built in a folder of their own by the locked bun."""
    programs, beside = ROOT / ".venv" / "programs", ROOT / ".venv" / "bin"
    return {
        **plan.environment(),
        "REFLEX_WEB_WORKDIR": str(plan.directory / "web"),
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"], str(beside)]),
    }


def _await_portal(plan: Plan, processes: Processes) -> None:
    until = time.monotonic() + BUILD_SECONDS
    while time.monotonic() < until:
        processes.check()
        if answers(plan.port) and _is_healthy(plan):
            return
        time.sleep(0.5)
    pytest.fail(f"The portal did not start:\n{processes.log('web').read_text()[-3000:]}")


def _is_healthy(plan: Plan) -> bool:
    try:
        return httpx.get(f"{plan.public_url}/healthz", timeout=2).is_success
    except httpx.TransportError:
        return False


def _first_of_free_ports() -> int:
    while True:
        first = unused_port()
        if first + PORTS < 65_536 and not any(answers(first + offset) for offset in range(PORTS)):
            return first
