"""Downloads: proof pictures, PDFs and LEDES files of invoices, for who may see them, by plain HTTP."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.db import read_only
from core.errors import BillingError, NotSignedInError
from core.ids import correlated
from services.actor import Actor
from services.documents.invoice_pdf import read_invoice_pdf
from services.documents.proforma_paper import read_proforma_pdf
from services.invoicing.invoice_documents import read_ledes_file
from services.ledes_desk.ledes_files import read_file
from services.mailing.mailing_list import read_mail_copy
from services.mailing.print_log import read_batch_pdf
from services.responses.appeal_documents import read_document
from services.sites.dry_runs import read_picture
from services.sites.page_drifts import read_view_picture
from services.sites.profile_files import export_profile
from services.uploads.evidence import read_evidence
from state.doorkeeper import recognise

# Shown in the page; everything else is offered as a file, so that a site's own HTML never runs as ours.
_SHOWN = {"image/png", "image/jpeg", "image/webp", "text/plain"}


@dataclass(frozen=True)
class Download:
    """Bytes with the name and type they are offered under."""

    name: str
    media_type: str
    content: bytes


Reader = Callable[[Session, Actor, int], Download]


def file_routes() -> list[Route]:
    """Return the routes under /files."""
    return [
        Route("/files/evidence/{record_id:int}", _endpoint(_evidence), methods=["GET"]),
        Route("/files/dry-run/{record_id:int}", _endpoint(_dry_run_picture), methods=["GET"]),
        Route("/files/page-view/{record_id:int}", _endpoint(_page_view), methods=["GET"]),
        Route("/files/profile/{record_id:int}", _endpoint(_profile), methods=["GET"]),
        Route("/files/appeal/{record_id:int}", _endpoint(_appeal_document), methods=["GET"]),
        Route("/files/ledes/{record_id:int}", _endpoint(_ledes), methods=["GET"]),
        Route("/files/workbench/{record_id:int}", _endpoint(_workbench), methods=["GET"]),
        Route("/files/invoice-pdf/{record_id:int}", _endpoint(_invoice_pdf), methods=["GET"]),
        Route("/files/proforma-pdf/{record_id:int}", _endpoint(_proforma_pdf), methods=["GET"]),
        Route("/files/print-batch/{record_id:int}", _endpoint(_print_batch), methods=["GET"]),
        Route("/files/mail-copy/{record_id:int}", _endpoint(_mail_copy), methods=["GET"]),
    ]


def _evidence(session: Session, actor: Actor, record_id: int) -> Download:
    media_type, content = read_evidence(session, actor, evidence_id=record_id)
    return Download(f"evidence-{record_id}.{media_type.rpartition('/')[2]}", media_type, content)


def _dry_run_picture(session: Session, actor: Actor, record_id: int) -> Download:
    return Download(f"dry-run-step-{record_id}.png", "image/png", read_picture(session, actor, step_id=record_id))


def _page_view(session: Session, actor: Actor, record_id: int) -> Download:
    return Download(f"page-{record_id}.png", "image/png", read_view_picture(session, actor, view_id=record_id))


def _profile(session: Session, actor: Actor, record_id: int) -> Download:
    file = export_profile(session, actor, version_id=record_id)
    return Download(file.name, "application/json", file.content)


def _appeal_document(session: Session, actor: Actor, record_id: int) -> Download:
    file = read_document(session, actor, document_id=record_id)
    return Download(file.name, file.media_type, file.content)


def _ledes(session: Session, actor: Actor, record_id: int) -> Download:
    name, content = read_ledes_file(session, actor, revision_id=record_id)
    return Download(name, "text/plain", content)


def _workbench(session: Session, actor: Actor, record_id: int) -> Download:
    name, content = read_file(session, actor, file_id=record_id)
    return Download(name, "application/octet-stream", content)


def _invoice_pdf(session: Session, actor: Actor, record_id: int) -> Download:
    pdf = read_invoice_pdf(session, actor, revision_id=record_id)
    return Download(pdf.name, "application/pdf", pdf.content)


def _proforma_pdf(session: Session, actor: Actor, record_id: int) -> Download:
    pdf = read_proforma_pdf(session, actor, proforma_id=record_id)
    return Download(pdf.name, "application/pdf", pdf.content)


def _print_batch(session: Session, actor: Actor, record_id: int) -> Download:
    pdf = read_batch_pdf(session, actor, batch_id=record_id)
    return Download(pdf.name, "application/pdf", pdf.content)


def _mail_copy(session: Session, actor: Actor, record_id: int) -> Download:
    name, content = read_mail_copy(session, actor, mailing_id=record_id)
    return Download(name, "message/rfc822", content)


def _endpoint(reader: Reader) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        cookie, record_id = request.headers.get("cookie", ""), request.path_params["record_id"]
        with correlated():
            try:
                found = await asyncio.to_thread(_read, reader, cookie, record_id)
            except BillingError as refused:
                body = {"code": refused.code, "message": refused.user_message}
                return JSONResponse(body, status_code=refused.status_code)
        return _answer(found, as_file="download" in request.query_params)

    return endpoint


def _read(reader: Reader, cookie: str, record_id: int) -> Download:
    if (person := recognise(cookie)) is None:
        raise NotSignedInError("You are signed out. Sign in and open the file again.")
    with read_only() as session:
        return reader(session, person.actor, record_id)


def _answer(found: Download, *, as_file: bool) -> Response:
    kind = "inline" if found.media_type in _SHOWN and not as_file else "attachment"
    headers = {
        "content-disposition": f"{kind}; filename*=UTF-8''{quote(found.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)
