"""Files that are made when somebody asks for them: handed out under a name, kept by nobody."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from core.clock import today
from core.errors import BillingError
from core.ids import correlated
from core.settings import get_settings

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


Make = Callable[[str, str, Mapping[str, str]], Response]
"""Makes a file from the cookie of who asks, the file's name in the address, and the filters there."""


async def answered(request: Request, make: Make) -> Response:
    """Make the file that an address names, off the event loop; a refusal is told as code and message."""
    cookie, wanted = request.headers.get("cookie", ""), dict(request.query_params)
    with correlated():
        try:
            return await asyncio.to_thread(make, cookie, request.path_params["file"], wanted)
        except BillingError as refused:
            body = {"code": refused.code, "message": refused.user_message}
            return JSONResponse(body, status_code=refused.status_code)


def file_name(name: str, form: str) -> str:
    """Return the name of a file that is made today: 'invoices-2026-11-29.csv'."""
    return f"{name}-{today()}.{form}"


def streamed(chunks: Iterator[bytes], name: str) -> Response:
    """Hand out a CSV file as it is read."""
    return StreamingResponse(chunks, media_type=TYPES["csv"], headers=_headers(name))


def made(form: str, name: str, make: Callable[[Path], None]) -> Response:
    """Make a file beside the portal's own and hand it out; it is removed once it has left."""
    folder = get_settings().var_dir / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=f".{form}", delete=False) as handle:
        path = Path(handle.name)
    try:
        make(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    clean = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=TYPES[form], headers=_headers(name), background=clean)


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
    }
