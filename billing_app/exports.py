"""Lists as files: CSV as it is read, workbooks and PDFs as soon as they are made, for who may see the list."""

import zipfile
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.spreadsheets import Row, Sheet, csv_chunks, write_workbook
from billing_app.downloads import TYPES, answered, file_name, made, streamed
from core.clock import today
from core.db import read_only, unit_of_work
from core.errors import InvalidInputError, NotFoundError, NotSignedInError
from core.settings import get_settings
from services import audit
from services.actor import Actor
from services.asked import Asked
from services.documents.invoice_pdf import make_invoice_pdfs
from services.exporting.export import Export
from services.exporting.exports import EXPORTS
from services.invoicing.invoice_views import current_revisions
from state.doorkeeper import recognise

_CSV, _ZIP = "csv", "zip"
_MOST_PDFS = 2_000
_LONGEST_FILTER = 200


def export_routes() -> list[Route]:
    """Return the route of every list's files: /files/export/invoices.xlsx?view=owed."""
    return [Route("/files/export/{file:str}", _export, methods=["GET"])]


async def _export(request: Request) -> Response:
    return await answered(request, _answer)


def _answer(cookie: str, file: str, wanted: Mapping[str, str]) -> Response:
    if (person := recognise(cookie)) is None:
        raise NotSignedInError("You are signed out. Sign in and export the list again.")
    export, form = _named(file)
    asked = _asked(wanted)
    # The first page is read before anything is answered, so that a refusal is one.
    pages = export.pages(person.actor, asked)
    pages = chain([next(pages)], pages)
    _note(person.actor, export, form, asked)
    if form == _CSV:
        return streamed(csv_chunks(export.columns, pages), file_name(export.name, form))
    if form == _ZIP:
        name = f"{export.name}-{today()}-pdf.zip"
        return made(form, name, lambda path: _write_pdfs(path, person.actor, asked))
    return made(form, file_name(export.name, form), lambda path: _write_book(path, export, pages))


def _named(file: str) -> tuple[Export, str]:
    name, _, form = file.rpartition(".")
    export = EXPORTS.get(name)
    if export is None or form not in TYPES or (form == _ZIP and name != "invoices"):
        raise NotFoundError("There is no such list to export. Open the list and export it there.")
    return export, form


def _asked(wanted: Mapping[str, str]) -> Asked:
    filters = {name: value[:_LONGEST_FILTER] for name, value in wanted.items() if value}
    return Asked({name: value for name, value in filters.items() if name != "search"}, filters.get("search", ""))


def _note(actor: Actor, export: Export, form: str, asked: Asked) -> None:
    """Write down who took which list out of the portal, by which filters; what was searched for is left out."""
    with unit_of_work() as session:
        audit.record(
            session,
            actor,
            "export:made",
            "export",
            actor.user_id or 0,
            list=export.name,
            form=form,
            filters=dict(asked.filters),
            has_search=bool(asked.search),
        )


def _write_book(path: Path, export: Export, pages: Iterable[Iterable[Row]]) -> None:
    sheet = Sheet(export.title, export.columns, chain.from_iterable(pages))
    write_workbook(path, [sheet], title=export.title, author=get_settings().firm_name)


def _write_pdfs(path: Path, actor: Actor, asked: Asked) -> None:
    with read_only() as session:
        revisions = current_revisions(session, actor, asked=asked, limit=_MOST_PDFS + 1)
    if len(revisions) > _MOST_PDFS:
        raise InvalidInputError(f"These are more than {_MOST_PDFS:,} invoices. Narrow the list, then take the PDFs.")
    if not revisions:
        raise InvalidInputError("There is no invoice in this list, so there are no PDFs.")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as parts, read_only() as session:
        for at, pdf in enumerate(make_invoice_pdfs(session, revisions), 1):
            parts.writestr(pdf.name if pdf.name not in parts.NameToInfo else f"{at}-{pdf.name}", pdf.content)
