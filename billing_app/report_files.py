"""Reports as files: a workbook of all tables, or one table as CSV, with the rights of who asks."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billing_app.downloads import answered, file_name, made, streamed
from core.db import read_only, unit_of_work
from core.errors import NotFoundError, NotSignedInError
from core.settings import get_settings
from services import audit
from services.actor import Actor
from services.asked import Asked
from services.reporting.choices import question_words
from services.reporting.question import checked_filters
from services.reporting.reports import make_report
from services.reporting.workbook import report_csv, write_report
from state.doorkeeper import recognise

_FORMS = ("xlsx", "csv")


def report_routes() -> list[Route]:
    """Return the route of every report's files: /files/report/ageing.xlsx?carrier=3."""
    return [Route("/files/report/{file:str}", _report, methods=["GET"])]


async def _report(request: Request) -> Response:
    return await answered(request, _answer)


def _answer(cookie: str, file: str, wanted: Mapping[str, str]) -> Response:
    if (person := recognise(cookie)) is None:
        raise NotSignedInError("You are signed out. Sign in and export the report again.")
    name, _, form = file.rpartition(".")
    if form not in _FORMS:
        raise NotFoundError("There is no such file. Open the report and export it there.")
    filters = checked_filters(wanted)
    with read_only() as session:
        report, question, tables = make_report(session, person.actor, name=name, asked=Asked(filters))
        words = question_words(session, report, question)
    table = wanted.get("table", "")[:40]
    chunks = report_csv(tables, table) if form == "csv" else None
    _note(person.actor, name, form, filters)
    if chunks is not None:
        return streamed(chunks, file_name(f"{name}-{table}" if table else name, form))
    author = get_settings().firm_name
    return made(form, file_name(name, form), lambda path: write_report(path, report, words, tables, author=author))


def _note(actor: Actor, name: str, form: str, filters: dict[str, str]) -> None:
    """Write down who took which report out of the portal, by which filters."""
    with unit_of_work() as session:
        tag, subject, who = "export:made", "export", actor.user_id or 0
        audit.record(session, actor, tag, subject, who, list=f"report {name}", form=form, filters=filters)
