"""What a report can be narrowed by, and what it is of in words."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from models import Carrier, Matter, User
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.reporting.question import ReportQuestion
from services.reporting.table import Report, Span
from services.tables import table_of

_C, _M, _U = table_of(Carrier), table_of(Matter), table_of(User)


@dataclass(frozen=True)
class ReportChoices:
    """Carriers and attorneys by id, in the order of their names; an attorney has no other attorney to choose."""

    carriers: dict[int, str]
    attorneys: dict[int, str]


def report_choices(session: Session, actor: Actor) -> ReportChoices:
    """Return what the actor can narrow a report by.

    Raises:
        DeniedError: the actor is neither biller, attorney nor admin.
    """
    require(actor, Role.BILLER, Role.ATTORNEY, Role.ADMIN, what="Reports")
    carriers = {row.id: row.name for row in session.execute(select(_C.c.id, _C.c.name).order_by(_C.c.name, _C.c.id))}
    if not actor.has(Role.BILLER, Role.ADMIN):
        return ReportChoices(carriers, {})
    answers_for = select(_M.c.responsible_attorney_id).where(_M.c.responsible_attorney_id == _U.c.id).exists()
    people = select(_U.c.id, _U.c.name).where(answers_for).order_by(_U.c.name, _U.c.id)
    return ReportChoices(carriers, {row.id: row.name for row in session.execute(people)})


def question_words(session: Session, report: Report, question: ReportQuestion) -> str:
    """Return what a report is of: 'October 2026 · Northfork Re · matters of Ana Reyes'."""
    month = f"{question.last:%B %Y}"
    parts = [{Span.NOW: "As it stands now", Span.MONTH: month, Span.MONTHS: question.months_text}[report.span]]
    if question.carrier_id is not None:
        parts.append(
            session.scalar(select(_C.c.name).where(_C.c.id == question.carrier_id)) or "a carrier unknown here"
        )
    attorney_id = question.attorney_id if question.me is None else question.me
    if attorney_id is not None:
        name = session.scalar(select(_U.c.name).where(_U.c.id == attorney_id))
        parts.append(f"matters of {name or 'a person unknown here'}")
    return " · ".join(parts)
