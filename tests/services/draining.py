"""What the tests of drains ask of the ledger's world."""

from sqlalchemy import func, select

from models.enums import SubmissionStatus
from tests.pretend_site import LedgerWorld


def queue(world: LedgerWorld, files: int = 1, **profile) -> list[int]:
    with world.database.unit_of_work() as session:
        return world.queue(session, files, **profile)


def statuses(world: LedgerWorld, ids: list[int]) -> list[SubmissionStatus]:
    return [world.row(i).status for i in ids]


def count(world: LedgerWorld, model, *where) -> int:
    with world.database.read_only() as session:
        return session.scalars(select(func.count()).select_from(model).where(*where)).one()
