"""The reports there are, in their order, and making one of them."""

from sqlmodel import Session

from core.errors import NotFoundError
from services.actor import Actor
from services.asked import Asked
from services.reporting.acceptance import ACCEPTANCE
from services.reporting.ageing import AGEING
from services.reporting.blocked import BLOCKED
from services.reporting.cycle import CYCLE
from services.reporting.cycle_time import CYCLE_TIME
from services.reporting.hours_saved import HOURS_SAVED
from services.reporting.question import ReportQuestion, report_question
from services.reporting.realisation import REALISATION
from services.reporting.table import Report, ReportTable
from services.reporting.write_downs import WRITE_DOWNS

REPORTS: dict[str, Report] = {
    report.name: report
    for report in (CYCLE, BLOCKED, AGEING, REALISATION, WRITE_DOWNS, ACCEPTANCE, CYCLE_TIME, HOURS_SAVED)
}


def make_report(
    session: Session, actor: Actor, *, name: str, asked: Asked
) -> tuple[Report, ReportQuestion, tuple[ReportTable, ...]]:
    """Return a report, what it was asked for, and its tables.

    Raises:
        DeniedError: the actor is neither biller, attorney nor admin.
        NotFoundError: there is no such report.
    """
    question = report_question(actor, asked)
    if (report := REPORTS.get(name)) is None:
        raise NotFoundError("There is no such report. Choose one of the list.")
    return report, question, report.tables(session, question)
