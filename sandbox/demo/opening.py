"""How the demo looks on the first morning: billed, half reviewed, some of it on its way to the carriers."""

from sqlalchemy import select
from sqlmodel import col

from core.db import read_only
from models import User
from sandbox.demo.plan import Plan
from sandbox.month import desk
from sandbox.stage.layout import in_layout, start_redis
from sandbox.stage.processes import Processes

PEOPLE = (
    ("Dana Brooks", "dana.brooks@hwr.example", "biller"),
    ("Ana Reyes", "ana.reyes@hwr.example", "attorney"),
    ("Omar Whitfield", "omar.whitfield@hwr.example", "admin"),
)


def set_up(plan: Plan, *, seed: int, invoices: int) -> None:
    """Seed the firm and let its people work until the morning on which the demo begins.

    Ana Reyes's proformas stay in review; of the others' invoices every second one is queued, so that the workers
    have something to send while you watch.
    """
    world = plan.layout.seed(seed=seed, invoices=invoices)
    with in_layout(plan.layout), Processes(plan.directory / "logs", plan.environment()) as processes:
        start_redis(processes, plan.layout)
        run_id = desk.bill(world.period)
        desk.review(run_id, leave_to=_user_ids())
        desk.queue(desk.finalize(run_id)[::2])


def _user_ids() -> frozenset[int]:
    emails = [email for _, email, _ in PEOPLE]
    with read_only() as session:
        found = session.scalars(select(col(User.id)).where(col(User.email).in_(emails)))
        return frozenset(user_id for user_id in found if user_id is not None)
