"""An attorney with proformas on the desk, for the tests of the review's pages."""

from dataclasses import dataclass

from sqlmodel import Session, select

from core.db import Database
from models import Proforma, ProformaLine
from models.enums import FindingAction, ProformaStatus, Role
from tests.builders import (
    RATE,
    id_of,
    make_carrier,
    make_finding,
    make_matter,
    make_proforma,
    make_rate,
    make_timekeeper,
    make_user,
    profile_document,
)

VAGUE = [{"kind": "vague_narrative", "action": "warn", "phrases": ["attention to"]}]


@dataclass(frozen=True)
class ReviewDesk:
    """Ids of an attorney and a biller, of two clean proformas and one flagged, and of somebody else's."""

    database: Database
    attorney_id: int
    clean: tuple[int, int]
    flagged: int
    foreign: int
    biller_id: int

    def proforma(self, proforma_id: int) -> Proforma:
        """Return a proforma as it is stored now."""
        with self.database.read_only() as session:
            return session.get_one(Proforma, proforma_id)

    def lines(self, proforma_id: int) -> list[ProformaLine]:
        """Return a proforma's lines as they are stored now."""
        with self.database.read_only() as session:
            statement = select(ProformaLine).where(ProformaLine.proforma_id == proforma_id)
            return list(session.exec(statement.order_by(ProformaLine.line_number)))


def make_review_desk(
    database: Database, *, action: FindingAction = FindingAction.WARN, is_own_work: bool = False
) -> ReviewDesk:
    """Make the desk in one transaction; with `is_own_work` the attorney did the work on it."""
    with database.unit_of_work() as session:
        attorney = make_user(session, Role.ATTORNEY, name="Ana Reyes")
        biller_id = id_of(make_user(session, Role.BILLER, name="Dana Brooks"))
        carrier = make_carrier(session, profile=profile_document(guidelines=VAGUE))
        timekeeper = make_timekeeper(session)
        attorney.timekeeper_id = timekeeper.id if is_own_work else None
        make_rate(session, RATE, timekeeper=timekeeper)

        def proforma(of=attorney) -> Proforma:
            matter = make_matter(session, carrier=carrier, attorney=of)
            return make_proforma(session, matter=matter, timekeeper=timekeeper, status=ProformaStatus.IN_REVIEW)

        clean = (id_of(proforma()), id_of(proforma()))
        flagged, foreign = proforma(), proforma(make_user(session, Role.ATTORNEY))
        make_finding(session, flagged, line=_first_line(session, flagged), action=action)
        return ReviewDesk(database, id_of(attorney), clean, id_of(flagged), id_of(foreign), biller_id)


def _first_line(session: Session, proforma: Proforma) -> ProformaLine:
    return session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id).limit(1)).one()
